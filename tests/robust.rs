//! No text that a user can hand in makes a parser panic: random ones, and valid ones with bytes
//! changed, cut or doubled. The readers of histories have `history_mutations.rs`.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::history::Interval;
use deleverage::history::event::{Words, tabulate};
use deleverage::money::{Cash, Leverage, PriceScale, Quantity, Rate, decimal};
use deleverage::scenario::{self, Setting};
use deleverage::venue::check_file;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use std::io::Write;
use tempfile::NamedTempFile;

/// Texts of the shape that numbers, intervals and settings have, valid ones among them.
const SHORT: &str = "[-+0-9.,eExX%×bpmhdw=_\\[\\]\"' é]{0,24}";

const VENUE: &str = include_str!("../data/venues/binance-usdm/2024-08-01.toml");
const SCENARIO: &str = include_str!("../scenarios/demo.toml");
const SCENARIOS: &str = include_str!("../scenarios/README.md");
const BARS: &str = "open_time_ms,open,high,low,close,volume\n\
                    1583971200000,100,101,99,100.5,7\n\
                    1583974800000,100.5,101,99,100,0\n";
const FUNDING: &str = "funding_time_ms,funding_rate\n1583971200000,0.0001\n";

/// One change of a text.
#[derive(Debug, Clone)]
enum Edit {
    Put(Index, u8),
    Cut(Index, Index),
    Double(Index, Index),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let at = |index: &Index, bytes: &[u8]| index.index(bytes.len() + 1);
        match self {
            Self::Put(index, byte) => bytes.insert(at(index, bytes), *byte),
            Self::Cut(a, b) => drop(bytes.drain(span(a, b, bytes.len()))),
            Self::Double(a, b) => bytes.extend_from_within(span(a, b, bytes.len())),
        }
    }
}

fn span(a: &Index, b: &Index, length: usize) -> std::ops::Range<usize> {
    let (a, b) = (a.index(length + 1), b.index(length + 1));
    a.min(b)..a.max(b)
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Put(at, byte)),
        4 => (any::<Index>(), r#"[-0-9.="\[\]{}#\n%]"#)
            .prop_map(|(at, text)| Edit::Put(at, text.as_bytes()[0])),
        1 => any::<(Index, Index)>().prop_map(|(a, b)| Edit::Cut(a, b)),
        1 => any::<(Index, Index)>().prop_map(|(a, b)| Edit::Double(a, b)),
    ];
    prop::collection::vec(edit, 1..5)
}

fn changed(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    edits.iter().for_each(|edit| edit.apply(&mut bytes));
    bytes
}

/// The example of every key of an exchange.
fn exchange() -> &'static str {
    let from = SCENARIOS.find("study = \"exchange\"").unwrap();
    SCENARIOS[from..].split("```").next().unwrap()
}

fn on_disk(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::with_suffix(".toml").unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn venue_survives(bytes: &[u8]) {
    let file = on_disk(bytes);
    if let Err(error) = check_file(file.path()) {
        assert_names(&error.to_string(), &file);
    }
}

fn scenario_survives(bytes: &[u8], settings: &[Setting]) {
    let file = on_disk(bytes);
    if let Err(error) = scenario::read(file.path(), settings) {
        assert_names(&error.to_string(), &file);
    }
}

/// Whatever is wrong, the message says where.
fn assert_names(message: &str, file: &NamedTempFile) {
    let name = file.path().file_name().unwrap().to_string_lossy();
    assert!(message.contains(&*name) || message.starts_with("--set"), "{message}");
}

fn series_survive(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let words = Words { title: "A crash".into(), sentence: "It fell.".into() };
    let _ = tabulate(folder.path(), "crash", &words);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(500)
    })]

    /// What is read is written back as a text that means the same.
    #[test]
    fn numbers(text in SHORT, scale in 0_u32..=30) {
        let _ = decimal::parse_scaled(&text, scale);
        let _ = (Quantity::parse(&text), Cash::parse(&text), Rate::parse(&text));
        let _ = (Leverage::parse(&text), PriceScale::USUAL.parse(&text));
        if let Ok(number) = decimal::parse(&text) {
            prop_assert_eq!(decimal::parse(&number.to_string()), Ok(number));
        }
    }

    #[test]
    fn any_text_as_a_number(text in any::<String>(), scale in any::<u32>()) {
        let _ = decimal::parse_scaled(&text, scale);
        let _ = (Rate::parse(&text), Leverage::parse(&text), Interval::parse(&text));
        let _ = text.parse::<Setting>();
    }

    #[test]
    fn intervals(text in "[0-9]{0,20}[smhdwM]?") {
        if let Some(interval) = Interval::parse(&text) {
            prop_assert_eq!(Interval::parse(&interval.to_string()), Some(interval));
        }
    }

    #[test]
    fn venue_files(edits in edits()) {
        venue_survives(&changed(VENUE, &edits));
    }

    #[test]
    fn scenario_files(edits in edits()) {
        scenario_survives(&changed(SCENARIO, &edits), &[]);
    }

    #[test]
    fn settings(key in "(seed|study|history|entries|positions|slippage|venue)(\\.[a-z]{1,9})?",
                value in SHORT) {
        if let Ok(setting) = format!("{key}={value}").parse() {
            scenario_survives(SCENARIO.as_bytes(), &[setting]);
        }
    }

    #[test]
    fn scenarios_of_an_exchange(edits in edits()) {
        scenario_survives(&changed(exchange(), &edits), &[]);
    }

    #[test]
    fn settings_of_an_exchange(
        key in "(exchange|population|liquidity|fund|history)(\\.[a-zA-Z_]{1,12}){0,2}",
        value in SHORT,
    ) {
        if let Ok(setting) = format!("{key}={value}").parse() {
            scenario_survives(exchange().as_bytes(), &[setting]);
        }
    }

    #[test]
    fn any_bytes_as_a_file(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        venue_survives(&bytes);
        scenario_survives(&bytes, &[]);
        series_survive("binance-um-BTCUSDT-trade-1h.csv", &bytes);
    }

    #[test]
    fn series_of_an_event(edits in edits()) {
        series_survive("binance-um-BTCUSDT-trade-1h.csv", &changed(BARS, &edits));
        series_survive("binance-um-BTCUSDT-funding.csv", &changed(FUNDING, &edits));
    }
}
