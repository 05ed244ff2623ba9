//! Decimals that never round: digits and a number of decimals. Only a division names a grid.

use super::wide::Wide;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// Decimals of a price, of cash and of a size.
pub const GRID: u32 = 8;
/// Decimals of a rate.
pub const RATE: u32 = 12;
/// Decimals of the entry value of an inverse position.
pub const VALUE: u32 = 20;
/// Decimals of coin per unit of an inverse size.
pub const COIN: u32 = 28;

#[derive(Clone, Copy)]
pub struct Exact {
    below: bool,
    digits: Wide,
    decimals: u32,
}

impl Exact {
    pub const ZERO: Self = Self::new(0, 0);
    pub const ONE: Self = Self::new(1, 0);

    /// `steps · 10^-decimals`.
    pub const fn new(steps: i128, decimals: u32) -> Self {
        Self { below: steps < 0, digits: Wide::of(steps.unsigned_abs()), decimals }
    }

    /// As a whole number of `10^-decimals`, which it must be.
    pub fn steps(self, decimals: u32) -> i64 {
        let whole = self.over(Self::ONE, decimals);
        assert!(whole == self, "{self:?} has more than {decimals} decimals");
        let size = i128::try_from(whole.digits.small().unwrap()).unwrap();
        i64::try_from(if whole.below { -size } else { size }).unwrap()
    }

    /// The nearest `f64`.
    pub fn to_f64(self) -> f64 {
        let digits = self.digits.small().unwrap();
        let size: f64 = format!("{digits}e-{}", self.decimals).parse().unwrap();
        if self.below { -size } else { size }
    }

    /// The largest number of so many decimals that is not above `self / by`, for `by > 0`.
    pub fn over(self, by: Self, decimals: u32) -> Self {
        let (quotient, is_whole) = self.split(by, decimals);
        let beyond = u128::from(self.below && !is_whole);
        let digits = quotient.plus(Wide::of(beyond));
        Self { below: self.below, digits, decimals }
    }

    /// The smallest number of so many decimals that is not below `self / by`, for `by > 0`.
    pub fn over_up(self, by: Self, decimals: u32) -> Self {
        -(-self).over(by, decimals)
    }

    pub fn floor(self, decimals: u32) -> Self {
        self.over(Self::ONE, decimals)
    }

    pub fn ceil(self, decimals: u32) -> Self {
        self.over_up(Self::ONE, decimals)
    }

    pub fn min(self, other: Self) -> Self {
        if other < self { other } else { self }
    }

    pub fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }

    pub fn abs(self) -> Self {
        Self { below: false, ..self }
    }

    pub fn is_zero(self) -> bool {
        self.digits.is_zero()
    }

    /// Size of the quotient towards zero, and whether nothing remains.
    fn split(self, by: Self, decimals: u32) -> (Wide, bool) {
        assert!(by > Self::ZERO, "a division needs a divisor above zero");
        let (mut up, mut down) = (self.digits, by.digits);
        match (by.decimals + decimals).checked_sub(self.decimals) {
            Some(more) => up = up.times(ten(more)),
            None => down = down.times(ten(self.decimals - by.decimals - decimals)),
        }
        let (quotient, rest) = up.divided(down);
        (quotient, rest.is_zero())
    }

    /// Digits of both over the same number of decimals.
    fn aligned(self, other: Self) -> (Wide, Wide, u32) {
        let (a, b) = (self.decimals, other.decimals);
        match a.cmp(&b) {
            Ordering::Equal => (self.digits, other.digits, a),
            Ordering::Less => (self.digits.times(ten(b - a)), other.digits, b),
            Ordering::Greater => (self.digits, other.digits.times(ten(a - b)), a),
        }
    }
}

/// `10^power`, by table: 0 to 38 fit 128 bits.
fn ten(power: u32) -> Wide {
    const TENS: [u128; 39] = {
        let mut tens = [1; 39];
        let mut at = 1;
        while at < tens.len() {
            tens[at] = tens[at - 1] * 10;
            at += 1;
        }
        tens
    };
    match TENS.get(power as usize) {
        Some(ten) => Wide::of(*ten),
        None => Wide::of(TENS[38]).times(ten(power - 38)),
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Neg for Exact {
    type Output = Self;
    fn neg(self) -> Self {
        Self { below: !self.below, ..self }
    }
}

impl Add for Exact {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let (a, b, decimals) = self.aligned(other);
        let (below, digits) = match (self.below == other.below, a >= b) {
            (true, _) => (self.below, a.plus(b)),
            (false, true) => (self.below, a.minus(b)),
            (false, false) => (other.below, b.minus(a)),
        };
        Self { below, digits, decimals }
    }
}

impl Sub for Exact {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Exact {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            below: self.below != other.below,
            digits: self.digits.times(other.digits),
            decimals: self.decimals + other.decimals,
        }
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp_exactly(other) == Ordering::Equal
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp_exactly(other))
    }
}

impl Exact {
    fn cmp_exactly(&self, other: &Self) -> Ordering {
        let (a, b, _) = self.aligned(*other);
        let signs = (self.below && !a.is_zero(), other.below && !b.is_zero());
        match signs {
            (false, false) => a.cmp(&b),
            (true, true) => b.cmp(&a),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.below { "-" } else { "" };
        let places = self.decimals as usize;
        let digits = format!("{:0>width$}", self.digits.text(), width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}
