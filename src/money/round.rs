//! Integer division with a stated direction.

/// Which way a division falls. There is no default: every caller says towards whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceil,
}

impl Round {
    /// `numerator / denominator` with `denominator > 0`.
    ///
    /// # Panics
    /// If `denominator` is not positive.
    pub fn div(self, numerator: i128, denominator: i128) -> i128 {
        assert!(denominator > 0, "a division needs a positive denominator");
        let (floor, rest) = floored(numerator, denominator);
        match self {
            Self::Floor => floor,
            Self::Ceil => floor + i128::from(rest > 0),
        }
    }
}

/// Quotients below this are whole numbers of an `f64` with a bit to spare.
const PROPOSED: f64 = (1_i64 << 51) as f64;

/// The quotient towards minus infinity, and what it leaves.
///
/// A division of 128 bits is most of what the engine waits for. Here a float proposes the quotient,
/// at most two off, and integers correct it: the result is exact and the same on every machine.
fn floored(numerator: i128, denominator: i128) -> (i128, i128) {
    let proposed = nearly(numerator) / nearly(denominator);
    if proposed.abs() >= PROPOSED || denominator >> 125 != 0 {
        return (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    }
    let mut floor = i128::from(proposed as i64);
    // The rest is smaller than three denominators: what wraps in between comes back.
    let mut rest = numerator.wrapping_sub(floor.wrapping_mul(denominator));
    while rest < 0 {
        (floor, rest) = (floor - 1, rest + denominator);
    }
    while rest >= denominator {
        (floor, rest) = (floor + 1, rest - denominator);
    }
    (floor, rest)
}

/// To 52 bits.
fn nearly(value: i128) -> f64 {
    let size = value.unsigned_abs();
    let size = (size >> 64) as u64 as f64 * (1_u128 << 64) as f64 + size as u64 as f64;
    if value < 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::Round;
    use proptest::prelude::*;

    /// Of every length, with both signs.
    fn any_size() -> impl Strategy<Value = i128> {
        (any::<i128>(), 0_u32..127).prop_map(|(bits, shift)| bits >> shift)
    }

    proptest! {
        #[test]
        fn the_division_is_that_of_the_language(
            numerator in any_size(),
            denominator in any_size().prop_map(|size| size.saturating_abs().max(1)),
            (quotient, off) in (any_size(), -2_i128..3),
        ) {
            let near = quotient.checked_mul(denominator).and_then(|near| near.checked_add(off));
            for numerator in near.into_iter().chain([numerator]) {
                let floor = numerator.div_euclid(denominator);
                let rest = numerator.rem_euclid(denominator);
                prop_assert_eq!(Round::Floor.div(numerator, denominator), floor);
                let ceil = floor + i128::from(rest > 0);
                prop_assert_eq!(Round::Ceil.div(numerator, denominator), ceil);
            }
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for numerator in [i128::MIN, i128::MIN + 1, -1, 0, 1, i128::MAX] {
            for denominator in [1, 2, 3, 1 << 124, (1 << 125) - 1, 1 << 125, i128::MAX] {
                let floor = numerator.div_euclid(denominator);
                assert_eq!(Round::Floor.div(numerator, denominator), floor);
            }
        }
    }

    #[test]
    fn floor_and_ceil_on_both_signs() {
        assert_eq!(Round::Floor.div(7, 2), 3);
        assert_eq!(Round::Ceil.div(7, 2), 4);
        assert_eq!(Round::Floor.div(-7, 2), -4);
        assert_eq!(Round::Ceil.div(-7, 2), -3);
        assert_eq!(Round::Ceil.div(8, 2), 4);
    }
}
