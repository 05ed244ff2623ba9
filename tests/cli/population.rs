//! `deleverage population`.

use super::{Desk, json};

const STUDY: &str = r#"
study = "exchange"
title = "May 2021"
history = { event = "2021-05-19", symbol = "BTCUSDT" }
venue = { name = "binance-usdm" }
exchange = { accounts = 400, worlds = 3 }
population = { open_interest = "1000000000", cross = "20%" }
liquidity = { depth = "100000000" }
fund = { balance = "1000000" }
"#;

/// The figures of one book as JSON, without where it came from.
fn symbols(desk: &Desk, arguments: &[&str]) -> serde_json::Value {
    let told = json(&desk.succeed(&[&["population"], arguments, &["--json"]].concat()));
    told["symbols"].clone()
}

#[test]
fn a_book_that_was_written_is_the_same_book_when_read() {
    let desk = Desk::with_scenario(STUDY);
    let drawn = symbols(&desk, &["study.toml", "--world", "2", "--out", "book"]);
    assert_eq!(drawn[0]["long"]["open_interest"], drawn[0]["short"]["open_interest"]);
    assert!(
        desk.path("book/population.png").is_file() && desk.path("book/manifest.json").is_file()
    );
    let rows = desk.text("book/accounts.csv");
    assert_eq!(rows.lines().count(), 401, "market makers are left out");
    desk.put(
        "again.toml",
        &STUDY.replace("accounts = 400, ", "").replace(
            "open_interest = \"1000000000\", cross = \"20%\"",
            "file = \"book/accounts.csv\"",
        ),
    );
    assert_eq!(symbols(&desk, &["again.toml"]), drawn);
    let told = desk.succeed(&["population", "again.toml"]);
    assert!(told.starts_with("May 2021: a book from a file, 400 users and 10 market makers"));
}

#[test]
fn worlds_and_seeds_differ_and_tables_fit_120_columns() {
    let desk = Desk::with_scenario(STUDY);
    let first = symbols(&desk, &["study.toml"]);
    assert_eq!(first, symbols(&desk, &["study.toml", "--world", "0"]));
    assert_ne!(first, symbols(&desk, &["study.toml", "--world", "1"]));
    assert_ne!(first, symbols(&desk, &["study.toml", "--seed", "9"]));
    assert_ne!(first, symbols(&desk, &["study.toml", "--set", "population.sigma=1"]));
    let told = desk.succeed(&["population", "study.toml"]);
    assert!(told.lines().all(|line| line.chars().count() <= 120), "{told}");
    for word in
        ["longs", "shorts", "to liquidation", "open interest by leverage", "of market makers"]
    {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn what_cannot_be_is_refused_and_leaves_nothing() {
    let desk = Desk::with_scenario(STUDY);
    let told = desk.fail(&["population", "study.toml", "--world", "3", "--out", "book"]);
    assert!(
        told.contains("--world: the study has no such world: found `3`; accepted: 0 to 2"),
        "{told}"
    );
    assert!(!desk.path("book").exists());
    desk.succeed(&["population", "study.toml", "--out", "book"]);
    assert!(desk.fail(&["population", "study.toml", "--out", "book"]).contains("--force"));
    desk.succeed(&["population", "study.toml", "--out", "book", "--force"]);
}
