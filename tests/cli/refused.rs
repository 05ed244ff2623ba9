//! Files of a study of the exchange that cannot be read: told with file, line, column, the text and
//! what would do, on stderr alone; the place of the report stays empty.

use super::Desk;
use super::reproduce::bar_line;

/// An hour's bars, and a book of two accounts beside them.
const STUDY: &str = "study = \"exchange\"\n\
    history = { trade = \"bars.csv\", symbol = \"BTCUSDT\", interval = \"1h\" }\n\
    venue = { name = \"binance-usdm\", as_of = \"2024-08-01\" }\n\
    exchange = { worlds = 2 }\n\
    population = { file = \"book.csv\" }\n\
    liquidity = { depth = \"8000000\" }\n\
    fund = { balance = \"20000000\" }\n";
const COLUMNS: &str = "account,symbol,side,quantity,entry_price,margin,mode\n";

fn bars() -> String {
    let rows: String = (0..24).map(|bar| bar_line(bar, 3_600_000)).collect();
    format!("open_time_ms,open,high,low,close\n{rows}")
}

/// Five longs and a short.
fn book() -> String {
    let long = |number| format!("long-{number},BTCUSDT,long,1,100,10,isolated\n");
    let longs: String = (1..=5).map(long).collect();
    format!("{COLUMNS}{longs}short,BTCUSDT,short,5,100,50,cross\n")
}

fn desk() -> Desk {
    let desk = Desk::with_scenario(STUDY);
    desk.put("bars.csv", &bars());
    desk.put("book.csv", &book());
    std::fs::create_dir(desk.path("reports")).unwrap();
    desk
}

/// What `run` says of a study in which one file was put wrong; both commands say the same.
fn told(file: &str, text: &str) -> String {
    let desk = desk();
    desk.put(file, text);
    let told = desk.fail(&["run", "study.toml", "--out", "reports/run"]);
    assert_eq!(desk.fail(&["population", "study.toml", "--out", "reports/people"]), told);
    assert!(desk.names("reports").is_empty(), "{:?}", desk.names("reports"));
    told
}

/// With one line replaced, counted from 1.
fn with_line(text: &str, number: usize, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines[number - 1] = line;
    lines.join("\n") + "\n"
}

#[test]
fn what_is_right_is_run() {
    let desk = desk();
    desk.succeed(&["run", "study.toml", "--out", "reports/run"]);
    assert!(desk.names("reports/run").contains("manifest.json"));
}

#[test]
fn a_wrong_book_is_named_where_it_is_wrong() {
    let number = with_line(&book(), 7, "short,BTCUSDT,short,5,100,5x0,cross");
    assert_eq!(
        told("book.csv", &number),
        "error: book.csv:7:6: margin is not a decimal number: found `5x0`; accepted: a decimal \
         number, 0 or above\n"
    );
    let symbol = with_line(&book(), 4, "long-3,ETHUSDT,long,1,100,10,isolated");
    assert_eq!(
        told("book.csv", &symbol),
        "error: book.csv:4:2: not a symbol of the study: found `ETHUSDT`; accepted: BTCUSDT\n"
    );
    let missing = told("book.csv", &book().replace(",margin,", ","));
    assert_eq!(
        missing,
        "error: book.csv:1:1: wrong columns: no column margin: found \
         `account,symbol,side,quantity,entry_price,mode`; accepted: \
         account,symbol,side,quantity,entry_price,margin,mode, in any order\n"
    );
}

#[test]
fn a_wrong_history_is_named_where_it_is_wrong() {
    let number = with_line(&bars(), 7, "1704085200000,100.10,10o.70,99.50,100.10");
    let told_number = told("bars.csv", &number);
    let known = "error: bars.csv:7:3: high is not a decimal number: found `10o.70`; accepted: ";
    assert!(told_number.starts_with(known), "{told_number}");
    let missing = told("bars.csv", &bars().replace(",close\n", "\n"));
    let known =
        "error: bars.csv:1:1: wrong columns: found `open_time_ms,open,high,low`; accepted: ";
    assert!(missing.starts_with(known), "{missing}");
}

#[test]
fn a_wrong_scenario_is_named_where_it_is_wrong() {
    let key = told("study.toml", &STUDY.replace("worlds = 2", "wolrds = 2"));
    let known = "error: study.toml:4:14: unknown key: found `wolrds`; accepted: one of `worlds`, ";
    assert!(key.starts_with(known), "{key}");
    let range = told("study.toml", &STUDY.replace("worlds = 2", "worlds = 0"));
    assert_eq!(
        range,
        "error: study.toml:4:23: exchange.worlds: not a whole number in range: found `0`; \
         accepted: a whole number from 1 to 1000000\n"
    );
}
