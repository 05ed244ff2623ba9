//! Liquidations that are over at their trigger: closed whole, in one step, at the price found there.
//!
//! Where a venue closes all at once and nothing is lost to the book, neither the procedure nor the
//! limit of the order changes the end: what the order does not get is taken over at the same price
//! (`CLO-002`). What is left to compute is the trigger and the settlement.

use super::close_out::{Desk, fee_rate};
use super::outcome::{Cause, Liquidation};
use super::position::Position;
use super::simulate::Scene;
use super::walk::Market;
use crate::history::MarkSource;
use crate::money::Cash;
use crate::scenario::{FillBase, Side, SlippageModel};
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
        let (returned, deficit) = match self.leaves_nothing(position, head, bar) {
            true => (Cash::ZERO, Cash::ZERO),
            false => self.left(position, head, bar)?,
        };
        let (bars, cause) = (bar - first + 1, Cause::Price);
        Some(Ended { first_bar: bars, last_bar: Some(bars), cause, returned, deficit })
    }

    /// What comes back, and what is owed.
    fn left(&self, position: &Position, head: i128, bar: usize) -> Option<(Cash, Cash)> {
        let law = &self.market.law;
        let level = law.edge_under(position, head, position.entry)?;
        let (trigger, _) = self.market.touch(position.side, bar, level)?;
        let price = match self.desk.slippage.base {
            FillBase::Last => trigger.last,
            FillBase::Mark => trigger.mark,
        };
        let equity = law.equity_under(position, head, price);
        Some(self.desk.balance(equity, position.quantity, price))
    }

    /// Whether a bar surely liquidates on its way from the open to its extreme and leaves nothing,
    /// wherever between them the liquidation price lies; told without it, because most liquidations
    /// end so, and a price costs a division.
    ///
    /// At the first mark that liquidates, the equity is at most the maintenance margin, `r·q·P` at
    /// most. A fee of at least the rate `r` takes that. One step of the price before, it was more
    /// than the maintenance margin; so where that is worth a step, nothing is owed either.
    fn leaves_nothing(&self, position: &Position, head: i128, bar: usize) -> bool {
        let Market { law, history, .. } = self.market;
        let mark = &history.mark;
        let (open, lowest) = (mark.open[bar], mark.low[bar]);
        let (extreme, least) = match position.side {
            Side::Long => (lowest, lowest),
            Side::Short => (mark.high[bar], open),
        };
        let tier = law.tier_index(position, open);
        let line = law.line(tier, position);
        let takes_all = match self.desk.rules.residual {
            Residual::FundKeeps => true,
            _ => i128::from(fee_rate(self.desk.rules).steps()) >= line.rate && line.deduction >= 0,
        };
        takes_all
            && self.fills_at_mark()
            && law.tier_index(position, extreme) == tier
            && law.is_worth_a_step(position, line, least)
            && law.fails(position, head, line, extreme)
            && !law.fails(position, head, line, open)
    }

    /// Whether an order is filled at the mark that fires. Of linear contracts alone, whose value
    /// moves by the same amount with every step.
    fn fills_at_mark(&self) -> bool {
        let Market { law, history, .. } = self.market;
        law.contract == Contract::Linear
            && (self.desk.slippage.base == FillBase::Mark
                || history.mark_source == MarkSource::TradeStandsIn)
    }
}
