//! What a series must be.

use crate::report::chart::{ChartError, bad_number};

/// `wanted` finite numbers.
pub fn series(what: &'static str, values: &[f64], wanted: usize) -> Result<(), ChartError> {
    if values.len() != wanted {
        return Err(ChartError::Shape { what, found: values.len(), wanted });
    }
    values.iter().try_for_each(|value| finite(what, *value).map(|_| ()))
}

/// `wanted` finite numbers, none below 0.
pub fn amounts(what: &'static str, values: &[f64], wanted: usize) -> Result<(), ChartError> {
    series(what, values, wanted)?;
    values.iter().try_for_each(|value| amount(what, *value).map(|_| ()))
}

pub fn finite(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.is_finite() { Ok(value) } else { Err(bad_number(what, value)) }
}

/// `value` if it is finite and not below 0.
pub fn amount(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(bad_number(what, value)) }
}
