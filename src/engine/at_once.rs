//! Liquidations that are over at their trigger: closed whole, in one step, at the price there.
//!
//! Where a venue closes all at once and nothing is lost to the book, neither the procedure nor the
//! limit of the order changes the end: what the order does not get is taken over at the same price
//! (`CLO-002`). What is left to compute is the trigger and the settlement.

use super::close_out::{Desk, fee_rate};
use super::margin::{Line, RATE};
use super::outcome::{Cause, Liquidation};
use super::position::Position;
use super::simulate::Scene;
use super::walk::Market;
use crate::history::MarkSource;
use crate::money::{Cash, Price};
use crate::scenario::{FillBase, SlippageModel};
use crate::venue::{CloseOut, Contract, OrderPrice, Residual};

/// What is counted of a liquidation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Bars to the first step; 1 for the first exposed bar.
    pub first_bar: usize,
    /// Bars to the step that left nothing; `None`: a part lived on.
    pub last_bar: Option<usize>,
    pub cause: Cause,
    pub returned: Cash,
    pub deficit: Cash,
}

impl Ended {
    /// At the price, in one step after so many bars, with nothing left and nothing owed.
    pub const fn spent(bars: usize) -> Self {
        let (cause, nothing) = (Cause::Price, Cash::ZERO);
        let (returned, deficit) = (nothing, nothing);
        Self { first_bar: bars, last_bar: Some(bars), cause, returned, deficit }
    }
}

impl From<&Liquidation> for Ended {
    fn from(all: &Liquidation) -> Self {
        let Liquidation { first_bar, last_bar, cause, .. } = *all;
        let (returned, deficit) = (all.settlement.returned, all.settlement.deficit);
        Self { first_bar, last_bar, cause, returned, deficit }
    }
}

/// A scene in which every liquidation is over at its trigger.
#[derive(Debug, Clone, Copy)]
pub struct AtOnce<'a> {
    desk: Desk<'a>,
    market: &'a Market<'a>,
}

impl<'a> AtOnce<'a> {
    /// `None`: there may be several steps, an order may move the price, or the requirement may
    /// jump or change with time.
    pub fn of(scene: Scene<'a>) -> Option<Self> {
        let Scene { market, rules, slippage } = scene;
        let whole = matches!(rules.close_out, CloseOut::Full | CloseOut::IocThenTakeover)
            && !matches!(rules.residual, Residual::Backstop { .. });
        let found = matches!(rules.order, OrderPrice::Market | OrderPrice::BankruptcyLimit)
            && matches!(slippage.model, SlippageModel::None);
        let still = market.raised.is_none() && !market.law.jumps();
        let desk = Desk { law: market.law, rules, slippage };
        (whole && found && still).then_some(Self { desk, market })
    }

    /// How a position ends that is first exposed to bar `first`, if the path of `bar` liquidates
    /// it; no bar in between does.
    pub fn end(&self, position: &Position, first: usize, bar: usize) -> Option<Ended> {
        let Market { law, funding, .. } = self.market;
        let base = funding.before_open(first);
        let paid = funding.from_margin(base, funding.through(bar).max(base));
        let head = law.head(position, paid);
        let level = law.edge_under(position, head, position.entry)?;
        let (trigger, _) = self.market.touch(position.side, bar, level)?;
        let price = match self.desk.slippage.base {
            FillBase::Last => trigger.last,
            FillBase::Mark => trigger.mark,
        };
        let equity = law.equity_under(position, head, price);
        let (returned, deficit) = self.desk.balance(equity, position.quantity, price);
        Some(Ended { returned, deficit, ..Ended::spent(bar - first + 1) })
    }

    /// Whether nothing comes back and nothing is owed wherever inside a bar, not at its open, a
    /// position in one tier becomes liquidatable, at marks from `lowest` on and of so many lots at
    /// least.
    ///
    /// At the first mark that liquidates, the equity is at most the maintenance margin, `r·q·P` at
    /// most: a fee of at least the rate `r` takes that. One step of the price before, it was more
    /// than the maintenance margin: where that is worth a step of the price, nothing is owed. Of
    /// linear contracts alone, which a step of the price moves by the same amount everywhere.
    pub(super) fn spends(&self, line: Line, lots: i64, lowest: Price) -> bool {
        let Market { law, history, .. } = self.market;
        if law.contract == Contract::Inverse || lots == 0 {
            return false;
        }
        let fills_at_mark = self.desk.slippage.base == FillBase::Mark
            || history.mark_source == MarkSource::TradeStandsIn;
        let takes_all = match self.desk.rules.residual {
            Residual::FundKeeps => true,
            _ => i128::from(fee_rate(self.desk.rules).steps()) >= line.rate,
        };
        let lots = i128::from(lots);
        let maintenance = lots * i128::from(lowest.steps()) * line.rate - line.deduction;
        fills_at_mark && takes_all && line.deduction >= 0 && maintenance >= lots * RATE
    }
}
