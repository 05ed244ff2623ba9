//! Stylised facts: what a path must share with its source before it may stand for it.
//!
//! A [`Fact`] is one figure of the histories of all symbols. Its error is its deviation over
//! stationary resamples of the record; a generator keeps it where what it changes is within that
//! error ([`judge`]), and a [`Functional`], a question that is asked of paths, may be put to a
//! generator that keeps the facts it hangs on ([`Generator::answer`]). Rules `PTH-011` to
//! `PTH-017`.

mod battery;
mod fact;
mod falls;
mod functional;
mod memory;
mod returns;
mod together;
mod verdict;

pub use battery::{Battery, FEWEST_DAYS, battery, check, reference_block};
pub use fact::{Fact, Lack, Measure, Sample, Scale};
pub use functional::{Answer, Functional, Generator};
pub use verdict::{Known, Verdict, judge, known, mean};
