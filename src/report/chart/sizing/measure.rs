//! What a result is counted in.

/// The unit of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Units of an asset: `USDT`.
    Amount(String),
    /// A multiple of what happened: ×1.3.
    Multiple,
    /// 0.01 is 1 %.
    Share,
}

impl Default for Measure {
    fn default() -> Self {
        Self::Amount(String::new())
    }
}
