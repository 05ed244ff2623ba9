//! The answers in sentences: `summary.txt`, and the headline above each picture.

mod adl;
mod caveats;
mod fund;
mod payers;
mod wave;

pub use adl::headline as adl_headline;
pub use fund::{drawdown_headline, headline as fund_headline};
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
        "{} under the rules of {} as of {}: {} of {}, {} of {} from {} to {}, seed {}. Told in \
         detail: {}.",
        symbols.join(", "),
        facts.rules().name,
        facts.symbols[0].as_of,
        worlds(facts),
        label::counted(facts.told.population.traders.len() as u64, "account"),
        label::counted(lived as u64, "bar"),
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
    label::counted(facts.worlds.count(), "world")
}

/// One world has no quantiles, no average and no worst.
fn is_alone(facts: &Facts) -> bool {
    facts.worlds.count() == 1
}

/// `world 17, the one with the median fall of the fund`.
pub fn picked(facts: &Facts) -> String {
    let number = facts.told.world.world;
    match facts.study.pick {
        _ if is_alone(facts) => format!("world {number}, the only one"),
        Pick::Median => format!("world {number}, the one with the median fall of the fund"),
        Pick::Worst => format!("world {number}, the one with the largest fall of the fund"),
        Pick::World(_) => format!("world {number}"),
    }
}

/// The least amount that people name: a cent, or a millionth of a coin.
pub fn least(rules: &VenueRules) -> Cash {
    Cash::from_atoms(match rules.contract {
        Contract::Linear => 1_000_000,
        Contract::Inverse => 100,
    })
}

/// An amount of the settlement asset for people; what is too small to name is not named.
pub fn amount(rules: &VenueRules, cash: Cash) -> String {
    let least = least(rules);
    let number = match Cash::ZERO < cash && cash < least {
        true => format!("less than {least}"),
        false => number(cash),
    };
    format!("{number} {}", rules.settlement)
}

/// An amount in what prices are given in.
fn value(rules: &VenueRules, cash: Cash) -> String {
    format!("{} {}", number(cash), rules.price_unit())
}

/// Six digits; from a million on four, as `14.6 M` or `2.478 bn`.
fn number(cash: Cash) -> String {
    let units = cash.atoms() as f64 / 1e8;
    let four = |value: f64, name: &str| {
        let decimals = (3.0 - value.abs().log10().floor()).clamp(0.0, 3.0) as usize;
        let digits = format!("{value:.decimals$}");
        let digits = match digits.contains('.') {
            true => digits.trim_end_matches('0').trim_end_matches('.'),
            false => &digits,
        };
        format!("{digits} {name}")
    };
    match units.abs() {
        ..1e6 => label::exact_price(units),
        1e6..1e9 => four(units / 1e6, "M"),
        _ => four(units / 1e9, "bn"),
    }
}

/// `12.3 %`; `None` where there is nothing to compare with.
fn part(of: Cash, whole: Cash) -> Option<String> {
    (whole > Cash::ZERO).then(|| label::percent(of.atoms() as f64 / whole.atoms() as f64))
}

/// `in 412 of 1,000 worlds (41.2 %, 95 % interval 38–44 %)`; never a bare 0 % where nothing was
/// seen.
fn share(share: &Estimate) -> String {
    let worlds = label::counted(share.n, "world");
    let interval = label::percent_range(share.low, share.high);
    match share.hits {
        0 => format!("{} (the chance is at most {})", none_of(share.n), bound(share.high)),
        1 if share.n == 1 => format!("in 1 of 1 world (95 % interval {interval})"),
        hits if hits == share.n => format!("in all of {worlds} (95 % interval {interval})"),
        hits => format!(
            "in {} of {worlds} ({}, 95 % interval {interval})",
            label::count(hits),
            label::percent(share.share)
        ),
    }
}

/// `in none of 1,000 worlds`, `in 0 of 1 world`.
fn none_of(worlds: u64) -> String {
    match worlds {
        1 => "in 0 of 1 world".to_owned(),
        _ => format!("in none of {}", label::counted(worlds, "world")),
    }
}

/// An upper bound in two digits, rounded up.
pub fn bound(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = (1.0 - percent.log10().floor()).clamp(0.0, 12.0) as usize;
    let unit = 10_f64.powi(decimals as i32);
    format!("{:.decimals$} %", (percent * unit - 1e-6).ceil() / unit)
}

/// With a capital at its beginning.
pub fn sentence(text: &str) -> String {
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
        assert_eq!(told(0, 1), "in 0 of 1 world (the chance is at most 80 %)");
        assert_eq!(told(1, 1), "in 1 of 1 world (95 % interval 20–100 %)");
        assert_eq!(told(1_000, 1_000), "in all of 1,000 worlds (95 % interval 99.6–100 %)");
        assert_eq!(told(10, 100), "in 10 of 100 worlds (10.0 %, 95 % interval 5.5–18 %)");
    }

    #[test]
    fn amounts_read_as_people_say_them() {
        let told = |text: &str| number(Cash::parse(text).unwrap());
        assert_eq!(told("999999.4"), "999,999");
        assert_eq!(
            ["5000000", "14600316.92", "-2477590356.95"].map(told),
            ["5 M", "14.6 M", "-2.478 bn"]
        );
        assert_eq!(["0", "0.01", "1234.567"].map(told), ["0", "0.01", "1,234.57"]);
        assert_eq!(told("92000000000"), "92 bn");
    }

    #[test]
    fn bounds_are_rounded_up() {
        let bounds = [0.003_826, 0.000_038_4, 0.5, 1.0].map(bound);
        assert_eq!(bounds, ["0.39 %", "0.0039 %", "50 %", "100 %"]);
    }
}
