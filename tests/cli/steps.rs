//! A position that is cut twice within minutes and lives on, as the rows and the story tell it.

use super::{Desk, json, table};

/// Ten minutes of bitcoin from 10:00 that fall below 58,095.75 at 10:03 and below 56,882.90 at
/// 10:05, and recover after each.
const MINUTES: [[u32; 4]; 10] = [
    [60_000, 60_000, 60_000, 60_000],
    [60_000, 60_000, 59_000, 59_000],
    [59_000, 59_200, 58_500, 58_500],
    [58_500, 58_500, 58_000, 58_400],
    [58_400, 58_600, 57_500, 57_800],
    [57_800, 57_800, 56_800, 57_200],
    [57_200, 58_000, 57_100, 58_000],
    [58_000, 58_900, 57_900, 58_800],
    [58_800, 59_500, 58_700, 59_400],
    [59_400, 59_900, 59_300, 59_900],
];

/// 1,000 bitcoins are 100,000 contracts: tier 15 of the shipped file of OKX.
const SCENARIO: &str = r#"
study = "leverage"
history = { trade = "bars.csv", mark = "bars.csv", symbol = "BTC-USDT-SWAP", interval = "1m" }
venue = { name = "okx" }
entries = { at = ["2024-01-01T10:00:00Z"] }
positions = { side = "long", leverage = 10, notional = "60000000", horizon = "10m" }
"#;

fn run() -> Desk {
    let desk = Desk::with_scenario(SCENARIO);
    let bar = |(minute, [open, high, low, close]): (usize, &[u32; 4])| {
        format!("{},{open},{high},{low},{close}\n", 1_704_103_200_000 + 60_000 * minute as u64)
    };
    let bars: String = MINUTES.iter().enumerate().map(bar).collect();
    desk.put("bars.csv", &format!("open_time_ms,open,high,low,close\n{bars}"));
    desk.succeed(&["run", "study.toml", "--outcomes", "csv", "--out", "out"]);
    desk
}

#[test]
fn the_row_counts_two_steps_and_a_survivor() {
    let (header, rows) = table(&run().text("out/outcomes.csv"));
    assert_eq!(rows.len(), 1);
    for (name, known) in [
        ("liquidated", "true"),
        ("liquidation_steps", "2"),
        ("closed_share", "0.28"),
        ("first_liquidation_bar", "4"),
        ("fully_liquidated", "false"),
    ] {
        let column = header.iter().position(|known| known == name).unwrap();
        assert_eq!(rows[0][column], known, "{name}");
    }
}

/// From tier 15 to what tier 13 holds, 88,000 contracts, and to what tier 11 holds, 72,000.
#[test]
fn the_story_is_cut_at_10_03_and_at_10_05_and_survives() {
    let desk = run();
    let told = json(&desk.succeed(&["explain", "out", "--position", "0", "--json"]));
    let events = told["events"].as_array().unwrap();
    let left = events.iter().filter(|event| event["event"] == "reduced");
    let left: Vec<(&str, &str)> = left
        .map(|event| {
            let size = event["details"]["quantity_left"].as_str().unwrap();
            (event["time"].as_str().unwrap(), size)
        })
        .collect();
    assert_eq!(left, [("2024-01-01T10:03:00Z", "880"), ("2024-01-01T10:05:00Z", "720")]);
    assert_eq!(events.last().unwrap()["event"], "end");

    let text = desk.succeed(&["explain", "out", "--position", "0"]);
    let line = |part: &str| text.lines().position(|line| line.contains(part));
    let [first, second] = ["10:03", "10:05"].map(|minute| line(minute).unwrap());
    assert!(first < second && line("10:04").is_none(), "{text}");
    for part in ["880 BTC left", "720 BTC left", "720 BTC still open", "LIQ-005", "in 2 steps"] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    assert!(text.contains("the rest was still open after 10 min"), "{text}");
}

/// Terminals of reports and logs are 120 columns wide, not those of spreadsheets.
#[test]
fn a_story_fits_into_120_columns() {
    let text = run().succeed(&["explain", "out", "--position", "0"]);
    for line in text.lines() {
        assert!(line.chars().count() <= 120, "{} columns: {line}", line.chars().count());
    }
}
