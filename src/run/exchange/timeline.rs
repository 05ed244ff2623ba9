//! Quantiles over worlds, bar by bar, on all cores.

use crate::exchange::{Sample, World};
use crate::report::exchange::Timeline;
use crate::tally::exchange::Bands;
use rayon::prelude::*;

/// Over the worlds whose timelines were kept.
pub fn over(worlds: &[World], bars: usize) -> Timeline {
    let timed: Vec<&World> = worlds.iter().filter(|world| world.timeline.len() == bars).collect();
    let at = |bar: usize| {
        let samples: Vec<Sample> = timed.iter().map(|world| world.timeline[bar]).collect();
        Bands::over(&samples)
    };
    Timeline {
        bands: (0..bars).into_par_iter().filter_map(at).collect(),
        worlds: timed.len() as u64,
    }
}
