//! The pictures of a study of a fund's size.

use super::Facts;
use crate::fault::Result;

/// Names and PNG bytes.
pub fn draw(_: &Facts) -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(Vec::new())
}
