//! What numbers and series must be to be drawn.

use super::ChartError;

/// `value` if it is finite and above zero.
pub fn positive(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err(bad_number(what, value)) }
}

/// `value` if it is a share: 0 to 1.
pub fn share(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(bad_number(what, value)) }
}

pub fn finite(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.is_finite() { Ok(value) } else { Err(bad_number(what, value)) }
}

/// `value` if it is finite and not below 0.
pub fn amount(what: &'static str, value: f64) -> Result<f64, ChartError> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(bad_number(what, value)) }
}

/// As many as there must be.
pub fn same(what: &'static str, found: usize, wanted: usize) -> Result<(), ChartError> {
    if found == wanted { Ok(()) } else { Err(ChartError::Shape { what, found, wanted }) }
}

/// No more than can be read.
pub fn most(what: &'static str, found: usize, most: usize) -> Result<(), ChartError> {
    if found <= most { Ok(()) } else { Err(ChartError::TooMany { what, found, most }) }
}

/// `wanted` finite numbers.
pub fn series(what: &'static str, values: &[f64], wanted: usize) -> Result<(), ChartError> {
    same(what, values.len(), wanted)?;
    values.iter().try_for_each(|value| finite(what, *value).map(|_| ()))
}

/// `wanted` finite numbers, none below 0.
pub fn amounts(what: &'static str, values: &[f64], wanted: usize) -> Result<(), ChartError> {
    same(what, values.len(), wanted)?;
    values.iter().try_for_each(|value| amount(what, *value).map(|_| ()))
}

pub fn bad_number(what: &'static str, value: f64) -> ChartError {
    ChartError::BadNumber { what, value: value.to_string() }
}
