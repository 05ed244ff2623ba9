//! Single figures of a run, as a scenario's expectations name them.

mod positions;
mod seen;
mod worlds;

pub use positions::of_positions;
pub use seen::Seen;
pub use worlds::of_worlds;

use rust_decimal::Decimal;

/// What a run says of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// The median over worlds; of a yes or no, and of positions, the share.
    pub value: Decimal,
    /// 5 % quantile over worlds; of a share, the low end of its 95 % interval.
    pub low: Decimal,
    /// 95 % quantile over worlds; of a share, the high end of its 95 % interval.
    pub high: Decimal,
    /// How many worlds or positions have such a figure.
    pub count: u64,
}
