//! What a venue would close at each trigger, if every order were filled at the mark that fires.

use super::close_out::{Desk, Moment};
use super::funding::FundingPerUnit;
use super::journal::Unread;
use super::margin::Law;
use super::position::Position;
use super::procedure::{Progress, Stricken, demand};
use crate::money::{Cash, Price, Quantity};
use crate::scenario::{FillBase, Slippage, SlippageModel};
use crate::venue::VenueRules;

/// One step of a liquidation as it would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RehearsedStep {
    /// The mark that fires.
    pub trigger: Price,
    pub closes: Quantity,
    /// Where the closed part ends up: the mark, or the bankruptcy price where it is taken over.
    pub fill: Price,
    pub leaves: Quantity,
    /// Margin of what is left.
    pub margin_left: Cash,
    /// Number of the procedure's rule in `docs/model`.
    pub rule: &'static str,
}

const FREE: Slippage = Slippage { model: SlippageModel::None, base: FillBase::Mark };

/// The first `most` steps of a mark that moves against a position without a pause, without
/// slippage and without funding, as far as exact arithmetic reaches. Empty where it is never
/// liquidated.
pub fn rehearse(
    law: &Law,
    rules: &VenueRules,
    position: &Position,
    most: usize,
) -> Vec<RehearsedStep> {
    let desk = Desk { law: *law, rules, slippage: &FREE };
    let (paid, first_size) = (FundingPerUnit::NONE, position.quantity);
    let (mut position, mut mark) = (*position, position.entry);
    let mut steps: Vec<RehearsedStep> = Vec::new();
    while steps.len() < most && position.quantity > Quantity::ZERO {
        let Some(trigger) = law.edge_from(&position, paid, mark) else { break };
        // A wallet can carry a position to prices at which its value has no room any more.
        if !law.holds(&position, trigger.min(position.entry), trigger.max(position.entry)) {
            break;
        }
        let progress = Progress { first_size, steps: steps.len() as u32 };
        let demand =
            demand(law, rules, Stricken { position: &position, paid, mark: trigger }, progress);
        let moment = Moment { bar: 0, mark: trigger, base: trigger, paid };
        let closed = desk.execute(&position, moment, demand, &mut Unread);
        if closed.quantity == Quantity::ZERO {
            break;
        }
        let (rest, _) = desk.reduce(&position, paid, closed);
        let margin_left = if rest.quantity > Quantity::ZERO { rest.margin } else { Cash::ZERO };
        steps.push(RehearsedStep {
            trigger,
            closes: closed.quantity,
            fill: closed.price,
            leaves: rest.quantity,
            margin_left,
            rule: demand.rule,
        });
        (position, mark) = (rest, trigger);
    }
    steps
}
