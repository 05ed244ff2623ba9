//! Who is deleveraged first: the queues of a sub-step.

use super::floor::Floor;
use super::journal::Journal;
use super::ledger::AccountId;
use super::rough;
use crate::engine::{FundingPerUnit, Law, Position};
use crate::money::{Cash, Price};
use crate::population::Ranked;
use crate::scenario::Side;
use crate::venue::AdlRank;
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
    guesses: Vec<Guess>,
    order: Vec<Ranked>,
    pub passed: Vec<Candidate>,
}

/// A score that lies between two numbers.
#[derive(Debug, Clone, Copy)]
struct Guess {
    trader: u32,
    low: f64,
    high: f64,
}

/// What the operations in a score may be off by, as a part of it.
const SCORED: f64 = 1e-12;

/// What of an account a score is made of, in atoms.
#[derive(Debug, Clone, Copy)]
struct Amounts {
    profit: f64,
    /// Above zero.
    equity: f64,
    wallet: f64,
    required: f64,
}

/// A position's value at the mark and at its entry.
#[derive(Debug, Clone, Copy)]
struct Sides {
    at_mark: f64,
    at_entry: f64,
}

impl Sides {
    fn of(law: &Law, position: &Position, mark: Price) -> Self {
        let value = |price: Price| rough::value(law, position.quantity, price);
        Self { at_mark: value(mark), at_entry: value(position.entry) }
    }

    /// Rises with the profit and the requirement, and falls with the equity.
    fn score(self, rank: AdlRank, amounts: &Amounts) -> f64 {
        let Self { at_mark, at_entry } = self;
        let Amounts { profit, equity, wallet, required } = *amounts;
        let leverage = at_mark / equity;
        let by_leverage = |share: f64| match share > 0.0 {
            true => share * leverage,
            false => share / leverage,
        };
        match rank {
            AdlRank::ProfitLeverage => by_leverage(profit / at_entry),
            AdlRank::ReturnMarginRatio => by_leverage(profit / wallet.max(1.0)),
            AdlRank::ProfitMarginRatio if profit <= 0.0 => 0.0,
            // One unit of the settlement asset, as the venue's formula has it.
            AdlRank::ProfitMarginRatio => profit / wallet.max(1e8) * (required / equity),
            AdlRank::GainExposure => {
                let (high, low) = (at_mark.max(at_entry), at_mark.min(at_entry));
                let gain = if profit > 0.0 { high / low } else { low / high };
                gain * leverage
            }
            AdlRank::Unranked => 0.0,
            AdlRank::ProRata => profit.max(0.0),
        }
    }
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
        let mut guesses = std::mem::take(&mut self.state.ranks.guesses);
        guesses.clear();
        let holders = self.state.ledger.holders(symbol);
        let ranked = holders.filter(|(_, lots)| i128::from(lots.signum()) == side.sign());
        guesses.extend(ranked.filter_map(|(trader, _)| self.guess(trader, symbol)));
        let mut order = std::mem::take(&mut self.state.ranks.order);
        order.clear();
        let lows = guesses.iter().zip(0..);
        order.extend(lows.map(|(guess, place)| Ranked::new(guess.low, place)));
        order.sort_unstable();
        all.extend(self.told_apart((&guesses, &order), symbol));
        self.state.ranks.order = order;
        self.state.ranks.guesses = guesses;
        let line = &mut self.state.ranks.lines[usize::from(symbol)][place(side)];
        *line = Line { made: Some(now), heap: BinaryHeap::from(all), taken: 0 };
    }

    /// Candidates with scores that order them as the exact ones do, which are asked for where
    /// rough ones do not tell two of them apart. In the order of the lower ends of the guesses.
    fn told_apart<'a>(
        &'a self,
        (guesses, order): (&'a [Guess], &'a [Ranked]),
        symbol: u16,
    ) -> impl Iterator<Item = Candidate> + 'a {
        let mut reached = f64::NEG_INFINITY;
        let at = move |place: usize| order.get(place).map(|ranked| &guesses[ranked.number()]);
        (0..order.len()).filter_map(move |place| {
            let Guess { trader, low, high } = *at(place)?;
            let overlaps = low <= reached || at(place + 1).is_some_and(|it| it.low <= high);
            reached = reached.max(high);
            let score = match overlaps && low < high {
                true => self.score(trader, symbol)?,
                false => low,
            };
            Some(Candidate { trader, rank: 0, score })
        })
    }

    /// Between which scores that of an account lies; `None`: it is worth nothing.
    fn guess(&self, trader: u32, symbol: u16) -> Option<Guess> {
        let account = AccountId::Trader(trader);
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let rank = self.market(symbol).rules.loss.adl_rank;
        let (position, _) = self.state.ledger.bare(account, symbol)?;
        let all = self.rough(account);
        if all.worth <= all.off {
            let score = self.score(trader, symbol)?;
            return Some(Guess { trader, low: score, high: score });
        }
        let (mut required, mut off) = (0.0, all.off);
        if rank == AdlRank::ProfitMarginRatio {
            for (symbol, position, _) in self.state.ledger.held(account) {
                let about = rough::required(self.law(symbol), &position, self.mark(symbol));
                required += about.0;
                off += about.1;
            }
        }
        let sides = Sides::of(law, &position, mark);
        let (worth, wallet) = (all.worth, all.worth - all.profit);
        let profit = rough::profit(law, &position, mark);
        let score = |sign: f64, wallet: f64| {
            let (profit, required) = (profit + sign * off, (required + sign * off).max(0.0));
            sides.score(rank, &Amounts { profit, equity: worth - sign * off, wallet, required })
        };
        // In which way the wallet counts depends on the sign of the profit.
        let ends = [wallet - 2.0 * off, wallet + 2.0 * off];
        let (low, high) =
            (ends.map(|wallet| score(-1.0, wallet)), ends.map(|wallet| score(1.0, wallet)));
        let (low, high) = (low[0].min(low[1]), high[0].max(high[1]));
        let (low, high) = (low - low.abs() * SCORED, high + high.abs() * SCORED);
        Some(Guess { trader, low, high })
    }

    /// As `waterfall::score`, in binary floating point: it orders, and never becomes money.
    fn score(&self, trader: u32, symbol: u16) -> Option<f64> {
        let account = AccountId::Trader(trader);
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        let (position, _) = self.state.ledger.bare(account, symbol)?;
        let float = |cash: Cash| cash.atoms() as f64;
        let worth = self.equity(account);
        if worth <= Cash::ZERO {
            return None;
        }
        let amounts = Amounts {
            profit: float(self.profit(symbol, &position)),
            equity: float(worth),
            wallet: float(self.wallet(trader, worth)),
            required: float(self.required_of_all(trader)),
        };
        let rank = self.market(symbol).rules.loss.adl_rank;
        Some(Sides::of(law, &position, mark).score(rank, &amounts))
    }

    /// Profit of what an account holds of a symbol at the mark, without funding: that is cash
    /// already.
    pub fn unrealised(&self, account: AccountId, symbol: u16) -> Cash {
        let held = self.state.ledger.bare(account, symbol);
        held.map_or(Cash::ZERO, |(position, _)| self.profit(symbol, &position))
    }

    /// Of a position without a margin.
    fn profit(&self, symbol: u16, position: &Position) -> Cash {
        let (law, mark) = (self.law(symbol), self.mark(symbol));
        law.cash_floor(law.equity(position, FundingPerUnit::NONE, mark))
    }

    /// What backs a trader's positions without their unrealised profit.
    fn wallet(&self, trader: u32, worth: Cash) -> Cash {
        let held = self.state.ledger.held(AccountId::Trader(trader));
        held.fold(worth, |left, (symbol, position, _)| left - self.profit(symbol, &position))
    }
}
