//! Which numbered rules of `docs/model` an event follows from.

use super::Story;
use crate::engine::{Cause, Event};
use crate::money::Price;
use crate::scenario::{FillBase, MarginMode, SlippageModel};
use crate::venue::{Contract, FundingPays, Lookup, OrderPrice, Residual};

pub fn opening(story: &Story) -> Vec<&'static str> {
    let size: &[_] = match story.rules.contract {
        Contract::Linear => &["MRG-001", "MRG-002"],
        Contract::Inverse => &["MRG-015"],
    };
    let wallet: &[_] = match story.study.margin {
        MarginMode::Isolated => &[],
        MarginMode::Cross { .. } => &["ACC-005"],
    };
    [size, wallet, &["CLO-008"]].concat()
}

pub fn of(story: &Story, event: &Event) -> Vec<&'static str> {
    match *event {
        Event::Funding { .. } => funding(story),
        Event::Trigger { bar, mark, cause, .. } => trigger(story, bar, mark, cause),
        Event::Order { rule, .. } => vec![rule, order(story)],
        Event::Fill { .. } => fill(story),
        Event::Takeover { rule, .. } if rule == "CLO-002" => vec![rule],
        Event::Takeover { rule, .. } => vec![rule, "CLO-002"],
        Event::Fee { .. } => vec!["CLO-004"],
        Event::Kept { .. } => match story.rules.residual {
            Residual::Backstop { .. } => vec!["LIQ-010"],
            _ => vec!["CLO-014"],
        },
        Event::Returned { .. } => match story.rules.residual {
            Residual::FeeThenReturn => vec!["CLO-005"],
            _ => vec!["CLO-014"],
        },
        Event::Deficit { .. } => vec!["CLO-006", "CLO-007"],
        Event::Reduced { .. } => vec!["LIQ-001"],
    }
}

fn funding(story: &Story) -> Vec<&'static str> {
    let amount = match story.rules.contract {
        Contract::Linear => "FND-001",
        Contract::Inverse => "FND-009",
    };
    match story.rules.funding.pays {
        FundingPays::Margin => vec![amount, "FND-004"],
        FundingPays::Wallet => vec![amount, "FND-008"],
    }
}

/// The predicate, the lookup of its rate, and where in the bar it fired.
fn trigger(story: &Story, bar: usize, mark: Price, cause: Cause) -> Vec<&'static str> {
    let predicate = match story.rules.contract {
        Contract::Linear => "MRG-007",
        Contract::Inverse => "MRG-017",
    };
    let lookup = match story.rules.tiers.lookup {
        Lookup::Marginal => "MRG-005",
        Lookup::WholeByNotional | Lookup::RiskSteps => "MRG-019",
        Lookup::WholeByContracts => "MRG-020",
        Lookup::LinearInSize => "MRG-021",
    };
    let moment = match story.market.history.mark.open[bar] == mark {
        true => "TIM-004",
        false => "TIM-003",
    };
    let raised = (cause == Cause::RaisedMargin).then_some("VOL-006");
    [predicate, lookup, moment].into_iter().chain(raised).collect()
}

fn order(story: &Story) -> &'static str {
    match story.rules.order {
        OrderPrice::Market => "CLO-010",
        OrderPrice::BankruptcyLimit => "CLO-011",
        OrderPrice::FillableLimit { .. } => "CLO-012",
        OrderPrice::Transfer => "CLO-013",
    }
}

fn fill(story: &Story) -> Vec<&'static str> {
    let model = match story.study.slippage.model {
        SlippageModel::None => "SLP-001",
        SlippageModel::Fixed(_) => "SLP-002",
        SlippageModel::Depth(_) => "SLP-004",
    };
    match story.study.slippage.base {
        FillBase::Last => vec![model, "TIM-005"],
        FillBase::Mark => vec![model, "SLP-007"],
    }
}
