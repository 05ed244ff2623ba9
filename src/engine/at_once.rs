//! Liquidations that are over at their trigger: closed whole, in one step, at the price found there.
//!
//! Where a venue closes all at once and nothing is lost to the book, neither the procedure nor the
//! limit of the order changes the end: what the order does not get is taken over at the same price
//! (`CLO-002`). What is left to compute is the trigger and the settlement.

use super::close_out::Desk;
use super::outcome::{Cause, Liquidation};
use super::position::Position;
use super::simulate::Scene;
use super::walk::Market;
use crate::money::Cash;
use crate::scenario::{FillBase, SlippageModel};
use crate::venue::{CloseOut, OrderPrice, Residual};

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
        let equity = law.cash_floor(law.equity_under(position, head, price));
        let end = self.desk.end_with(equity, position.quantity, price);
        let bars = bar - first + 1;
        Some(Ended {
            first_bar: bars,
            last_bar: Some(bars),
            cause: Cause::Price,
            returned: end.returned,
            deficit: end.deficit,
        })
    }
}
