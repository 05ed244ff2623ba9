//! When and where positions were opened. Rule `POP-004`.

use super::ground::Instrument;
use crate::engine::{FundingPerUnit, Position};
use crate::history::{History, Interval};
use crate::money::{Cash, Leverage, Price, Quantity};
use crate::scenario::draws::{Split, below, unit};
use crate::scenario::{Opening, Side};
use crate::venue::Contract;

/// How often an entry is drawn before it is taken at the start.
const TRIES: usize = 8;

/// A power of two, so that no draw is rounded across a mark.
const MARKS: usize = 1 << 12;

/// The bars before the start as entries.
#[derive(Debug)]
pub struct Entries {
    /// Sum of the weights up to each bar, itself included; rising.
    weights: Vec<f64>,
    /// The bars of draws evenly spread from 0 to 1, between which the others are looked for.
    marks: Vec<u32>,
    bars: Vec<Bar>,
}

#[derive(Debug, Clone, Copy)]
struct Bar {
    /// What was traded in the bar.
    low: Price,
    high: Price,
    /// Extremes of the mark from the bar's close to the start.
    lowest: Price,
    highest: Price,
}

/// What is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    pub side: Side,
    pub quantity: Quantity,
    pub leverage: Leverage,
}

impl Entries {
    /// The bars before `first`.
    pub fn before(history: &History, first: usize, half_life: Interval) -> Self {
        let mut bars = Vec::with_capacity(first);
        let start = history.mark.close[first.saturating_sub(1)];
        let (mut lowest, mut highest) = (start, start);
        for bar in (0..first).rev() {
            let close = history.mark.close[bar];
            (lowest, highest) = (lowest.min(close), highest.max(close));
            let (low, high) = (history.trade.low[bar], history.trade.high[bar]);
            bars.push(Bar { low, high, lowest, highest });
            lowest = lowest.min(history.mark.low[bar]);
            highest = highest.max(history.mark.high[bar]);
        }
        bars.reverse();
        let weights = weights(history, first, half_life);
        let whole = weights.last().copied().unwrap_or(0.0);
        let mark = |mark: usize| {
            let drawn = mark as f64 / MARKS as f64 * whole;
            weights.partition_point(|weight| *weight <= drawn) as u32
        };
        let marks = (0..=MARKS).map(mark).collect();
        Self { weights, marks, bars }
    }

    /// The bar of a uniform draw.
    fn bar(&self, uniform: f64) -> Option<&Bar> {
        let drawn = uniform * self.weights.last()?;
        let mark = (uniform * MARKS as f64) as usize;
        let (from, to) = (self.marks[mark] as usize, self.marks[mark + 1] as usize);
        self.bars.get(from + self.weights[from..to].partition_point(|weight| *weight <= drawn))
    }
}

fn weights(history: &History, first: usize, half_life: Interval) -> Vec<f64> {
    let volume = history.volume.as_ref().map(|volume| &volume[..first]);
    let volume = volume.filter(|volume| volume.iter().any(|traded| *traded > 0));
    let mut sum = 0.0;
    let weight = |bar: usize| {
        let age = (history.time[first] - history.time[bar]) as f64 / half_life.millis() as f64;
        let traded = volume.map_or(1.0, |volume| volume[bar] as f64);
        sum += traded * libm::exp2(-age);
        sum
    };
    (0..first).map(weight).collect()
}

impl Instrument<'_> {
    /// Opens a position that the marks up to the start have not liquidated; at the start's mark
    /// where all tries fail.
    pub fn enter(&self, ticket: &Ticket, draw: u64) -> Position {
        let mut split = Split::of(draw);
        for _ in 0..TRIES {
            let (bar, place) = (unit(split.bits()), split.bits());
            let Some(bar) = self.entries.bar(bar) else { break };
            let range = bar.high.steps().abs_diff(bar.low.steps()) + 1;
            let above = below(place, range).cast_signed();
            let position = self.open(ticket, Price::from_steps(bar.low.steps() + above));
            if self.survives(&position, bar) {
                return position;
            }
        }
        self.open(ticket, self.start)
    }

    /// Margin is what the leverage asks for, at most the highest that the venue allows.
    fn open(&self, ticket: &Ticket, entry: Price) -> Position {
        let Ticket { side, quantity, leverage } = *ticket;
        let notional = match self.law.contract {
            Contract::Linear => self.law.notional(quantity, entry),
            Contract::Inverse => Cash::from_atoms(quantity.lots()),
        };
        let opening = Opening { notional, entry, scale: self.law.scale };
        let leverage = leverage.min(opening.highest_leverage(self.rules));
        let margin = self.law.initial_margin(quantity, entry, leverage);
        Position { side, quantity, entry, margin }
    }

    /// Whether the marks between the bar's close and the start leave a position alone.
    fn survives(&self, position: &Position, bar: &Bar) -> bool {
        let (from, worst) = match position.side {
            Side::Long => (bar.highest, bar.lowest),
            Side::Short => (bar.lowest, bar.highest),
        };
        if !self.law.jumps() {
            return !self.law.is_liquidatable(position, FundingPerUnit::NONE, worst);
        }
        let edge = self.law.edge_from(position, FundingPerUnit::NONE, from);
        edge.is_none_or(|edge| match position.side {
            Side::Long => bar.lowest > edge,
            Side::Short => bar.highest < edge,
        })
    }
}
