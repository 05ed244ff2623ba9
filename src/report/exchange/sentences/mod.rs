//! The answers in sentences: `summary.txt`, and the headline above each picture.

mod adl;
mod caveats;
mod fund;
mod payers;
mod wave;

pub use adl::headline as adl_headline;
pub use fund::{headline as fund_headline, most as drawdown_headline};
pub use payers::headline as payers_headline;
pub use wave::{headline as wave_headline, open_interest_headline};

use super::Facts;
use crate::history::rfc3339;
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::sentences::section;
use crate::scenario::exchange::Pick;
use crate::tally::Estimate;
use crate::venue::{Contract, VenueRules};

/// The whole of `summary.txt`.
pub fn summary(facts: &Facts) -> String {
    let sections = [
        vec![facts.study.title.clone(), scope(facts)],
        section("How far does the fund fall?", fund::section(facts)),
        section("When does auto-deleveraging begin?", adl::section(facts)),
        section("Who pays?", payers::section(facts)),
        section("How much is liquidated, and does the fall feed itself?", wave::section(facts)),
        section("What this rests on", caveats::list(facts)),
    ];
    sections.map(|lines| lines.join("\n")).join("\n\n") + "\n"
}

fn scope(facts: &Facts) -> String {
    let history = facts.history();
    let symbols: Vec<&str> = facts.symbols.iter().map(|symbol| &*symbol.history.symbol).collect();
    let lived = history.len() - facts.scene.first;
    let last = history.time.last().map(|open| open + history.interval.millis());
    format!(
        "{} under the rules of {} as of {}: {} of {} accounts, {} bars of {} from {} to {}, seed \
         {}. Told in detail: {}.",
        symbols.join(", "),
        facts.rules().name,
        facts.symbols[0].as_of,
        worlds(facts),
        label::count(facts.told.population.traders.len() as u64),
        label::count(lived as u64),
        history.interval,
        history.time.get(facts.scene.first).copied().map_or_else(String::new, rfc3339),
        last.map_or_else(String::new, rfc3339),
        facts.study.seed,
        picked(facts)
    )
}

/// `In world 17`.
fn in_picked(facts: &Facts) -> String {
    format!("In world {}", facts.told.world.world)
}

/// `1,000 worlds`.
pub fn worlds(facts: &Facts) -> String {
    match facts.worlds.count() {
        1 => "1 world".to_owned(),
        count => format!("{} worlds", label::count(count)),
    }
}

/// `world 17, the one with the median fall of the fund`.
pub fn picked(facts: &Facts) -> String {
    let number = facts.told.world.world;
    match facts.study.pick {
        Pick::Median => format!("world {number}, the one with the median fall of the fund"),
        Pick::Worst => format!("world {number}, the one with the largest fall of the fund"),
        Pick::World(_) => format!("world {number}"),
    }
}

/// An amount of the settlement asset for people: six digits, and what is less than anybody pays out
/// not at all.
pub fn amount(rules: &VenueRules, cash: Cash) -> String {
    let (least, text) = match rules.contract {
        Contract::Linear => (1_000_000, "0.01"),
        Contract::Inverse => (100, "0.000001"),
    };
    let dust = (1..least).contains(&cash.atoms());
    let number = if dust { format!("less than {text}") } else { number(cash) };
    format!("{number} {}", rules.settlement)
}

/// An amount in what prices are given in.
fn value(rules: &VenueRules, cash: Cash) -> String {
    format!("{} {}", number(cash), rules.price_unit())
}

fn number(cash: Cash) -> String {
    label::exact_price(cash.atoms() as f64 / 1e8)
}

/// `12.3 %`; `None` where there is nothing to compare with.
fn part(of: Cash, whole: Cash) -> Option<String> {
    (whole > Cash::ZERO).then(|| label::percent(of.atoms() as f64 / whole.atoms() as f64))
}

/// `in 412 of 1,000 worlds (41.2 %, 95 % interval 38–44 %)`; never a bare 0 % where nothing was
/// seen.
fn share(share: &Estimate) -> String {
    let n = label::count(share.n);
    let interval = label::percent_range(share.low, share.high);
    match share.hits {
        0 => format!("in none of {n} worlds (the chance is at most {})", bound(share.high)),
        hits if hits == share.n => format!("in all of {n} worlds (95 % interval {interval})"),
        hits => format!(
            "in {} of {n} worlds ({}, 95 % interval {interval})",
            label::count(hits),
            label::percent(share.share)
        ),
    }
}

/// An upper bound in two digits, rounded up.
fn bound(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = (1.0 - percent.log10().floor()).clamp(0.0, 12.0) as usize;
    let unit = 10_f64.powi(decimals as i32);
    format!("{:.decimals$} %", (percent * unit - 1e-6).ceil() / unit)
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_seen_has_a_bound_and_no_share() {
        let estimate = |hits, n| crate::tally::of_independent(hits, n).unwrap();
        let told = |hits, n| share(&estimate(hits, n));
        assert_eq!(told(0, 1_000), "in none of 1,000 worlds (the chance is at most 0.39 %)");
        assert_eq!(told(0, 1), "in none of 1 worlds (the chance is at most 80 %)");
        assert_eq!(told(1_000, 1_000), "in all of 1,000 worlds (95 % interval 99.6–100 %)");
        assert_eq!(told(10, 100), "in 10 of 100 worlds (10.0 %, 95 % interval 5.5–18 %)");
    }

    #[test]
    fn bounds_are_rounded_up() {
        let bounds = [0.003_826, 0.000_038_4, 0.5, 1.0].map(bound);
        assert_eq!(bounds, ["0.39 %", "0.0039 %", "50 %", "100 %"]);
    }
}
