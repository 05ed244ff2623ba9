//! One entry followed closely: the one that the worst fall (or rise) hit.

use crate::engine::{Exposure, Market, Outcome, opened, simulate};
use crate::money::{Leverage, Price};
use crate::passage::Window;
use crate::scenario::{Entry, Plan, Side, Study, Wanted};
use crate::venue::VenueRules;

/// What became of one leverage.
#[derive(Debug, Clone, Copy)]
pub struct Fate {
    pub leverage: Leverage,
    pub outcome: Outcome,
}

/// The entry with the largest adverse move within the longest horizon, and all leverages on it.
#[derive(Debug, Clone)]
pub struct Replay {
    pub side: Side,
    pub entry: Entry,
    pub bars: usize,
    pub fates: Vec<Fate>,
}

/// `None` where no entry has a full horizon.
pub fn worst_entry(
    study: &Study,
    plan: &Plan,
    market: &Market,
    rules: &VenueRules,
) -> Option<Replay> {
    let side = if study.sides.contains(&Side::Long) { Side::Long } else { Side::Short };
    let fits = |bars: &&usize| plan.entries.iter().any(|entry| entry.room >= **bars);
    let bars = *plan.horizons.iter().filter(fits).max()?;
    let entry = worst_hit(plan, market, side, bars)?;
    let exposure = Exposure { first: entry.first, bars };
    let first = |wanted: &Wanted| {
        wanted.side == side && wanted.notional == study.notionals[0] && wanted.bars == bars
    };
    let fate = |wanted: Wanted| {
        let position = opened(study, &market.law, &wanted, entry.price)?;
        let outcome = simulate(market, rules, &study.slippage, &position, exposure);
        Some(Fate { leverage: wanted.leverage, outcome })
    };
    let fates = plan.wanted(study, &entry).into_iter().filter(first).filter_map(fate).collect();
    Some(Replay { side, entry, bars, fates })
}

/// The entry with the largest adverse move of the mark as a fraction of its price; of several the
/// first.
fn worst_hit(plan: &Plan, market: &Market, side: Side, bars: usize) -> Option<Entry> {
    let mut window = Window::of(&market.history.mark, side);
    let candidates = plan.entries.iter().filter(|entry| entry.room >= bars);
    let worst = candidates.fold(None, |worst: Option<(f64, &Entry)>, entry| {
        let ahead = window.worst(entry.first..entry.first + bars);
        let moved = ahead.map_or(0.0, |mark| adverse(side, entry.price, mark));
        match worst {
            Some((most, _)) if most >= moved => worst,
            _ => Some((moved, entry)),
        }
    });
    worst.map(|(_, entry)| *entry)
}

fn adverse(side: Side, entry: Price, worst: Price) -> f64 {
    let ratio = worst.steps() as f64 / entry.steps() as f64;
    match side {
        Side::Long => 1.0 - ratio,
        Side::Short => ratio - 1.0,
    }
}
