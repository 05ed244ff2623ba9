//! One colour for one thing in all pictures of the exchange. Things that meet in a picture differ
//! in lightness, so that they are told apart in grey.

use plotters::style::RGBColor;

use crate::report::chart::color::category;

/// The fund with its inventory at the marks.
pub const MARKED: RGBColor = category(0);
/// The fund with its inventory at cost.
pub const CASH: RGBColor = category(6);
/// Closed by a liquidation.
pub const LIQUIDATED: RGBColor = category(5);
/// Closed by auto-deleveraging.
pub const ADL: RGBColor = category(7);
/// Closed by its owner.
pub const OWN: RGBColor = category(0);
/// Open interest.
pub const OPEN: RGBColor = category(2);
/// Liquidations that rest at a price.
pub const RESTING: RGBColor = category(6);
