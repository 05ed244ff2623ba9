//! ADL-001 to ADL-006 anew, as a span: what the rounding of amounts to an atom leaves open.

use super::Auditor;
use super::facts::atoms;
use crate::reference::{Exact, GRID};
use deleverage::exchange::AccountId;
use deleverage::venue::AdlRank;

/// Between which numbers a score surely lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub low: f64,
    pub high: f64,
}

/// Amounts that a rank looks at, in units of the settlement asset.
#[derive(Debug, Clone, Copy)]
struct Amounts {
    profit: f64,
    at_entry: f64,
    at_mark: f64,
    margin: f64,
    wallet: f64,
    equity: f64,
    required: f64,
    /// What an amount may be off by: the engine adds up positions that are rounded to an atom each,
    /// and one more is lost here. A requirement is rounded up, profit and equity down (EXC-024).
    blur: f64,
}

/// An atom.
const GRAIN: f64 = 1e-8;
/// Digits that binary arithmetic surely keeps.
const DIGITS: f64 = 1e-9;

impl Amounts {
    fn score(&self, rank: AdlRank) -> f64 {
        let leverage = self.at_mark / self.equity;
        let gains = self.profit > 0.0;
        let by_leverage = |share: f64| if gains { share * leverage } else { share / leverage };
        match rank {
            AdlRank::ProfitLeverage => by_leverage(self.profit / self.at_entry),
            AdlRank::ReturnMarginRatio => by_leverage(self.profit / self.margin),
            AdlRank::ProfitMarginRatio => {
                self.profit.max(0.0) / self.wallet.max(1.0) * self.required / self.equity
            }
            AdlRank::GainExposure => {
                let ratio = self.at_mark.max(self.at_entry) / self.at_mark.min(self.at_entry);
                leverage * if gains { ratio } else { 1.0 / ratio }
            }
            AdlRank::Unranked => 0.0,
            AdlRank::ProRata => self.profit.max(0.0),
        }
    }

    /// Over all that may have been rounded; margin and wallet follow equity and profit.
    fn span(&self, rank: AdlRank, unpaid: f64) -> Span {
        let mut span = Span { low: f64::INFINITY, high: f64::NEG_INFINITY };
        for bits in 0_u8..32 {
            let blur = |bit: u8| if bits >> bit & 1 == 0 { -self.blur } else { self.blur };
            let settled = if bits >> 3 & 1 == 0 { 0.0 } else { unpaid };
            let profit = self.profit + blur(1);
            let one = Self {
                profit,
                equity: self.equity + blur(0),
                margin: (self.margin + blur(2) + settled).max(f64::MIN_POSITIVE),
                wallet: self.wallet + blur(2) + settled,
                required: self.required + blur(4),
                ..*self
            };
            let score = one.score(rank);
            (span.low, span.high) = (span.low.min(score), span.high.max(score));
        }
        let wide = |score: f64| score.abs() * DIGITS;
        Span { low: span.low - wide(span.low), high: span.high + wide(span.high) }
    }
}

fn float(amount: Exact) -> f64 {
    atoms(amount.floor(GRID)) as f64 / 1e8
}

/// Values are not rounded before they are divided.
fn fine(amount: Exact) -> f64 {
    amount.floor(2 * GRID).to_f64()
}

impl Auditor<'_> {
    /// `None`: surely without equity.
    pub(super) fn score(&self, id: AccountId, at: (u16, Exact)) -> Option<Span> {
        let (symbol, mark) = at;
        let (of, account) = (self.facts.symbol(symbol), self.sheet.account(id));
        let lot = account.lot(symbol)?;
        let carried = |price| of.carried(lot.lots, Exact::ZERO, price);
        let profit = carried(mark) - carried(lot.entry);
        let equity = self.sheet.equity(&self.facts, id, Some(at))?;
        let others = account.held.iter().filter(|other| other.symbol != symbol && other.lots != 0);
        let all_profit = others.fold(profit, |sum, other| {
            let of = self.facts.symbol(other.symbol);
            let mark = self.sheet.marks[usize::from(other.symbol)].unwrap_or(other.entry);
            let carried = |price| of.carried(other.lots, Exact::ZERO, price);
            sum + carried(mark) - carried(other.entry)
        });
        let amounts = Amounts {
            profit: float(profit),
            at_entry: fine(of.worth(lot.lots.abs(), lot.entry)),
            at_mark: fine(of.worth(lot.lots.abs(), mark)),
            margin: float(equity - profit),
            wallet: float(equity - all_profit),
            equity: float(equity),
            required: float(self.sheet.required(&self.facts, id, at)?),
            blur: GRAIN * self.rounding(id) as f64,
        };
        if amounts.equity <= -amounts.blur {
            return None;
        }
        let rank = of.rules.loss.adl_rank;
        // What counts as the margin of one of several positions is the venue's own affair.
        let shared = account.breadth() > 1 && rank == AdlRank::ReturnMarginRatio;
        if amounts.equity <= 2.0 * amounts.blur || shared {
            return Some(Span { low: f64::NEG_INFINITY, high: f64::INFINITY });
        }
        let unpaid = float(Exact::new(lot.lots, GRID) * self.sheet.unpaid(lot));
        Some(amounts.span(rank, unpaid))
    }
}
