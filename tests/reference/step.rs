//! One look at a position that is liquidatable: what is closed, at what price, what is left.

use super::book::{Got, sweep};
use super::exact::{Exact, GRID, VALUE};
use super::holding::Holding;
use super::procedure::{Before, rate, to_close};
use super::terms::Terms;
use deleverage::scenario::{Side, Slippage};
use deleverage::venue::{CloseOut, Contract, OrderPrice, Residual, VenueRules};

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
    /// The step, and what lives on; `None`: nothing was closed.
    pub fn act(&self, holding: &Holding) -> Option<(Step, Option<Holding>)> {
        let equity = holding.equity(self.terms, self.mark);
        if let Residual::Backstop { below } = self.rules.residual
            && equity < rate(below) * self.terms.maintenance(holding.size, self.mark)
        {
            return Some((self.into_the_vault(holding), None));
        }
        let (size, fill, slippage) = match self.before.steps > 0 && equity <= Exact::ZERO {
            true => self.taken_over(holding),
            false => self.ordered(holding, equity)?,
        };
        Some(self.closed(holding, size, fill, slippage))
    }

    /// LIQ-010.
    fn into_the_vault(&self, holding: &Holding) -> Step {
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

    /// CLO-010 to CLO-015: size closed, fill and slippage.
    fn ordered(&self, holding: &Holding, equity: Exact) -> Option<(Exact, Exact, Exact)> {
        let parts = (holding, self.before);
        let size = to_close(&self.rules.close_out, self.terms, parts, self.mark, self.fee_rate());
        let order = |limit| sweep(&self.slippage.model, holding, size, self.base, limit);
        let (got, waits) = match self.rules.order {
            OrderPrice::Market => (order(None), false),
            OrderPrice::BankruptcyLimit => (order(holding.bankruptcy_price()), false),
            OrderPrice::Transfer => (Got { size: Exact::ZERO, price: self.base }, false),
            OrderPrice::FillableLimit { .. } => {
                (order(Some(self.fillable(holding, equity))), equity >= Exact::ZERO)
            }
        };
        if self.rules.close_out == CloseOut::LowerTier && got.size < size {
            return Some(self.taken_over(holding));
        }
        let size = if waits { got.size } else { size };
        (size > Exact::ZERO).then(|| self.filled(holding, size, got))
    }

    /// CLO-012: the worst price of the order.
    fn fillable(&self, holding: &Holding, equity: Exact) -> Exact {
        let OrderPrice::FillableLimit { adjustment, spread } = self.rules.order else {
            panic!("a limit of its own")
        };
        // a·MM, so that nothing is divided before the price is.
        let due = self.terms.maintenance(holding.size, self.mark);
        let times_due = (rate(adjustment) * (due - equity)).max(Exact::ZERO).min(due);
        let away = times_due * rate(spread) * self.terms.rate(holding.size, self.mark);
        holding.against(self.mark * (due - holding.sign() * away), due)
    }

    /// All of the position at once, none of it by the book.
    fn taken_over(&self, holding: &Holding) -> (Exact, Exact, Exact) {
        self.filled(holding, holding.size, Got { size: Exact::ZERO, price: self.base })
    }

    /// CLO-002, SLP-008.
    fn filled(&self, holding: &Holding, size: Exact, got: Got) -> (Exact, Exact, Exact) {
        let away = got.size * (got.price - self.base).abs();
        let slippage = match holding.contract {
            Contract::Linear => away.ceil(GRID),
            Contract::Inverse => away.over_up(got.price * self.base, GRID),
        };
        let rest = size - got.size;
        let fill = match holding.bankruptcy_price().filter(|_| !rest.is_zero()) {
            None => got.price,
            Some(bankruptcy) => {
                let is_under_water = holding.sign() * (self.base - bankruptcy) < Exact::ZERO;
                let price = if is_under_water { self.base } else { bankruptcy };
                average(holding, [(got.size, got.price), (rest, price)])
            }
        };
        (size, fill, slippage)
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
    fn closed(
        &self,
        holding: &Holding,
        size: Exact,
        fill: Exact,
        slippage: Exact,
    ) -> (Step, Option<Holding>) {
        let after = self.after(holding, size, fill);
        let left = after.max(Exact::ZERO);
        let charged = self.fee_rate() * self.terms.value(size, fill);
        let fee = charged.over_up(self.terms.unit(fill), GRID).min(left);
        let nothing = Exact::ZERO;
        let step = Step { size, fill, slippage, fee, kept: nothing, returned: nothing, deficit: nothing };
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

/// CLO-002: of two parts at two prices.
fn average(holding: &Holding, [(k, p), (l, x)]: [(Exact, Exact); 2]) -> Exact {
    match holding.contract {
        Contract::Linear => holding.against(k * p + l * x, k + l),
        Contract::Inverse => holding.against((k + l) * p * x, k * x + l * p),
    }
}

/// CLO-016: of all steps.
pub fn average_of(holding: &Holding, steps: &[Step]) -> Exact {
    let sum = |part: &dyn Fn(&Step) -> Exact| {
        steps.iter().fold(Exact::ZERO, |sum, step| sum + part(step))
    };
    let size = sum(&|step| step.size);
    match (steps, holding.contract, holding.side) {
        ([only], ..) => only.fill,
        (_, Contract::Linear, _) => holding.against(sum(&|step| step.size * step.fill), size),
        (_, Contract::Inverse, Side::Long) => {
            holding.against(size, sum(&|step| step.size.over_up(step.fill, VALUE)))
        }
        (_, Contract::Inverse, Side::Short) => {
            holding.against(size, sum(&|step| step.size.over(step.fill, VALUE)))
        }
    }
}
