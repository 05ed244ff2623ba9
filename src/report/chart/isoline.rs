//! Lines on a grid of cells between shares below and shares at or above a threshold.

/// Shares by row (leverage, ascending) and column (horizon, ascending); `None` is no data.
pub type Grid = [Vec<Option<f64>>];

/// A piece of a line in cell units: x counts columns from the left, y rows from the bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: (usize, usize),
    pub to: (usize, usize),
}

/// The edges between cells below `threshold` and cells at or above it.
///
/// A share rises with leverage, so the line is closed at the grid's outer edge: below the first
/// row it counts as under, above the last as over the threshold. Empty where no cell or every
/// cell reaches the threshold: the line then lies off the grid.
pub fn trace(grid: &Grid, threshold: f64) -> Vec<Edge> {
    let reached = |cell: Option<f64>| cell.map(|share| share >= threshold);
    let known = || grid.iter().flatten().filter_map(|&cell| reached(cell));
    if known().all(|over| over) || !known().any(|over| over) {
        return Vec::new();
    }
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let at = |row: usize, column: usize| {
        grid.get(row).and_then(|cells| cells.get(column)).and_then(|&cell| reached(cell))
    };
    let mut edges = Vec::new();
    for column in 0..columns {
        for line in 0..=grid.len() {
            let below = if line == 0 { Some(false) } else { at(line - 1, column) };
            let above = if line == grid.len() { Some(true) } else { at(line, column) };
            if differ(below, above) {
                edges.push(Edge { from: (column, line), to: (column + 1, line) });
            }
            if column > 0 && differ(at(line, column - 1), at(line, column)) {
                edges.push(Edge { from: (column, line), to: (column, line + 1) });
            }
        }
    }
    edges
}

fn differ(a: Option<bool>, b: Option<bool>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[f64]]) -> Vec<Vec<Option<f64>>> {
        rows.iter().map(|row| row.iter().map(|&s| Some(s)).collect()).collect()
    }

    #[test]
    fn the_line_steps_down_where_longer_horizons_reach_the_threshold_earlier() {
        let edges = trace(&grid(&[&[0.0, 0.2], &[0.0, 0.6], &[0.3, 0.9]]), 0.1);
        let flat: Vec<_> = edges.iter().filter(|e| e.from.1 == e.to.1).collect();
        assert_eq!(flat.len(), 2);
        assert_eq!((flat[0].from, flat[1].from), ((0, 2), (1, 0)));
        let upright: Vec<_> = edges.iter().filter(|e| e.from.0 == e.to.0).collect();
        assert_eq!(upright.len(), 2, "two rows differ between the columns");
    }

    #[test]
    fn no_line_where_all_or_none_reach_the_threshold() {
        assert!(trace(&grid(&[&[0.0, 0.0], &[0.0, 0.0]]), 0.01).is_empty());
        assert!(trace(&grid(&[&[1.0, 1.0], &[1.0, 1.0]]), 0.5).is_empty());
        assert!(trace(&[vec![None, None]], 0.5).is_empty());
    }

    #[test]
    fn missing_cells_have_no_edge() {
        let grid = vec![vec![Some(0.0)], vec![None], vec![Some(1.0)]];
        assert!(trace(&grid, 0.5).is_empty());
    }
}
