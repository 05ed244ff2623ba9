//! Who pays for what liquidated positions lost: one name and one colour in all pictures.

use plotters::style::RGBColor;

use super::color::{self, category};

/// A rung of the loss waterfall, or the traders' margins above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payer {
    pub name: &'static str,
    /// In a list of amounts.
    pub short: &'static str,
    pub ink: RGBColor,
}

const fn payer(name: &'static str, short: &'static str, ink: RGBColor) -> Payer {
    Payer { name, short, ink }
}

pub const MARGIN: Payer = payer("Their own margins", "margins", category(4));

/// The rungs, in the order in which they pay: fund, auto-deleveraging, socialised, owed, injected,
/// bad debt.
pub const RUNGS: [Payer; 6] = [
    payer("Insurance fund", "fund", category(0)),
    payer("Auto-deleveraged winners", "auto-deleveraged", category(7)),
    payer("Socialised among winners", "socialised", category(3)),
    payer("Owed by traders", "owed", category(5)),
    payer("Injected by the exchange", "injected", category(2)),
    payer("Bad debt", "bad debt", color::INK),
];
