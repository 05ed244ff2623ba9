//! Who is deleveraged first: the queues of a sub-step.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use crate::engine::FundingPerUnit;
use crate::money::{Cash, Price};
use crate::scenario::Side;
use crate::venue::{AdlRank, Contract};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A winner in the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub trader: u32,
    /// Place in the queue when it was made, from 1 for the first one that was asked.
    pub rank: u32,
    score: f64,
}

impl Eq for Candidate {}

/// The greatest is the first to be closed: highest score, then lowest number.
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then_with(|| Reverse(self.trader).cmp(&Reverse(other.trader)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// One side of one symbol, ranked at one moment.
#[derive(Debug, Default)]
struct Line {
    made: Option<(usize, u8)>,
    heap: BinaryHeap<Candidate>,
    /// How many were taken from the top.
    taken: u32,
}

/// The queues of all symbols and sides.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    lines: Vec<[Line; 2]>,
    pub passed: Vec<Candidate>,
}

fn place(side: Side) -> usize {
    match side {
        Side::Long => 0,
        Side::Short => 1,
    }
}

impl Ranks {
    pub fn clear(&mut self, symbols: usize) {
        self.lines.resize_with(symbols, Default::default);
        self.lines.iter_mut().flatten().for_each(|line| line.made = None);
    }

    /// The first one, with its place.
    pub fn top(&self, symbol: u16, side: Side) -> Option<Candidate> {
        let line = &self.lines[usize::from(symbol)][place(side)];
        line.heap.peek().map(|first| Candidate { rank: first.rank.max(line.taken + 1), ..*first })
    }

    pub fn pop(&mut self, symbol: u16, side: Side) {
        let line = &mut self.lines[usize::from(symbol)][place(side)];
        line.taken += 1;
        line.heap.pop();
    }

    /// Keeps the place that it had.
    pub fn put_back(&mut self, symbol: u16, side: Side, candidate: Candidate) {
        self.lines[usize::from(symbol)][place(side)].heap.push(candidate);
    }

    /// Everybody, by number; rank 0.
    pub fn by_id(&self, symbol: u16, side: Side) -> Vec<Candidate> {
        let line = &self.lines[usize::from(symbol)][place(side)];
        let mut all: Vec<Candidate> = line.heap.iter().copied().collect();
        all.sort_by_key(|candidate| candidate.trader);
        all
    }
}

impl<J: Journal> Floor<'_, J> {
    /// Makes the queue of a side, unless it was made in this sub-step.
    pub fn rank(&mut self, symbol: u16, side: Side) {
        let now = (self.now().bar, self.now().substep);
        let line = &self.state.ranks.lines[usize::from(symbol)][place(side)];
        if line.made == Some(now) {
            return;
        }
        let mut all =
            std::mem::take(&mut self.state.ranks.lines[usize::from(symbol)][place(side)].heap)
                .into_vec();
        all.clear();
        let traders = 0..self.state.ledger.traders() as u32;
        all.extend(traders.filter_map(|trader| {
            let score = self.score(trader, symbol, side)?;
            Some(Candidate { trader, rank: 0, score })
        }));
        let line = &mut self.state.ranks.lines[usize::from(symbol)][place(side)];
        *line = Line { made: Some(now), heap: BinaryHeap::from(all), taken: 0 };
    }

    /// As `waterfall::score`, in binary floating point: it orders, and never becomes money.
    fn score(&self, trader: u32, symbol: u16, side: Side) -> Option<f64> {
        let account = AccountId::Trader(trader);
        let lots = self.state.ledger.lots(account, symbol);
        if i128::from(lots.signum()) != side.sign() {
            return None;
        }
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let (position, _) = self.state.ledger.bare(account, symbol)?;
        let float = |cash: Cash| cash.atoms() as f64;
        let profit = float(self.unrealised(account, symbol));
        let worth = self.equity(account);
        if worth <= Cash::ZERO {
            return None;
        }
        let equity = float(worth);
        let value = |price: Price| match law.contract {
            Contract::Linear => law.scale.to_f64(price) * lots.unsigned_abs() as f64,
            Contract::Inverse => lots.unsigned_abs() as f64 / law.scale.to_f64(price),
        };
        let (at_mark, at_entry) = (value(mark), value(position.entry));
        let leverage = at_mark / equity;
        let by_leverage = |share: f64| match share > 0.0 {
            true => share * leverage,
            false => share / leverage,
        };
        Some(match self.market(symbol).rules.loss.adl_rank {
            AdlRank::ProfitLeverage => by_leverage(profit / at_entry),
            AdlRank::ReturnMarginRatio => {
                by_leverage(profit / float(self.wallet(trader, worth)).max(1.0))
            }
            AdlRank::ProfitMarginRatio => {
                if profit <= 0.0 {
                    return Some(0.0);
                }
                let required = float(self.required_of_all(trader));
                // One unit of the settlement asset, as the venue's formula has it.
                let wallet = float(self.wallet(trader, worth)).max(1e8);
                profit / wallet * (required / equity)
            }
            AdlRank::GainExposure => {
                let (high, low) = (at_mark.max(at_entry), at_mark.min(at_entry));
                let gain = if profit > 0.0 { high / low } else { low / high };
                gain * leverage
            }
            AdlRank::Unranked => 0.0,
            AdlRank::ProRata => profit.max(0.0),
        })
    }

    /// Profit of a position at the mark, without funding: that is cash already.
    pub fn unrealised(&self, account: AccountId, symbol: u16) -> Cash {
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let held = self.state.ledger.bare(account, symbol);
        held.map_or(Cash::ZERO, |(position, _)| {
            law.cash_floor(law.equity(&position, FundingPerUnit::NONE, mark))
        })
    }

    /// What backs a trader's positions without their unrealised profit.
    fn wallet(&self, trader: u32, worth: Cash) -> Cash {
        let account = AccountId::Trader(trader);
        let symbols = self.state.ledger.symbols_of(trader);
        symbols.fold(worth, |left, other| left - self.unrealised(account, other))
    }
}
