//! At what price a forced order closes, and what is left: fee, residual, deficit.

use super::funding::FundingPerUnit;
use super::journal::{Event, Journal};
use super::margin::{Fine, Law, RATE, against, opposite};
use super::position::Position;
use super::procedure::{Demand, Extent, Stricken};
use super::slippage::{Fill, ForcedOrder, beyond, fill, on_grid};
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::{Side, Slippage};
use crate::venue::{Contract, OrderPrice, Residual, VenueRules};

/// The cash of a close-out. `returned − deficit` is the trader's equity after it, fee paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Average price over all that was closed.
    pub fill: Price,
    /// Cost of the book's displacement against the last price; ≥ 0.
    pub slippage: Cash,
    /// Liquidation fee that was really taken: never more than what was left.
    pub fee: Cash,
    /// What the fund or vault keeps of the margin besides the fee; ≥ 0.
    pub kept: Cash,
    /// Margin that goes back to the trader; ≥ 0.
    pub returned: Cash,
    /// Loss beyond the margin; ≥ 0. The venue says who bears it.
    pub deficit: Cash,
}

impl Settlement {
    /// Nothing closed yet.
    pub(super) const fn open(mark: Price) -> Self {
        let zero = Cash::ZERO;
        let (slippage, fee, kept, returned, deficit) = (zero, zero, zero, zero, zero);
        Self { fill: mark, slippage, fee, kept, returned, deficit }
    }
}

/// What a forced order meets: the law in force, the venue, the book.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    pub law: Law<'a>,
    pub rules: &'a VenueRules,
    pub slippage: &'a Slippage,
}

/// When and where an order is executed.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub bar: usize,
    /// The mark that fired.
    pub mark: Price,
    /// The price that a sweep starts from.
    pub base: Price,
    pub paid: FundingPerUnit,
}

/// What an order closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    pub quantity: Quantity,
    /// What the order asked for and did not get.
    pub unfilled: Quantity,
    /// Average over the book's part and what was taken over.
    pub price: Price,
    pub slippage: Cash,
}

/// Closes a whole position that became liquidatable with the last price at `last`.
pub fn settle(
    law: &Law,
    rules: &VenueRules,
    slippage: &Slippage,
    position: &Position,
    at: (Price, FundingPerUnit),
) -> Settlement {
    let desk = Desk { law: *law, rules, slippage };
    let moment = Moment { bar: 0, mark: at.0, base: at.0, paid: at.1 };
    let demand = Demand { extent: Extent::Whole, rule: "LIQ-003" };
    let closed = desk.execute(position, moment, demand, &mut super::journal::Unread);
    Settlement { slippage: closed.slippage, ..desk.end(position, moment.paid, closed.price) }
}

impl Desk<'_> {
    /// Executes what the procedure asks for.
    pub fn execute(
        &self,
        position: &Position,
        moment: Moment,
        demand: Demand,
        journal: &mut impl Journal,
    ) -> Closed {
        let bar = moment.bar;
        let wanted = match demand.extent {
            Extent::Whole | Extent::Takeover | Extent::Backstop => position.quantity,
            Extent::Part(part) | Extent::FillOrKill(part) => part,
        };
        let limit = self.limit(position, moment);
        let is_order = self.rules.order != OrderPrice::Transfer
            && !matches!(demand.extent, Extent::Takeover | Extent::Backstop);
        if is_order {
            journal.note(Event::Order { bar, quantity: wanted, limit, rule: demand.rule });
        }
        if demand.extent == Extent::Backstop {
            let (quantity, price) = (wanted, moment.mark);
            journal.note(Event::Takeover { bar, quantity, price, rule: demand.rule });
            return Closed { quantity, unfilled: Quantity::ZERO, price, slippage: Cash::ZERO };
        }
        let book = self.book(position.side, wanted, moment.base, limit);
        let killed = book.quantity < wanted && matches!(demand.extent, Extent::FillOrKill(_));
        let book = match demand.extent {
            _ if killed => nothing(moment.base),
            Extent::Takeover => nothing(moment.base),
            _ => book,
        };
        let slippage = self.law.displacement(book.quantity, book.price, moment.base);
        if book.quantity > Quantity::ZERO {
            let Fill { quantity, price } = book;
            journal.note(Event::Fill { bar, quantity, price, slippage });
        }
        let whole = match demand.extent {
            Extent::Whole if self.takes_rest(position, moment) => position.quantity,
            Extent::Takeover => position.quantity,
            Extent::FillOrKill(_) if killed => position.quantity,
            Extent::Part(part) if self.rules.order == OrderPrice::Transfer => part,
            _ => book.quantity,
        };
        let rest = Quantity::from_lots(whole.lots() - book.quantity.lots());
        if rest == Quantity::ZERO {
            let unfilled = Quantity::from_lots(wanted.lots() - book.quantity.lots());
            return Closed { quantity: book.quantity, unfilled, price: book.price, slippage };
        }
        let price = self.takeover_price(position, moment, book);
        let rule = if is_order { "CLO-002" } else { demand.rule };
        journal.note(Event::Takeover { bar, quantity: rest, price, rule });
        let average = self.average(position.side, book, Fill { quantity: rest, price });
        Closed { quantity: whole, unfilled: Quantity::ZERO, price: average, slippage }
    }

    /// The end of a position that is closed whole: equity at the fill, fee, residual, deficit.
    pub fn end(&self, position: &Position, paid: FundingPerUnit, price: Price) -> Settlement {
        // One rounding for the whole close-out, down: against the trader.
        let equity = self.law.cash_floor(self.law.equity(position, paid, price));
        self.end_with(equity, position.quantity, price)
    }

    /// The same, of a size that has so much equity at the price of its close.
    pub(super) fn end_with(&self, equity: Cash, quantity: Quantity, price: Price) -> Settlement {
        let left = equity.gain();
        let (fee, kept) = match self.rules.residual {
            Residual::FundKeeps => (Cash::ZERO, left),
            Residual::FeeThenReturn | Residual::Returned | Residual::Backstop { .. } => {
                (self.fee(quantity, price).min(left), Cash::ZERO)
            }
        };
        let returned = left - fee - kept;
        Settlement { fee, kept, returned, deficit: equity.loss(), ..Settlement::open(price) }
    }

    /// What the trader gets back and what he owes at such an end; without a division where the fee
    /// takes all that is left, which is how most liquidations end.
    pub(super) fn balance(&self, equity: Fine, quantity: Quantity, price: Price) -> (Cash, Cash) {
        let takes_all = match self.rules.residual {
            Residual::FundKeeps => true,
            _ => self.law.due(quantity, price, fee_rate(self.rules)) >= equity,
        };
        if equity.0 >= 0 && takes_all {
            return (Cash::ZERO, Cash::ZERO);
        }
        let end = self.end_with(self.law.cash_floor(equity), quantity, price);
        (end.returned, end.deficit)
    }

    /// The end of a position that went to the vault with all of its margin.
    pub fn backstopped(&self, position: &Position, moment: Moment) -> Settlement {
        let equity = self.law.equity(position, moment.paid, moment.mark);
        let equity = self.law.cash_floor(equity);
        let (kept, deficit) = (equity.gain(), equity.loss());
        Settlement { kept, deficit, ..Settlement::open(moment.mark) }
    }

    /// What is left of a position after a part was closed, and the fee of the part.
    pub fn reduce(
        &self,
        position: &Position,
        paid: FundingPerUnit,
        closed: Closed,
    ) -> (Position, Cash) {
        let left = Quantity::from_lots(position.quantity.lots() - closed.quantity.lots());
        let margin = self.law.margin_after(position, paid, closed);
        let fee = self.fee(closed.quantity, closed.price).min(margin.gain());
        (position.reduced(left, margin - fee), fee)
    }

    fn fee(&self, quantity: Quantity, price: Price) -> Cash {
        self.law.charge(quantity, price, fee_rate(self.rules))
    }

    fn book(&self, side: Side, quantity: Quantity, base: Price, limit: Option<Price>) -> Fill {
        match self.rules.order {
            OrderPrice::Transfer => nothing(base),
            OrderPrice::Market | OrderPrice::BankruptcyLimit | OrderPrice::FillableLimit { .. } => {
                let order = ForcedOrder { side, quantity, base, limit };
                fill(&self.law, &self.slippage.model, order)
            }
        }
    }

    /// The worst price that an order may be filled at.
    pub fn limit(&self, position: &Position, moment: Moment) -> Option<Price> {
        match self.rules.order {
            OrderPrice::Market | OrderPrice::Transfer => None,
            OrderPrice::BankruptcyLimit => self.law.bankruptcy_price(position, moment.paid),
            OrderPrice::FillableLimit { adjustment, spread } => {
                let at = Stricken { position, paid: moment.paid, mark: moment.mark };
                Some(self.fillable(at, adjustment, spread))
            }
        }
    }

    /// `P·(1 − s·a·spread·m)` with `a = clamp(adjustment·(1 − E/MM), 0, 1)`. Equity (down) and
    /// maintenance (up) are taken on the cash grid, each product is rounded up to the grid of
    /// rates, the price against the position.
    fn fillable(&self, at: Stricken, adjustment: Rate, spread: Rate) -> Price {
        let Stricken { position, paid, mark } = at;
        let equity = self.law.cash_floor(self.law.equity(position, paid, mark)).atoms();
        let required = self.law.cash_ceil(self.law.maintenance(position, mark)).atoms();
        let short = i128::from(required) - i128::from(equity);
        let share = Round::Ceil.div(short * RATE, i128::from(required).max(1));
        let times = |one: i128, other: i128| Round::Ceil.div(one * other, RATE);
        let adjusted = times(share.clamp(-RATE, 1000 * RATE), i128::from(adjustment.steps()));
        let bounded = times(adjusted.clamp(0, RATE), i128::from(spread.steps()));
        let moved = times(bounded, self.law.line_at(position, mark).rate);
        let factor = (RATE - position.side.sign() * moved).max(0);
        on_grid(against(position.side).div(i128::from(mark.steps()) * factor, RATE))
    }

    /// Whether what the book leaves of a whole position is taken over now. A fillable limit is
    /// tried again as long as there is something to lose.
    pub fn takes_rest(&self, position: &Position, moment: Moment) -> bool {
        match self.rules.order {
            OrderPrice::FillableLimit { .. } => {
                self.law.equity(position, moment.paid, moment.mark).0 < 0
            }
            OrderPrice::Market | OrderPrice::BankruptcyLimit | OrderPrice::Transfer => true,
        }
    }

    /// The bankruptcy price, or the base where that is worse for the position; without a bankruptcy
    /// price the book's.
    fn takeover_price(&self, position: &Position, moment: Moment, book: Fill) -> Price {
        match self.law.bankruptcy_price(position, moment.paid) {
            None => book.price,
            Some(bankruptcy) if beyond(position.side, moment.base, bankruptcy) => moment.base,
            Some(bankruptcy) => bankruptcy,
        }
    }

    /// Average price of two fills by value, rounded against the position.
    fn average(&self, side: Side, one: Fill, other: Fill) -> Price {
        if one.quantity == Quantity::ZERO || one.price == other.price {
            return other.price;
        }
        let lots = i128::from(one.quantity.lots() + other.quantity.lots());
        let round = against(side);
        let steps = match self.law.contract {
            Contract::Linear => {
                let value =
                    |fill: Fill| i128::from(fill.quantity.lots()) * i128::from(fill.price.steps());
                round.div(value(one) + value(other), lots)
            }
            Contract::Inverse => {
                let worse = opposite(round);
                let value = |fill: Fill| self.law.value_of(fill.quantity, fill.price, worse).0;
                let size = lots * self.law.scale.steps_per_unit() * RATE;
                round.div(size, (value(one) + value(other)).max(1))
            }
        };
        on_grid(steps)
    }
}

/// What a forced order costs; a venue that gives all back charges nothing.
pub fn fee_rate(rules: &VenueRules) -> Rate {
    match rules.residual {
        Residual::FundKeeps | Residual::FeeThenReturn => rules.fees.liquidation,
        Residual::Returned | Residual::Backstop { .. } => Rate::ZERO,
    }
}

impl Law<'_> {
    /// The margin that a part leaves behind: its share of the loss and of the funding taken out,
    /// rounded down once.
    fn margin_after(&self, position: &Position, paid: FundingPerUnit, closed: Closed) -> Cash {
        let part = Position { quantity: closed.quantity, ..*position };
        let left = position.lots() - part.lots();
        let rest = position.reduced(Quantity::from_lots(left as i64), Cash::ZERO);
        let at_entry = self.head(position, paid) - self.head(&rest, paid);
        let whole = Position { margin: Cash::ZERO, ..part };
        let gone = self.equity(&whole, paid, closed.price).0 - self.head(&whole, paid);
        self.cash_floor(Fine(at_entry + gone))
    }
}

fn nothing(base: Price) -> Fill {
    Fill { quantity: Quantity::ZERO, price: base }
}
