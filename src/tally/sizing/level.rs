//! Confidence levels, exact.

use crate::tally::binomial::TAIL;
use std::fmt;

/// One, in billionths.
pub const WHOLE: u32 = 1_000_000_000;

/// A share of scenarios strictly between 0 and 1, in billionths: so a rank is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u32);

impl Level {
    pub const P95: Self = Self(950_000_000);
    pub const P99: Self = Self(990_000_000);
    pub const P999: Self = Self(999_000_000);
    pub const P9997: Self = Self(999_700_000);

    /// `None` outside of (0, 1).
    pub fn from_billionths(billionths: u32) -> Option<Self> {
        (0 < billionths && billionths < WHOLE).then_some(Self(billionths))
    }

    /// Rounded to the nearest billionth; `None` where that is not inside (0, 1).
    pub fn nearest(share: f64) -> Option<Self> {
        let billionths = (share * f64::from(WHOLE)).round();
        let inside = billionths >= 1.0 && billionths < f64::from(WHOLE);
        inside.then_some(Self(billionths as u32))
    }

    pub fn billionths(self) -> u32 {
        self.0
    }

    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(WHOLE)
    }

    /// The share that lies beyond, in billionths.
    pub fn beyond_billionths(self) -> u32 {
        WHOLE - self.0
    }

    /// `1 − level`.
    pub fn beyond(self) -> f64 {
        f64::from(self.beyond_billionths()) / f64::from(WHOLE)
    }

    /// The fewest independent runs whose largest is above this quantile with 97.5 % confidence:
    /// `⌈ln 0.025 / ln level⌉`. Rule `SIZ-008`.
    pub fn runs_needed(self) -> u64 {
        (libm::log(TAIL) / libm::log1p(-self.beyond())).ceil() as u64
    }
}

/// In percent, without trailing zeros: `99.97 %`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = rust_decimal::Decimal::new(i64::from(self.0), 7).normalize();
        write!(f, "{percent} %")
    }
}
