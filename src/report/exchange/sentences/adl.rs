//! When auto-deleveraging begins, and how large it is.

use super::{Facts, in_picked, is_alone, sentence, share, value};
use crate::exchange::World;
use crate::history::rfc3339;
use crate::money::Cash;
use crate::report::chart::label;
use crate::tally::exchange::Spread;
use std::collections::BTreeMap;

/// The headline of the timeline of auto-deleveraging.
pub fn headline(facts: &Facts) -> String {
    let begun = facts.worlds.share(|world| world.first_adl.is_some());
    sentence(&format!("{} winners are auto-deleveraged.", share(&begun)))
}

pub fn section(facts: &Facts) -> Vec<String> {
    let mut lines = vec![headline(facts)];
    let Some(first) = facts.worlds.among(|world| world.first_adl) else {
        lines.push(
            "Everything that was liquidated found a buyer in the book or was taken over by the \
             fund, which stayed able to pay."
                .to_owned(),
        );
        return lines;
    };
    lines.push(begin(facts, &first));
    lines.push(size(facts));
    lines.extend(by_symbol(facts));
    lines
}

fn begin(facts: &Facts, first: &Spread<i64>) -> String {
    let after = |world: &World| Some(world.first_adl? - world.first_liquidation?);
    let delay = facts.worlds.among(after).map(|after| after.quantile(50));
    let later = match delay {
        Some(millis) if millis > 0 => format!(", {} after the first liquidation", span(millis)),
        Some(_) => ", together with the first liquidation".to_owned(),
        None => String::new(),
    };
    if is_alone(facts) {
        return format!("It begins on {} UTC{later}.", label::dated_moment(first.least()));
    }
    format!(
        "Where it happens it begins, in the median, on {} UTC{later}; at the earliest on {} UTC.",
        label::dated_moment(first.quantile(50)),
        label::dated_moment(first.least())
    )
}

/// A length of time; seconds below two minutes.
fn span(millis: i64) -> String {
    match millis {
        ..120_000 => format!("{} s", millis / 1_000),
        _ => label::hours(millis as f64 / 3.6e6),
    }
}

fn size(facts: &Facts) -> String {
    let of = |of: fn(&World) -> Cash| facts.worlds.among(|w| w.first_adl.map(|_| of(w)));
    let count = |noun: &str, of: fn(&World) -> u32| {
        let spread = facts.worlds.among(|world| world.first_adl.map(|_| of(world)));
        let told = |spread: Spread<u32>| label::counted(u64::from(spread.quantile(50)), noun);
        spread.map_or_else(String::new, told)
    };
    let Some(notional) = of(|world| world.adl_notional) else { return String::new() };
    let closed = value(facts.rules(), notional.quantile(50));
    let accounts = count("account", |world| world.adl_accounts);
    let trades = count("trade", |world| world.adl_events);
    match is_alone(facts) {
        true => format!("It closes {closed} of winning positions, of {accounts} in {trades}."),
        false => format!(
            "There it closes, in the median, {closed} of winning positions, of {accounts} in \
             {trades}; at most {}.",
            value(facts.rules(), notional.most())
        ),
    }
}

/// In which order several symbols of the picked world were hit; `None` where at most one was.
fn by_symbol(facts: &Facts) -> Option<String> {
    let mut first: BTreeMap<u16, i64> = BTreeMap::new();
    for event in &facts.told.deleveragings {
        first.entry(event.symbol).or_insert(event.moment.time);
    }
    let mut order: Vec<(i64, u16)> =
        first.into_iter().map(|(symbol, time)| (time, symbol)).collect();
    order.sort_unstable();
    let told: Vec<String> = order
        .iter()
        .map(|(time, symbol)| {
            format!("{} at {}", facts.symbols[usize::from(*symbol)].history.symbol, rfc3339(*time))
        })
        .collect();
    (told.len() > 1)
        .then(|| format!("{}, it begins in {}.", in_picked(facts), told.join(", then in ")))
}
