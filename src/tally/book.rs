//! All cells of a study.

use super::cell::Cell;
use super::row::Row;
use crate::engine::Liquidation;
use crate::money::Cash;
use crate::scenario::{Plan, Study};

/// Cells in the order side × leverage × horizon.
#[derive(Debug, Clone)]
pub struct Tally {
    cells: Vec<Cell>,
    /// UTC milliseconds of the first entry: where calendar blocks start.
    start: i64,
    /// Milliseconds per block, one horizon, by index of the horizon.
    block: Vec<i64>,
}

impl Tally {
    pub fn new(study: &Study, plan: &Plan) -> Self {
        let start = plan.entries.first().map_or(0, |entry| entry.time);
        let last = plan.entries.last().map_or(0, |entry| entry.time);
        let block: Vec<i64> =
            study.horizons.iter().map(|horizon| horizon.length.millis()).collect();
        let mut cells = Vec::new();
        for side in &study.sides {
            for leverage in &study.leverages {
                for (horizon, bars) in study.horizons.iter().zip(&plan.horizons) {
                    let blocks = (last - start) / horizon.length.millis() + 1;
                    let horizon = (horizon.label.clone(), *bars);
                    cells.push(Cell::new(*side, *leverage, horizon, blocks as usize));
                }
            }
        }
        Self { cells, start, block }
    }

    /// Counts one position.
    pub fn add(&mut self, row: &Row) {
        let liquidation = row.outcome.liquidation.as_ref();
        self.count((row.cell, row.entered), row.position.margin, liquidation);
    }

    /// The same, of a cell and a time of entry.
    pub fn count(
        &mut self,
        (cell, entered): (usize, i64),
        margin: Cash,
        liquidation: Option<&Liquidation>,
    ) {
        let block = (entered - self.start) / self.block[cell % self.block.len()];
        self.cells[cell].add(block as usize, margin, liquidation);
    }

    /// What two tallies of one study counted together; their order does not matter.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.cells.iter_mut().zip(&other.cells).for_each(|(cell, other)| cell.merge(other));
        self
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}
