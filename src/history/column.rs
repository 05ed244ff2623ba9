//! A column of exact decimals.

use crate::money::decimal::{self, BadNumber};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Decimal numbers that share one grid of `10^-decimals`.
///
/// The grid starts at the usual one of its kind and gets finer when a number needs it, up to the
/// column's limit: a number that does not fit is an error, never a rounding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    steps: Vec<i64>,
    decimals: u32,
    finest: u32,
}

/// A binary number with more significant digits than this may not be the shortest of its kind.
const SURE_DIGITS: f64 = 1e15;
/// Added to a number below 2^51, leaves its nearest whole number in the lowest bits.
const WHOLE: f64 = 1.5 * (1_u64 << 52) as f64;

impl Column {
    /// A column on a grid of `usual` decimals, for numbers of at most `finest` (at most 18).
    pub fn new(usual: u32, finest: u32) -> Self {
        let finest = finest.min(18);
        Self { steps: Vec::new(), decimals: usual.min(finest), finest }
    }

    /// With all of `values`, or the first that does not fit.
    pub fn fill(mut self, values: impl IntoIterator<Item = Decimal>) -> Result<Self, BadNumber> {
        values.into_iter().try_for_each(|value| self.push_decimal(value))?;
        Ok(self)
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Decimals of the grid: no number of the column has more.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    pub fn get(&self, row: usize) -> Decimal {
        decimal::from_scaled(self.steps[row], self.decimals)
    }

    /// The numbers as integers of the column's own grid.
    pub fn steps(&self) -> &[i64] {
        &self.steps
    }

    /// The numbers on a grid of `decimals`; the first row that does not fit there is the error.
    pub fn at(&self, decimals: u32) -> Result<Cow<'_, [i64]>, usize> {
        if decimals == self.decimals {
            return Ok(Cow::Borrowed(&self.steps));
        }
        let factor = decimals.checked_sub(self.decimals).and_then(power).ok_or(0_usize)?;
        let largest = (i64::MAX / factor).unsigned_abs();
        match self.steps.iter().position(|step| step.unsigned_abs() > largest) {
            Some(row) => Err(row),
            None => Ok(self.steps.iter().map(|step| step * factor).collect()),
        }
    }

    /// [`Column::at`] that gives up the column; the error is the row and its number.
    pub(super) fn into_steps(self, decimals: u32) -> Result<Vec<i64>, (usize, Decimal)> {
        if decimals == self.decimals {
            return Ok(self.steps);
        }
        self.at(decimals).map(Cow::into_owned).map_err(|row| (row, self.get(row)))
    }

    /// The numbers on a grid of at least `decimals`, to be changed in place.
    pub(super) fn steps_mut(&mut self, decimals: u32) -> Result<&mut [i64], BadNumber> {
        self.refine(decimals)?;
        Ok(&mut self.steps)
    }

    /// The integers themselves, for who moves all of them in or out.
    pub(super) fn cells(&mut self) -> &mut Vec<i64> {
        &mut self.steps
    }

    /// Leaves an empty column behind.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self { steps: Vec::new(), ..*self };
        std::mem::replace(self, empty)
    }

    pub(super) fn reserve(&mut self, rows: usize) {
        self.steps.reserve(rows);
    }

    pub(super) fn truncate(&mut self, rows: usize) {
        self.steps.truncate(rows);
    }

    pub(super) fn push_zero(&mut self) {
        self.steps.push(0);
    }

    /// Drops the rows of `bad`.
    pub(super) fn remove(&mut self, bad: &BTreeSet<usize>) {
        remove_rows(&mut self.steps, bad);
    }

    /// Appends `digits · 10^-decimals`.
    #[inline]
    pub fn push(&mut self, digits: i64, decimals: u32) -> Result<(), BadNumber> {
        if decimals > self.decimals {
            self.refine(decimals)?;
        }
        let factor = power(self.decimals - decimals).ok_or(BadNumber::TooLarge)?;
        self.steps.push(digits.checked_mul(factor).ok_or(BadNumber::TooLarge)?);
        Ok(())
    }

    pub fn push_decimal(&mut self, value: Decimal) -> Result<(), BadNumber> {
        let value = value.normalize();
        let digits = i64::try_from(value.mantissa()).map_err(|_| BadNumber::TooLarge)?;
        self.push(digits, value.scale())
    }

    /// Appends the shortest decimal that reads back as `value`.
    pub fn push_float(&mut self, value: f64) -> Result<(), BadNumber> {
        if self.push_floats(&[value]) {
            return Ok(());
        }
        let mut coarser = (0..self.decimals).rev();
        let sure = coarser.find_map(|decimals| match on_grid(value, decimals) {
            (digits, true) => Some((digits, decimals)),
            _ => None,
        });
        match sure {
            Some((digits, decimals)) => self.push(digits, decimals),
            None => self.push_decimal(decimal::parse_float(value)?),
        }
    }

    /// Appends the shortest decimals of all `values`, or nothing where one of them has to be
    /// looked at by itself. Without a branch inside, so that several are converted at once.
    pub(super) fn push_floats(&mut self, values: &[f64]) -> bool {
        let (before, decimals) = (self.steps.len(), self.decimals);
        let mut all_sure = true;
        self.steps.extend(values.iter().map(|&value| {
            let (digits, sure) = on_grid(value, decimals);
            all_sure &= sure;
            digits
        }));
        if !all_sure {
            self.steps.truncate(before);
        }
        all_sure
    }

    pub(super) fn append(&mut self, other: &Self) -> Result<(), BadNumber> {
        self.refine(other.decimals)?;
        let Ok(steps) = other.at(self.decimals) else { return Err(BadNumber::TooLarge) };
        self.steps.extend_from_slice(&steps);
        Ok(())
    }

    fn refine(&mut self, decimals: u32) -> Result<(), BadNumber> {
        if decimals > self.finest {
            return Err(BadNumber::TooFine(self.finest));
        }
        if decimals > self.decimals {
            let fits = self.at(decimals).map_err(|_| BadNumber::TooFine(self.decimals))?;
            self.steps = fits.into_owned();
            self.decimals = decimals;
        }
        Ok(())
    }
}

/// The whole number nearest to `value · 10^decimals` (at most 18), and whether those digits are
/// sure to be the shortest decimal of `value`.
///
/// Two decimals of at most 15 digits never share an `f64`, and the division of two exact
/// integers is the correctly rounded reading of `digits · 10^-decimals`: when it gives back
/// `value`, those digits are its shortest decimal.
#[inline]
fn on_grid(value: f64, decimals: u32) -> (i64, bool) {
    let unit = POWERS[decimals as usize] as f64;
    let scaled = value * unit;
    let shifted = scaled + WHOLE;
    let sure = (scaled.abs() < SURE_DIGITS) & ((shifted - WHOLE) / unit == value);
    (shifted.to_bits().wrapping_sub(WHOLE.to_bits()).cast_signed(), sure)
}

pub(super) fn remove_rows(cells: &mut Vec<i64>, bad: &BTreeSet<usize>) {
    let mut row = 0..;
    cells.retain(|_| row.next().is_some_and(|row| !bad.contains(&row)));
}

#[inline]
fn power(exponent: u32) -> Option<i64> {
    POWERS.get(exponent as usize).copied()
}

/// All powers of ten that an `i64` holds.
const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_grid_gets_finer_and_nothing_moves() {
        let mut column = Column::new(0, 14);
        column.push(121_332, 0).unwrap();
        column.push(1_113, 8).unwrap();
        column.push(5, 1).unwrap();
        assert_eq!(column.decimals(), 8);
        let texts: Vec<String> = (0..3).map(|row| column.get(row).to_string()).collect();
        assert_eq!(texts, ["121332", "0.00001113", "0.5"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let mut column = Column::new(0, 8);
        assert_eq!(column.push(1, 9), Err(BadNumber::TooFine(8)));
        column.push(i64::MAX, 0).unwrap();
        assert_eq!(column.push(5, 1), Err(BadNumber::TooFine(0)));
        assert_eq!(column.push_float(f64::NAN), Err(BadNumber::NotFinite));
        assert_eq!(column.len(), 1);
    }

    proptest! {
        #[test]
        fn floats_are_their_shortest_decimal(digits in -(1_i64 << 52)..1 << 52, scale in 0_u32..9) {
            let value = digits as f64 / 10_f64.powi(scale.cast_signed());
            let mut column = Column::new(0, 18);
            column.push(1, scale).unwrap();
            if column.push_float(value).is_ok() {
                prop_assert_eq!(column.get(1), decimal::parse_float(value).unwrap());
            }
        }

        /// Whatever the bits: refused or taken as the text path does.
        #[test]
        fn any_float_is_its_shortest_decimal(bits in any::<u64>(), usual in 0_u32..=18) {
            let value = f64::from_bits(bits);
            let (mut column, mut slow) = (Column::new(usual, 18), Column::new(usual, 18));
            let expected =
                decimal::parse_float(value).and_then(|decimal| slow.push_decimal(decimal));
            prop_assert_eq!(column.push_float(value), expected);
            prop_assert_eq!(column, slow);
        }

        #[test]
        fn floats_together_are_the_floats_one_by_one(
            digits in proptest::collection::vec(-(1_i64 << 52)..1 << 52, 0..40),
            scale in 0_i32..12,
        ) {
            let values: Vec<f64> =
                digits.iter().map(|&digits| digits as f64 / 10_f64.powi(scale)).collect();
            let (mut together, mut one_by_one) = (Column::new(8, 18), Column::new(8, 18));
            if together.push_floats(&values) {
                values.iter().for_each(|&value| one_by_one.push_float(value).unwrap());
            }
            prop_assert_eq!(together, one_by_one);
        }
    }
}
