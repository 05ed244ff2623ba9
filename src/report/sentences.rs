//! The answers in sentences: `summary.txt`, and the headline above each picture.

use super::{Facts, stamp};
use crate::history::MarkSource;
use crate::money::Leverage;
use crate::scenario::{FillBase, SlippageModel};
use crate::tally::{Cell, Estimate};
use crate::venue::NegativeBalance;

/// The whole of `summary.txt`.
pub fn summary(facts: &Facts) -> String {
    let mut lines = vec![facts.study.title.clone(), String::new(), scope(facts)];
    lines.extend([String::new(), "How often would I have been liquidated?".to_owned()]);
    lines.extend(facts.tally.cells().iter().map(frequency_line));
    lines.extend(safest(facts));
    lines.extend([String::new(), "Is my margin gone?".to_owned(), margin_line(facts)]);
    lines.extend([String::new(), "Will I owe money?".to_owned(), owed_headline(facts)]);
    lines.push(bearer(facts).to_owned());
    lines.extend([String::new(), "What this rests on".to_owned()]);
    lines.extend(caveats(facts).into_iter().map(|caveat| format!("  - {caveat}")));
    lines.join("\n") + "\n"
}

fn scope(facts: &Facts) -> String {
    let history = facts.history;
    let last = history.time.last().map(|open| open + history.interval.millis());
    format!(
        "{} under the rules of {} as of {}: {} bars of {} from {} to {}, {} positions.",
        history.symbol,
        facts.rules.name,
        facts.as_of,
        history.len(),
        history.interval,
        history.time.first().copied().map_or_else(String::new, stamp),
        last.map_or_else(String::new, stamp),
        facts.positions,
    )
}

fn frequency_line(cell: &Cell) -> String {
    let of = format!("  {} {}x held {}", cell.side, cell.leverage, cell.horizon);
    match cell.share() {
        None => format!("{of}: no entry had a full horizon"),
        Some(share) => format!("{of}: {} of {}, {}", share.hits, share.n, with_interval(&share)),
    }
}

fn with_interval(share: &Estimate) -> String {
    format!(
        "{} (95 % interval {} to {}; worth {:.0} independent windows)",
        percent(share.share),
        percent(share.low),
        percent(share.high),
        share.n_eff
    )
}

/// One decimal below 10 %, none above; never a bare 0 for something that did happen.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 0.1 => "below 0.1 %".to_owned(),
        p if p > 0.0 && p < 9.95 => format!("{p:.1} %"),
        p if p > 99.5 && p < 100.0 => "above 99.5 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// For each side and horizon, the highest leverage at which nothing was liquidated.
fn safest(facts: &Facts) -> Vec<String> {
    let horizons = facts.study.horizons.iter();
    horizons
        .flat_map(|horizon| {
            facts.study.sides.iter().filter_map(move |side| {
                let cells = facts.tally.cells().iter();
                let mut of: Vec<&Cell> = cells
                    .filter(|cell| cell.side == *side && cell.horizon == horizon.label)
                    .filter(|cell| cell.share().is_some())
                    .collect();
                of.sort_by_key(|cell| cell.leverage);
                let unhurt = |cell: &&&Cell| cell.share().is_some_and(|share| share.hits == 0);
                let best = of.iter().take_while(unhurt).last().map(|cell| cell.leverage);
                (!of.is_empty()).then(|| safest_line(side.name(), &horizon.label, best))
            })
        })
        .collect()
}

fn safest_line(side: &str, horizon: &str, best: Option<Leverage>) -> String {
    match best {
        Some(best) => {
            format!("  No {side} up to {best}x was liquidated within {horizon} in this history.")
        }
        None => format!(
            "  Even the lowest leverage asked for was liquidated at least once within {horizon} \
             ({side}s)."
        ),
    }
}

fn margin_line(facts: &Facts) -> String {
    let cells: Vec<(&Cell, f64)> = facts
        .tally
        .cells()
        .iter()
        .filter_map(|cell| Some((cell, cell.margin_returned()?)))
        .collect();
    let by = |one: &&(&Cell, f64), other: &&(&Cell, f64)| one.1.total_cmp(&other.1);
    let (Some(least), Some(most)) = (cells.iter().min_by(by), cells.iter().max_by(by)) else {
        return "  Nobody was liquidated, so no margin was taken.".to_owned();
    };
    let name = |cell: &Cell| format!("{} {}x held {}", cell.side, cell.leverage, cell.horizon);
    format!(
        "  Mostly. Of the margin of liquidated positions, {} came back on average in the worst \
         case ({}) and {} in the best ({}), after the liquidation fee.",
        percent(least.1),
        name(least.0),
        percent(most.1),
        name(most.0)
    )
}

/// The headline of the picture of amounts owed.
pub fn owed_headline(facts: &Facts) -> String {
    let owed = facts.tally.cells().iter().filter_map(|cell| cell.owed().map(|owed| (cell, owed)));
    let owing: Vec<_> =
        owed.filter_map(|(cell, owed)| owed.amounts.map(|most| (cell, owed, most))).collect();
    let most = owing.iter().max_by(|a, b| a.2.largest.cmp(&b.2.largest));
    let Some((cell, _, most)) = most else {
        return "Without negative-balance protection nobody would have owed anything: every \
                close-out was filled above bankruptcy."
            .to_owned();
    };
    let positions: u64 = owing.iter().map(|(_, owed, _)| owed.share.hits).sum();
    format!(
        "Without negative-balance protection {positions} of {} positions would have ended below \
         zero, the worst owing {} {} ({} of its margin; {} {}x).",
        facts.positions,
        most.largest.to_decimal().round_dp(2),
        facts.rules.settlement,
        percent(most.largest_of_margin),
        cell.side,
        cell.leverage
    )
}

fn bearer(facts: &Facts) -> &'static str {
    match facts.rules.negative_balance {
        NegativeBalance::Protected => {
            "  Under the rules of this run the trader is protected: the insurance fund bears it."
        }
        NegativeBalance::Owed => "  Under the rules of this run the trader owes it.",
    }
}

/// What a reader must know before relying on the figures.
pub fn caveats(facts: &Facts) -> Vec<String> {
    let mut caveats = vec![mark_caveat(facts), fill_caveat(facts), gap_caveat(facts)];
    for (horizon, out) in facts.study.horizons.iter().zip(&facts.plan.left_out) {
        if *out > 0 {
            caveats.push(format!(
                "{out} of {} entries have no full horizon of {} and are left out.",
                facts.plan.entries.len(),
                horizon.label
            ));
        }
    }
    caveats.push(format!(
        "Inside a bar the path is {}; figures depend on it where a bar holds more than one event.",
        path(facts)
    ));
    caveats.extend(facts.rules.assumptions().into_iter().map(|text| format!("Venue: {text}")));
    let replaced = facts.rules.overridden.iter();
    caveats.extend(replaced.map(|(key, text)| format!("The scenario replaces {key} by {text}.")));
    caveats
}

fn path(facts: &Facts) -> String {
    let written = serde_json::to_value(facts.study.path).ok();
    written.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn mark_caveat(facts: &Facts) -> String {
    match facts.history.mark_source {
        MarkSource::Recorded => "Liquidations are triggered by recorded mark prices.".to_owned(),
        MarkSource::TradeStandsIn => "No mark series was given: trade prices stand in for the \
                                      mark, and their wicks overstate liquidations."
            .to_owned(),
    }
}

fn fill_caveat(facts: &Facts) -> String {
    let base = match facts.study.slippage.base {
        FillBase::Last => "the last price at the same point of the bar",
        FillBase::Mark => "the mark that triggered",
    };
    match facts.study.slippage.model {
        SlippageModel::None => format!("Close-outs are filled at {base}, without slippage."),
        SlippageModel::Fixed(rate) => {
            format!("Close-outs are filled at {base}, {} worse.", percent(rate.to_f64()))
        }
        SlippageModel::Depth(curve) => format!(
            "Close-outs start at {base} and sweep a book of {} {} within 1 %, of which {} is left.",
            curve.depth,
            facts.rules.settlement,
            percent(curve.multiplier.to_f64())
        ),
    }
}

fn gap_caveat(facts: &Facts) -> String {
    match facts.history.missing {
        0 => "No bar is missing.".to_owned(),
        missing => format!(
            "{missing} bars are missing; the policy is `{}`.",
            serde_json::to_value(facts.study.history.gaps)
                .ok()
                .as_ref()
                .and_then(|policy| policy.as_str())
                .unwrap_or_default()
        ),
    }
}

/// The cell that headlines speak of: the leverage nearest to 10, the first side and horizon.
fn spoken<'a>(facts: &Facts<'a>) -> Option<&'a Cell> {
    let distance = |cell: &&Cell| (cell.leverage.to_f64() / 10.0).ln().abs();
    facts
        .tally
        .cells()
        .iter()
        .filter(|cell| cell.side == facts.study.sides[0] && cell.share().is_some())
        .min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

/// The headline of the heat map.
pub fn frequency_headline(facts: &Facts) -> String {
    let Some((cell, share)) = spoken(facts).and_then(|cell| Some((cell, cell.share()?))) else {
        return "No position had a full horizon.".to_owned();
    };
    format!(
        "Opened at a random bar and held {}, a {} {}x was liquidated {} of the time (95 % interval \
         {} to {}).",
        cell.horizon,
        cell.side,
        cell.leverage,
        percent(share.share),
        percent(share.low),
        percent(share.high)
    )
}

/// The headline of the survival curves.
pub fn survival_headline(facts: &Facts) -> String {
    let longest = facts.plan.horizons.iter().max();
    let cells = || facts.tally.cells().iter().filter(|cell| Some(&cell.bars) == longest);
    let half = |cell: &&Cell| {
        cell.survival().is_some_and(|alive| alive.last().is_some_and(|last| *last < 0.5))
    };
    let first = cells().filter(half).min_by_key(|cell| cell.leverage);
    match (first, cells().next()) {
        (Some(cell), _) => {
            let alive = cell.survival().unwrap_or_default();
            let bar = alive.iter().position(|share| *share < 0.5).unwrap_or_default();
            let hours = bar as f64 * facts.history.interval.millis() as f64 / 3.6e6;
            format!(
                "From {}x on, most {}s were gone before the end: half of them within {hours:.0} \
                 hours of the entry.",
                cell.leverage, cell.side
            )
        }
        (None, Some(cell)) => {
            format!("At every leverage more than half of the positions outlived {}.", cell.horizon)
        }
        (None, None) => "No position had a full horizon.".to_owned(),
    }
}

/// The headline of the crash replay.
pub fn replay_headline(facts: &Facts) -> Option<String> {
    let replay = facts.replay?;
    let died = |fate: &&crate::tally::Fate| fate.outcome.liquidation.is_some();
    let lowest = replay.fates.iter().filter(died).min_by_key(|fate| fate.leverage);
    let entered = stamp(replay.entry.time);
    Some(match lowest.and_then(|fate| Some((fate, fate.outcome.liquidation?))) {
        Some((fate, end)) => format!(
            "A {} opened at {entered}, the worst entry of all, dies from {}x on: that one after {} \
             bars of {}.",
            replay.side, fate.leverage, end.bars, facts.history.interval
        ),
        None => format!(
            "A {} opened at {entered}, the worst entry of all, outlives its horizon at every \
             leverage asked for.",
            replay.side
        ),
    })
}
