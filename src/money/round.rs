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
        // One division of 128 bits, not two: they are most of what the engine waits for.
        let towards_zero = numerator / denominator;
        let rest = numerator - towards_zero * denominator;
        match self {
            Self::Floor => towards_zero - i128::from(rest < 0),
            Self::Ceil => towards_zero + i128::from(rest > 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Round;

    #[test]
    fn floor_and_ceil_on_both_signs() {
        assert_eq!(Round::Floor.div(7, 2), 3);
        assert_eq!(Round::Ceil.div(7, 2), 4);
        assert_eq!(Round::Floor.div(-7, 2), -4);
        assert_eq!(Round::Ceil.div(-7, 2), -3);
        assert_eq!(Round::Ceil.div(8, 2), 4);
    }
}
