//! The input of the heat map of liquidations, of one symbol of the picked world.

use super::market::{caption, one};
use super::units;
use crate::engine::{FundingPerUnit, Position};
use crate::money::{Price, Quantity};
use crate::report::chart::exchange::Ratio;
use crate::report::chart::exchange::density::{Column, Forced, Input};
use crate::report::exchange::density::{MULTIPLIERS, density as at_start, multiplier};
use crate::report::exchange::{Facts, sentences};
use crate::scenario::Side;
use crate::tally::exchange::{OpenLots, in_quote};

/// Width of a price level, as a share of the mark at the start.
const LEVEL: f64 = 0.005;
/// Levels beyond the lowest and the highest mark.
const BEYOND: f64 = 6.0;
/// Columns, at most about so many.
const COLUMNS: usize = 96;
/// Stands for a bin that holds more than the whole book: beyond the end of any axis.
const ENDLESS: f64 = 1e3;

pub fn density(facts: &Facts, number: usize) -> Input {
    let edges = edges(facts, number);
    Input {
        caption: caption(facts, sentences::wave_headline(facts)),
        market: one(facts, number),
        quote: facts.symbols[number].rules.price_unit().to_owned(),
        columns: columns(facts, number, &edges),
        liquidations: liquidations(facts, number),
        adl: deleveragings(facts, number),
        ratios: MULTIPLIERS.map(|depth| ratio(facts, number, depth)).to_vec(),
        edges,
    }
}

/// Levels from below the lowest mark to above the highest, one of them ending at the start.
fn edges(facts: &Facts, number: usize) -> Vec<f64> {
    let history = facts.symbols[number].history;
    let start = history.scale.to_f64(facts.start(number as u16));
    let marks = |prices: &[Price]| -> Vec<f64> {
        prices[facts.scene.first..].iter().map(|price| history.scale.to_f64(*price)).collect()
    };
    let lowest = marks(&history.mark.low).into_iter().fold(start, f64::min);
    let highest = marks(&history.mark.high).into_iter().fold(start, f64::max);
    let level = |price: f64| (price / start - 1.0) / LEVEL;
    let from = (level(lowest).floor() - BEYOND).max(1.0 - 1.0 / LEVEL) as i64;
    let to = (level(highest).ceil() + BEYOND) as i64;
    (from..=to).map(|step| start * (1.0 + step as f64 * LEVEL)).collect()
}

/// Where each position of the population would be liquidated, and its place among the levels.
fn levels(facts: &Facts, number: usize, edges: &[f64]) -> Vec<Option<usize>> {
    let market = &facts.scene.markets[number];
    let mut places = vec![None; facts.told.population.holdings.len()];
    for trader in &facts.told.population.traders {
        for place in trader.holdings.clone() {
            let held = facts.told.population.holdings[place as usize];
            if usize::from(held.symbol) != number {
                continue;
            }
            let (side, quantity, entry) = (held.side, held.quantity, held.entry);
            let position = Position { side, quantity, entry, margin: trader.margin };
            let price = market.law.liquidation_price(&position, FundingPerUnit::NONE);
            let level = price.map(|price| market.history.scale.to_f64(price)).and_then(|price| {
                let above = edges.partition_point(|edge| *edge <= price);
                (1..edges.len()).contains(&above).then(|| above - 1)
            });
            places[place as usize] = level;
        }
    }
    places
}

/// What is still open at the start of some bars, by level.
fn columns(facts: &Facts, number: usize, edges: &[f64]) -> Vec<Column> {
    let levels = levels(facts, number, edges);
    let (first, bars) = (facts.scene.first, facts.history().len());
    let every = (bars - first).div_ceil(COLUMNS).max(1);
    let mut open = OpenLots::new(&facts.told.population);
    let mut events = facts.told.record.events.iter().peekable();
    let mut columns = Vec::new();
    for bar in (first..bars).step_by(every) {
        // The books of the start are opened at the very beginning of the first bar.
        let before = |moment: crate::exchange::Moment| {
            moment.bar < bar || (bar == first && (moment.bar, moment.substep) == (first, 0))
        };
        while let Some(noted) = events.next_if(|noted| before(noted.moment)) {
            open.follow(noted);
        }
        let resting = resting(facts, (number, edges.len() - 1), &levels, open.lots());
        columns.push(Column { time: facts.history().time[bar], resting });
    }
    columns
}

fn resting(
    facts: &Facts,
    (number, count): (usize, usize),
    levels: &[Option<usize>],
    lots: &[i64],
) -> Vec<f64> {
    let (law, start) = (&facts.scene.markets[number].law, facts.start(number as u16));
    let mut resting = vec![0.0; count];
    for (level, lots) in levels.iter().zip(lots) {
        if let Some(sum) = level.and_then(|level| resting.get_mut(level)) {
            *sum += units(in_quote(law, Quantity::from_lots(lots.abs()), start));
        }
    }
    resting
}

fn liquidations(facts: &Facts, number: usize) -> Vec<Forced> {
    let (history, law) = (facts.symbols[number].history, &facts.scene.markets[number].law);
    let of_symbol = facts.told.liquidations.iter();
    let of_symbol = of_symbol.filter(|forced| usize::from(forced.symbol) == number);
    let told = of_symbol.map(|forced| {
        let closed = forced.closed();
        Forced {
            time: forced.moment.time,
            price: history.scale.to_f64(forced.mark),
            amount: units(in_quote(law, closed, forced.mark)),
        }
    });
    told.filter(|forced| forced.amount > 0.0).collect()
}

fn deleveragings(facts: &Facts, number: usize) -> Vec<Forced> {
    let history = facts.symbols[number].history;
    let events = facts.told.deleveragings.iter();
    let of_symbol = events.filter(|event| usize::from(event.symbol) == number);
    let told = of_symbol.map(|event| Forced {
        time: event.moment.time,
        price: history.scale.to_f64(event.mark),
        amount: units(event.notional),
    });
    told.collect()
}

/// `R` by price within the marks that are drawn.
fn ratio(facts: &Facts, number: usize, (_, percent): (&str, i64)) -> Ratio {
    let history = facts.symbols[number].history;
    let edges = edges(facts, number);
    let density = at_start(facts, facts.told, number);
    let curve = &facts.study.books[number].liquidity.curve;
    let shown = |side: Side| -> Vec<(f64, f64)> {
        let ratios = density.branching_ratios(side, curve, multiplier(percent)).enumerate();
        let at = |(bin, ratio): (usize, Option<f64>)| {
            (history.scale.to_f64(density.price(side, bin)), ratio.unwrap_or(ENDLESS))
        };
        let inside = |(price, _): &(f64, f64)| {
            edges.first().is_some_and(|low| low <= price)
                && edges.last().is_some_and(|high| price <= high)
        };
        let mut shown: Vec<(f64, f64)> = ratios.map(at).filter(inside).collect();
        shown.sort_by(|one, other| one.0.total_cmp(&other.0));
        shown
    };
    let first = density.first_self_sustaining(Side::Long, curve, multiplier(percent));
    Ratio {
        depth: multiplier(percent).to_f64(),
        down: shown(Side::Long),
        up: shown(Side::Short),
        first: first.map(|price| history.scale.to_f64(price)),
    }
}
