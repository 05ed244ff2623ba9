//! Runs of the shipped exchange scenarios beside what was published about the same days. Takes
//! minutes: `just validate-exchange`. `DELEVERAGE_RUNS=DIR` keeps the runs, and takes those that
//! are there.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = "docs/model/exchange-validation.md";
/// Everything below this line is what the runs say.
const LINE: &str = "<!-- From here on made of runs; just validate-exchange -->\n";
const WORLDS: &str = "20";

/// What a world's row is asked for.
enum Asked {
    /// A column, divided by so much.
    Column(&'static str, f64),
    /// The difference of two columns, divided by so much.
    Less(&'static str, &'static str, f64),
    /// One column as a share of another.
    Share(&'static str, &'static str),
    /// 1 if the column holds more than nothing.
    Any(&'static str),
    /// Minutes from the first liquidation to the first deleveraging.
    Delay,
}
use Asked::{Any, Column, Delay, Less, Share};

struct Line {
    scenario: &'static str,
    figure: &'static str,
    asked: Asked,
    /// Lowest and highest of what was published.
    published: Option<(f64, f64)>,
}

const M: f64 = 1e6;

const fn line(
    scenario: &'static str,
    figure: &'static str,
    asked: Asked,
    published: Option<(f64, f64)>,
) -> Line {
    Line { scenario, figure, asked, published }
}

const fn one(value: f64) -> Option<(f64, f64)> {
    Some((value, value))
}

const MARKED: &str = "fund_drawdown_mtm";
const CASH: &str = "fund_drawdown";
const FORCED: &str = "liquidated_notional";
const ADL: &str = "adl_notional";

const LINES: [Line; 27] = [
    line("black-thursday-2020", "fund at the end, XBT", Column("fund_end", 1.0), one(34_695.0)),
    line("black-thursday-2020", "fund, drawdown of cash, XBT", Column(CASH, 1.0), one(2_606.0)),
    line("black-thursday-2020", "fund, marked to market, XBT", Column(MARKED, 1.0), one(5_652.0)),
    line("black-thursday-2020", "worlds with deleveraging", Any(ADL), one(0.0)),
    line("black-thursday-2020", "liquidated, M$", Column(FORCED, M), None),
    line("may-2021", "fund lost, M$", Less("fund_start", "fund_end", M), one(3.134)),
    line("may-2021", "fund, marked to market, M$", Column(MARKED, M), None),
    line("may-2021", "liquidated, M$", Column(FORCED, M), None),
    line("luna-2022", "fund, marked to market, M$", Column(MARKED, M), None),
    line("luna-2022", "deleveraged / liquidated", Share(ADL, FORCED), None),
    line("ftx-2022", "fund, marked to market, M$", Column(MARKED, M), None),
    line("ftx-2022", "deleveraged / liquidated", Share(ADL, FORCED), None),
    line("october-2025", "fund lost, M$", Less("fund_start", "fund_end", M), Some((184.0, 188.0))),
    line("october-2025", "fund, marked to market, M$", Column(MARKED, M), None),
    line("october-2025", "liquidated, M$", Column(FORCED, M), None),
    line("october-2025", "deleveraged / liquidated", Share(ADL, FORCED), None),
    line("hyperliquid-vault-2025", "liquidated, M$", Column(FORCED, M), None),
    line("hyperliquid-vault-2025", "deleveraged, M$", Column(ADL, M), one(1_403.0)),
    line(
        "hyperliquid-vault-2025",
        "deleveraged / liquidated",
        Share(ADL, FORCED),
        Some((0.5, 0.7)),
    ),
    line("hyperliquid-vault-2025", "minutes to deleveraging", Delay, one(1.03)),
    line(
        "hyperliquid-vault-2025",
        "vaults gained, M$",
        Less("fund_end_mtm", "fund_start", M),
        one(41.0),
    ),
    line("whale-2018", "socialised, XBT", Column("socialised", 1.0), one(1_200.0)),
    line("whale-2018", "fund, marked to market, XBT", Column(MARKED, 1.0), one(3_710.0)),
    line("yfi-2023", "fund lost, M$", Less("fund_start", "fund_end", M), one(9.0)),
    line("yfi-2023", "fund, marked to market, M$", Column(MARKED, M), None),
    line("yfi-2023", "liquidated, M$", Column(FORCED, M), one(38.0)),
    line("yfi-2023", "deleveraged / liquidated", Share(ADL, FORCED), one(0.0)),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Header and rows of a scenario's `worlds.csv`.
fn worlds(scenario: &str, out: &Path) -> Vec<csv::StringRecord> {
    let folder: PathBuf = out.join(scenario);
    let file = root().join("scenarios").join(format!("{scenario}.toml"));
    if !folder.exists() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
        command.env("DELEVERAGE_CACHE", "off");
        command.arg("run").arg(&file).args(["--outcomes", "csv", "--out"]).arg(&folder);
        if scenario != "whale-2018" {
            command.args(["--set", &format!("exchange.worlds={WORLDS}")]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_path(folder.join("worlds.csv")).unwrap();
    reader.records().map(Result::unwrap).collect()
}

fn values(asked: &Asked, rows: &[csv::StringRecord]) -> Vec<f64> {
    let (header, rows) = rows.split_first().unwrap();
    let text = |row: &csv::StringRecord, name: &str| {
        row[header.iter().position(|column| column == name).unwrap()].to_owned()
    };
    let number = |row: &csv::StringRecord, name: &str| text(row, name).parse::<f64>().unwrap();
    let minutes = |row: &csv::StringRecord, name: &str| {
        text(row, name).parse::<jiff::Timestamp>().ok().map(|time| time.as_second() as f64 / 60.0)
    };
    let value = |row: &csv::StringRecord| match asked {
        Column(name, unit) => Some(number(row, name) / unit),
        Less(from, less, unit) => Some((number(row, from) - number(row, less)) / unit),
        Share(part, whole) => {
            Some(number(row, part) / number(row, whole)).filter(|s| s.is_finite())
        }
        Any(name) => Some(f64::from(u8::from(number(row, name) > 0.0))),
        Delay => minutes(row, "first_adl_time")
            .zip(minutes(row, "first_liquidation_time"))
            .map(|(later, first)| later - first),
    };
    let mut values: Vec<f64> = rows.iter().filter_map(value).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Smallest value that at least so many percent do not exceed.
fn quantile(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1]
}

fn shown(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 { 0 } else { 3 };
    format!("{value:.decimals$}")
}

fn verdict(published: Option<(f64, f64)>, (low, high): (f64, f64)) -> (String, &'static str) {
    let Some((from, to)) = published else { return ("not found".into(), "") };
    let told = if from == to { shown(from) } else { format!("{} … {}", shown(from), shown(to)) };
    let place = if to < low {
        "run is higher"
    } else if from > high {
        "run is lower"
    } else {
        "inside"
    };
    (told, place)
}

fn table(out: &Path) -> String {
    let mut text = String::from("| scenario | figure | published | 5 % | median | 95 % | |\n");
    text.push_str("|---|---|---|---|---|---|---|\n");
    for Line { scenario, figure, asked, published } in &LINES {
        let sorted = values(asked, &worlds(scenario, out));
        if sorted.is_empty() {
            writeln!(text, "| {scenario} | {figure} | | none | none | none | |").unwrap();
            continue;
        }
        let [low, middle, high] = [5, 50, 95].map(|percent| quantile(&sorted, percent));
        let (told, place) = verdict(*published, (low, high));
        let [low, middle, high] = [low, middle, high].map(shown);
        writeln!(text, "| {scenario} | {figure} | {told} | {low} | {middle} | {high} | {place} |")
            .unwrap();
    }
    text
}

#[test]
#[ignore = "minutes; `just validate-exchange`"]
fn the_table_of_the_page_is_what_the_runs_say() {
    let page = root().join(PAGE);
    let text = std::fs::read_to_string(&page).unwrap();
    let (words, stated) = text.split_once(LINE).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("DELEVERAGE_RUNS").map(PathBuf::from);
    let out = kept.unwrap_or_else(|| temporary.path().to_owned());
    let fresh = format!("\n{WORLDS} worlds of each scenario, seed 1.\n\n{}", table(&out));
    println!("{fresh}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&page, format!("{words}{LINE}{fresh}")).unwrap();
        return;
    }
    assert!(stated == fresh, "BLESS=1 just validate-exchange writes {PAGE}");
}
