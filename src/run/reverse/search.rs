//! The first setting of a knob that reaches the limit: a coarse grid, then bisection.

use super::knob::Knob;
use super::point::Points;
use crate::fault::Result;
use crate::report::reverse::{Crossings, Search};
use rayon::prelude::*;

/// Every seed on its own.
///
/// # Errors
/// Ctrl-C.
pub fn search(points: &Points, knob: Knob) -> Result<Search> {
    let grid = knob.grid(points.study.reverse.grid);
    let columns = grid
        .iter()
        .map(|setting| points.figures(&knob.turn(points.base(), *setting)))
        .collect::<Result<Vec<_>>>()?;
    let of_seed = |seed: u32| {
        let reached: Vec<Option<bool>> = columns
            .iter()
            .map(|column| {
                let figures = column.as_ref()?;
                Some(points.is_reached(figures[seed as usize]))
            })
            .collect();
        crossings(points, knob, (&grid, &reached), seed)
    };
    let seeds = (0..points.seeds()).into_par_iter().map(of_seed).collect::<Result<_>>()?;
    let mut lived = grid.iter().zip(&columns).filter(|(_, column)| column.is_some());
    let severest = lived.next_back().map_or(grid[0], |(setting, _)| *setting);
    Ok(Search { knob: knob.name(), mildest: grid[0], severest, seeds })
}

fn crossings(
    points: &Points,
    knob: Knob,
    (grid, reached): (&[f64], &[Option<bool>]),
    seed: u32,
) -> Result<Crossings> {
    let changes: Vec<usize> = (1..grid.len()).filter(|at| known_change(reached, *at)).collect();
    let further = changes.iter().skip(usize::from(reached[0] == Some(false)));
    let further = further.map(|at| (grid[at - 1], grid[*at])).collect();
    let first = match (reached[0], changes.first()) {
        (Some(true), _) => Some(grid[0]),
        (_, None) => None,
        (_, Some(at)) => Some(bisected(points, knob, (grid[at - 1], grid[*at]), seed)?),
    };
    Ok(Crossings { first, is_at_the_mildest: reached[0] == Some(true), further })
}

/// Whether the limit is reached at one setting and not at the one before it.
fn known_change(reached: &[Option<bool>], at: usize) -> bool {
    matches!((reached[at - 1], reached[at]), (Some(before), Some(now)) if before != now)
}

/// The mildest setting found that reaches the limit, within 1 % of one that does not.
fn bisected(
    points: &Points,
    knob: Knob,
    (mut mild, mut severe): (f64, f64),
    seed: u32,
) -> Result<f64> {
    while let Some(middle) = knob.between(mild, severe) {
        let figure = points.figure(&knob.turn(points.base(), middle), seed)?;
        match figure.map(|figure| points.is_reached(figure)) {
            Some(true) => severe = middle,
            _ => mild = middle,
        }
    }
    Ok(severe)
}
