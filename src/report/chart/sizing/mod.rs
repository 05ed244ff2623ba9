//! The pictures of fund sizing, of reverse stress and of validation: how large a fund must be,
//! what exhausts it, and how far the model agrees with history.
//!
//! Amounts are plain numbers of units of the settlement asset; shares are 0 to 1.

pub mod coverage;
pub mod exceedance;
pub mod frontier;
pub mod ladder;
pub mod tornado;
pub mod validation;

mod axes;
mod curve;
mod measure;
mod rows;
mod today;

pub use curve::Point;
pub use measure::Measure;

pub use super::axis::Spacing;
