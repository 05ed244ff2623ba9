//! How often positions were liquidated, when, and which were not.

use super::{name, short_name};
use crate::report::Facts;
use crate::report::chart::label;
use crate::scenario::{Horizon, Side};
use crate::tally::{Cell, Estimate, Steps};
use crate::venue::CloseOut;

/// The leverage that headlines speak of, where the study has it.
const SPOKEN: f64 = 10.0;
/// The horizon that headlines speak of, in hours.
const DAY: f64 = 24.0;

const NOTHING: &str = "No position had a full horizon.";

/// The headline of the heat map.
pub fn headline(facts: &Facts) -> String {
    let Some((cell, share)) = spoken(facts).and_then(|cell| Some((cell, cell.share()?))) else {
        return NOTHING.to_owned();
    };
    format!(
        "Opened at any bar and held {}, {} of the {}s were liquidated (95 % interval {}).",
        label::hours(facts.hours(cell.bars)),
        label::percent(share.share),
        short_name(cell),
        label::percent_range(share.low, share.high)
    )
}

/// The headline of the survival curves, which show one horizon.
pub fn survival_headline(facts: &Facts, bars: usize) -> String {
    let cells = || facts.tally.cells().iter().filter(|cell| cell.bars == bars);
    let half_gone = |cell: &Cell| {
        let bar = cell.survival()?.iter().position(|share| *share <= 0.5)?;
        Some((short_name(cell), facts.hours(bar)))
    };
    let side = facts.study.sides[0];
    let of_side = cells().filter(|cell| cell.side == side);
    let first = of_side
        .filter(|cell| half_gone(cell).is_some())
        .min_by_key(|cell| cell.leverage)
        .and_then(half_gone);
    let held = label::hours(facts.hours(bars));
    match first {
        Some((name, hours)) => format!(
            "Half of the {name}s were liquidated within {}; at lower leverage most {side}s \
             outlived {held}.",
            label::hours(hours)
        ),
        None => format!("At every leverage more than half of the {side}s outlived {held}."),
    }
}

/// The headline again, one line for each side and leverage, then what the counts hold.
pub fn section(facts: &Facts) -> Vec<String> {
    let mut lines = vec![headline(facts)];
    for side in &facts.study.sides {
        for horizon in &facts.study.horizons {
            lines.push(format!("{side}s held {}:", horizon.label));
            let cells = facts.tally.cells().iter();
            let of = cells.filter(|cell| cell.side == *side && cell.horizon == horizon.label);
            lines.extend(of.map(line));
        }
    }
    lines.extend(in_part(facts));
    lines.extend(raised(facts));
    lines
}

/// What became of the liquidated, where the venue closes in steps.
fn in_part(facts: &Facts) -> Option<String> {
    let Steps { full, partial, .. } = all_steps(facts);
    let at_once = matches!(facts.rules.close_out, CloseOut::Full | CloseOut::IocThenTakeover);
    if at_once || full + partial == 0 {
        return None;
    }
    let all = label::count(full + partial);
    Some(match partial {
        0 => format!(
            "This venue closes in steps; of all {all} liquidated positions nothing was left in \
             the end."
        ),
        _ => format!(
            "This venue closes in steps: of {all} liquidated positions {} were closed whole, and \
             of {} a part lived on to the end of the horizon.",
            label::count(full),
            label::count(partial)
        ),
    })
}

/// Liquidations that the venue's usual requirement would not have caused.
fn raised(facts: &Facts) -> Option<String> {
    facts.rules.volatility.as_ref()?;
    let Steps { full, partial, raised_margin } = all_steps(facts);
    Some(format!(
        "Of {} liquidated positions {} were liquidated only because maintenance margin had been \
         raised with volatility.",
        label::count(full + partial),
        label::count(raised_margin)
    ))
}

fn all_steps(facts: &Facts) -> Steps {
    let cells = facts.tally.cells().iter();
    cells.fold(Steps::default(), |sum, cell| sum.plus(cell.steps()))
}

fn line(cell: &Cell) -> String {
    let leverage = label::leverage(cell.leverage.to_f64());
    match cell.share() {
        None => format!("  {leverage:>5}  no entry had a full horizon"),
        Some(share) => format!(
            "  {leverage:>5}  {:>8}  {} of {}, 95 % interval {}, {}",
            label::percent(share.share),
            share.hits,
            share.n,
            label::percent_range(share.low, share.high),
            windows(&share)
        ),
    }
}

/// What overlapping entries are worth.
pub fn windows(share: &Estimate) -> String {
    match share.n_eff.round() {
        n if n <= 1.0 => "worth 1 independent window".to_owned(),
        n => format!("worth {n:.0} independent windows"),
    }
}

/// For each side and horizon, the highest leverage up to which nothing was liquidated.
pub fn safest(facts: &Facts) -> Vec<String> {
    let of_side = |side: &Side| {
        let line = |horizon: &Horizon| safest_line(facts, *side, horizon);
        facts.study.horizons.iter().filter_map(line).collect::<Vec<_>>()
    };
    facts.study.sides.iter().flat_map(of_side).collect()
}

fn safest_line(facts: &Facts, side: Side, horizon: &Horizon) -> Option<String> {
    let cells = facts.tally.cells().iter();
    let mut cells: Vec<(&Cell, Estimate)> = cells
        .filter(|cell| cell.side == side && cell.horizon == horizon.label)
        .filter_map(|cell| Some((cell, cell.share()?)))
        .collect();
    cells.sort_by_key(|(cell, _)| cell.leverage);
    let unhurt = cells.iter().take_while(|(_, share)| share.hits == 0).last();
    let (lowest, _) = cells.first()?;
    Some(match unhurt {
        Some((cell, share)) => format!(
            "No {side} up to {} was liquidated within {} (of {}; the 95 % bound is {}).",
            label::leverage(cell.leverage.to_f64()),
            horizon.label,
            share.n,
            label::percent(share.high)
        ),
        None => format!("Not even a {} was safe in every entry.", name(facts, lowest)),
    })
}

/// The cell nearest to the leverage and horizon that people ask for first.
pub fn spoken<'a>(facts: &Facts<'a>) -> Option<&'a Cell> {
    let distance = |cell: &&Cell| {
        let leverage = cell.leverage.to_f64() / SPOKEN;
        let horizon = facts.hours(cell.bars) / DAY;
        apart(leverage) + apart(horizon)
    };
    let cells = facts.tally.cells().iter();
    cells
        .filter(|cell| cell.side == facts.study.sides[0] && cell.share().is_some())
        .min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

/// How far a ratio lies from 1, either way.
fn apart(ratio: f64) -> f64 {
    ratio.max(1.0 / ratio)
}
