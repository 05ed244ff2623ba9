//! What sorts by a float.

/// A number from 0 on with its score, by which it sorts as by [`f64::total_cmp`]; ties by the
/// number. All of it is one integer, so that sorting compares without a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranked(u128);

impl Ranked {
    pub fn new(score: f64, number: u32) -> Self {
        let bits = score.to_bits();
        let rising = bits ^ if bits >> 63 == 1 { u64::MAX } else { 1 << 63 };
        Self(u128::from(rising) << 32 | u128::from(number))
    }

    pub fn number(self) -> usize {
        self.0 as u32 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Ranked;

    #[test]
    fn floats_sort_as_their_total_order_says() {
        let mut scores = [1.5, -0.0, f64::NEG_INFINITY, 0.0, -2.0, f64::MAX, 1e-300, -1e-300];
        let mut ranked: Vec<Ranked> =
            scores.iter().zip(0..).map(|(score, number)| Ranked::new(*score, number)).collect();
        ranked.sort_unstable();
        let sorted: Vec<f64> = ranked.iter().map(|ranked| scores[ranked.number()]).collect();
        scores.sort_unstable_by(f64::total_cmp);
        let bits = |of: &[f64]| of.iter().map(|score| score.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&sorted), bits(&scores));
        assert!(Ranked::new(1.0, 3) < Ranked::new(1.0, 4));
    }
}
