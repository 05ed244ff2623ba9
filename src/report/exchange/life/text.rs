//! A life for the terminal.

use super::balance::Balances;
use super::line::{named, told};
use super::sums::{is_of_note, sums};
use super::{Life, rules};
use crate::exchange::AccountId;
use crate::history::rfc3339;
use crate::money::{Cash, Quantity};
use crate::report::chart::label;
use crate::report::story::{table, trimmed};
use crate::tally::exchange::Noted;

/// Events of a whole world that are told one by one.
const SHOWN: usize = 60;

/// A table of what happened between two sentences.
pub fn text(life: &Life) -> String {
    let events = match life.account {
        Some(account) => of_account(life, account),
        None => of_world(life),
    };
    let confirmed = match life.confirmed {
        true => "The report's own row of this world says the same.",
        false => "The run wrote no rows to compare this world with.",
    };
    format!("{}\n\n{events}\n\n{confirmed}", heading(life))
}

fn heading(life: &Life) -> String {
    let symbols: Vec<&str> = life.symbols.iter().map(|symbol| &*symbol.history.symbol).collect();
    let who = life.account.map_or_else(
        || label::counted(life.traders as u64, "account"),
        |account| format!("{} of {}", named(account), label::count(life.traders as u64)),
    );
    format!(
        "World {} of {}: {who}, {} under the rules of {}, seed {}.",
        life.world.world,
        life.study.title,
        symbols.join(", "),
        life.symbols[0].rules.name,
        life.world.seed
    )
}

/// Every event of one account, with what it has afterwards.
fn of_account(life: &Life, account: AccountId) -> String {
    let mut rows = table();
    rows.set_header(["time (UTC)", "event", "", "cash", "holds", "rules"]);
    let mut balances = Balances::new(life);
    let mut told_before = None;
    let mut count = 0_usize;
    for noted in life.events {
        balances.follow(noted);
        if !super::touches(&noted.event, account) {
            continue;
        }
        count += 1;
        let (kind, text) = told(life, &noted.event);
        rows.add_row([
            time(noted, told_before),
            kind.to_owned(),
            text,
            balances.accounts.cash(account).to_string(),
            holds(life, balances.held(account)),
            rules::of(&noted.event).join(" "),
        ]);
        told_before = Some(noted.moment.time);
    }
    match count {
        0 => {
            "Nothing happened to it: there is no such account, or it was never touched.".to_owned()
        }
        _ => trimmed(&rows),
    }
}

fn holds(life: &Life, held: Vec<(u16, i64)>) -> String {
    let size = |(symbol, lots): (u16, i64)| {
        let unit = life.symbol(symbol).rules.size_unit();
        format!("{} {unit}", Quantity::from_lots(lots))
    };
    let sizes: Vec<String> = held.into_iter().map(size).collect();
    if sizes.is_empty() { "flat".to_owned() } else { sizes.join(", ") }
}

/// Counts and sums of everything, then the first events that move more than a balance.
fn of_world(life: &Life) -> String {
    let mut counted = table();
    counted.set_header(["events", "", "sum of amounts"]);
    for (kind, sum) in sums(life) {
        let amount = sum.amount.map_or(String::new(), |amount: Cash| life.amount(amount));
        counted.add_row([kind.to_owned(), label::count(sum.count), amount]);
    }
    let of_note = || life.told().filter(|noted| is_of_note(&noted.event));
    let all = of_note().count();
    let mut rows = table();
    rows.set_header(["time (UTC)", "event", "", "rules"]);
    let mut before = None;
    for noted in of_note().take(SHOWN) {
        let (kind, text) = told(life, &noted.event);
        let rules = rules::of(&noted.event).join(" ");
        rows.add_row([time(noted, before), kind.to_owned(), text, rules]);
        before = Some(noted.moment.time);
    }
    let more = match all.saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(
            "\n\n{} like these; --json prints every event, --account those of one \
             account.",
            label::counted(more as u64, "more event")
        ),
    };
    format!("{}\n\n{}{more}", trimmed(&counted), trimmed(&rows))
}

/// Told once for all that happens at that time.
fn time(noted: &Noted, before: Option<i64>) -> String {
    match before == Some(noted.moment.time) {
        true => String::new(),
        false => rfc3339(noted.moment.time).replace('T', " ").trim_end_matches('Z').to_owned(),
    }
}
