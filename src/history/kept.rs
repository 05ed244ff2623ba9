//! Which steps of a grid become bars.

use super::bars::Segment;
use super::grid::Grid;
use std::ops::Range;

/// Runs of steps that become bars, in order; between two runs some are left out.
pub(super) struct Kept(Vec<Range<usize>>);

impl Kept {
    pub fn all(grid: &Grid) -> Self {
        Self(std::iter::once(0..grid.len()).collect())
    }

    /// The steps that no series lacks.
    pub fn whole(grid: &Grid) -> Self {
        if grid.missing == 0 {
            return Self::all(grid);
        }
        let mut runs: Vec<Range<usize>> = Vec::new();
        for slot in (0..grid.len()).filter(|&slot| grid.is_whole(slot)) {
            match runs.last_mut() {
                Some(run) if run.end == slot => run.end += 1,
                _ => runs.push(slot..slot + 1),
            }
        }
        Self(runs)
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(ExactSizeIterator::len).sum()
    }

    /// The steps of all bars.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.0.iter().flat_map(Range::clone)
    }

    /// The runs, counted in bars.
    pub fn segments(&self) -> Vec<Segment> {
        let mut end = 0;
        let segment = |run: &Range<usize>| {
            let first = end;
            end += run.len();
            Segment { first, end }
        };
        self.0.iter().map(segment).collect()
    }
}
