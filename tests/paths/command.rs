//! `deleverage data facts` from end to end, on shipped events.

use std::process::{Command, Output};

fn called(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deleverage"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("DELEVERAGE_CACHE", "off");
    command.args(["data", "facts"]).args(words).output().unwrap()
}

fn told(words: &[&str]) -> String {
    let output = called(words);
    let talk = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{words:?}: {talk}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn five_symbols_of_a_crash() {
    let text = told(&["scenarios/october-2025.toml"]);
    for part in [
        "Stylised facts of BTCUSDT, ETHUSDT, SOLUSDT, XRPUSDT, DOGEUSDT: 120 bars of 1h",
        "needs 200 bars",
        "how deep the deepest day is",
        "never how often",
        "times 1.5; 1 path",
    ] {
        assert!(text.contains(part), "{part} is missing:\n{text}");
    }
    let other = told(&["scenarios/october-2025.toml", "--seed", "2"]);
    assert_ne!(text, other);
}

/// Figures are decimal text, what has none is null, and every generator answers every question.
#[test]
fn one_symbol_as_json() {
    let text = told(&["scenarios/demo.toml", "--json"]);
    assert_eq!(text, told(&["scenarios/demo.toml", "--json"]), "the same bytes");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["symbols"], serde_json::json!(["ETHUSDT"]));
    let generators = ["shock", "speed", "days", "stationary", "jumps"];
    for fact in json["facts"].as_array().unwrap() {
        let lacks = fact["record"].is_null();
        assert_eq!(lacks, fact["lacks"].is_string(), "{fact}");
        assert!(lacks || fact["record"].as_str().unwrap().parse::<f64>().is_ok());
        assert!(generators.iter().all(|name| fact["generators"][name]["verdict"].is_string()));
    }
    let several = &json["functionals"][5];
    assert_eq!(several["functional"], "several_assets");
    for name in generators {
        let answer = &several["generators"][name];
        assert_eq!(answer["answer"], "not usable", "{name}: {answer}");
    }
}

/// Luna lost all but a ten millionth in a week: twice that is below the finest price.
#[test]
fn paths_beyond_the_grid_are_left_out_and_counted() {
    let text = told(&["scenarios/luna-2022.toml"]);
    assert!(text.contains(" of 200 paths, the others leave the grid of their prices"), "{text}");
}

#[test]
fn a_short_history_says_how_long_it_must_be() {
    let folder = tempfile::tempdir().unwrap();
    let hour = |hour: i64| format!("{},100,102,99,101\n", 1_704_067_200_000 + hour * 3_600_000);
    let rows: String = (0..48).map(hour).collect();
    let bars = format!("open_time_ms,open,high,low,close\n{rows}");
    std::fs::write(folder.path().join("bars.csv"), bars).unwrap();
    let study = "study = \"leverage\"\nhistory = { trade = \"bars.csv\", symbol = \"BTCUSDT\" }\n\
                 venue = { name = \"binance-usdm\" }\n\
                 positions = { leverage = [5], notional = \"1000\", horizon = \"6h\" }\n";
    let path = folder.path().join("study.toml");
    std::fs::write(&path, study).unwrap();
    let output = called(&[path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("study.toml:2:"), "{told}");
    assert!(told.contains("too short") && told.contains("at least 3 days"), "{told}");
}
