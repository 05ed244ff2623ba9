//! Whole numbers of up to 256 bits, by the methods of pencil and paper; an overflow panics.

use std::cmp::Ordering;

/// Digits to the base 2^64, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wide([u64; 4]);

impl Wide {
    pub const ZERO: Self = Self([0; 4]);

    pub const fn of(value: u128) -> Self {
        Self([value as u64, (value >> 64) as u64, 0, 0])
    }

    pub fn small(self) -> Option<u128> {
        let [a, b, 0, 0] = self.0 else { return None };
        Some(u128::from(a) | u128::from(b) << 64)
    }

    pub fn is_zero(self) -> bool {
        self.0 == [0; 4]
    }

    pub fn plus(self, other: Self) -> Self {
        let mut sum = [0; 4];
        let mut carry = 0;
        for (at, digit) in sum.iter_mut().enumerate() {
            let column = u128::from(self.0[at]) + u128::from(other.0[at]) + carry;
            (*digit, carry) = (column as u64, column >> 64);
        }
        assert_eq!(carry, 0, "more than 256 bits");
        Self(sum)
    }

    /// For `other ≤ self`.
    pub fn minus(self, other: Self) -> Self {
        let mut rest = [0; 4];
        let mut borrowed = false;
        for (at, digit) in rest.iter_mut().enumerate() {
            let (once, first) = self.0[at].overflowing_sub(other.0[at]);
            let (twice, second) = once.overflowing_sub(u64::from(borrowed));
            (*digit, borrowed) = (twice, first || second);
        }
        assert!(!borrowed, "below zero");
        Self(rest)
    }

    pub fn times(self, other: Self) -> Self {
        let mut product = [0_u64; 8];
        for (i, a) in self.0.into_iter().enumerate().filter(|(_, a)| *a != 0) {
            let mut carry = 0;
            for (j, b) in other.0.into_iter().enumerate() {
                let column = u128::from(a) * u128::from(b) + u128::from(product[i + j]) + carry;
                (product[i + j], carry) = (column as u64, column >> 64);
            }
            product[i + 4] = carry as u64;
        }
        let [a, b, c, d, rest @ ..] = product;
        assert_eq!(rest, [0; 4], "more than 256 bits");
        Self([a, b, c, d])
    }

    /// Quotient and remainder, bit by bit where the machine's own division does not reach.
    pub fn divided(self, by: Self) -> (Self, Self) {
        if let (Some(this), Some(by)) = (self.small(), by.small()) {
            return (Self::of(this / by), Self::of(this % by));
        }
        let (mut quotient, mut rest) = (Self::ZERO, Self::ZERO);
        for bit in (0..self.bits()).rev() {
            rest = rest.plus(rest).plus(Self::of(u128::from(self.0[bit / 64] >> (bit % 64) & 1)));
            if rest >= by {
                rest = rest.minus(by);
                quotient.0[bit / 64] |= 1 << (bit % 64);
            }
        }
        (quotient, rest)
    }

    /// In decimal digits.
    pub fn text(self) -> String {
        let (rest, low) = self.divided(Self::of(10_u128.pow(18)));
        let low = low.small().unwrap();
        if rest.is_zero() { low.to_string() } else { format!("{}{low:018}", rest.text()) }
    }

    fn bits(self) -> usize {
        let top = self.0.iter().rposition(|digit| *digit != 0);
        top.map_or(0, |at| at * 64 + 64 - self.0[at].leading_zeros() as usize)
    }
}

impl PartialOrd for Wide {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wide {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}
