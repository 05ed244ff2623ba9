//! The columns of a series, laid on the steps that are kept.

use super::bars::{Bars, Funding};
use super::column::Column;
use super::grid::{Grid, Slots};
use super::kept::Kept;
use super::raw::VOLUME_DECIMALS;
use super::track::Track;
use crate::fault::Result;
use crate::money::{Price, PriceScale, Rate};

/// Takes the bars of a track; a step without a row repeats the last close.
pub(super) fn bars(
    track: &mut Track,
    slots: &Slots,
    kept: &Kept,
    scale: PriceScale,
) -> Result<Bars> {
    let series = &mut track.series;
    let columns =
        [&mut series.open, &mut series.high, &mut series.low, &mut series.close].map(Column::take);
    let [open, high, low, close] = columns.map(|column| scaled(track, column, scale.decimals()));
    let (open, high, low, close) = (open?, high?, low?, close?);
    Ok(Bars {
        open: held(slots, kept, open, &close),
        high: held(slots, kept, high, &close),
        low: held(slots, kept, low, &close),
        close: closes_of(slots, kept, close),
    })
}

/// Takes the closes of a track.
pub(super) fn closes(
    track: &mut Track,
    slots: &Slots,
    kept: &Kept,
    scale: PriceScale,
) -> Result<Vec<Price>> {
    let close = track.series.close.take();
    Ok(closes_of(slots, kept, scaled(track, close, scale.decimals())?))
}

/// Takes the volumes of a track; a step without a row has none.
pub(super) fn volumes(track: &mut Track, slots: &Slots, kept: &Kept) -> Result<Option<Vec<i64>>> {
    let Some(volume) = track.series.volume.take() else { return Ok(None) };
    let steps = volume.into_steps(VOLUME_DECIMALS).map_err(|(row, value)| {
        track.at_time(row, "volume is too large").found(value).accepted("at most 9.2e10")
    })?;
    if as_it_is(slots, kept) {
        return Ok(Some(steps));
    }
    let value = |slot| slots.row(slot).map_or(0, |row| steps[row]);
    Ok(Some(kept.slots().map(value).collect()))
}

/// Takes the opens of the bars.
pub(super) fn times(track: &mut Track, grid: &Grid, kept: &Kept) -> Vec<i64> {
    match as_it_is(&grid.trade, kept) {
        true => std::mem::take(&mut track.series.time),
        false => kept.slots().map(|slot| grid.time(slot)).collect(),
    }
}

/// Settlements inside the span of the bars.
pub(super) fn funding(track: Option<Track>, grid: &Grid) -> Result<Vec<Funding>> {
    let Some(mut track) = track else { return Ok(Vec::new()) };
    let rates = track.series.close.take();
    let rates = scaled(&track, rates, Rate::DECIMALS)?;
    let settled = track.series.time.iter().zip(rates);
    let inside = settled.filter(|&(&time, _)| grid.spans(time));
    Ok(inside.map(|(&time, steps)| Funding { time, rate: Rate::from_steps(steps) }).collect())
}

/// A column on the history's grid of prices.
fn scaled(track: &Track, column: Column, decimals: u32) -> Result<Vec<i64>> {
    column.into_steps(decimals).map_err(|(row, value)| {
        track
            .at_close(row, "too large for a grid that holds all prices")
            .found(value)
            .accepted(format!("prices that fit beside {decimals} decimals"))
            .into()
    })
}

/// Whether every row is a bar, so that columns need not be copied.
fn as_it_is(slots: &Slots, kept: &Kept) -> bool {
    matches!(slots, Slots::Rows(rows) if *rows == kept.len())
}

fn held(slots: &Slots, kept: &Kept, steps: Vec<i64>, close: &[i64]) -> Vec<Price> {
    if as_it_is(slots, kept) {
        return steps.into_iter().map(Price::from_steps).collect();
    }
    let mut last = 0;
    let value = |slot| match slots.row(slot) {
        Some(row) => {
            last = close[row];
            Price::from_steps(steps[row])
        }
        None => Price::from_steps(last),
    };
    kept.slots().map(value).collect()
}

fn closes_of(slots: &Slots, kept: &Kept, close: Vec<i64>) -> Vec<Price> {
    if as_it_is(slots, kept) {
        return close.into_iter().map(Price::from_steps).collect();
    }
    let mut last = 0;
    let value = |slot| {
        last = slots.row(slot).map_or(last, |row| close[row]);
        Price::from_steps(last)
    };
    kept.slots().map(value).collect()
}
