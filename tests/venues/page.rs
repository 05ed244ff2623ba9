//! `docs/venues.md` says what the files say. `BLESS=1 cargo test --test venues` writes it anew.

use super::place;
use deleverage::venue::{Confidence, Source, Tier, VenueRules, check_file, percent, venues, word};
use std::fmt::Write;

const PAGE: &str = "docs/venues.md";
/// What stands above it is written by hand.
const BEGIN: &str = "<!-- From here on made of data/venues; BLESS=1 cargo test --test venues -->\n";

/// A row of a table; a bar in a text would end its cell.
fn row(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> =
        cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    writeln!(page, "| {} |", cells.join(" | ")).unwrap();
}

fn header(page: &mut String, cells: &[&str]) {
    row(page, cells);
    writeln!(page, "|{}", "---|".repeat(cells.len())).unwrap();
}

fn known(confidence: Option<Confidence>) -> &'static str {
    confidence.map_or("", Confidence::word)
}

fn rules_table(page: &mut String, rules: &VenueRules) {
    header(page, &["rule", "", "known"]);
    for choice in rules.choices() {
        row(page, &[choice.name, &choice.text, known(choice.confidence)]);
    }
    let funding = &rules.funding;
    let text = format!(
        "every {} at {}, from {}, cap {}",
        funding.interval,
        word(&funding.price),
        word(&funding.pays),
        funding.cap
    );
    let keys = ["funding.interval", "funding.price", "funding.pays", "funding.cap"];
    let weakest = keys.iter().filter_map(|key| rules.confidence(key)).max();
    row(page, &["funding", &text, known(weakest)]);
    row(page, &["taker fee", &percent(rules.fees.taker), known(rules.confidence("fees.taker"))]);
    let owed = word(&rules.loss.negative_balance);
    let known = known(rules.confidence("protection.negative_balance"));
    row(page, &["negative balance", &owed, known]);
}

fn span(rules: &VenueRules, rate: impl Fn(&Tier) -> String) -> String {
    match rules.tiers.steps.as_slice() {
        [only] => rate(only),
        [first, .., last] => format!("{} … {}", rate(first), rate(last)),
        [] => unreachable!("a file without tiers is refused"),
    }
}

fn brackets_table(page: &mut String, all: &[VenueRules]) {
    let names = ["symbol", "contract", "prices", "lookup", "tiers", "initial", "maintenance"];
    header(page, &[&names[..], &["up to", "liquidation fee", "known"]].concat());
    for rules in all {
        let tiers = &rules.tiers;
        let slope = match tiers.slope.steps() {
            0 => String::new(),
            _ => format!(" + {} a unit", percent(tiers.slope)),
        };
        row(
            page,
            &[
                &format!("`{}`", rules.symbol),
                &format!("{} in {}", word(&rules.contract), rules.settlement),
                &format!("`{}` of `{}`", rules.instrument, rules.history),
                &word(&tiers.lookup),
                &tiers.steps.len().to_string(),
                &(span(rules, |tier| percent(tier.initial)) + &slope),
                &(span(rules, |tier| percent(tier.maintenance)) + &slope),
                &tiers.cap.map_or_else(|| "–".into(), |cap| cap.to_string()),
                &percent(rules.fees.liquidation),
                known(rules.confidence(&format!("margin.{}", rules.symbol))),
            ],
        );
    }
}

/// The sources of all symbols, each once; what they cover of single symbols is put together.
fn sources(all: &[VenueRules]) -> Vec<Source> {
    let mut sources: Vec<Source> = Vec::new();
    for source in all.iter().flat_map(|rules| &rules.sources) {
        let same = |other: &&mut Source| {
            (&other.origin, &other.note, other.confidence)
                == (&source.origin, &source.note, source.confidence)
        };
        match sources.iter_mut().find(same) {
            Some(known) => {
                let new = source.covers.iter().filter(|key| !known.covers.contains(key));
                let new: Vec<String> = new.cloned().collect();
                known.covers.extend(new);
            }
            None => sources.push(source.clone()),
        }
    }
    sources
}

fn sources_table(page: &mut String, all: &[VenueRules]) {
    header(page, &["source of", "where", "known", "note"]);
    for source in sources(all) {
        let covers: Vec<String> = source.covers.iter().map(|key| format!("`{key}`")).collect();
        let note = source.note.trim();
        let place = match source.retrieved {
            Some(day) => format!("{} ({day})", source.origin),
            None => source.origin.clone(),
        };
        row(page, &[&covers.join(" "), &place, source.confidence.word(), note]);
    }
}

/// The symbol whose words stand for the venue: bitcoin where there is one.
fn leading(all: &[VenueRules]) -> &VenueRules {
    let bitcoin = |rules: &&VenueRules| ["BTCUSDT", "XBTUSD"].contains(&rules.instrument.as_str());
    all.iter().rfind(bitcoin).unwrap_or(&all[0])
}

fn page() -> String {
    let mut page = String::from(BEGIN);
    for venue in venues(None).unwrap() {
        writeln!(page, "\n## {}", venue.name).unwrap();
        for file in &venue.files {
            let all = check_file(&place(&venue.name, file.valid_from)).unwrap();
            writeln!(page, "\n### {} from {}\n", venue.name, file.valid_from).unwrap();
            rules_table(&mut page, leading(&all));
            page.push('\n');
            brackets_table(&mut page, &all);
            page.push('\n');
            sources_table(&mut page, &all);
        }
    }
    page
}

#[test]
fn the_page_says_what_the_files_say() {
    let written = std::fs::read_to_string(PAGE).unwrap();
    let (by_hand, made) = written.split_at(written.find(BEGIN).unwrap());
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(PAGE, format!("{by_hand}{page}")).unwrap();
    }
    assert!(made == page, "{PAGE} is not current: BLESS=1 cargo test --test venues");
}
