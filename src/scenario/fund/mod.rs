//! The study "fund": how large the insurance fund of an exchange must be.

mod limit;
mod raw;
mod resolve;
mod space;
mod study;
mod target;

pub use limit::{Limit, Metric};
pub use raw::{
    RawCost, RawCrash, RawEpisodes, RawFundScenario, RawLevel, RawReverse, RawSize, RawSpace,
};
pub use space::{Cell, Chance, Level, Order, Space, Spread};
pub use study::{Cost, Crash, Episodes, FundStudy, ReverseChoice, SizeChoice};
pub use target::Target;
