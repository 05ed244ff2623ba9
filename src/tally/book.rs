//! All cells of a study.

use super::cell::Cell;
use super::row::Row;
use crate::engine::Ended;
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
        let block = self.block(row.cell, row.entered);
        self.enter((row.cell, block), 1);
        if let Some(end) = &row.outcome.liquidation {
            self.end((row.cell, block), row.position.margin, &Ended::from(end));
        }
    }

    /// Counts positions of a cell opened in a calendar block.
    pub fn enter(&mut self, (cell, block): (usize, usize), positions: u64) {
        self.cells[cell].enter(block, positions);
    }

    /// Counts the liquidation of one that has been entered in a calendar block.
    pub fn end(&mut self, (cell, block): (usize, usize), margin: Cash, end: &Ended) {
        self.cells[cell].end(block, margin, end);
    }

    /// Calendar block of an entry: one horizon of the cell long, from the first entry on.
    pub fn block(&self, cell: usize, entered: i64) -> usize {
        ((entered - self.start) / self.block[cell % self.block.len()]) as usize
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
