//! What is known of a run's figures from elsewhere, and what counts as agreement with it.

mod figure;
mod judge;
mod raw;
mod read;

pub use figure::{PositionFigure, WorldFigure};
pub use judge::{Band, Truth, Verdict};
pub use raw::RawExpectation;

/// Whether a knob of the scenario was set by this figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It was: agreement says that the knob exists, no more.
    Calibrated,
    /// It was not.
    Predicted,
}

/// How sure a published figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Recomputed from records, or told by who was there.
    A,
    /// Reported, and consistent with the rest.
    B,
    /// Reported once.
    C,
    /// It follows from arithmetic.
    Exact,
}

/// A figure of a run beside what is known of it.
#[derive(Debug, Clone)]
pub struct Expectation<F> {
    pub figure: F,
    /// As it is called in files and tables: the figure's name with what belongs to it.
    pub name: String,
    /// Rung of the ladder, from 1.
    pub step: u32,
    pub truth: Truth,
    pub band: Band,
    /// Where the band comes from; empty where there is none.
    pub band_from: String,
    /// As written; empty for a plain number.
    pub unit: String,
    pub role: Role,
    pub source: String,
    pub grade: Grade,
}
