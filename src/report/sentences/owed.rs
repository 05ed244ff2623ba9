//! What is left of the margin, and what would be owed beyond it.

use super::{name, short_name};
use crate::money::Cash;
use crate::report::Facts;
use crate::report::chart::label;
use crate::tally::{Cell, Owed, OwedAmounts};
use crate::venue::{Contract, FundScope, NegativeBalance, Residual, VenueRules};
use rust_decimal::Decimal;

/// The headline of the picture of amounts owed, which shows one horizon.
pub fn headline(facts: &Facts, bars: usize) -> String {
    let held = label::hours(facts.hours(bars));
    told(facts, &format!("held {held}"), facts.tally.cells().iter().filter(|c| c.bars == bars))
}

/// Over all horizons; and who bears it under the rules of this run.
pub fn section(facts: &Facts) -> Vec<String> {
    let bearer = match facts.rules.loss.negative_balance {
        NegativeBalance::Protected => {
            let who = match facts.rules.loss.fund {
                FundScope::Vault => "the backstop vault bears",
                FundScope::None => "the other traders bear",
                _ => "the insurance fund bears",
            };
            format!(
                "Under the rules of this run no: traders are protected, and {who} what is below \
                 zero."
            )
        }
        NegativeBalance::Owed => {
            "Under the rules of this run yes: there is no negative-balance protection.".to_owned()
        }
    };
    vec![bearer, told(facts, "of all horizons", facts.tally.cells().iter())]
}

fn told<'a>(facts: &Facts, which: &str, cells: impl Iterator<Item = &'a Cell>) -> String {
    let counted: Vec<(&Cell, Owed)> = cells.filter_map(|c| Some((c, c.owed()?))).collect();
    let all: u64 = counted.iter().map(|(_, owed)| owed.share.n).sum();
    let owing: u64 = counted.iter().map(|(_, owed)| owed.share.hits).sum();
    let worst = counted
        .iter()
        .filter_map(|(cell, owed)| Some((*cell, owed.amounts?)))
        .max_by(|one, other| one.1.largest.cmp(&other.1.largest));
    let Some((cell, amounts)) = worst else {
        return format!(
            "Without negative-balance protection nobody would have owed anything: all positions \
             {which} were closed above bankruptcy."
        );
    };
    format!(
        "Without negative-balance protection {} of {} positions {which} would have ended below \
         zero; the worst, a {}, owing {}.",
        label::count(owing),
        label::count(all),
        short_name(cell),
        amount(facts, &amounts)
    )
}

/// `1209.31 USDT (60 % of its margin)`.
fn amount(facts: &Facts, amounts: &OwedAmounts) -> String {
    format!(
        "{} {} ({} of its margin)",
        rounded(facts.rules, amounts.largest),
        facts.rules.settlement,
        label::percent(amounts.largest_of_margin)
    )
}

/// An amount for people: cents, or millionths of a coin; of a smaller one four digits.
pub fn rounded(rules: &VenueRules, amount: Cash) -> String {
    let (decimals, few) = match rules.contract {
        Contract::Linear => (2, Decimal::TEN),
        Contract::Inverse => (6, Decimal::new(1, 2)),
    };
    let amount = amount.to_decimal();
    match amount.abs() < few {
        true => amount.round_sf(4).unwrap_or(amount).normalize().to_string(),
        false => amount.round_dp(decimals).to_string(),
    }
}

/// What came back of the margin of positions that were closed whole.
pub fn margin(facts: &Facts) -> String {
    let cells = facts.tally.cells().iter();
    let back: Vec<(&Cell, f64)> =
        cells.filter_map(|cell| Some((cell, cell.margin_returned()?))).collect();
    let most = back.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    match most {
        None if facts.tally.cells().iter().any(|cell| cell.steps().partial > 0) => {
            "Not all: nobody was closed whole, and what is left of a margin stays with its \
             position."
                .to_owned()
        }
        None => "Nobody was liquidated, so no margin was taken.".to_owned(),
        Some((_, most)) if *most == 0.0 => format!(
            "Yes: nothing came back of the margin of any liquidated position{}.",
            if keeps(facts) { "; the insurance fund keeps what a close-out leaves" } else { "" }
        ),
        Some((cell, most)) => format!(
            "Of the margin of liquidated positions at most {} came back on average ({}){}.",
            label::percent(*most),
            name(facts, cell),
            if charges(facts) { ", after the liquidation fee" } else { "" }
        ),
    }
}

fn keeps(facts: &Facts) -> bool {
    facts.rules.residual == Residual::FundKeeps
}

fn charges(facts: &Facts) -> bool {
    matches!(facts.rules.residual, Residual::FeeThenReturn)
}
