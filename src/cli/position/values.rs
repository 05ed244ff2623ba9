//! A resolved position as JSON.

use super::standing::Standing;
use super::steps::{After, Steps};
use super::{Case, queue};
use crate::venue::{Contract, NegativeBalance};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// Decimals of everything that is printed.
const DECIMALS: u32 = 12;

pub(super) fn text(value: Decimal) -> String {
    value.round_dp(DECIMALS).normalize().to_string()
}

pub(super) const fn contract(contract: Contract) -> &'static str {
    match contract {
        Contract::Linear => "linear",
        Contract::Inverse => "inverse",
    }
}

pub(super) fn as_json(case: &Case<'_>) -> Value {
    let maybe = |value: Option<Decimal>| value.map(text);
    let Case { args, resolved, standing, steps } = case;
    let quote = &standing.quote;
    json!({
        "contract": contract(resolved.leg.contract),
        "mode": args.mode.name(),
        "notional": maybe(resolved.leg.entry_value()),
        "quantity": text(resolved.leg.quantity),
        "leverage": text(resolved.leverage),
        "margin": text(standing.margin),
        "initial_margin": text(resolved.initial_margin),
        "maintenance_margin": text(quote.maintenance_margin),
        "tier": quote.bracket.number,
        "liquidation_price": maybe(quote.liquidation_price),
        "bankruptcy_price": maybe(quote.bankruptcy_price),
        "bankruptcy_price_with_fee": maybe(quote.bankruptcy_price_with_fee),
        "distance": maybe(case.distance()),
        "equity": text(standing.equity),
        "liquidatable": standing.liquidatable,
        "adl_score": queue::place(case).map(|place| text(place.score)),
        "can_owe": can_owe(case),
        "cross": cross(standing),
        "steps": steps.map(each),
    })
}

/// Known only where a venue is.
pub(super) fn can_owe(case: &Case<'_>) -> Option<bool> {
    let rules = case.resolved.rules.as_ref();
    rules.map(|rules| rules.loss.negative_balance == NegativeBalance::Owed)
}

/// One object for each step; the last one says where more would follow.
fn each(steps: &Steps) -> Vec<Value> {
    let price = |price| text(steps.scale.to_decimal(price));
    let mut told: Vec<Value> = Vec::new();
    for step in &steps.shown {
        told.push(json!({
            "trigger_price": price(step.trigger),
            "closes": step.closes.to_string(),
            "fill_price": price(step.fill),
            "leaves": step.leaves.to_string(),
            "margin_left": step.margin_left.to_string(),
            "rule": step.rule,
        }));
    }
    if let (After::MoreSteps, Some(last)) = (steps.after, told.last_mut()) {
        last["more"] = Value::Bool(true);
    }
    told
}

/// What stands behind a position in cross margin.
fn cross(standing: &Standing) -> Option<Value> {
    let backing = standing.backing?;
    Some(json!({
        "locked_profit": text(backing.locked),
        "profit_of_others": text(backing.profit),
        "maintenance_of_others": text(backing.maintenance),
        "net_side": standing.net.map(|leg| leg.side.name()),
        "net_quantity": text(standing.net.map_or(Decimal::ZERO, |leg| leg.quantity)),
    }))
}
