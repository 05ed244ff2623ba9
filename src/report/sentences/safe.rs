//! Up to which leverage positions were safe enough.

use super::frequency::{spoken, windows};
use crate::report::Facts;
use crate::report::chart::label;
use crate::report::safe::AT_MOST;
use crate::tally::{Criticals, Distribution, Safe};

/// The answer in one sentence, then every side, horizon and share; nothing where a leverage does
/// not tell how a position ends.
pub fn section(facts: &Facts) -> Option<Vec<String>> {
    let criticals = facts.criticals?;
    let mut lines = vec![headline(facts)?];
    let mut unbounded = false;
    for of in criticals.all() {
        lines.push(format!("{}s held {}:", of.side, of.horizon));
        let found = criticals.safe(of, &AT_MOST);
        if found.is_empty() {
            lines.push("  no entry had a full horizon".to_owned());
        }
        lines.extend(found.iter().map(|safe| line(criticals, safe)));
        unbounded |= found.iter().any(|safe| safe.low.is_none());
    }
    if unbounded {
        lines.push(
            "Without a lower end: the history holds too few independent windows to bound so rare \
             an event."
                .to_owned(),
        );
    }
    Some(lines)
}

/// What a trader takes away, at the strictest of the shares.
pub fn headline(facts: &Facts) -> Option<String> {
    let criticals = facts.criticals?;
    let cell = spoken(facts)?;
    let is_spoken = |of: &&Distribution| of.side == cell.side && of.horizon == cell.horizon;
    let of = criticals.all().iter().find(is_spoken)?;
    let safe = *criticals.safe(of, &AT_MOST).first()?;
    let (held, share) = (label::hours(facts.hours(of.bars)), label::percent_tick(safe.at_most));
    Some(match safe.leverage {
        None => {
            format!("Even at 1x more than {share} of the {}s held {held} were liquidated.", of.side)
        }
        Some(leverage) => format!(
            "At no more than {} a {} held {held} was liquidated in at most {share} of entries \
             ({}).",
            label::leverage(leverage.to_f64()),
            of.side,
            interval(&safe)
        ),
    })
}

fn line(criticals: &Criticals, safe: &Safe) -> String {
    let share = label::percent_tick(safe.at_most);
    let (Some(leverage), Some(estimate)) = (safe.leverage, &safe.share) else {
        return format!("  at most {share:>4}  at no leverage: more were liquidated at 1x already");
    };
    let is_top = criticals.grid().levels().last() == Some(&leverage);
    let top = if is_top { ", the highest that the venue admits" } else { "" };
    let shown = label::leverage(leverage.to_f64());
    format!("  at most {share:>4}  up to {shown}{top}, {}, {}", interval(safe), windows(estimate))
}

/// Where the true leverage may lie.
fn interval(safe: &Safe) -> String {
    let shown = |leverage: Option<_>| leverage.map(|of: crate::money::Leverage| of.to_f64());
    match (shown(safe.low), shown(safe.high)) {
        (Some(low), Some(high)) => {
            format!("95 % interval {} to {}", label::leverage(low), label::leverage(high))
        }
        (None, Some(high)) => {
            format!("95 % interval up to {}, without a lower end", label::leverage(high))
        }
        (_, None) => "no 95 % interval".to_owned(),
    }
}
