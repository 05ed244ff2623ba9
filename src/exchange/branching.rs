//! Where a fall feeds itself. Rule `EXC-031`.
//!
//! Liquidations wait at their prices; what waits within a stretch of the way down (or up) is forced
//! into the book there, and moves the price further. A stretch that moves the price by at least its
//! own width sustains itself.

use crate::engine::Curve;
use crate::money::{Cash, Price, Rate, Round};
use crate::scenario::{DepthCurve, Side};

/// Bins in a distance of 100 %: each is 0.5 % wide.
const BINS: usize = 200;
const WIDTH: f64 = 1.0 / BINS as f64;
/// Rounds of the fixed point, and the progress below which it stands.
const ROUNDS: usize = 10_000;
const STANDS: f64 = 1e-13;

/// Notional by distance of its liquidation price from the mark at the start, up to 100 %.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Density {
    start: Price,
    /// Longs, on the way down.
    down: Vec<Cash>,
    /// Shorts, on the way up.
    up: Vec<Cash>,
}

impl Density {
    /// Of positions with a liquidation price: side, price, notional in quote units. What would be
    /// liquidated at the start already counts to the first bin; what lies farther than 100 % is
    /// left out.
    pub fn of(start: Price, levels: impl Iterator<Item = (Side, Price, Cash)>) -> Self {
        let mut density = Self { start, down: vec![Cash::ZERO; BINS], up: vec![Cash::ZERO; BINS] };
        for (side, level, notional) in levels {
            let away = side.sign() * i128::from(start.steps() - level.steps());
            let bin = Round::Floor.div(away.max(0) * BINS as i128, start.steps().max(1).into());
            let bins = density.of_side(side);
            if let Some(bin) = usize::try_from(bin).ok().and_then(|bin| bins.get_mut(bin)) {
                *bin = Cash::from_atoms(bin.atoms().saturating_add(notional.atoms()));
            }
        }
        density
    }

    /// Notional in each 0.5 % of the way, nearest first: of longs down, of shorts up.
    pub fn bins(&self, side: Side) -> &[Cash] {
        match side {
            Side::Long => &self.down,
            Side::Short => &self.up,
        }
    }

    /// The price at which a bin begins, rounded towards the start.
    pub fn price(&self, side: Side, bin: usize) -> Price {
        let away = Round::Floor.div(i128::from(self.start.steps()) * bin as i128, BINS as i128);
        let price = i128::from(self.start.steps()) - side.sign() * away;
        Price::from_steps(i64::try_from(price.max(1)).unwrap_or(i64::MAX))
    }

    /// `R` of each bin with so much of the calm depth left. `None`: the bin holds more than the
    /// book.
    pub fn branching_ratios(
        &self,
        side: Side,
        curve: &DepthCurve,
        multiplier: Rate,
    ) -> impl Iterator<Item = Option<f64>> {
        let book = Curve::of(curve, multiplier.to_f64());
        let all = book.within(curve.reach.to_f64());
        self.bins(side).iter().map(move |notional| match quote(*notional) {
            0.0 => Some(0.0),
            notional if notional > all => None,
            notional => Some(book.displacement(notional) / WIDTH),
        })
    }

    /// Where the first bin with `R ≥ 1` begins. `None`: there is none.
    pub fn first_self_sustaining(
        &self,
        side: Side,
        curve: &DepthCurve,
        multiplier: Rate,
    ) -> Option<Price> {
        let mut ratios = self.branching_ratios(side, curve, multiplier);
        let bin = ratios.position(|ratio| ratio.is_none_or(|ratio| ratio >= 1.0))?;
        Some(self.price(side, bin))
    }

    /// What a move by `shock` becomes with the liquidations that it sets off: the smallest `x` with
    /// `x = shock + impact(N(x))`, where `N(x)` is the notional within the distance `x`, spread
    /// evenly inside a bin. `None`: it does not come to rest within 100 % or `impact` has an end.
    pub fn amplified(
        &self,
        side: Side,
        shock: f64,
        impact: impl Fn(f64) -> Option<f64>,
    ) -> Option<f64> {
        let sums = self.sums(side);
        let mut at = shock;
        for _ in 0..ROUNDS {
            let next = shock + impact(within(&sums, at)?)?;
            if next - at <= STANDS {
                return Some(next);
            }
            at = next;
        }
        None
    }

    /// [`Density::amplified`] by a sweep of the book of a scenario.
    pub fn amplified_by_sweep(
        &self,
        side: Side,
        shock: Rate,
        (curve, multiplier): (&DepthCurve, Rate),
    ) -> Option<f64> {
        let book = Curve::of(curve, multiplier.to_f64());
        let all = book.within(curve.reach.to_f64());
        let impact = |notional: f64| match notional {
            0.0 => Some(0.0),
            _ => (notional <= all).then(|| book.displacement(notional)),
        };
        self.amplified(side, shock.to_f64(), impact)
    }

    fn of_side(&mut self, side: Side) -> &mut Vec<Cash> {
        match side {
            Side::Long => &mut self.down,
            Side::Short => &mut self.up,
        }
    }

    /// Notional before each edge of the bins.
    fn sums(&self, side: Side) -> Vec<f64> {
        let mut sum = 0.0;
        let mut sums = vec![sum];
        sums.extend(self.bins(side).iter().map(|notional| {
            sum += quote(*notional);
            sum
        }));
        sums
    }
}

/// `N(x)` from the sums at the edges; `None` beyond the last one.
fn within(sums: &[f64], distance: f64) -> Option<f64> {
    let bins = (distance / WIDTH).max(0.0);
    let (bin, part) = (bins as usize, bins.fract());
    let (from, to) = (sums.get(bin)?, sums.get(bin + 1)?);
    Some(from + (to - from) * part)
}

fn quote(notional: Cash) -> f64 {
    notional.atoms() as f64 / 1e8
}
