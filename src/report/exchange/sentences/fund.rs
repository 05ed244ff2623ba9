//! How far the insurance fund falls.

use super::{Facts, amount, is_alone, part, worlds};
use crate::exchange::World;
use crate::money::Cash;
use crate::tally::exchange::Spread;

/// Nineteen of twenty worlds.
const MOST: u32 = 95;

/// The headline of the fund's timeline.
pub fn headline(facts: &Facts) -> String {
    if facts.study.fund.tranches.is_empty() {
        return nothing(facts);
    }
    let [cash, marked] = falls(facts).map(|spread| spread.quantile(50));
    let whose = match is_alone(facts) {
        true => "the only world".to_owned(),
        false => format!("half of {}", worlds(facts)),
    };
    format!(
        "From {} the fund falls, in {whose}, {} in cash and {} marked to market.",
        amount(facts.rules(), facts.worlds.fund_start()),
        fallen(facts, cash),
        fallen(facts, marked)
    )
}

pub fn section(facts: &Facts) -> Vec<String> {
    if facts.study.fund.tranches.is_empty() {
        return vec![nothing(facts)];
    }
    let mut lines = vec![headline(facts)];
    if !is_alone(facts) {
        lines.push(drawdown_headline(facts));
        lines.push(interval(facts));
        lines.push(worst(facts));
    }
    lines.push(recent(facts));
    lines.push(end(facts));
    lines
}

fn nothing(facts: &Facts) -> String {
    format!("{} has no insurance fund in this study: there is none to fall.", facts.rules().name)
}

/// Largest falls from an earlier peak: cash, and marked to market.
fn falls(facts: &Facts) -> [Spread<Cash>; 2] {
    [
        facts.worlds.spread(|world| world.fund_drawdown),
        facts.worlds.spread(|world| world.fund_drawdown_mtm),
    ]
}

fn fallen(facts: &Facts, fall: Cash) -> String {
    match fall {
        Cash::ZERO => "not at all".to_owned(),
        _ if is_alone(facts) => format!("by {}", told(facts, fall)),
        _ => format!("by no more than {}", told(facts, fall)),
    }
}

/// `1,234 USDT (12.3 % of its start)`.
fn told(facts: &Facts, fall: Cash) -> String {
    let money = amount(facts.rules(), fall);
    match part(fall, facts.worlds.fund_start()) {
        Some(part) => format!("{money} ({part} of its start)"),
        None => money,
    }
}

/// The headline of the distribution of its falls.
pub fn drawdown_headline(facts: &Facts) -> String {
    if facts.study.fund.tranches.is_empty() {
        return nothing(facts);
    }
    let [cash, marked] = falls(facts).map(|spread| spread.quantile(MOST));
    let whose = if is_alone(facts) { "the only world" } else { "19 of 20 worlds" };
    format!(
        "In {whose} the fund falls {} in cash and {} marked to market.",
        fallen(facts, cash),
        fallen(facts, marked)
    )
}

/// How well the 95th percentile is known.
fn interval(facts: &Facts) -> String {
    let [_, marked] = falls(facts);
    let money = |cash| amount(facts.rules(), cash);
    let known = match marked.interval(MOST) {
        (Some(low), Some(high)) => {
            format!("with 95 % confidence it lies between {} and {}", money(low), money(high))
        }
        (Some(low), None) => format!(
            "with 95 % confidence it is at least {}, and {} are too few to bound it from above",
            money(low),
            worlds(facts)
        ),
        (None, _) => format!("{} are too few to bound it", worlds(facts)),
    };
    format!("How well that limit, marked to market, is known: {known}.")
}

fn worst(facts: &Facts) -> String {
    let worst = |of: fn(&World) -> Cash| {
        let worlds = facts.worlds.list();
        let most = facts.worlds.spread(of).most();
        let number = worlds.iter().find(|world| of(world) == most).map_or(0, |world| world.world);
        (number, most)
    };
    let (in_cash, cash) = worst(|world| world.fund_drawdown);
    let (in_marked, marked) = worst(|world| world.fund_drawdown_mtm);
    match (cash, marked) {
        (Cash::ZERO, Cash::ZERO) => "It does not fall in any world.".to_owned(),
        _ => format!(
            "At worst it falls by {} in cash (world {in_cash}) and by {} marked to market (world \
             {in_marked}).",
            told(facts, cash),
            told(facts, marked)
        ),
    }
}

fn recent(facts: &Facts) -> String {
    let recent = facts.worlds.spread(|world| world.fund_drawdown_8h);
    match recent.most() {
        Cash::ZERO => "Marked to market it never is below its peak of the last 8 hours.".to_owned(),
        most if is_alone(facts) => format!(
            "From its peak of the last 8 hours it falls, marked to market, {}.",
            fallen(facts, most)
        ),
        _ => format!(
            "From its peak of the last 8 hours it falls, marked to market, {} in half of the \
             worlds and {} in 19 of 20.",
            fallen(facts, recent.quantile(50)),
            fallen(facts, recent.quantile(MOST))
        ),
    }
}

fn end(facts: &Facts) -> String {
    let median =
        |of: fn(&World) -> Cash| amount(facts.rules(), facts.worlds.spread(of).quantile(50));
    let injected = facts.worlds.spread(|world| world.waterfall.injected);
    let added = match injected.most() {
        Cash::ZERO if is_alone(facts) => "the exchange adds nothing".to_owned(),
        Cash::ZERO => "the exchange adds nothing in any world".to_owned(),
        most if is_alone(facts) => format!("the exchange adds {}", amount(facts.rules(), most)),
        most => format!(
            "the exchange adds {}, at most {}",
            amount(facts.rules(), injected.quantile(50)),
            amount(facts.rules(), most)
        ),
    };
    let it = if is_alone(facts) { "It" } else { "In the median it" };
    format!(
        "{it} ends with {} in cash, worth {} marked to market; residuals and fees earn \
         it {}; {added}.",
        median(|world| world.fund_end),
        median(|world| world.fund_end_mtm),
        median(|world| world.fund_income)
    )
}
