//! What a reader must know before relying on the figures.

use crate::history::{MarkSource, rfc3339};
use crate::report::Facts;
use crate::report::chart::label;
use crate::scenario::{FillBase, MarginMode, SlippageModel};
use crate::venue::TriggerPrice;

/// One line each; `summary.txt` ends with them.
pub fn list(facts: &Facts) -> Vec<String> {
    let mut caveats = vec![mark(facts)];
    caveats.extend(stand_in(facts));
    caveats.extend(oracle(facts));
    caveats.extend(wallet(facts));
    caveats.extend([fills(facts), gaps(facts), path(facts)]);
    caveats.extend(later_rules(facts));
    caveats.extend(moved_opens(facts));
    caveats.extend(left_out(facts));
    // Whose prices these are was said above.
    let assumed = facts.rules.assumptions().into_iter().filter(|text| !is_of_prices(text));
    caveats.extend(assumed.map(|text| format!("Venue: {text}")));
    let replaced = facts.rules.overridden.iter();
    caveats.extend(replaced.map(|(key, text)| format!("The scenario replaces {key} by {text}.")));
    caveats.into_iter().map(|caveat| format!("- {caveat}")).collect()
}

fn mark(facts: &Facts) -> String {
    match facts.history.mark_source {
        MarkSource::Recorded => "Liquidations are triggered by recorded mark prices.",
        MarkSource::TradeStandsIn => {
            "No mark series was given: trade prices stand in for the mark, and their wicks \
             overstate liquidations."
        }
    }
    .to_owned()
}

fn is_of_prices(assumption: &str) -> bool {
    assumption.starts_with("history (")
}

/// Prices of another exchange or instrument than the one whose rules apply.
fn stand_in(facts: &Facts) -> Option<String> {
    let shipped = facts.shipped.filter(|shipped| shipped.stands_in(facts.rules))?;
    Some(format!(
        "The prices are those of {} on {}: they stand in for {} on {}.",
        shipped.instrument, shipped.exchange, facts.rules.symbol, facts.rules.name
    ))
}

fn oracle(facts: &Facts) -> Option<String> {
    let triggered = facts.rules.trigger_price == TriggerPrice::Oracle;
    triggered.then(|| {
        "The venue liquidates on an oracle's price; the mark series stands in for the oracle."
            .to_owned()
    })
}

fn wallet(facts: &Facts) -> Option<String> {
    match facts.study.margin {
        MarginMode::Isolated => None,
        MarginMode::Cross { wallet } => Some(format!(
            "Cross margin: a wallet of {wallet} {} stands behind each position, whatever its \
             leverage.",
            facts.rules.settlement
        )),
    }
}

/// Rules that are only known from a day after the first bar.
fn later_rules(facts: &Facts) -> Option<String> {
    let first = facts.history.time.first().copied().map(rfc3339)?;
    let from = facts.rules.valid_from;
    let day = first.get(..10).unwrap_or_default();
    (*day < *from.to_string()).then(|| {
        format!("The prices begin on {day}, before these rules, which are known from {from}.")
    })
}

fn fills(facts: &Facts) -> String {
    let base = match facts.study.slippage.base {
        FillBase::Last => "the last price at the same point of the bar's path",
        FillBase::Mark => "the mark that triggered",
    };
    match facts.study.slippage.model {
        SlippageModel::None => format!("Close-outs are filled at {base}, without slippage."),
        SlippageModel::Fixed(rate) => {
            format!("Close-outs are filled {} worse than {base}.", label::percent(rate.to_f64()))
        }
        SlippageModel::Depth(curve) => format!(
            "Close-outs start at {base} and sweep a book of {} {} within 1 %, of which {} is left.",
            curve.depth,
            facts.rules.price_unit(),
            label::percent(curve.multiplier.to_f64())
        ),
    }
}

fn gaps(facts: &Facts) -> String {
    match facts.history.missing {
        0 => "No bar is missing.".to_owned(),
        missing => format!(
            "{missing} missing bar{}; the policy is `{}`.",
            if missing == 1 { "" } else { "s" },
            word(&facts.study.raw.history.gaps)
        ),
    }
}

fn moved_opens(facts: &Facts) -> Option<String> {
    let bars = match facts.history.moved_opens {
        0 => return None,
        1 => "1 bar was published with an open outside its own range; it was".to_owned(),
        moved => format!("{moved} bars were published with opens outside their ranges; these were"),
    };
    Some(format!("{bars} moved to the nearer edge, as the scenario asks."))
}

fn path(facts: &Facts) -> String {
    format!(
        "Inside a bar of {} prices are taken to run {}; when in the bar a level was reached is not \
         known.",
        facts.history.interval,
        word(&facts.study.path)
    )
}

fn left_out(facts: &Facts) -> Vec<String> {
    let all = facts.plan.entries.len();
    let counts = facts.study.horizons.iter().zip(&facts.plan.left_out);
    let told: Vec<String> = counts
        .filter(|(_, out)| **out > 0)
        .map(|(horizon, out)| format!("{out} of {all} for {}", horizon.label))
        .collect();
    if told.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "Entries without a full horizon are left out ({}), so horizons rest on different entries.",
        told.join(", ")
    )]
}

/// A choice as the scenario file spells it.
fn word(choice: &impl serde::Serialize) -> String {
    let written = serde_json::to_value(choice).ok();
    written.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
