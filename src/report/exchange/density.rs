//! `density.csv`: what waits to be liquidated in the picked world when it begins, and how far it
//! would move the book.

use super::{Facts, Told};
use crate::engine::Law;
use crate::exchange::Density;
use crate::fault::Result;
use crate::money::Rate;
use crate::report::tables;
use crate::scenario::Side;
use crate::tally::exchange::{Census, resting};

/// Parts of the calm depth at which `R` is looked at beside the scenario's own: in words, and in
/// percent.
pub const MULTIPLIERS: [(&str, i64); 3] =
    [("the calm depth", 100), ("25 % of it", 25), ("5 % of it", 5)];

/// Width of a bin in percent of the mark at the start.
const WIDTH: f64 = 0.5;

/// So many percent.
pub fn multiplier(percent: i64) -> Rate {
    Rate::from_steps(Rate::ONE / 100 * percent)
}

/// The density of a symbol at the start of a world.
pub fn density(facts: &Facts, told: &Told, symbol: usize) -> Density {
    let laws: Vec<Law> = facts.scene.markets.iter().map(|market| market.law).collect();
    let census = Census { population: &told.population, laws: &laws };
    resting(census, symbol as u16, facts.start(symbol as u16))
}

/// One row a bin and side: longs below the mark at the start, shorts above. `r` at parts of the
/// calm depth and at the scenario's; empty where the bin holds more than the whole book.
pub fn table(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "symbol",
        "side",
        "distance",
        "price",
        "notional",
        "r_1",
        "r_0.25",
        "r_0.05",
        "r_scenario",
    ];
    let mut rows = Vec::new();
    for symbol in 0..facts.symbols.len() {
        let density = density(facts, facts.told, symbol);
        for side in [Side::Long, Side::Short] {
            rows.extend(of_side(facts, symbol, (&density, side)));
        }
    }
    tables::table(&names, rows.into_iter())
}

fn of_side(facts: &Facts, symbol: usize, (density, side): (&Density, Side)) -> Vec<Vec<String>> {
    let (history, curve) =
        (facts.symbols[symbol].history, &facts.study.books[symbol].liquidity.curve);
    let own = curve.multiplier;
    let parts = MULTIPLIERS.map(|(_, percent)| multiplier(percent)).into_iter().chain([own]);
    let ratios: Vec<Vec<Option<f64>>> =
        parts.map(|part| density.branching_ratios(side, curve, part).collect()).collect();
    let row = |(bin, notional): (usize, &crate::money::Cash)| {
        let ratio = |of: &Vec<Option<f64>>| of[bin].map_or(String::new(), tables::fraction);
        let fixed = vec![
            history.symbol.clone(),
            side.to_string(),
            format!("{:.3}", bin as f64 * WIDTH / 100.0),
            history.scale.to_decimal(density.price(side, bin)).to_string(),
            notional.to_string(),
        ];
        [fixed, ratios.iter().map(ratio).collect()].concat()
    };
    density.bins(side).iter().enumerate().map(row).collect()
}
