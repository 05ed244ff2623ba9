//! First passage: which bar of a range first reaches a level, and how far does the range go?
//!
//! Exact, in price steps. A bar is reached by its extreme: the low for a long, the high for a
//! short. What happens inside it is not decided here.

mod pyramid;
mod records;
mod window;

pub use records::Records;
pub use window::Window;

use crate::history::Bars;
use crate::money::Price;
use crate::scenario::Side;
use pyramid::Pyramid;
use std::ops::Range;
use std::sync::OnceLock;

/// What a user may choose. Every engine gives the same answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Engine {
    /// The stack where entries lie close together, else the pyramid.
    #[default]
    Auto,
    /// A walk from bar to bar.
    Scan,
    /// A pyramid of extremes, asked for each position.
    Pyramid,
    /// One pass over all entries with the records ahead of each.
    Stack,
    /// One pass over all entries with the least value ahead of each, then the pyramid.
    Window,
}

impl Engine {
    /// What the engine needs to know about marks before it searches them.
    pub fn index(self, mark: &Bars) -> Option<Index<'_>> {
        (self != Self::Scan).then(|| Index::of(mark))
    }
}
/// How the marks of a history are searched.
#[derive(Debug, Clone, Copy)]
pub enum Passage<'a> {
    /// From bar to bar.
    Scan(&'a Bars),
    Index(&'a Index<'a>),
}

/// Pyramids of the lows and the highs of a history, each built when it is first asked.
#[derive(Debug, Clone)]
pub struct Index<'a> {
    bars: &'a Bars,
    lows: OnceLock<Pyramid>,
    /// Of the highs below zero.
    highs: OnceLock<Pyramid>,
}

impl<'a> Index<'a> {
    pub fn of(bars: &'a Bars) -> Self {
        Self { bars, lows: OnceLock::new(), highs: OnceLock::new() }
    }

    fn lows(&self) -> &Pyramid {
        let steps = || self.bars.low.iter().map(|low| low.steps()).collect();
        self.lows.get_or_init(|| Pyramid::of(steps()))
    }

    fn highs(&self) -> &Pyramid {
        let below = || self.bars.high.iter().map(|high| -high.steps()).collect();
        self.highs.get_or_init(|| Pyramid::of(below()))
    }
}

impl<'a> Passage<'a> {
    /// By the index, if there is one.
    pub fn of(mark: &'a Bars, index: Option<&'a Index<'a>>) -> Self {
        index.map_or(Self::Scan(mark), Self::Index)
    }

    /// First bar of a range whose extreme against this side reaches a level; `None`: no bar does.
    pub fn first(&self, side: Side, bars: Range<usize>, level: Price) -> Option<usize> {
        match (self, side) {
            (Self::Index(index), Side::Long) => index.lows().first_at_most(bars, level.steps()),
            (Self::Index(index), Side::Short) => index.highs().first_at_most(bars, -level.steps()),
            (Self::Scan(mark), Side::Long) => walk(&mark.low, bars, |low| low <= level),
            (Self::Scan(mark), Side::Short) => walk(&mark.high, bars, |high| high >= level),
        }
    }

    /// The extreme of a range against this side; `None`: the range is empty.
    pub fn worst(&self, side: Side, bars: Range<usize>) -> Option<Price> {
        match (self, side) {
            (Self::Index(index), Side::Long) => index.lows().least(bars).map(Price::from_steps),
            (Self::Index(index), Side::Short) => {
                index.highs().least(bars).map(|below| Price::from_steps(-below))
            }
            (Self::Scan(mark), Side::Long) => mark.low.get(bars)?.iter().min().copied(),
            (Self::Scan(mark), Side::Short) => mark.high.get(bars)?.iter().max().copied(),
        }
    }
}

fn walk(extremes: &[Price], bars: Range<usize>, reaches: impl Fn(Price) -> bool) -> Option<usize> {
    let first = bars.start;
    let hit = extremes.get(bars)?.iter().position(|extreme| reaches(*extreme));
    hit.map(|offset| first + offset)
}
