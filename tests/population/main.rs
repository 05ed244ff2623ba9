//! The draw of a population against its rules: `POP` of `docs/model`.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod case;
#[path = "../market/mod.rs"]
mod market;

use case::Case;
use deleverage::population::{Population, Scratch, draw};
use deleverage::scenario::Side;
use std::time::Instant;

fn side_lots(population: &Population, symbol: u16, side: Side) -> i64 {
    let held = population.holdings.iter().filter(|held| held.symbol == symbol && held.side == side);
    held.map(|held| held.quantity.lots()).sum()
}

#[test]
fn pop_001_both_sides_add_up() {
    for symbols in [1, 3] {
        let population = Case::new(symbols).world(0);
        for symbol in 0..symbols as u16 {
            let long = side_lots(&population, symbol, Side::Long);
            assert_eq!(long, side_lots(&population, symbol, Side::Short));
        }
    }
}

#[test]
fn speed() {
    let case = Case::new(1).with(|choice| choice.accounts = 100_000);
    let ground = case.ground();
    let mut scratch = Scratch::default();
    for world in 0..5 {
        let begun = Instant::now();
        let population = draw(&ground, world, &mut scratch);
        println!("{:?} {}", begun.elapsed(), population.traders.len());
    }
}
