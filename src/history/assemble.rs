//! Joins series by time on uniform steps.

use super::bars::{Bars, GapPolicy, History, Interval, MarkSource};
use super::defects::Defects;
use super::grid::Grid;
use super::kept::Kept;
use super::opens::{self, OpenPolicy};
use super::raw::{Kind, RawSeries, Reading};
use super::stamp::rfc3339;
use super::track::Track;
use super::{check, held};
use crate::fault::{Fault, Place, Result};
use crate::money::{Price, PriceScale};
use std::sync::Arc;

/// Closes of mark and trade may differ by `1 / FARTHEST` of the mark.
const FARTHEST: u64 = 5;

/// Under which terms series become a history.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// The interval that the bars must have.
    pub interval: Option<Interval>,
    pub gaps: GapPolicy,
    pub opens: OpenPolicy,
}

/// Joins the series of one instrument into its history.
///
/// Trade bars set the span. Mark and index must cover it; a bar that any of them lacks inside the
/// span is missing, and `terms.gaps` says what becomes of it. Funding outside the span is left
/// out.
///
/// # Errors
/// Rows that no market can have printed, overlapping files, mixed intervals, a mark or index that
/// does not cover the trades or is far from them, prices that do not share one grid, under
/// [`OpenPolicy::Refuse`] an open outside its bar, and under [`GapPolicy::Refuse`] any missing
/// bar.
pub fn assemble(symbol: &str, series: Vec<RawSeries>, terms: Terms) -> Result<History> {
    let mut readings: Vec<Reading> = series.into_iter().map(Reading::of).collect();
    let mut strict = Defects::stop_at_first();
    for reading in &mut readings {
        opens::settle(reading, terms.opens);
        check::rows(reading, &mut strict)?;
    }
    join(symbol, readings, terms)
}

/// [`assemble`] for series whose opens are settled and that have passed [`check::rows`].
pub(super) fn join(symbol: &str, readings: Vec<Reading>, terms: Terms) -> Result<History> {
    let moved_opens = readings.iter().map(|reading| reading.moved_opens).sum();
    let mut tracks = Tracks::of(symbol, readings, terms.interval)?;
    let grid = tracks.grid()?;
    let kept = tracks.keep(&grid, terms.gaps)?;
    let scale = tracks.scale()?;
    let trade = Arc::new(held::bars(&mut tracks.trade, &grid.trade, &kept, scale)?);
    let mark = tracks.mark(&grid, &kept, scale)?;
    if let Some(mark) = &mark {
        near(&tracks, &grid, &kept, Pair { trade: &trade, mark, scale })?;
    }
    let mark_source = match mark {
        Some(_) => MarkSource::Recorded,
        None => MarkSource::TradeStandsIn,
    };
    Ok(History {
        symbol: symbol.to_owned(),
        interval: tracks.interval,
        scale,
        volume: held::volumes(&mut tracks.trade, &grid.trade, &kept)?,
        time: held::times(&mut tracks.trade, &grid, &kept),
        mark: mark.map_or_else(|| Arc::clone(&trade), Arc::new),
        trade,
        mark_source,
        index: tracks.index(&grid, &kept, scale)?,
        funding: held::funding(tracks.funding.take(), &grid)?,
        segments: kept.segments(),
        missing: grid.missing,
        moved_opens,
    })
}

struct Tracks {
    trade: Track,
    mark: Option<Track>,
    index: Option<Track>,
    funding: Option<Track>,
    interval: Interval,
}

impl Tracks {
    fn of(symbol: &str, readings: Vec<Reading>, expected: Option<Interval>) -> Result<Self> {
        let mut by_kind: [Vec<Reading>; 4] = Default::default();
        for reading in readings {
            let place = match reading.series.kind {
                Kind::Trade => 0,
                Kind::Mark => 1,
                Kind::Index => 2,
                Kind::Funding => 3,
                Kind::OpenInterest => {
                    let place = Place::file(&reading.series.file);
                    return Err(
                        Fault::new(place, "open interest is no part of a price history").into()
                    );
                }
            };
            by_kind[place].push(reading);
        }
        let [trade, mark, index, funding] = by_kind;
        let none = || {
            Fault::new(Place::default(), format!("no trade bars for {symbol}"))
                .accepted("at least one file or table of trade bars")
        };
        let trade = Track::of(trade, expected)?.ok_or_else(none)?;
        let interval = trade
            .interval
            .ok_or_else(|| trade.at_time(0, "single prices where trade bars are wanted"))?;
        let mark = Track::of(mark, None)?;
        let index = Track::of(index, None)?;
        let tracks = Self { trade, mark, index, funding: Track::of(funding, None)?, interval };
        tracks.one_interval()?;
        Ok(tracks)
    }

    fn one_interval(&self) -> Result<()> {
        let others = [&self.mark, &self.index].into_iter().flatten();
        for track in others {
            let kind = track.series.kind;
            match track.interval {
                Some(interval) if interval != self.interval => {
                    let problem = format!("mixed intervals of {kind} and trade");
                    return Err(track
                        .at_time(0, &problem)
                        .found(interval)
                        .accepted(format!(
                            "bars of {}, as the trade bars of {}",
                            self.interval, self.trade.series.file
                        ))
                        .into());
                }
                None if kind == Kind::Mark => {
                    return Err(track
                        .at_time(0, "single prices where mark bars are wanted")
                        .into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn grid(&self) -> Result<Grid> {
        Grid::of(self.interval, &self.trade, self.mark.as_ref(), self.index.as_ref())
    }

    fn mark(&mut self, grid: &Grid, kept: &Kept, scale: PriceScale) -> Result<Option<Bars>> {
        let pair = self.mark.as_mut().zip(grid.mark.as_ref());
        pair.map(|(track, slots)| held::bars(track, slots, kept, scale)).transpose()
    }

    fn index(&mut self, grid: &Grid, kept: &Kept, scale: PriceScale) -> Result<Option<Vec<Price>>> {
        let pair = self.index.as_mut().zip(grid.index.as_ref());
        pair.map(|(track, slots)| held::closes(track, slots, kept, scale)).transpose()
    }

    /// The slots that become bars.
    fn keep(&self, grid: &Grid, gaps: GapPolicy) -> Result<Kept> {
        let missing = grid.missing;
        match gaps {
            GapPolicy::Refuse if missing > 0 => Err(self.refused(grid, missing).into()),
            GapPolicy::Refuse | GapPolicy::Hold => Ok(Kept::all(grid)),
            GapPolicy::Split => Ok(Kept::whole(grid)),
        }
    }

    fn refused(&self, grid: &Grid, missing: u64) -> Fault {
        let first = (0..grid.len()).find(|&slot| !grid.is_whole(slot)).unwrap_or_default();
        let track = match grid.lacks(first) {
            Some(Kind::Mark) => self.mark.as_ref(),
            Some(Kind::Index) => self.index.as_ref(),
            _ => None,
        };
        let track = track.unwrap_or(&self.trade);
        let next = track.series.time.partition_point(|&time| time < grid.time(first));
        let bars = if missing == 1 { "bar is" } else { "bars are" };
        let problem = format!(
            "gap: {missing} {bars} missing, the first of them in the {} series at {}",
            track.series.kind,
            rfc3339(grid.time(first))
        );
        track
            .at_time(next.min(track.series.len() - 1), &problem)
            .accepted("no gaps, or gaps = \"split\" or \"hold\"")
    }

    fn scale(&self) -> Result<PriceScale> {
        let tracks = [Some(&self.trade), self.mark.as_ref(), self.index.as_ref()];
        let decimals = tracks.into_iter().flatten().map(|track| track.series.decimals()).max();
        PriceScale::holding(decimals.unwrap_or_default()).ok_or_else(|| {
            let finest = PriceScale::FINEST.decimals();
            self.trade.at_close(0, &format!("prices have more than {finest} decimals")).into()
        })
    }
}

/// Refuses a mark that is not of the same instrument as the trades.
fn near(tracks: &Tracks, grid: &Grid, kept: &Kept, bars: Pair) -> Result<()> {
    let Pair { trade, mark, scale } = bars;
    let far = |&(trade, mark): &(&Price, &Price)| {
        let apart = trade.steps().abs_diff(mark.steps());
        apart.saturating_mul(FARTHEST) > mark.steps().unsigned_abs()
    };
    let closes = trade.close.iter().zip(&mark.close).zip(kept.slots());
    let recorded = closes.filter(|&(_, slot)| grid.missing == 0 || grid.is_whole(slot));
    let Some(((trade, mark), slot)) = recorded.into_iter().find(|(pair, _)| far(pair)) else {
        return Ok(());
    };
    let (Some(track), Some(row)) =
        (&tracks.mark, grid.mark.as_ref().and_then(|slots| slots.row(slot)))
    else {
        return Ok(());
    };
    let trade = scale.to_decimal(*trade);
    Err(track
        .at_close(row, &format!("mark far from trade, whose close is {trade}"))
        .found(scale.to_decimal(*mark))
        .accepted("closes at most 20 % apart: the mark of the same instrument")
        .into())
}

/// Trade and mark on one grid of prices.
struct Pair<'a> {
    trade: &'a Bars,
    mark: &'a Bars,
    scale: PriceScale,
}
