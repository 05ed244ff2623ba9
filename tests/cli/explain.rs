//! `deleverage explain`.

use super::{Desk, SMALL, json, reproduce::bar_line, table};
use serde_json::Value;

/// A run with rows in a format, and the number of its first liquidated row.
fn run(scenario: &str, format: &str) -> (Desk, String) {
    let desk = Desk::with_scenario(scenario);
    desk.succeed(&["run", "study.toml", "--outcomes", "csv", "--out", "rows"]);
    if format != "csv" {
        desk.succeed(&["run", "study.toml", "--outcomes", format, "--out", "out"]);
    } else {
        std::fs::rename(desk.path("rows"), desk.path("out")).unwrap();
    }
    let folder = if format == "csv" { "out" } else { "rows" };
    let (header, rows) = table(&desk.text(&format!("{folder}/outcomes.csv")));
    let liquidated = header.iter().position(|name| name == "liquidated").unwrap();
    let first = rows.iter().position(|row| row[liquidated] == "true").unwrap();
    (desk, first.to_string())
}

fn story(desk: &Desk, number: &str) -> Value {
    json(&desk.succeed(&["explain", "out", "--position", number, "--json"]))
}

fn amount(event: &Value, name: &str) -> f64 {
    event["details"][name].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_liquidation_is_told_from_opening_to_settlement() {
    let (desk, number) = run(SMALL, "csv");
    let told = story(&desk, &number);
    let events = told["events"].as_array().unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(kinds[0], "open");
    for kind in ["trigger", "order", "fill"] {
        assert_eq!(kinds.iter().filter(|known| **known == kind).count(), 1, "{kinds:?}");
    }
    assert_eq!(told["confirmed"], true);
    let rules = events.iter().flat_map(|event| event["rules"].as_array().unwrap());
    let known = std::fs::read_dir("docs/model").unwrap();
    let model: String =
        known.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for rule in rules {
        let rule = rule.as_str().unwrap();
        assert!(model.contains(&format!("**{rule}**")), "{rule} is no rule of the model");
    }
}

#[test]
fn the_amounts_of_a_story_are_those_of_its_row() {
    let (desk, number) = run(SMALL, "csv");
    let (header, rows) = table(&desk.text("out/outcomes.csv"));
    let row = &rows[number.parse::<usize>().unwrap()];
    let field = |name: &str| -> f64 {
        row[header.iter().position(|known| known == name).unwrap()].parse().unwrap()
    };
    let told = story(&desk, &number);
    let events = told["events"].as_array().unwrap();
    let sum = |kind: &str, name: &str| -> f64 {
        let of = events.iter().filter(|event| event["event"] == kind);
        of.map(|event| amount(event, name)).sum()
    };
    for (kind, name, column) in [
        ("returned", "amount", "margin_returned"),
        ("deficit", "amount", "deficit"),
        ("fill", "slippage", "slippage"),
        ("funding", "paid", "funding"),
    ] {
        let difference = sum(kind, name) - field(column);
        assert!(difference.abs() < 1e-6, "{column} differs by {difference}");
    }
    let fees = amount(&events[0], "fee") + sum("fee", "amount") - field("fees");
    assert!(fees.abs() < 1e-6, "fees differ by {fees}");
    let levels = |name: &str| events[0][name].as_str().unwrap().parse::<f64>().unwrap();
    assert!((levels("liquidation_price") - field("liquidation_price")).abs() < 1e-9);
    assert!((levels("bankruptcy_price") - field("bankruptcy_price")).abs() < 1e-9);
}

#[test]
fn parquet_rows_confirm_a_story_as_csv_rows_do_and_none_confirm_nothing() {
    for (format, confirmed) in [("parquet", true), ("none", false)] {
        let (desk, number) = run(SMALL, format);
        assert_eq!(story(&desk, &number)["confirmed"], confirmed, "{format}");
    }
}

#[test]
fn a_position_is_closed_in_parts_before_its_eyes() {
    let scenario = r#"
study = "leverage"
history = { event = "2025-10-10", symbol = "BTC" }
venue = { name = "hyperliquid" }
entries = { at = ["2025-10-10T20:00:00Z"] }
positions = { side = "long", leverage = 25, notional = "1000000", horizon = "6h" }
"#;
    let (desk, number) = run(scenario, "csv");
    let told = story(&desk, &number);
    let events = told["events"].as_array().unwrap();
    let reduced = events.iter().find(|event| event["event"] == "reduced").unwrap();
    let part = amount(reduced, "quantity_left") / amount(&events[0], "quantity");
    assert!((part - 0.8).abs() < 1e-6, "{part} is left");
    let before = events[0]["liquidation_price"].as_str().unwrap();
    assert_ne!(reduced["liquidation_price"].as_str().unwrap(), before);
    let text = desk.succeed(&["explain", "out", "--position", &number]);
    for part in ["LIQ-007", "LIQ-001", "MRG-007", "reduced", "2025-10-10 "] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
}

#[test]
fn a_picture_is_drawn_where_it_is_wanted() {
    let (desk, number) = run(SMALL, "csv");
    let name = format!("position-{number}.png");
    desk.succeed(&["explain", "out", "--position", &number, "--plot"]);
    desk.succeed(&["explain", "out", "--position", &number, "--plot", "--out", "pictures"]);
    let [one, other] = ["out", "pictures"]
        .map(|folder| std::fs::read(desk.path(&format!("{folder}/{name}"))).unwrap());
    assert!(one.starts_with(b"\x89PNG") && one == other);
    assert_eq!(desk.names("pictures").len(), 1);
}

/// A run on files, in a folder beside its scenario.
fn run_on_files() -> Desk {
    let desk = Desk::new();
    let bars: String = (0..12).map(|bar| bar_line(bar, 3_600_000)).collect();
    desk.put("deep/prices/bars.csv", &format!("open_time_ms,open,high,low,close\n{bars}"));
    let scenario = "study = \"leverage\"\nhistory = { trade = \"prices/*.csv\", symbol = \
                    \"BTCUSDT\" }\npositions = { leverage = [5], horizon = [\"4h\"] }\n";
    desk.put("deep/study.toml", scenario);
    desk.succeed(&["run", "deep/study.toml", "--out", "deep/reports/out"]);
    desk
}

#[test]
fn a_report_finds_its_files_from_anywhere_and_wherever_both_were_moved() {
    let desk = run_on_files();
    std::fs::rename(desk.path("deep"), desk.path("elsewhere")).unwrap();
    let report = desk.path("elsewhere/reports/out").display().to_string();
    let text = desk.succeed(&["explain", &report, "--position", "3"]);
    assert!(text.contains("still open after 4 h"), "{text}");
    assert!(text.contains("The report's own row says the same"), "{text}");
}

#[test]
fn a_file_that_has_changed_is_named() {
    let desk = run_on_files();
    let bars = desk.text("deep/prices/bars.csv");
    desk.put("deep/prices/bars.csv", &format!("{bars}{}", bar_line(12, 3_600_000)));
    let told = desk.fail(&["explain", "deep/reports/out", "--position", "3"]);
    assert!(told.contains("bars.csv") && told.contains("changed since the run"), "{told}");
    assert!(told.contains("SHA-256"), "{told}");
}

#[test]
fn a_row_that_says_something_else_is_named() {
    let (desk, number) = run(SMALL, "csv");
    let (_, rows) = table(&desk.text("out/outcomes.csv"));
    let fill = &rows[number.parse::<usize>().unwrap()][10];
    let text = desk.text("out/outcomes.csv").replacen(&**fill, "1", 1);
    desk.put("out/outcomes.csv", &text);
    let told = desk.fail(&["explain", "out", "--position", &number]);
    assert!(told.contains("fill_price is not what the run wrote"), "{told}");
    assert!(told.contains(fill.as_str()) && told.contains("outcomes.csv:"), "{told}");
}

#[test]
fn what_is_no_run_or_no_position_of_it_is_refused() {
    let (desk, _) = run(SMALL, "csv");
    desk.put("thesis/chapter.txt", "years of work");
    desk.put("broken/manifest.json", "{}");
    for (folder, number, hint) in [
        ("out", "100000", "accepted: 0 to "),
        ("thesis", "0", "the folder of a finished run"),
        ("broken", "0", "not the manifest of a run"),
        ("nowhere", "0", "the folder of a finished run"),
    ] {
        let told = desk.fail(&["explain", folder, "--position", number]);
        assert!(told.contains(hint) && !told.contains("panicked"), "{folder}: {told}");
    }
    desk.fail(&["explain", "out"]);
    desk.fail(&["explain", "out", "--position", "-1"]);
    desk.fail(&["explain", "out", "--position", "0", "--out", "pictures"]);
}
