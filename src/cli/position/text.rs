//! A resolved position as JSON and as a table of formulas.

use super::PositionArgs;
use super::resolve::Resolved;
use crate::engine::Quote;
use crate::scenario::Side;
use crate::venue::NegativeBalance;
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn text(value: Decimal) -> String {
    value.round_dp(12).normalize().to_string()
}

pub(super) fn as_json(args: &PositionArgs, resolved: &Resolved, quote: &Quote) -> Value {
    let maybe = |value: Option<Decimal>| value.map(text);
    json!({
        "notional": text(quote.notional),
        "quantity": text(resolved.quantity),
        "leverage": text(resolved.leverage),
        "margin": text(resolved.margin),
        "initial_margin": text(resolved.initial_margin),
        "maintenance_margin": text(quote.maintenance_margin),
        "tier": quote.bracket.number,
        "liquidation_price": maybe(quote.liquidation_price),
        "bankruptcy_price": maybe(quote.bankruptcy_price),
        "bankruptcy_price_with_fee": maybe(quote.bankruptcy_price_with_fee),
        "distance": maybe(distance(args, quote)),
        "adl_score": Value::Null,
        "can_owe": can_owe(resolved),
    })
}

/// Known only where a venue is.
fn can_owe(resolved: &Resolved) -> Option<bool> {
    resolved.rules.as_ref().map(|rules| rules.loss.negative_balance == NegativeBalance::Owed)
}

/// From the mark to the liquidation price, as a fraction of the mark; `None` where there is none.
fn distance(args: &PositionArgs, quote: &Quote) -> Option<Decimal> {
    let mark = args.mark.unwrap_or(args.entry);
    quote.liquidation_price.map(|price| ((price - mark) / mark).abs())
}

pub(super) fn heading(args: &PositionArgs, resolved: &Resolved) -> String {
    let of = match (&resolved.rules, args.maintenance) {
        (Some(rules), None) => {
            format!("{} on {}, rules of {}", rules.symbol, rules.name, rules.valid_from)
        }
        (Some(rules), Some(rate)) => {
            format!("{} on {}, maintenance replaced by {rate}", rules.symbol, rules.name)
        }
        (None, _) => "explicit rules".to_owned(),
    };
    format!("{} {}x, isolated, linear: {of}", args.side, text(resolved.leverage))
}

/// Name, figure, formula with its numbers filled in.
type Line = (&'static str, String, String);

/// Size and margin, then the prices that matter, then who owes.
pub(super) fn lines(args: &PositionArgs, resolved: &Resolved, quote: &Quote) -> Vec<Line> {
    let mut lines = sizes(args, resolved, quote);
    lines.extend(prices(args, resolved, quote));
    let owe = match can_owe(resolved) {
        Some(true) => "yes: the venue has no negative-balance protection",
        Some(false) => "no: negative-balance protection",
        None => "not known without a venue",
    };
    lines.push(("can owe", owe.to_owned(), String::new()));
    lines
}

fn sizes(args: &PositionArgs, resolved: &Resolved, quote: &Quote) -> Vec<Line> {
    let (q, entry, notional) = (text(resolved.quantity), text(args.entry), text(quote.notional));
    let leverage = text(resolved.leverage);
    let quantity = match (args.quantity, args.margin, args.leverage) {
        (Some(_), _, _) => "as typed".to_owned(),
        (None, Some(margin), Some(_)) => {
            format!("margin × leverage / entry = {} × {leverage} / {entry}", text(margin))
        }
        _ => "one unit of base, for want of another size".to_owned(),
    };
    let margin = match (args.margin, args.extra_margin) {
        (Some(typed), Some(extra)) => {
            format!("as typed + added = {} + {}", text(typed), text(extra))
        }
        (Some(_), None) => "as typed".to_owned(),
        (None, Some(extra)) => {
            format!("notional / leverage + added = {notional} / {leverage} + {}", text(extra))
        }
        (None, None) => format!("notional / leverage = {notional} / {leverage}"),
    };
    let initial = match args.initial {
        Some(rate) => format!("notional × rate = {notional} × {rate}"),
        None => format!("notional / leverage = {notional} / {leverage}"),
    };
    let at = &quote.bracket;
    let (m, c) = (text(at.maintenance), text(at.deduction));
    let maintenance = format!("notional × m − c = {notional} × {m} − {c}   (tier {})", at.number);
    vec![
        ("quantity", q.clone(), quantity),
        ("notional", notional, format!("quantity × entry = {q} × {entry}")),
        ("margin", text(resolved.margin), margin),
        ("initial margin", text(resolved.initial_margin), initial),
        ("maintenance margin", text(quote.maintenance_margin), maintenance),
    ]
}

fn prices(args: &PositionArgs, resolved: &Resolved, quote: &Quote) -> Vec<Line> {
    let (q, entry, margin) = (text(resolved.quantity), text(args.entry), text(resolved.margin));
    let s = if args.side == Side::Long { "1" } else { "(−1)" };
    let price = |price: Option<Decimal>| price.map_or_else(|| "never".to_owned(), text);
    let liquidation = quote.bracket_at_liquidation.map_or_else(String::new, |at| {
        let (m, c) = (text(at.maintenance), text(at.deduction));
        format!(
            "(M + c − s·q·EP) / (q·m − s·q) = ({margin} + {c} − {s} × {q} × {entry}) / ({q} × {m} \
             − {s} × {q})   (tier {})",
            at.number
        )
    });
    let bankruptcy = format!("EP − s·M/q = {entry} − {s} × {margin} / {q}");
    let mut lines = vec![
        ("liquidation price", price(quote.liquidation_price), liquidation),
        ("bankruptcy price", price(quote.bankruptcy_price), bankruptcy),
    ];
    if let (Some(price), Some(fee)) = (quote.bankruptcy_price_with_fee, resolved.fee) {
        let formula = format!("(EP − s·M/q) / (1 − s·f), f = {}", text(fee));
        lines.push(("  with closing fee", text(price), formula));
    }
    if let Some(distance) = distance(args, quote) {
        let mark = text(args.mark.unwrap_or(args.entry));
        let percent = (distance * Decimal::ONE_HUNDRED).round_dp(4).normalize();
        let formula = format!("|liquidation − {mark}| / {mark}");
        lines.push(("distance", format!("{percent} %"), formula));
    }
    lines
}
