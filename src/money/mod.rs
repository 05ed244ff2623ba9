//! Exact money: every quantity is a scaled integer with its unit in its type.
//!
//! | type | unit of one step | range |
//! |---|---|---|
//! | [`Price`] | `10^-scale` quote per base, scale of the instrument ([`PriceScale`]) | > 0 |
//! | [`Quantity`] | 1e-8 base | ≥ 0 |
//! | [`Cash`] | 1e-8 of the settlement asset | signed, ± 9.2e10 |
//! | [`Rate`] | 1e-12 | signed, ± 9.2e6 |
//! | [`Leverage`] | 1/100 × | 1× … 1000× |
//!
//! Text becomes a number through [`decimal`], never through `f64`. Divisions name their rounding.

mod amount;
pub mod decimal;
mod leverage;
mod price;
mod rate;
mod round;

pub use amount::{Cash, Quantity};
pub use leverage::Leverage;
pub use price::{Price, PriceScale};
pub use rate::Rate;
pub use round::Round;
