//! The tables of a report, as scripts read them.

use super::{Desk, SMALL, table};
use polars::prelude::{AnyValue, ParquetReader, SerReader};
use std::collections::BTreeMap;
use std::fs::File;

const OUTCOMES: &str = "entry_time,side,leverage,notional,horizon_bars,entry_price,\
    liquidation_price,bankruptcy_price,liquidated,bars_to_liquidation,fill_price,\
    margin_returned,funding,fees,slippage,deficit,mae,liquidation_steps,closed_share,\
    first_liquidation_bar,fully_liquidated,kept,raised_margin";
const FREQUENCY: &str =
    "side,leverage,horizon,n,liquidated,share,low,high,fully_liquidated,raised_margin";
/// What a position that was not liquidated has no value for.
const OF_LIQUIDATIONS: [&str; 8] = [
    "bars_to_liquidation",
    "fill_price",
    "margin_returned",
    "slippage",
    "deficit",
    "closed_share",
    "first_liquidation_bar",
    "kept",
];
const WORDS: [&str; 5] = ["entry_time", "side", "liquidated", "fully_liquidated", "raised_margin"];

struct Outcomes {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Outcomes {
    fn of(desk: &Desk) -> Self {
        desk.succeed(&["run", "study.toml", "--outcomes", "csv", "--out", "out"]);
        let (header, rows) = table(&desk.text("out/outcomes.csv"));
        Self { header, rows }
    }

    fn field<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        &row[self.header.iter().position(|known| known == name).unwrap()]
    }
}

/// Digits, one sign, one point: no exponent, no `NaN`.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let parts: Vec<&str> = digits.split('.').collect();
    let whole = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (1..=2).contains(&parts.len()) && parts.iter().all(whole)
}

#[test]
fn columns_are_those_that_scripts_know() {
    let desk = Desk::with_scenario(SMALL);
    let outcomes = Outcomes::of(&desk);
    assert_eq!(outcomes.header.join(","), OUTCOMES);
    let (header, _) = table(&desk.text("out/frequency.csv"));
    assert_eq!(header.join(","), FREQUENCY);
}

#[test]
fn rows_add_up_to_the_frequencies() {
    let desk = Desk::with_scenario(SMALL);
    let outcomes = Outcomes::of(&desk);
    let mut counted: BTreeMap<[String; 3], (u64, u64)> = BTreeMap::new();
    for row in &outcomes.rows {
        let of = |name| outcomes.field(row, name).to_owned();
        let horizon = if of("horizon_bars") == "6" { "6h" } else { "1d" };
        let cell = counted.entry([of("side"), of("leverage"), horizon.to_owned()]).or_default();
        cell.0 += 1;
        cell.1 += u64::from(of("liquidated") == "true");
    }
    let (_, frequency) = table(&desk.text("out/frequency.csv"));
    assert_eq!(frequency.len(), counted.len());
    for row in frequency {
        let key = [row[0].clone(), row[1].clone(), row[2].clone()];
        let told = (row[3].parse().unwrap(), row[4].parse().unwrap());
        assert_eq!(counted.get(&key), Some(&told), "{row:?}");
    }
}

#[test]
fn numbers_are_decimals_and_nothing_is_printed_for_none() {
    let outcomes = Outcomes::of(&Desk::with_scenario(SMALL));
    let dead = |row: &Vec<String>| outcomes.field(row, "liquidated") == "true";
    assert!(outcomes.rows.iter().any(dead) && !outcomes.rows.iter().all(dead));
    for row in &outcomes.rows {
        for (name, text) in outcomes.header.iter().zip(row) {
            let is_word = WORDS.contains(&name.as_str());
            let is_none = OF_LIQUIDATIONS.contains(&name.as_str()) && !dead(row);
            match is_none {
                true => assert_eq!(text, "", "{name} of {row:?}"),
                false => assert!(is_word || is_decimal(text), "{name} is {text} in {row:?}"),
            }
        }
        let entered: Result<jiff::Timestamp, _> = outcomes.field(row, "entry_time").parse();
        assert!(entered.is_ok() && outcomes.field(row, "entry_time").ends_with('Z'));
    }
}

#[test]
fn what_is_lost_is_what_was_put_in() {
    let outcomes = Outcomes::of(&Desk::with_scenario(SMALL));
    for row in outcomes.rows.iter().filter(|row| outcomes.field(row, "liquidated") == "true") {
        let number = |name| -> f64 { outcomes.field(row, name).parse().unwrap() };
        let sign = if outcomes.field(row, "side") == "long" { 1.0 } else { -1.0 };
        let quantity = number("notional") / number("entry_price");
        let result = sign * quantity * (number("fill_price") - number("entry_price"));
        let entry_fee = number("notional") * 0.0004;
        let fee = number("fees") - entry_fee;
        let equity = number("notional") / number("leverage") + result - number("funding");
        let left = number("margin_returned") + fee - number("deficit");
        assert!((equity - left).abs() < 1e-3 * equity.abs().max(1.0), "{equity} {left} {row:?}");
    }
}

/// Large positions on a venue that closes a fifth first.
const IN_PARTS: &str = r#"
study = "leverage"
history = { event = "2025-10-10", symbol = "BTC" }
venue = { name = "hyperliquid" }
entries = { every = "2h" }
positions = { leverage = [10, 25], notional = ["50000", "1000000"], horizon = ["6h", "1d"] }
slippage = { model = "depth", depth = "185000000", multiplier = "0.02" }
"#;

#[test]
fn a_part_that_lives_on_has_neither_an_end_nor_a_margin_returned() {
    let outcomes = Outcomes::of(&Desk::with_scenario(IN_PARTS));
    let mut kinds = BTreeMap::new();
    for row in &outcomes.rows {
        let of = |name| outcomes.field(row, name);
        let (steps, share): (u32, f64) =
            (of("liquidation_steps").parse().unwrap(), of("closed_share").parse().unwrap_or(0.0));
        let whole = of("fully_liquidated") == "true";
        *kinds.entry((steps.min(2), whole)).or_insert(0) += 1;
        assert_eq!(steps > 0, of("liquidated") == "true", "{row:?}");
        assert_eq!(share == 1.0, whole, "{row:?}");
        assert_eq!((0.0 < share), steps > 0, "{row:?}");
        assert_eq!(of("bars_to_liquidation").is_empty(), !whole, "{row:?}");
        assert_eq!(of("margin_returned").is_empty(), !whole, "{row:?}");
        let bars = ["first_liquidation_bar", "bars_to_liquidation"].map(|name| of(name).parse());
        if let [Ok(first), Ok(last)] = bars {
            let (first, last): (u32, u32) = (first, last);
            assert!(first <= last && (steps > 1 || first == last), "{row:?}");
        }
    }
    for kind in [(0, false), (1, true), (2, true)] {
        assert!(kinds.contains_key(&kind), "none with (steps, whole) = {kind:?}: {kinds:?}");
    }
}

#[test]
fn parquet_holds_what_csv_holds() {
    let desk = Desk::with_scenario(SMALL);
    let outcomes = Outcomes::of(&desk);
    desk.succeed(&["run", "study.toml", "--outcomes", "parquet", "--out", "other"]);
    let file = File::open(desk.path("other/outcomes.parquet")).unwrap();
    let frame = ParquetReader::new(file).finish().unwrap();
    assert_eq!(frame.height(), outcomes.rows.len());
    let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
    assert_eq!(names, outcomes.header);
    for (at, name) in outcomes.header.iter().enumerate() {
        let column = frame.column(name).unwrap();
        for (number, row) in outcomes.rows.iter().enumerate() {
            let value = match column.get(number).unwrap() {
                AnyValue::Null => String::new(),
                AnyValue::String(text) => text.to_owned(),
                AnyValue::Int64(whole) => whole.to_string(),
                AnyValue::Boolean(flag) => flag.to_string(),
                other => panic!("{name} is a {other:?}"),
            };
            assert_eq!(value, row[at], "{name} of row {number}");
        }
    }
}

#[test]
fn no_rows_are_written_where_none_are_wanted() {
    let desk = Desk::with_scenario(SMALL);
    desk.succeed(&["run", "study.toml", "--outcomes", "none", "--out", "out"]);
    assert!(!desk.names("out").iter().any(|name| name.starts_with("outcomes")));
}
