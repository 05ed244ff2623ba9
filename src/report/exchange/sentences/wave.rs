//! How much is liquidated, and where a fall feeds itself.

use super::{Facts, in_picked, is_alone, part, sentence, share, value};
use crate::money::{Cash, Price};
use crate::report::chart::label;
use crate::report::exchange::density::{MULTIPLIERS, density, multiplier};
use crate::scenario::Side;

/// The headline of the liquidation heat map.
pub fn headline(facts: &Facts) -> String {
    let liquidated = facts.worlds.spread(|world| world.liquidated_notional);
    let all = facts.open_interest();
    let told = |cash: Cash| match part(cash, all) {
        Some(part) => format!("{} ({part} of the open interest)", value(facts.rules(), cash)),
        None => value(facts.rules(), cash),
    };
    if liquidated.most() == Cash::ZERO {
        return "Nothing is liquidated in any world.".to_owned();
    }
    if is_alone(facts) {
        return format!("In the only world {} is liquidated.", told(liquidated.most()));
    }
    let together = if facts.symbols.len() > 1 { ", all symbols together" } else { "" };
    format!(
        "In half of the worlds no more than {} is liquidated, in 19 of 20 no more than {}, at most \
         {}{together}.",
        told(liquidated.quantile(50)),
        told(liquidated.quantile(95)),
        told(liquidated.most())
    )
}

pub fn section(facts: &Facts) -> Vec<String> {
    let mut lines = vec![headline(facts), accounts(facts), first(facts)];
    lines.extend((0..facts.symbols.len()).map(|symbol| feeding(facts, symbol)));
    lines
}

/// The headline of the open interest.
pub fn open_interest_headline(facts: &Facts) -> String {
    let world = &facts.told.world;
    let end = world.timeline.last().map_or(Cash::ZERO, |sample| sample.open_interest);
    format!(
        "{}, open interest goes from {} to {}; {} is liquidated and {} deleveraged.",
        in_picked(facts),
        value(facts.rules(), facts.open_interest()),
        value(facts.rules(), end),
        value(facts.rules(), world.liquidated_notional),
        value(facts.rules(), world.adl_notional)
    )
}

fn accounts(facts: &Facts) -> String {
    let hit = facts.worlds.spread(|world| world.liquidations);
    let taken = facts.worlds.spread(|world| world.taken_over);
    let over = match taken.most() {
        Cash::ZERO if is_alone(facts) => "nothing is taken over".to_owned(),
        Cash::ZERO => "nothing is taken over in any world".to_owned(),
        _ => format!(
            "positions of {} are taken over by the fund",
            value(facts.rules(), taken.quantile(50))
        ),
    };
    let hit = u64::from(hit.quantile(50));
    sentence(&format!(
        "{}{} of {} {} liquidated, in part or whole, and {over}.",
        if is_alone(facts) { "" } else { "in the median " },
        label::count(hit),
        label::counted(facts.told.population.traders.len() as u64, "account"),
        if hit == 1 { "is" } else { "are" }
    ))
}

/// Where the first symbol's fall feeds itself at the scenario's depth.
fn first(facts: &Facts) -> String {
    let name = &facts.history().symbol;
    let seen = facts.worlds.share(|world| world.first_r_price.is_some());
    let from = facts.worlds.among(|world| world.first_r_price).map_or(String::new(), |prices| {
        let median = if is_alone(facts) { "" } else { " in the median" };
        format!(", first at {}{median}", away(facts, 0, prices.quantile(50)))
    });
    sentence(&format!(
        "{} a fall of {name} would feed itself (R ≥ 1) somewhere on the way down at the depth of \
         this scenario{from}.",
        share(&seen)
    ))
}

/// `102,000 USDT (−8.2 %)`.
fn away(facts: &Facts, symbol: usize, price: Price) -> String {
    let history = facts.symbols[symbol].history;
    let start = facts.start(symbol as u16);
    let moved = price.steps() as f64 / start.steps() as f64 - 1.0;
    let price = label::exact_price(history.scale.to_f64(price));
    let unit = facts.symbols[symbol].rules.price_unit();
    format!("{price} {unit} ({:+.1} % from the start)", moved * 100.0)
}

/// The same of one symbol at several depths, in the picked world.
fn feeding(facts: &Facts, symbol: usize) -> String {
    let density = density(facts, facts.told, symbol);
    let curve = &facts.study.books[symbol].liquidity.curve;
    let at = |(name, percent): (&str, i64)| {
        let first = density.first_self_sustaining(Side::Long, curve, multiplier(percent));
        let whence = match first {
            Some(price) => format!("from {}", away(facts, symbol, price)),
            None => "nowhere".to_owned(),
        };
        format!("at {name} {whence}")
    };
    format!(
        "{}, a fall of {} would feed itself {}.",
        in_picked(facts),
        facts.symbols[symbol].history.symbol,
        MULTIPLIERS.map(at).join(", ")
    )
}
