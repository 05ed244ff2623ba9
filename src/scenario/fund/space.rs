//! The scenarios of a study: cells of levels, and which cell a scenario lives in.

use super::study::Crash;
use crate::money::Rate;
use crate::scenario::exchange::PathOrder;
use std::ops::Range;

/// How likely a level is beside the others of its kind, and how often it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    pub weight: Rate,
    pub draws: Rate,
}

impl Chance {
    pub const ONE: Self =
        Self { weight: Rate::from_steps(Rate::ONE), draws: Rate::from_steps(Rate::ONE) };
}

/// One value of what may differ from scenario to scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level<T> {
    pub at: T,
    pub chance: Chance,
}

/// Which extreme of a bar comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    LowFirst,
    HighFirst,
}

impl Order {
    pub fn word(self) -> &'static str {
        match self {
            Self::LowFirst => "low-first",
            Self::HighFirst => "high-first",
        }
    }

    pub fn path(self) -> PathOrder {
        match self {
            Self::LowFirst => PathOrder::LowFirst,
            Self::HighFirst => PathOrder::HighFirst,
        }
    }
}

/// What may differ beside the crash; no list is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Milliseconds after the crash's own start.
    pub offsets: Vec<Level<i64>>,
    /// Multiplier of the depth; `None`: the scenario's own.
    pub depths: Vec<Level<Option<Rate>>>,
    pub shocks: Vec<Level<Rate>>,
    pub orders: Vec<Order>,
    /// One a symbol.
    pub betas: Vec<Rate>,
}

/// One combination of levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Number of the crash.
    pub crash: usize,
    /// Milliseconds after the crash's own start.
    pub offset: i64,
    pub depth: Option<Rate>,
    pub shock: Rate,
    pub order: Order,
    /// Share of the scenarios that live here.
    pub drawn: f64,
    /// Chance of the cell over how often it is drawn: what a scenario of it counts.
    pub weight: f64,
}

impl Space {
    /// All cells, crash by crash.
    pub fn cells(&self, crashes: &[Crash]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (crash, event) in crashes.iter().enumerate() {
            for offset in &self.offsets {
                for depth in &self.depths {
                    for shock in &self.shocks {
                        let chances = [event.chance, offset.chance, depth.chance, shock.chance];
                        let weight: f64 = chances.iter().map(|one| one.weight.to_f64()).product();
                        let drawn: f64 = chances.iter().map(|one| one.draws.to_f64()).product();
                        let cell = |order: &Order| Cell {
                            crash,
                            offset: offset.at,
                            depth: depth.at,
                            shock: shock.at,
                            order: *order,
                            drawn,
                            weight,
                        };
                        cells.extend(self.orders.iter().map(cell));
                    }
                }
            }
        }
        normalised(cells)
    }
}

fn normalised(mut cells: Vec<Cell>) -> Vec<Cell> {
    let drawn: f64 = cells.iter().map(|cell| cell.drawn).sum();
    let weight: f64 = cells.iter().map(|cell| cell.weight).sum();
    for cell in &mut cells {
        cell.drawn /= drawn;
        // To nine decimals, as it counts: what is drawn as often as it is likely counts 1.
        cell.weight = (cell.weight / weight / cell.drawn * 1e9).round() / 1e9;
    }
    cells
}

/// Where scenarios live: every run of consecutive ones is spread over the cells in proportion.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Upper edges of the cells, in parts of 2^64; the last one's is out of reach.
    edges: Vec<u64>,
}

/// 2^64, exactly.
const CIRCLE: f64 = 18_446_744_073_709_551_616.0;
/// 2^64 over the golden ratio: multiples of it fill the circle evenly (Weyl).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Spread {
    pub fn over(cells: &[Cell]) -> Self {
        let mut sum = 0.0;
        let edge = |cell: &Cell| {
            sum += cell.drawn;
            (sum * CIRCLE) as u64
        };
        Self { edges: cells.iter().map(edge).collect() }
    }

    /// The cell of a scenario.
    pub fn cell(&self, scenario: u32) -> usize {
        let place = u64::from(scenario).wrapping_mul(GOLDEN);
        self.edges.partition_point(|edge| *edge <= place).min(self.edges.len() - 1)
    }

    /// How many of some scenarios live in each cell.
    pub fn counts(&self, scenarios: Range<u32>) -> Vec<u32> {
        let mut counts = vec![0; self.edges.len()];
        scenarios.for_each(|scenario| counts[self.cell(scenario)] += 1);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(shares: &[f64]) -> Vec<Cell> {
        let cell = |drawn: &f64| Cell {
            crash: 0,
            offset: 0,
            depth: None,
            shock: Rate::from_steps(Rate::ONE),
            order: Order::LowFirst,
            drawn: *drawn,
            weight: 1.0,
        };
        normalised(shares.iter().map(cell).collect())
    }

    #[test]
    fn every_stretch_of_scenarios_is_spread_in_proportion() {
        let shares = [5.0, 1.0, 3.0, 0.5, 0.5];
        let spread = Spread::over(&cells(&shares));
        for (from, count) in [(0, 100), (17, 1_000), (123_456, 1_000), (0, 20_000)] {
            let counts = spread.counts(from..from + count);
            for (found, share) in counts.iter().zip(shares) {
                let wanted = f64::from(count) * share / 10.0;
                assert!((f64::from(*found) - wanted).abs() < 4.0, "{counts:?} of {count}");
            }
        }
    }

    /// The average of what scenarios count is 1.
    #[test]
    fn what_is_drawn_more_often_counts_less() {
        let mut cells = cells(&[1.0, 1.0]);
        (cells[0].drawn, cells[0].weight) = (3.0, 1.0);
        (cells[1].drawn, cells[1].weight) = (1.0, 1.0);
        let cells = normalised(cells);
        let mean: f64 = cells.iter().map(|cell| cell.drawn * cell.weight).sum();
        assert!((mean - 1.0).abs() < 1e-9);
        assert!((cells[0].weight * 3.0 - cells[1].weight).abs() < 1e-8);
    }
}
