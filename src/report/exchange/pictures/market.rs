//! What all pictures of a run share.

use super::units;
use crate::history::MarkSource;
use crate::report::chart::exchange::{Bar, Market, Symbol};
use crate::report::chart::{Caption, label};
use crate::report::exchange::{Facts, sentences};
use crate::report::pictures::bar_of;
use crate::scenario::exchange::{Driver, PathOrder};
use crate::tally::exchange::{Bucket, in_quote};

const NOTE: &str = "worlds differ only in the draw of their population. Parameters without a \
                    source are assumed; summary.txt names them.";

/// Driver, mark, sub-steps, number of worlds and seed stand under every headline.
pub fn caption(facts: &Facts, headline: String) -> Caption {
    let footer = format!("Drawn is {}; {}", sentences::picked(facts), NOTE);
    Caption { headline, subtitle: subtitle(facts), footer }
}

/// The same for what shows all worlds.
pub fn caption_of_all(facts: &Facts, headline: String) -> Caption {
    let footer = sentences::sentence(NOTE);
    Caption { headline, subtitle: subtitle(facts), footer }
}

fn subtitle(facts: &Facts) -> String {
    let symbols: Vec<&str> = facts.symbols.iter().map(|symbol| &*symbol.history.symbol).collect();
    let driver = match facts.study.driver {
        Driver::Replay => "replay".to_owned(),
        Driver::ReplayLocal { weight } => {
            format!("replay+local {}", label::percent(weight.to_f64()))
        }
        Driver::Counterfactual { .. } => "counterfactual".to_owned(),
    };
    let path = match facts.study.path {
        PathOrder::Both => "both orders",
        PathOrder::LowFirst => "low first",
        PathOrder::HighFirst => "high first",
    };
    format!(
        "{} · {} (rules of {}) · {} bars, {path}, 4 or 13 sub-steps · {} · driver {driver} · {} \
         × {} · seed {}",
        symbols.join(", "),
        facts.rules().name,
        facts.rules().valid_from,
        facts.history().interval,
        price_name(facts),
        sentences::worlds(facts),
        label::counted(facts.told.population.traders.len() as u64, "account"),
        facts.study.seed
    )
}

fn price_name(facts: &Facts) -> &'static str {
    let stands_in = |source| source == MarkSource::TradeStandsIn;
    match facts.symbols.iter().any(|symbol| stands_in(symbol.history.mark_source)) {
        true => "last",
        false => "mark",
    }
}

/// All symbols through the bars that the worlds live through.
pub fn market(facts: &Facts) -> Market {
    Market {
        symbols: (0..facts.symbols.len()).map(|n| symbol(facts, n)).collect(),
        ..one(facts, 0)
    }
}

/// One symbol.
pub fn one(facts: &Facts, number: usize) -> Market {
    Market {
        price_name: price_name(facts).to_owned(),
        interval: facts.history().interval.millis(),
        symbols: vec![symbol(facts, number)],
    }
}

fn symbol(facts: &Facts, number: usize) -> Symbol {
    let symbol = &facts.symbols[number];
    let bar = |bar: usize| Bar { last: None, ..bar_of(symbol.history, bar) };
    Symbol {
        name: symbol.history.symbol.clone(),
        quote: symbol.rules.price_unit().to_owned(),
        bars: (facts.scene.first..symbol.history.len()).map(bar).collect(),
    }
}

/// Share of the open interest, longs and shorts, that the accounts of each bucket hold at the
/// start.
pub fn held_by_bucket(facts: &Facts) -> [f64; 4] {
    let mut held = [0.0; 4];
    for (trader, bucket) in facts.told.population.traders.iter().zip(&facts.told.buckets) {
        let range = trader.holdings.start as usize..trader.holdings.end as usize;
        for holding in &facts.told.population.holdings[range] {
            let law = &facts.scene.markets[usize::from(holding.symbol)].law;
            let place = Bucket::ALL.iter().position(|known| known == bucket).unwrap_or_default();
            held[place] += units(in_quote(law, holding.quantity, facts.start(holding.symbol)));
        }
    }
    let all: f64 = held.iter().sum();
    held.map(|part| if all > 0.0 { (part / all).min(1.0) } else { 0.0 })
}
