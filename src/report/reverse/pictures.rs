//! The pictures of a reverse stress.

use super::Facts;
use crate::fault::Result;

/// Names and PNG bytes.
pub fn draw(_: &Facts) -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(Vec::new())
}
