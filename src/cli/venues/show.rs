//! `deleverage venues show NAME`: rules, brackets and sources.

use super::{day, known, leading, plain, ruled};
use crate::cli::out;
use crate::fault::{Fault, Place, Result};
use crate::venue::{
    Contract, Lookup, NegativeBalance, Source, Tier, VenueRules, percent, rules_on, word,
};
use clap::Args;
use comfy_table::Table;
use jiff::civil::Date;

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// A venue of `deleverage venues list`
    #[arg(value_name = "NAME")]
    name: String,
    /// The day whose rules apply; default: the newest rules
    #[arg(long, value_parser = day)]
    date: Option<Date>,
    /// One symbol with all of its brackets
    #[arg(long)]
    symbol: Option<String>,
    /// Everything, for machines: an array by symbol, or one object with --symbol
    #[arg(long)]
    json: bool,
}

/// Rows of brackets that are printed; risk steps go on for pages.
const PRINTED: usize = 20;

pub(super) fn show(args: &ShowArgs) -> Result<()> {
    let all = rules_on(&args.name, args.date, None)?;
    let Some(symbol) = &args.symbol else {
        if args.json {
            return out::json(&all.iter().map(VenueRules::to_json).collect::<Vec<_>>());
        }
        let Some(rules) = leading(&all) else { return Ok(()) };
        print(rules, &brackets(&all))?;
        return out::line("--symbol SYMBOL prints the brackets of one symbol");
    };
    let rules = all.iter().find(|rules| rules.symbol == *symbol).ok_or_else(|| {
        let known: Vec<&str> = all.iter().map(|rules| rules.symbol.as_str()).collect();
        let fault = Fault::new(Place::default(), "the venue has no such symbol");
        fault.found(symbol).accepted(known.join(", "))
    })?;
    if args.json {
        return out::json(&rules.to_json());
    }
    print(rules, &tiers(rules))
}

fn print(rules: &VenueRules, brackets: &Table) -> Result<()> {
    let VenueRules { name, symbol, valid_from, history, instrument, .. } = rules;
    out::line(format!(
        "{name}: rules from {valid_from}, values of {symbol}, replayed on {instrument} of {history}"
    ))?;
    let (parameters, brackets) = (parameters(rules).trim_fmt(), brackets.trim_fmt());
    out::line(format!("\n{parameters}\n\n{brackets}\n\n{}", sources(rules)))?;
    out::line("* observed or assumed, not from code or documentation")
}

/// Every parameter but the brackets.
fn parameters(rules: &VenueRules) -> Table {
    let mut rows = plain(&["rule", "", "known"]);
    for choice in rules.choices() {
        rows.add_row([choice.name.to_owned(), choice.text, known(choice.confidence)]);
    }
    let amounts = [
        ("taker fee", percent(rules.fees.taker), "fees.taker"),
        ("liquidation fee", percent(rules.fees.liquidation), "fees.liquidation"),
        ("funding", funding(rules), "funding.interval"),
        ("funding is paid from", word(&rules.funding.pays), "funding.pays"),
        ("funding cap", rules.funding.cap.to_string(), "funding.cap"),
        ("negative balance", negative_balance(rules), "protection.negative_balance"),
    ];
    for (name, text, key) in amounts {
        rows.add_row([name.to_owned(), text, known(rules.confidence(key))]);
    }
    if let Some(volatility) = rules.volatility {
        let known = known(rules.confidence("volatility"));
        rows.add_row(["maintenance in volatility".to_owned(), volatility.to_string(), known]);
    }
    rows
}

fn funding(rules: &VenueRules) -> String {
    format!("every {} at {}", rules.funding.interval, word(&rules.funding.price))
}

fn negative_balance(rules: &VenueRules) -> String {
    let text = match rules.loss.negative_balance {
        NegativeBalance::Protected => "protected: the trader owes nothing",
        NegativeBalance::Owed => "owed by the trader",
    };
    text.to_owned()
}

/// One row a symbol.
pub(super) fn brackets(all: &[VenueRules]) -> Table {
    let header =
        ["symbol", "contract", "lookup", "tiers", "initial", "maintenance", "up to", "known"];
    let mut rows = plain(&header);
    for rules in all {
        let steps = &rules.tiers.steps;
        rows.add_row([
            rules.symbol.clone(),
            contract(rules),
            rules.tiers.lookup.to_string(),
            steps.len().to_string(),
            span(steps, |tier| percent(tier.initial)),
            span(steps, |tier| percent(tier.maintenance)),
            rules.tiers.cap.map_or_else(|| "–".to_owned(), |cap| cap.to_string()),
            known(rules.confidence(&format!("margin.{}", rules.symbol))),
        ]);
    }
    rows
}

fn contract(rules: &VenueRules) -> String {
    format!("{} in {}", word(&rules.contract), rules.settlement)
}

/// `0.4% … 50%`, or the one rate that there is.
fn span(steps: &[Tier], rate: impl Fn(&Tier) -> String) -> String {
    match steps {
        [] => String::new(),
        [only] => rate(only),
        [first, .., last] => format!("{} … {}", rate(first), rate(last)),
    }
}

/// The brackets of one symbol, the lower ones and the last.
fn tiers(rules: &VenueRules) -> Table {
    let mut rows = plain(&[&above(rules), "initial", "maintenance", "deduction"]);
    let steps = &rules.tiers.steps;
    let shown = if steps.len() > PRINTED { PRINTED - 1 } else { steps.len() };
    rows.add_rows(steps[..shown].iter().map(|tier| row(rules, tier)));
    if let Some(last) = steps[shown..].last() {
        rows.add_row(["…".to_owned(), format!("{} more", steps.len() - shown - 1)]);
        rows.add_row(row(rules, last));
    }
    if let Some(cap) = rules.tiers.cap {
        rows.add_row([cap.to_string(), "no larger position".to_owned()]);
    }
    if let Some(scale) = rules.open_interest {
        let text = format!("rises to 100% between {} and {}", scale.lower, scale.upper);
        rows.add_row(["open interest".to_owned(), text]);
    }
    rows
}

fn above(rules: &VenueRules) -> String {
    match (rules.tiers.lookup, rules.contract) {
        (Lookup::WholeByContracts, _) => format!("above contracts of {}", rules.face),
        (Lookup::LinearInSize, _) => format!("and {} a unit of size", percent(rules.tiers.slope)),
        (_, Contract::Linear) => format!("above notional, {}", rules.settlement),
        (_, Contract::Inverse) => format!("above value, {}", rules.settlement),
    }
}

fn row(rules: &VenueRules, tier: &Tier) -> [String; 4] {
    let deduction = match rules.tiers.lookup {
        Lookup::Marginal => tier.deduction.to_string(),
        _ => String::new(),
    };
    [tier.floor.to_string(), percent(tier.initial), percent(tier.maintenance), deduction]
}

fn sources(rules: &VenueRules) -> Table {
    let mut rows = ruled(&["source of", "where", "known", "note"]);
    for source in &rules.sources {
        rows.add_row([
            source.covers.join(" "),
            place(source),
            known(Some(source.confidence)),
            source.note.clone(),
        ]);
    }
    rows
}

fn place(source: &Source) -> String {
    match source.retrieved {
        Some(day) => format!("{} ({day})", source.origin),
        None => source.origin.clone(),
    }
}
