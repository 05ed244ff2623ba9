//! The curve of a resting book, and what a sweep of it costs.
//!
//! Cumulative depth `D(x) = k·D1·(x/1 %)^β` within the displacement `x`. Whoever finds the book
//! consumed up to `x0` and takes `N` ends at `x1` with `D(x1) = D(x0) + N`, and pays on average
//!
//! ```text
//!  1   x1                 β    x1^(1+β) − x0^(1+β)
//! ─── ∫   x dD(x)   =   ───── ─────────────────────
//!  N   x0               1 + β     x1^β − x0^β
//! ```
//!
//! Everything here is `f64`, with the functions of `libm`: the same bits on every machine.

use crate::scenario::DepthCurve;

/// The displacement within which a depth is quoted.
const QUOTED: f64 = 0.01;

/// `D(x)` with a depth that is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Curve {
    /// Notional within 1 %.
    depth: f64,
    beta: f64,
}

/// What an order finds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taking {
    /// Asked for, above 0.
    pub notional: f64,
    /// Displacement up to which the book is consumed.
    pub consumed: f64,
    /// Displacement beyond which the order does not go.
    pub reach: f64,
    /// The most that it may take.
    pub room: f64,
}

/// What an order took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// Of the notional asked for.
    pub share: f64,
    pub notional: f64,
    /// Average displacement of what was filled.
    pub average: f64,
    /// Displacement of the last of it.
    pub end: f64,
}

impl Curve {
    /// A scenario's curve with so much of its depth left.
    pub fn of(curve: &DepthCurve, multiplier: f64) -> Self {
        let depth = curve.depth.atoms() as f64 / 1e8 * multiplier;
        Self { depth, beta: curve.beta.to_f64() }
    }

    /// `D(x)`.
    pub fn within(self, displacement: f64) -> f64 {
        self.depth * self.units(displacement)
    }

    /// `x(N)` of a book that nobody has taken from, as if it had no end. Without depth it is
    /// infinite for every `N > 0`.
    pub fn displacement(self, notional: f64) -> f64 {
        self.end(notional, 0.0)
    }

    /// Sweeps the book as far as the order may go.
    pub fn sweep(self, order: Taking) -> Taken {
        let gone = self.units(order.consumed);
        let end = self.end(order.notional, gone);
        let (notional, end) = match end <= order.reach {
            true => (order.notional, end),
            false => (self.depth * (self.units(order.reach) - gone), order.reach),
        };
        let (notional, end) = match notional <= order.room {
            true => (notional, end),
            false => (order.room, self.end(order.room, gone)),
        };
        let average = self.average(order.consumed, end);
        Taken { share: notional / order.notional, notional, average, end }
    }

    /// `D(x)` in units of the depth within 1 %.
    fn units(self, displacement: f64) -> f64 {
        libm::pow(displacement / QUOTED, self.beta)
    }

    fn end(self, notional: f64, gone: f64) -> f64 {
        QUOTED * libm::pow(notional / self.depth + gone, 1.0 / self.beta)
    }

    /// The quotient of differences as one of `e^t − 1`, which does not cancel where an order is
    /// small against what was taken before.
    fn average(self, from: f64, to: f64) -> f64 {
        let fresh = to * self.beta / (1.0 + self.beta);
        if from <= 0.0 {
            return fresh;
        }
        if to <= from {
            return to;
        }
        let fall = libm::log(from / to);
        let ratio = libm::expm1((1.0 + self.beta) * fall) / libm::expm1(self.beta * fall);
        (fresh * ratio).clamp(from, to)
    }
}
