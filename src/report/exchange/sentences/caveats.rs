//! What a reader must know before relying on the figures.

use super::{Facts, amount, is_alone, number, value, worlds};
use crate::history::MarkSource;
use crate::money::Cash;
use crate::report::chart::label;
use crate::report::exchange::Symbol;
use crate::scenario::exchange::{Driver, FundMeasure, PathOrder, Preset};
use crate::venue::TriggerPrice;

/// One line each; `summary.txt` ends with them.
pub fn list(facts: &Facts) -> Vec<String> {
    let mut caveats = vec![one_crash(facts), driver(facts), path(facts), substeps(facts)];
    caveats.extend(facts.symbols.iter().flat_map(prices));
    caveats.push(population(facts));
    caveats.extend(liquidity(facts));
    caveats.extend(fund(facts));
    caveats.extend(timeline(facts));
    caveats.extend(venue(facts));
    caveats.into_iter().map(|caveat| format!("- {caveat}")).collect()
}

fn one_crash(facts: &Facts) -> String {
    if is_alone(facts) {
        return "1 world is one draw of its population in one crash: how far other draws would \
                differ is not known, and nothing is said about other crashes."
            .to_owned();
    }
    format!(
        "{} differ only in the draw of their population: they are one crash, seen many times, and \
         the intervals say nothing about other crashes.",
        super::sentence(&worlds(facts))
    )
}

fn driver(facts: &Facts) -> String {
    match facts.study.driver {
        Driver::Replay => "Price driver replay: marks are the recorded ones; what is liquidated \
                           here does not move them."
            .to_owned(),
        Driver::ReplayLocal { weight } => format!(
            "Price driver replay+local: marks are the recorded ones, moved by {} (assumed) of what \
             forced orders displace here. A recorded crash contains the impact of the real \
             liquidations already.",
            label::percent(weight.to_f64())
        ),
        Driver::Counterfactual { recorded } => format!(
            "Price driver counterfactual: marks follow what is liquidated here beyond {}, which \
             history is said to have liquidated. Totals of liquidations differ by a factor of two \
             between sources.",
            value(facts.rules(), recorded)
        ),
    }
}

/// The order of the extremes inside a bar is not known: what hangs on it.
fn path(facts: &Facts) -> String {
    let marked = facts.worlds.orders(facts.study.path, |world| world.fund_drawdown_mtm);
    let adl = facts.worlds.orders(facts.study.path, |world| world.adl_notional);
    if let (Some(marked), Some(adl)) = (marked, adl) {
        let pair = |one: Cash, other: Cash, money: &dyn Fn(Cash) -> String| {
            format!("{} to {}", money(one.min(other)), money(one.max(other)))
        };
        let medians = [marked.low_first.quantile(50), marked.high_first.quantile(50)];
        let deleveraged = [adl.low_first.quantile(50), adl.high_first.quantile(50)];
        let money = |cash| amount(facts.rules(), cash);
        let quote = |cash| value(facts.rules(), cash);
        return format!(
            "Whether the low or the high of a bar came first is not known: half of the worlds take \
             each. Between the two the median fall of the fund, marked to market, is {}, the \
             median amount deleveraged {}.",
            pair(medians[0], medians[1], &money),
            pair(deleveraged[0], deleveraged[1], &quote)
        );
    }
    let order = match facts.study.path {
        PathOrder::HighFirst => "the high first",
        PathOrder::LowFirst | PathOrder::Both => "the low first",
    };
    format!(
        "Inside a bar of {} every world takes {order}; the true order is not known.",
        facts.history().interval
    )
}

fn substeps(facts: &Facts) -> String {
    format!(
        "Each bar of {} is lived through in 4 sub-steps, and in {} where a range is above 1 % of \
         the open; what happens within one of them has an order, but no time of its own.",
        facts.history().interval,
        1 + 3 * u32::from(facts.study.substeps)
    )
}

fn prices(symbol: &Symbol) -> Vec<String> {
    let name = &symbol.history.symbol;
    let mark = match symbol.history.mark_source {
        MarkSource::Recorded => format!("{name}: liquidations are triggered by recorded marks."),
        MarkSource::TradeStandsIn => format!(
            "{name}: no mark series was given; trade prices stand in for the mark, and their wicks \
             overstate liquidations."
        ),
    };
    let stand_in =
        symbol.shipped.filter(|shipped| shipped.stands_in(symbol.rules)).map(|shipped| {
            format!(
                "{name}: the prices are those of {} on {}; they stand in for {} on {}.",
                shipped.instrument, shipped.exchange, symbol.rules.symbol, symbol.rules.name
            )
        });
    let oracle = (symbol.rules.trigger_price == TriggerPrice::Oracle).then(|| {
        format!("{name}: the venue liquidates on an oracle's price; the mark stands in for it.")
    });
    let missing = match symbol.history.missing {
        0 => None,
        1 => Some(format!("{name}: 1 bar is missing from the history.")),
        missing => Some(format!("{name}: {missing} bars are missing from the history.")),
    };
    [Some(mark), stand_in, oracle, missing].into_iter().flatten().collect()
}

fn population(facts: &Facts) -> String {
    let choice = &facts.study.population;
    if choice.file.is_some() {
        return "The accounts are read from a file; market makers take the difference of longs and \
                shorts."
            .to_owned();
    }
    let leverage = match choice.leverage.preset {
        Preset::Hyperliquid2025 => "as on Hyperliquid on 15 December 2025",
        Preset::Bitmex2019 => "as on BitMEX in May 2018 and April 2019",
        Preset::Own => "a table of the scenario",
    };
    format!(
        "Who holds what is drawn, not known: leverages {leverage}; sizes lognormal (σ {}) with a \
         Pareto tail (α {}), the largest at most {} of its side; correlation of size and leverage \
         {}, ages of entries, {} of cross accounts and {} are assumed.",
        choice.sigma,
        choice.alpha,
        label::percent(choice.largest.to_f64()),
        choice.correlation,
        label::percent(choice.cross.to_f64()),
        label::counted(choice.makers.into(), "market maker")
    )
}

fn liquidity(facts: &Facts) -> Vec<String> {
    let books = facts.symbols.iter().zip(&facts.study.books);
    let told = books.map(|(symbol, book)| {
        let choice = &book.liquidity;
        format!(
            "{}: a book of {} {} within 1 % in calm times, of which {} is left at the start; it \
             thins with volatility and displacement and recovers with a half-life of {} (assumed).",
            symbol.history.symbol,
            number(choice.curve.depth),
            symbol.rules.price_unit(),
            label::percent(choice.curve.multiplier.to_f64()),
            choice.half_life
        )
    });
    told.collect()
}

fn fund(facts: &Facts) -> Option<String> {
    let fund = &facts.study.fund;
    if fund.tranches.is_empty() {
        return None;
    }
    let takes = match fund.takeover {
        true => "takes positions over and works them out",
        false => "takes no positions over",
    };
    let measure = match fund.measure {
        FundMeasure::Cash => "by its cash",
        FundMeasure::MarkedToMarket => "marked to market",
    };
    let cap = fund.notional_cap.map_or(String::new(), |cap| {
        format!(", holds at most {} a tranche", amount(facts.rules(), cap))
    });
    let tranches = label::counted(fund.tranches.len() as u64, "tranche");
    Some(format!(
        "The fund has {tranches}, {takes}, is measured {measure}{cap} and offers at most {} of the \
         depth within 1 % in a sub-step (assumed).",
        label::percent(fund.participation.to_f64())
    ))
}

fn timeline(facts: &Facts) -> Option<String> {
    let (over, all) = (facts.timeline.worlds, facts.worlds.count());
    (over < all).then(|| {
        format!(
            "The quantiles of timeline.parquet are over the first {} of {}.",
            label::count(over),
            label::counted(all, "world")
        )
    })
}

/// Of several symbols, what is said of each is said once.
fn venue(facts: &Facts) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for symbol in facts.symbols {
        let is_of_prices = |text: &String| text.starts_with("history (");
        let assumed = symbol.rules.assumptions().into_iter().filter(|text| !is_of_prices(text));
        let replaced = symbol.rules.overridden.iter();
        let replaced =
            replaced.map(|(key, text)| format!("The scenario replaces {key} by {text}."));
        for text in assumed.map(|text| format!("Venue: {text}")).chain(replaced) {
            if !told.contains(&text) {
                told.push(text);
            }
        }
    }
    told
}
