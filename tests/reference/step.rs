//! One look at a position that is liquidatable: what is closed, at what price, what is left.

use super::book::{Got, sweep};
use super::exact::{Exact, GRID, RATE, VALUE};
use super::holding::Holding;
use super::procedure::{Before, Demand, Struck, demand, rate};
use super::terms::Terms;
use deleverage::money::Rate;
use deleverage::scenario::{Side, Slippage};
use deleverage::venue::{Contract, OrderPrice, Residual, VenueRules};

/// One forced closing of a part or of all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub size: Exact,
    pub fill: Exact,
    pub slippage: Exact,
    pub fee: Exact,
    pub kept: Exact,
    pub returned: Exact,
    pub deficit: Exact,
}

/// A step and what follows it.
pub struct Stepped {
    pub step: Step,
    /// What lives on.
    pub rest: Option<Holding>,
    /// The book did not give all of what was asked for: LIQ-011.
    pub is_short: bool,
}

/// What an order came to: the size that is closed, what the book gave of it, and whether less than
/// was asked for.
struct Ordered {
    size: Exact,
    got: Got,
    is_short: bool,
}

/// What a look sees.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub rules: &'a VenueRules,
    pub slippage: &'a Slippage,
    pub terms: &'a Terms,
    pub mark: Exact,
    /// SLP-007.
    pub base: Exact,
    pub before: Before,
}

impl Look<'_> {
    /// `None`: nothing was closed.
    pub fn act(&self, holding: &Holding) -> Option<Stepped> {
        let unit = self.terms.unit(self.mark);
        let equity = holding.equity(self.terms, self.mark).over(unit, GRID);
        let due = self.terms.maintenance(holding.size, self.mark).over_up(unit, GRID);
        if let Residual::Backstop { below } = self.rules.residual
            && equity < (rate(below) * due).ceil(GRID)
        {
            let step = self.handed_over(holding);
            return Some(Stepped { step, rest: None, is_short: false });
        }
        let struck = Struck {
            terms: self.terms,
            holding,
            before: self.before,
            mark: self.mark,
            fee: self.fee_rate(),
        };
        let demand = demand(&self.rules.close_out, &struck);
        let Ordered { size, got, is_short } = self.ordered(holding, demand, (equity, due))?;
        let (step, rest) = self.closed(holding, size, got);
        Some(Stepped { step, rest, is_short })
    }

    /// LIQ-010.
    fn handed_over(&self, holding: &Holding) -> Step {
        let left = self.after(holding, holding.size, self.mark);
        Step {
            size: holding.size,
            fill: self.mark,
            slippage: Exact::ZERO,
            fee: Exact::ZERO,
            kept: left.max(Exact::ZERO),
            returned: Exact::ZERO,
            deficit: (-left).max(Exact::ZERO),
        }
    }

    /// CLO-010 to CLO-015: what is closed, and what the book gave of it.
    fn ordered(
        &self,
        holding: &Holding,
        demand: Demand,
        (equity, due): (Exact, Exact),
    ) -> Option<Ordered> {
        let nothing = Got { size: Exact::ZERO, price: self.base };
        let size = match demand {
            Demand::Part(size) | Demand::AllOrTakeover(size) => size,
            Demand::Whole | Demand::Takeover => holding.size,
        };
        let order = |limit| sweep(&self.slippage.model, holding, size, self.base, limit);
        let got = match self.rules.order {
            _ if demand == Demand::Takeover => nothing,
            OrderPrice::Transfer => nothing,
            OrderPrice::Market => order(None),
            OrderPrice::BankruptcyLimit => order(holding.bankruptcy_price()),
            OrderPrice::FillableLimit { adjustment, spread } => {
                let limit = self.fillable(holding, (equity, due), (adjustment, spread));
                order(Some(limit))
            }
        };
        if matches!(demand, Demand::AllOrTakeover(_)) && got.size < size {
            return Some(Ordered { size: holding.size, got: nothing, is_short: false });
        }
        let stays_open = match (demand, self.rules.order) {
            (Demand::Takeover, _) | (_, OrderPrice::Transfer) => false,
            (Demand::Part(_), _) => true,
            (_, OrderPrice::FillableLimit { .. }) => equity >= Exact::ZERO,
            _ => false,
        };
        let closed = if stays_open { got.size } else { size };
        let is_short = closed < size;
        (closed > Exact::ZERO).then_some(Ordered { size: closed, got, is_short })
    }

    /// CLO-012: the worst price of the order.
    fn fillable(
        &self,
        holding: &Holding,
        (equity, due): (Exact, Exact),
        (adjustment, spread): (Rate, Rate),
    ) -> Exact {
        let missing = (due - equity).over_up(due, RATE);
        let eager = (rate(adjustment) * missing).ceil(RATE).max(Exact::ZERO).min(Exact::ONE);
        let whole_rate = self.terms.whole_rate(holding.size, self.mark);
        let away = ((eager * rate(spread)).ceil(RATE) * whole_rate).ceil(RATE);
        holding.against(self.mark * (Exact::ONE - holding.sign() * away), Exact::ONE)
    }

    /// SLP-008.
    fn slippage_of(&self, holding: &Holding, got: Got) -> Exact {
        match holding.contract {
            Contract::Linear => (got.size * (got.price - self.base).abs()).ceil(GRID),
            Contract::Inverse => {
                let (at_fill, at_base) =
                    (got.size.over(got.price, VALUE), got.size.over(self.base, VALUE));
                (at_fill - at_base).abs().ceil(GRID)
            }
        }
    }

    /// CLO-002: the price of what the book gave and of what is taken over.
    fn filled(&self, holding: &Holding, size: Exact, got: Got) -> Exact {
        let rest = size - got.size;
        let Some(bankruptcy) = holding.bankruptcy_price().filter(|_| !rest.is_zero()) else {
            return got.price;
        };
        let is_under_water = holding.sign() * (self.base - bankruptcy) < Exact::ZERO;
        let price = if is_under_water { self.base } else { bankruptcy };
        if got.size.is_zero() {
            return price;
        }
        average(holding, [(got.size, got.price), (rest, price)].into_iter())
    }

    /// What is left of the margin after a part was closed at a price, before the fee: CLO-003,
    /// LIQ-001.
    fn after(&self, holding: &Holding, size: Exact, fill: Exact) -> Exact {
        let worth = holding.worth - holding.worth_of(holding.size - size);
        let scaled = holding.closed_at(self.terms, size, worth, fill);
        scaled.over(self.terms.unit(fill), GRID)
    }

    /// CLO-014: who returns all asks no fee.
    fn fee_rate(&self) -> Exact {
        match self.rules.residual {
            Residual::FundKeeps | Residual::FeeThenReturn => rate(self.rules.fees.liquidation),
            Residual::Returned | Residual::Backstop { .. } => Exact::ZERO,
        }
    }

    /// CLO-003 to CLO-006, CLO-014 and LIQ-001.
    fn closed(&self, holding: &Holding, size: Exact, got: Got) -> (Step, Option<Holding>) {
        let (fill, slippage) = (self.filled(holding, size, got), self.slippage_of(holding, got));
        let after = self.after(holding, size, fill);
        let left = after.max(Exact::ZERO);
        let charged = self.fee_rate() * self.terms.value(size, fill);
        let fee = charged.over_up(self.terms.unit(fill), GRID).min(left);
        let nothing = Exact::ZERO;
        let (kept, returned, deficit) = (nothing, nothing, nothing);
        let step = Step { size, fill, slippage, fee, kept, returned, deficit };
        if size < holding.size {
            let rest = holding.size - size;
            let worth = holding.worth_of(rest);
            return (step, Some(Holding { size: rest, worth, margin: after - fee, ..*holding }));
        }
        let deficit = (-after).max(nothing);
        let last = match self.rules.residual {
            Residual::FundKeeps => Step { fee: nothing, kept: left, deficit, ..step },
            _ => Step { returned: left - fee, deficit, ..step },
        };
        (last, None)
    }
}

/// CLO-016: of all steps, or of the only one.
pub fn average_of(holding: &Holding, steps: &[Step]) -> Exact {
    match steps {
        [only] => only.fill,
        steps => average(holding, steps.iter().map(|step| (step.size, step.fill))),
    }
}

/// CLO-002, CLO-016: of parts at prices. What a part of an inverse contract is worth is rounded
/// such that the price is worse.
fn average(holding: &Holding, parts: impl Iterator<Item = (Exact, Exact)>) -> Exact {
    let worth = |size: Exact, price: Exact| match (holding.contract, holding.side) {
        (Contract::Linear, _) => size * price,
        (Contract::Inverse, Side::Long) => size.over_up(price, VALUE),
        (Contract::Inverse, Side::Short) => size.over(price, VALUE),
    };
    let (mut size, mut value) = (Exact::ZERO, Exact::ZERO);
    for (part, price) in parts {
        (size, value) = (size + part, value + worth(part, price));
    }
    match holding.contract {
        Contract::Linear => holding.against(value, size),
        Contract::Inverse => holding.against(size, value),
    }
}
