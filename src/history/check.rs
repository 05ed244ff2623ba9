//! What every series must satisfy before it is joined with others.

use super::bars::Interval;
use super::column::Column;
use super::defects::Defects;
use super::raw::{Kind, Reading};
use super::stamp::{TimeUnit, rfc3339};
use crate::fault::{Fault, Place, Result};
use crate::money::Rate;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Steps longer than the interval, all alike, in a row: another interval rather than gaps.
const MIXED_RUN: usize = 4;

/// Order, duplicates, `low ≤ open, close ≤ high`, positive prices, sane rates.
pub(super) fn rows(reading: &Reading, defects: &mut Defects) -> Result<()> {
    let series = &reading.series;
    if series.is_empty() {
        let place = Place::file(&series.file);
        return match reading.skipped.is_empty() {
            true => defects.note(Fault::new(place, "no rows").accepted("at least one row")),
            false => Ok(()),
        };
    }
    even_lengths(reading)?;
    order(reading, defects)?;
    match series.kind {
        Kind::Trade | Kind::Mark | Kind::Index if series.has_bars() => bars(reading, defects)?,
        Kind::Trade | Kind::Mark | Kind::Index => positive(reading, defects)?,
        Kind::Funding => rates(reading, defects)?,
        Kind::OpenInterest => {}
    }
    volumes(reading, defects)
}

fn even_lengths(reading: &Reading) -> Result<()> {
    let series = &reading.series;
    let rows = series.len();
    let bars = [&series.open, &series.high, &series.low];
    let even = series.close.len() == rows
        && bars.iter().all(|column| column.len() == bars[0].len())
        && (bars[0].is_empty() || bars[0].len() == rows)
        && series.volume.as_ref().is_none_or(|volume| volume.len() == rows);
    match even {
        true => Ok(()),
        false => Err(Fault::new(Place::file(&series.file), "columns of different length").into()),
    }
}

fn fault(reading: &Reading, row: usize, field: usize, problem: &str) -> Fault {
    Fault::new(reading.place(row, field), reading.name_row(row, problem))
}

/// Rising times lie between the first and the last of them.
fn is_in_order(time: &[i64]) -> bool {
    let sound =
        |time: Option<&i64>| time.is_some_and(|&time| TimeUnit::of(time) == Some(TimeUnit::Millis));
    sound(time.first()) && sound(time.last()) && time.is_sorted_by(|before, now| before < now)
}

fn order(reading: &Reading, defects: &mut Defects) -> Result<()> {
    let time = &reading.series.time;
    if is_in_order(time) {
        return Ok(());
    }
    for (row, &now) in time.iter().enumerate() {
        let before = row.checked_sub(1).map_or(i64::MIN, |before| time[before]);
        if TimeUnit::of(now) != Some(TimeUnit::Millis) {
            let fault = fault(reading, row, reading.fields.time, "not a time since 1973");
            defects.note(fault.found(now).accepted("UTC as milliseconds since 1970"))?;
        }
        if now > before {
            continue;
        }
        let problem = match now == before {
            true => "duplicate time".to_owned(),
            false => format!("time runs backwards after {}", rfc3339(before)),
        };
        let fault = fault(reading, row, reading.fields.time, &problem);
        defects.note(fault.found(rfc3339(now)).accepted("strictly rising times"))?;
    }
    Ok(())
}

fn bars<'a>(reading: &'a Reading, defects: &mut Defects) -> Result<()> {
    let series = &reading.series;
    let grid = series.decimals();
    let aligned = |column: &'a Column| -> Result<Cow<'a, [i64]>> {
        column.at(grid).map_err(|row| {
            fault(reading, row, reading.fields.close, "digits of the prices do not fit together")
                .found(column.get(row))
                .into()
        })
    };
    let (open, high) = (aligned(&series.open)?, aligned(&series.high)?);
    let (low, close) = (aligned(&series.low)?, aligned(&series.close)?);
    let edges = open.iter().zip(high.iter()).zip(low.iter().zip(close.iter()));
    for (row, ((open, high), (low, close))) in edges.enumerate() {
        let sound = 0 < *low && low <= open.min(close) && open.max(close) <= high;
        if !sound {
            defects.note(unsound(reading, row))?;
        }
    }
    Ok(())
}

/// Says what is wrong with a bar that breaks `0 < low ≤ open, close ≤ high`.
fn unsound(reading: &Reading, row: usize) -> Fault {
    let series = &reading.series;
    let fields = reading.fields;
    let [open, high, low] = fields.bar.unwrap_or([fields.close; 3]);
    let columns = [
        ("open", open, series.open.get(row)),
        ("high", high, series.high.get(row)),
        ("low", low, series.low.get(row)),
        ("close", fields.close, series.close.get(row)),
    ];
    if let Some((name, field, value)) = columns.iter().find(|(.., value)| !is_positive(value)) {
        let fault = fault(reading, row, *field, &format!("{name} is not above 0"));
        return fault.found(value).accepted("a decimal number above 0");
    }
    let [open, high, low, close] = columns;
    let (field, problem) = [
        (high, low, "high is below low"),
        (high, open, "high is below open"),
        (high, close, "high is below close"),
        (open, low, "low is above open"),
    ]
    .into_iter()
    .find(|(above, below, _)| above.2 < below.2)
    .map_or((fields.close, "low is above close"), |(edge, _, problem)| (edge.1, problem));
    let bar = format!("{}, {}, {}, {}", open.2, high.2, low.2, close.2);
    let accepted = match low.2 <= close.2 && close.2 <= high.2 {
        true => "low ≤ open, close ≤ high, or opens = \"clamp\"",
        false => "low ≤ open, close ≤ high",
    };
    fault(reading, row, field, problem).found(bar).accepted(accepted)
}

fn is_positive(value: &rust_decimal::Decimal) -> bool {
    value.is_sign_positive() && !value.is_zero()
}

fn positive(reading: &Reading, defects: &mut Defects) -> Result<()> {
    let close = &reading.series.close;
    for row in (0..close.len()).filter(|&row| close.steps()[row] <= 0) {
        let fault = fault(reading, row, reading.fields.close, "price is not above 0");
        defects.note(fault.found(close.get(row)).accepted("a decimal number above 0"))?;
    }
    Ok(())
}

fn rates(reading: &Reading, defects: &mut Defects) -> Result<()> {
    let rate = &reading.series.close;
    let one = 10_i64.checked_pow(rate.decimals()).unwrap_or(Rate::ONE);
    for row in (0..rate.len()).filter(|&row| rate.steps()[row].abs() >= one) {
        let fault = fault(reading, row, reading.fields.close, "rate is beyond ±1");
        defects.note(fault.found(rate.get(row)).accepted("a decimal fraction such as 0.0001"))?;
    }
    Ok(())
}

fn volumes(reading: &Reading, defects: &mut Defects) -> Result<()> {
    let Some(volume) = &reading.series.volume else { return Ok(()) };
    let field = reading.fields.volume.unwrap_or_default();
    for row in (0..volume.len()).filter(|&row| volume.steps()[row] < 0) {
        let fault = fault(reading, row, field, "volume is below 0");
        defects.note(fault.found(volume.get(row)).accepted("a decimal number, 0 or above"))?;
    }
    Ok(())
}

/// Whether all times are one step apart. Without a branch inside: most series are that.
fn is_even(time: &[i64], step: i64) -> bool {
    let other = |pair: &[i64]| pair[1].wrapping_sub(pair[0]) ^ step;
    time.windows(2).fold(0, |others, pair| others | other(pair)) == 0
}

/// The interval of a series of bars: its most frequent step. `None` for fewer than two rows.
pub(super) fn interval(reading: &Reading) -> Result<Option<Interval>> {
    let time = &reading.series.time;
    if let [first, second, ..] = time[..] {
        let even = Interval::from_millis(second.wrapping_sub(first));
        if let Some(interval) = even.filter(|even| is_even(time, even.millis())) {
            return Ok(Some(interval));
        }
    }
    let mut steps: BTreeMap<i64, usize> = BTreeMap::new();
    let mut row = 1;
    while row < time.len() {
        let step = time[row] - time[row - 1];
        let run = time[row..].iter().zip(&time[row - 1..]);
        let run = run.take_while(|(after, before)| *after - *before == step).count();
        *steps.entry(step).or_default() += run;
        row += run;
    }
    steps.retain(|&step, _| step > 0);
    let usual = steps.iter().max_by_key(|&(&step, &count)| (count, std::cmp::Reverse(step)));
    let Some((&step, _)) = usual else { return Ok(None) };
    Interval::from_millis(step).map(Some).ok_or_else(|| {
        fault(reading, 1, reading.fields.time, "steps of an odd length")
            .found(format!("{step} ms"))
            .accepted(Interval::ACCEPTED)
            .into()
    })
}

/// Steps that are neither the interval nor a gap of whole bars.
pub(super) fn steps(reading: &Reading, interval: Interval, defects: &mut Defects) -> Result<()> {
    let step = interval.millis();
    if is_even(&reading.series.time, step) {
        return Ok(());
    }
    let mut run = 0;
    let mut last = 0;
    for (row, pair) in reading.series.time.windows(2).enumerate() {
        let taken = pair[1] - pair[0];
        if taken == step {
            last = taken;
            continue;
        }
        run = if taken == last { run + 1 } else { 1 };
        last = taken;
        let long = taken > step && run == MIXED_RUN;
        if taken > 0 && (taken % step != 0 || long) {
            let problem = format!("mixed intervals: a step of {} s", taken as f64 / 1_000.0);
            let fault = fault(reading, row + 1, reading.fields.time, &problem);
            let accepted = format!("steps of {interval}, and gaps of whole bars");
            defects.note(fault.found(rfc3339(pair[1])).accepted(accepted))?;
        }
    }
    Ok(())
}
