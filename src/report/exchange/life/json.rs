//! Events as JSON, from which every balance can be rebuilt.

use super::balance::Balances;
use super::{Life, rules, touches};
use crate::engine::Extent;
use crate::exchange::{AccountId, Event};
use crate::history::rfc3339;
use crate::money::{Price, Quantity};
use crate::report::exchange::Symbol;
use crate::report::exchange::name::{account_name, extent, payer, reason};
use crate::scenario::exchange::Tranche;
use crate::tally::exchange::Noted;
use crate::venue::Contract;
use serde_json::{Value, json};

/// One value a line: what is told, then the events. With an account, each with its `cash` and what
/// it `held` afterwards.
pub fn to_json<'a>(life: &'a Life<'a>) -> impl Iterator<Item = Value> + 'a {
    let mut balances = Balances::new(life);
    let events = life.events.iter().filter_map(move |noted| {
        balances.follow(noted);
        let mut told = journal_json(&life.symbols, noted);
        if let Some(account) = life.account {
            if !touches(&noted.event, account) {
                return None;
            }
            let held = balances.held(account).into_iter().map(|(symbol, lots)| {
                let lots = Quantity::from_lots(lots).to_string();
                (life.symbol(symbol).history.symbol.clone(), json!(lots))
            });
            told["cash"] = json!(balances.accounts.cash(account).to_string());
            told["held"] = Value::Object(held.collect());
        }
        Some(told)
    });
    std::iter::once(heading(life)).chain(events)
}

/// Which world, on what, and how amounts are to be read.
fn heading(life: &Life) -> Value {
    let symbol = |symbol: &Symbol| {
        json!({
            "symbol": symbol.history.symbol,
            "contract": symbol.rules.contract,
            "price_decimals": symbol.history.scale.decimals(),
        })
    };
    let tranche = |(number, tranche): (usize, &Tranche)| {
        json!({
            "account": account_name(AccountId::Tranche(number as u8)),
            "name": tranche.name,
            "balance": tranche.balance.to_string(),
        })
    };
    json!({
        "event": "world",
        "world": life.world.world,
        "seed": life.world.seed.to_string(),
        "venue": life.symbols[0].rules.name,
        "settlement": life.settlement(),
        "symbols": life.symbols.iter().map(symbol).collect::<Vec<_>>(),
        "traders": life.traders,
        "tranches": life.study.fund.tranches.iter().enumerate().map(tranche).collect::<Vec<_>>(),
        "account": life.account.map(account_name),
        "confirmed": life.confirmed,
    })
}

/// One event. Amounts, sizes and prices are decimal text, accounts have the names of
/// [`account_name`], `null` is none. Only `deposit`, `post` and `trade` change balances: a `post`
/// moves `amount`, a `trade` moves `quantity` from `seller` to `buyer` and `value` from `paid_by`
/// to the other one of the two.
pub fn journal_json(symbols: &[Symbol], noted: &Noted) -> Value {
    let (kind, details) = details(symbols, &noted.event);
    let mut told = json!({
        "time": rfc3339(noted.moment.time),
        "bar": noted.moment.bar,
        "substep": noted.moment.substep,
        "event": kind,
    });
    if let (Some(told), Value::Object(details)) = (told.as_object_mut(), details) {
        told.extend(details);
    }
    told["rules"] = json!(rules::of(&noted.event));
    told
}

fn details(symbols: &[Symbol], event: &Event) -> (&'static str, Value) {
    let name = account_name;
    match *event {
        Event::Deposit { to, amount } => {
            ("deposit", json!({ "to": name(to), "amount": amount.to_string() }))
        }
        Event::Post { from, to, amount, reason: why } => (
            "post",
            json!({
                "from": name(from), "to": name(to),
                "amount": amount.to_string(), "reason": reason(why),
            }),
        ),
        Event::Deficit { account, amount } => {
            ("deficit", json!({ "account": name(account), "amount": amount.to_string() }))
        }
        Event::LastRung { payer: who, amount } => {
            ("last_rung", json!({ "payer": payer(who), "amount": amount.to_string() }))
        }
        Event::Rule { tranche, symbol, runs } => (
            "rule",
            json!({
                "tranche": name(AccountId::Tranche(tranche)),
                "symbol": symbols[usize::from(symbol)].history.symbol, "runs": runs,
            }),
        ),
        Event::Reaction { account, symbol, what } => (
            "reaction",
            json!({
                "account": name(account), "what": reason(what),
                "symbol": symbols[usize::from(symbol)].history.symbol,
            }),
        ),
        _ => of_symbol(symbols, event),
    }
}

/// Events with prices or sizes of a symbol.
fn of_symbol(symbols: &[Symbol], event: &Event) -> (&'static str, Value) {
    let name = account_name;
    let symbol = |symbol: u16| symbols[usize::from(symbol)].history.symbol.clone();
    let price = |symbol: u16, price: Price| {
        symbols[usize::from(symbol)].history.scale.to_decimal(price).to_string()
    };
    match *event {
        Event::Trade { symbol: of, buyer, seller, quantity, price: at, value, reason: why } => {
            let payer = match symbols[usize::from(of)].rules.contract {
                Contract::Linear => buyer,
                Contract::Inverse => seller,
            };
            (
                "trade",
                json!({
                    "symbol": symbol(of), "buyer": name(buyer), "seller": name(seller),
                    "quantity": quantity.to_string(), "price": price(of, at),
                    "value": value.to_string(), "paid_by": name(payer), "reason": reason(why),
                }),
            )
        }
        Event::Trigger { account, symbol: of, mark, extent: asked, rule } => (
            "trigger",
            json!({
                "account": name(account), "symbol": symbol(of), "mark": price(of, mark),
                "extent": extent(asked), "part": part(asked).map(|part| part.to_string()),
                "rule": rule,
            }),
        ),
        Event::Order { account, symbol: of, asked, limit, filled, price: at } => (
            "order",
            json!({
                "account": name(account), "symbol": symbol(of), "asked": asked.to_string(),
                "limit": limit.map(|limit| price(of, limit)), "filled": filled.to_string(),
                "price": (filled > Quantity::ZERO).then(|| price(of, at)),
            }),
        ),
        Event::Deleveraged { bankrupt, account, symbol: of, quantity, price: at, mark, rank } => (
            "deleveraged",
            json!({
                "bankrupt": name(bankrupt), "account": name(account), "symbol": symbol(of),
                "quantity": quantity.to_string(), "price": price(of, at),
                "mark": price(of, mark), "rank": rank,
            }),
        ),
        Event::Mark { symbol: of, mark } => {
            ("mark", json!({ "symbol": symbol(of), "mark": price(of, mark) }))
        }
        Event::Funding { symbol: of, per_unit } => {
            let decimals = match symbols[usize::from(of)].rules.contract {
                Contract::Linear => symbols[usize::from(of)].history.scale.decimals() + 12,
                Contract::Inverse => 28,
            };
            (
                "funding",
                json!({ "symbol": symbol(of), "per_unit": decimal(per_unit.steps(), decimals) }),
            )
        }
        _ => ("event", Value::Null),
    }
}

/// The size that a procedure names; `None` where it is all that is held.
fn part(asked: Extent) -> Option<Quantity> {
    match asked {
        Extent::Part(quantity) | Extent::FillOrKill(quantity) => Some(quantity),
        Extent::Whole | Extent::Takeover | Extent::Backstop => None,
    }
}

/// `steps · 10^-decimals` as decimal text, without trailing zeros.
fn decimal(steps: i128, decimals: u32) -> String {
    let one = 10_u128.pow(decimals);
    let (whole, rest) = (steps.unsigned_abs() / one, steps.unsigned_abs() % one);
    let digits = format!("{rest:0width$}", width = decimals as usize);
    let digits = digits.trim_end_matches('0');
    let sign = if steps < 0 { "-" } else { "" };
    let point = if digits.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{digits}")
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn amounts_per_unit_keep_every_digit() {
        assert_eq!(decimal(-1, 20), "-0.00000000000000000001");
        assert_eq!(decimal(12_500, 4), "1.25");
        assert_eq!(decimal(0, 28), "0");
        assert_eq!(decimal(30_000, 4), "3");
    }
}
