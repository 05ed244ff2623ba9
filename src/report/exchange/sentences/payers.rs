//! Who pays for the losses.

use super::{Facts, amount, bound, in_picked, is_alone, none_of, sentence};
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::exchange::Alternative;
use crate::report::exchange::alternatives::word;
use crate::tally::exchange::{Bucket, Concentration, RungSpread, rungs};
use crate::venue::NegativeBalance;

/// The headline of the waterfall.
pub fn headline(facts: &Facts) -> String {
    let rungs = rungs(facts.worlds);
    let told: Vec<String> = rungs
        .iter()
        .filter_map(|rung| Some((rung, rung.share.filter(|share| *share > 0.0)?)))
        .map(|(rung, share)| format!("{} {}", rung.rung.title, label::percent(share)))
        .collect();
    let everywhere = |words: &'static str| if is_alone(facts) { "" } else { words };
    match told.is_empty() {
        true => format!("Nobody lost anything by liquidation{}.", everywhere(" in any world")),
        false => format!("Of all losses{}: {}.", everywhere(" in all worlds"), told.join("; ")),
    }
}

pub fn section(facts: &Facts) -> Vec<String> {
    let rungs = rungs(facts.worlds);
    let mut lines = vec![headline(facts)];
    lines.extend(rungs.iter().filter(|rung| pays(rung)).map(|rung| line(facts, rung)));
    lines.extend(never(facts, &rungs));
    lines.extend(winners(facts));
    lines.extend(alternatives(facts));
    lines.push(debts(facts));
    lines
}

fn pays(rung: &RungSpread) -> bool {
    rung.paid.most() > Cash::ZERO
}

fn line(facts: &Facts, rung: &RungSpread) -> String {
    let money = |cash| amount(facts.rules(), cash);
    if is_alone(facts) {
        return format!("  {}: {}", rung.rung.title, money(rung.paid.most()));
    }
    format!(
        "  {}: {} on average, {} in the median, at most {}",
        rung.rung.title,
        money(rung.paid.mean()),
        money(rung.paid.quantile(50)),
        money(rung.paid.most())
    )
}

/// The rungs that were not reached, with what that is worth.
fn never(facts: &Facts, rungs: &[RungSpread]) -> Option<String> {
    let idle: Vec<&str> =
        rungs.iter().filter(|rung| !pays(rung)).map(|rung| rung.rung.title).collect();
    let chance = facts.worlds.share(|_| false).high;
    let nowhere = none_of(facts.worlds.count());
    (!idle.is_empty()).then(|| {
        sentence(&format!(
            "{nowhere} (the chance of each is at most {}) did these pay: {}.",
            bound(chance),
            idle.join("; ")
        ))
    })
}

/// Which accounts gave up their profit in the picked world.
fn winners(facts: &Facts) -> Vec<String> {
    let given = facts.told.concentration();
    let Some(largest) = given.ten_largest else { return Vec::new() };
    let give = if given.accounts == 1 { "gives" } else { "give" };
    let largest = match given.accounts {
        ..=10 => String::new(),
        _ => format!("; the ten largest are {} of what is deleveraged", label::percent(largest)),
    };
    vec![
        format!(
            "{}, {} {give} up {} of profit{largest}.",
            in_picked(facts),
            label::counted(given.accounts, "account"),
            amount(facts.rules(), given.gap)
        ),
        by_bucket(facts, &given),
    ]
}

/// By size of the account, of all accounts of the world.
fn by_bucket(facts: &Facts, given: &Concentration) -> String {
    let whole = given.notional;
    let told = Bucket::ALL.iter().zip(&given.buckets).map(|(bucket, part)| {
        let share = super::part(part.notional, whole).unwrap_or_default();
        format!("{bucket} {share} ({})", label::counted(part.accounts, "account"))
    });
    let all = label::counted(facts.told.population.traders.len() as u64, "account");
    format!("Deleveraged by size among all {all}: {}.", told.collect::<Vec<_>>().join(", "))
}

fn alternatives(facts: &Facts) -> Vec<String> {
    let told = |other: &Alternative| {
        let ten = match other.paid.ten_largest.filter(|_| other.world.adl_accounts > 10) {
            Some(share) => format!(", the ten largest {},", label::percent(share)),
            None => String::new(),
        };
        format!(
            "{} would hit {}{ten} for {} of profit",
            word(other.rank),
            label::counted(u64::from(other.world.adl_accounts), "account"),
            amount(facts.rules(), other.world.waterfall.adl)
        )
    };
    let told: Vec<String> = facts.alternatives.iter().map(told).collect();
    match told.is_empty() {
        true => Vec::new(),
        false => vec![sentence(&format!(
            "on the same draws {}; the venue's own rank is {}.",
            told.join("; "),
            word(facts.rules().loss.adl_rank)
        ))],
    }
}

/// What traders were short of when nothing was left of their margin.
fn debts(facts: &Facts) -> String {
    let (accounts, sum) = facts.told.deficits();
    if accounts == 0 {
        return format!("{}, no account ends below zero.", in_picked(facts));
    }
    let who = label::counted(accounts, "account");
    let money = amount(facts.rules(), sum);
    let (end, owe) = match accounts {
        1 => (format!("ends {money} below zero"), "it owes"),
        _ => (format!("end {money} below zero together"), "they owe"),
    };
    let bearer = match facts.rules().loss.negative_balance {
        NegativeBalance::Protected => {
            "nothing, and would owe it without negative-balance protection"
        }
        NegativeBalance::Owed => "that: there is no negative-balance protection",
    };
    format!("{}, {who} {end}; {owe} {bearer}.", in_picked(facts))
}
