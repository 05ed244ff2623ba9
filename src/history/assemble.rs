//! Joins series by time on uniform steps.

use super::bars::{Bars, Funding, GapPolicy, History, Interval, MarkSource, Segment};
use super::check;
use super::column::Column;
use super::defects::Defects;
use super::grid::{Grid, Slots};
use super::raw::{Kind, RawSeries, Reading, VOLUME_DECIMALS};
use super::stamp::show;
use super::track::Track;
use crate::fault::{Fault, Place, Result};
use crate::money::{Price, PriceScale, Rate};
use std::borrow::Cow;

/// Closes of mark and trade may differ by `1 / FARTHEST` of the mark.
const FARTHEST: i128 = 5;

/// Joins the series of one instrument into its history.
///
/// Trade bars set the span. Mark and index must cover it; a bar that any of them lacks inside the
/// span is missing, and `gaps` says what becomes of it. Funding outside the span is left out.
///
/// # Errors
/// Rows that no market can have printed, overlapping files, mixed intervals, a mark or index that
/// does not cover the trades or is far from them, prices that do not share one grid, and under
/// [`GapPolicy::Refuse`] any missing bar.
pub fn assemble(
    symbol: &str,
    series: Vec<RawSeries>,
    expected: Option<Interval>,
    gaps: GapPolicy,
) -> Result<History> {
    let readings: Vec<Reading> = series.into_iter().map(Reading::of).collect();
    let mut strict = Defects::stop_at_first();
    readings.iter().try_for_each(|reading| check::rows(reading, &mut strict))?;
    join(symbol, readings, expected, gaps)
}

/// [`assemble`] for series that have passed [`check::rows`].
pub(super) fn join(
    symbol: &str,
    readings: Vec<Reading>,
    expected: Option<Interval>,
    gaps: GapPolicy,
) -> Result<History> {
    let mut tracks = Tracks::of(symbol, readings, expected)?;
    let grid = tracks.grid()?;
    let kept = tracks.keep(&grid, gaps)?;
    let scale = tracks.scale()?;
    let trade = bars(&tracks.trade, &grid.trade, &kept, scale)?;
    let (mark, mark_source) = match (&tracks.mark, &grid.mark) {
        (Some(track), Some(slots)) => {
            let mark = bars(track, slots, &kept, scale)?;
            near(&tracks, &grid, &kept, (&trade, &mark))?;
            (mark, MarkSource::Recorded)
        }
        _ => (trade.clone(), MarkSource::TradeStandsIn),
    };
    let index = match (&tracks.index, &grid.index) {
        (Some(track), Some(slots)) => Some(closes(track, slots, &kept, scale)?),
        _ => None,
    };
    Ok(History {
        symbol: symbol.to_owned(),
        interval: tracks.interval,
        scale,
        time: kept.iter().map(|&slot| grid.time(slot)).collect(),
        volume: volumes(&tracks.trade, &grid.trade, &kept)?,
        trade,
        mark,
        mark_source,
        index,
        funding: funding(tracks.funding.take(), &grid)?,
        segments: segments(&kept),
        missing: grid.missing,
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

    /// The slots that become bars.
    fn keep(&self, grid: &Grid, gaps: GapPolicy) -> Result<Vec<usize>> {
        let missing = grid.missing;
        match gaps {
            GapPolicy::Refuse if missing > 0 => Err(self.refused(grid, missing).into()),
            GapPolicy::Refuse | GapPolicy::Hold => Ok((0..grid.len()).collect()),
            GapPolicy::Split => Ok((0..grid.len()).filter(|&slot| grid.is_whole(slot)).collect()),
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
            show(grid.time(first))
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

/// A column on the history's grid of prices.
fn scaled<'a>(track: &'a Track, column: &'a Column, decimals: u32) -> Result<Cow<'a, [i64]>> {
    column.at(decimals).map_err(|row| {
        track
            .at_close(row, "too large for a grid that holds all prices")
            .found(column.get(row))
            .accepted(format!("prices that fit beside {decimals} decimals"))
            .into()
    })
}

/// Prices of the kept slots; a slot without a row repeats the last close.
fn bars(track: &Track, slots: &Slots, kept: &[usize], scale: PriceScale) -> Result<Bars> {
    let series = &track.series;
    let close = scaled(track, &series.close, scale.decimals())?;
    let pick = |column: &Column| -> Result<Vec<Price>> {
        let steps = scaled(track, column, scale.decimals())?;
        Ok(held(slots, kept, steps, &close))
    };
    Ok(Bars {
        open: pick(&series.open)?,
        high: pick(&series.high)?,
        low: pick(&series.low)?,
        close: held(slots, kept, Cow::Borrowed(&close), &close),
    })
}

fn closes(track: &Track, slots: &Slots, kept: &[usize], scale: PriceScale) -> Result<Vec<Price>> {
    let close = scaled(track, &track.series.close, scale.decimals())?;
    Ok(held(slots, kept, Cow::Borrowed(&close), &close))
}

/// Without gaps every row is a bar, and the column is taken as it is.
fn held(slots: &Slots, kept: &[usize], steps: Cow<[i64]>, close: &[i64]) -> Vec<Price> {
    if slots.are_rows() && kept.len() == steps.len() {
        return steps.into_owned().into_iter().map(Price::from_steps).collect();
    }
    let mut last = 0;
    let value = |&slot: &usize| match slots.row(slot) {
        Some(row) => {
            last = close[row];
            Price::from_steps(steps[row])
        }
        None => Price::from_steps(last),
    };
    kept.iter().map(value).collect()
}

fn volumes(track: &Track, slots: &Slots, kept: &[usize]) -> Result<Option<Vec<i64>>> {
    let Some(volume) = &track.series.volume else { return Ok(None) };
    let steps = volume.at(VOLUME_DECIMALS).map_err(|row| {
        track.at_time(row, "volume is too large").found(volume.get(row)).accepted("at most 9.2e10")
    })?;
    let value = |&slot: &usize| slots.row(slot).map_or(0, |row| steps[row]);
    Ok(Some(kept.iter().map(value).collect()))
}

/// Refuses a mark that is not of the same instrument as the trades.
fn near(tracks: &Tracks, grid: &Grid, kept: &[usize], (trade, mark): (&Bars, &Bars)) -> Result<()> {
    let far = |bar: &usize| {
        let (trade, mark) = (trade.close[*bar].steps(), mark.close[*bar].steps());
        i128::from(trade.abs_diff(mark)) * FARTHEST > i128::from(mark)
    };
    let recorded = |bar: &usize| grid.is_whole(kept[*bar]);
    let Some(bar) = (0..kept.len()).filter(recorded).find(far) else { return Ok(()) };
    let (Some(track), Some(row)) =
        (&tracks.mark, grid.mark.as_ref().and_then(|slots| slots.row(kept[bar])))
    else {
        return Ok(());
    };
    let trade = grid.trade.row(kept[bar]).map(|row| tracks.trade.series.close.get(row));
    let trade = trade.map(|close| close.to_string()).unwrap_or_default();
    Err(track
        .at_close(row, &format!("mark far from trade, whose close is {trade}"))
        .found(track.series.close.get(row))
        .accepted("closes at most 20 % apart: the mark of the same instrument")
        .into())
}

fn funding(track: Option<Track>, grid: &Grid) -> Result<Vec<Funding>> {
    let Some(track) = track else { return Ok(Vec::new()) };
    let series = &track.series;
    let rates = scaled(&track, &series.close, Rate::DECIMALS)?;
    let settled = series.time.iter().zip(rates.iter());
    let inside = settled.filter(|&(&time, _)| grid.spans(time));
    Ok(inside.map(|(&time, &steps)| Funding { time, rate: Rate::from_steps(steps) }).collect())
}

/// Kept slots that follow one another without a step left out.
fn segments(kept: &[usize]) -> Vec<Segment> {
    let breaks = (1..kept.len()).filter(|&bar| kept[bar] != kept[bar - 1] + 1);
    let mut first = 0;
    let mut segments: Vec<Segment> = breaks
        .map(|end| {
            let segment = Segment { first, end };
            first = end;
            segment
        })
        .collect();
    segments.push(Segment { first, end: kept.len() });
    segments
}
