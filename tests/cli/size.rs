//! `deleverage size` and `deleverage reverse` as batch jobs meet them.

use super::{Desk, bytes, deleverage, json, table};
use std::process::Stdio;
use std::time::Duration;

/// Two crashes, a small book: hundreds of scenarios a second.
const SMALL: &str = r#"
study = "fund"
title = "A small exchange"
[[history]]
symbol = "BTCUSDT"
[[crash]]
event = "2020-03-12"
weight = 1
draws = 2
[[crash]]
event = "2022-06-3ac"
[venue]
name = "binance-usdm"
as_of = "2022-06-13"
[exchange]
accounts = 60
[population]
open_interest = "200000000"
[liquidity]
depth = "20000000"
[fund]
balance = "4000000"
[space]
depth = [{ at = "calm" }, { at = "stress", weight = 1, draws = 2 }]
shock = [{ at = 1 }, { at = "1.5" }]
[size]
max_worlds = 300
chunk = 50
tight = "0.1%"
[reverse]
seeds = 3
grid = 3
[outputs]
format = "csv"
"#;

const FILES: [&str; 9] = [
    "coverage.png",
    "crashes.csv",
    "exceedance.csv",
    "exceedance.png",
    "levels.csv",
    "manifest.json",
    "scenarios.csv",
    "summary.txt",
    "waterfall.csv",
];

#[test]
fn a_fund_is_sized() {
    let desk = Desk::with_scenario(SMALL);
    let told = desk.succeed(&["size", "study.toml", "--out", "out"]);
    assert!(told.contains("A crash exhausts today's fund of 4 M USDT"), "{told}");
    let names = desk.names("out");
    assert!(FILES.iter().all(|name| names.contains(*name)), "{names:?}");
    let (header, rows) = table(&desk.text("out/scenarios.csv"));
    assert_eq!(rows.len(), 300);
    let column = |name: &str| header.iter().position(|one| one == name).unwrap();
    let number = |row: &[String], name: &str| row[column(name)].parse::<f64>().unwrap();
    // What is drawn twice as often as it is likely counts half. Rule SIZ-026.
    let weights: f64 = rows.iter().map(|row| number(row, "weight")).sum();
    assert!((weights / 300.0 - 1.0).abs() < 0.02, "{weights}");
    for row in &rows {
        assert!(number(row, "need_whole") >= number(row, "need_rule"));
        assert!(number(row, "largest_loss") >= number(row, "second_loss"));
    }
    // The share above today's fund is the weight of the rows above it.
    let hits: Vec<_> = rows.iter().filter(|row| number(row, "need_rule") > 4e6).collect();
    let share = hits.iter().map(|row| number(row, "weight")).sum::<f64>() / weights;
    let figures = json(&desk.succeed(&["size", "study.toml", "--out", "again", "--json"]));
    let chance = &figures["adl_per_crash"];
    assert_eq!(chance["hits"], hits.len());
    let printed: f64 = chance["share"].as_str().unwrap().parse().unwrap();
    assert!((printed - share).abs() < 1e-5, "{printed} and {share}");
    assert_eq!(bytes(&desk.path("out")), bytes(&desk.path("again")));
}

/// SIZ-026: more scenarios begin with the same ones; the number of threads changes nothing; a study
/// of a fund is also what `run` runs.
#[test]
fn scenarios_do_not_depend_on_how_many_there_are() {
    let desk = Desk::with_scenario(SMALL);
    desk.succeed(&["size", "study.toml", "--out", "few", "--max-worlds", "150"]);
    desk.succeed(&["run", "study.toml", "--out", "many", "--threads", "1"]);
    desk.succeed(&["run", "study.toml", "--out", "parallel", "--threads", "4"]);
    assert_eq!(bytes(&desk.path("many")), bytes(&desk.path("parallel")));
    assert!(desk.text("many/scenarios.csv").starts_with(&desk.text("few/scenarios.csv")));
}

#[test]
fn a_target_that_is_breached_is_an_exit_code() {
    let desk = Desk::with_scenario(SMALL);
    let code = |words: &[&str]| {
        let typed = [&["size", "study.toml", "--force", "--out", "out"], words].concat();
        desk.call(&typed).status.code()
    };
    let enough = ["--fund", "150000000"];
    assert_eq!(code(&[&["--target", "P(ADL)<1%"], &enough[..]].concat()), Some(1), "300 are few");
    assert_eq!(code(&[&["--target", "P(ADL)<5%"], &enough[..]].concat()), Some(0));
    assert!(desk.text("out/summary.txt").contains("holds, with all of its interval"));
    let none = desk.text("out/summary.txt");
    assert!(
        none.contains("is enough in all of 300 scenarios") && none.contains("at most"),
        "{none}"
    );
    assert_eq!(code(&["--target", "P(ADL)<5%"]), Some(1));
    assert_eq!(code(&["--target", "VaR(95%)<1000"]), Some(1));
    assert_eq!(code(&["--target", "nonsense"]), Some(2));
}

#[test]
fn too_few_runs_say_how_many_are_needed() {
    let desk = Desk::with_scenario(SMALL);
    desk.succeed(&["size", "study.toml", "--out", "out", "--set", "space.depth=[{ at = 1 }]"]);
    let (_, rows) = table(&desk.text("out/levels.csv"));
    let at = |level: &str| rows.iter().find(|row| row[0] == "rule" && row[1] == level).unwrap();
    assert!(!at("95 %")[4].is_empty() && at("95 %")[8].is_empty());
    assert!(at("99.9 %")[4].is_empty() && !at("99.9 %")[8].is_empty());
    assert!(desk.text("out/summary.txt").contains("do not bound it from above"));
}

/// Crashes a year can be counted in a history: here, half of bitcoin's price in five days.
#[test]
fn crashes_are_counted_in_a_history() {
    let desk = Desk::with_scenario(SMALL);
    let history = "episodes.history={ event = '2020-03-12', symbol = 'BTCUSDT' }";
    let rate = |fall: &str| {
        let fall = format!("episodes.fall={fall}");
        let words = ["size", "study.toml", "--force", "--out", "out", "--json", "--set", history];
        let told = json(&desk.succeed(&[&words[..], &["--set", &fall]].concat()));
        told["adl_per_year"]["rate"].as_str().unwrap().parse::<f64>().unwrap()
    };
    let (deep, deeper) = (rate("20%"), rate("60%"));
    assert!(deep > 50.0 && deeper == 0.0, "{deep} and {deeper} a year");
    assert!(desk.text("out/summary.txt").contains("0 crashes a year (counted; 0.00 to "));
}

/// SIZ-027: killed twenty times at any moment and resumed, a run leaves the bytes of one that was
/// not.
#[cfg(unix)]
#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let desk = Desk::with_scenario(SMALL);
    let words = ["size", "study.toml", "--max-worlds", "600", "--set", "size.chunk=10"];
    desk.succeed(&[&words[..], &["--out", "whole"]].concat());
    let (mut kills, mut kept) = (0_u64, 0);
    for round in 0..20_u64 {
        let out = format!("out{round}");
        let mut attempt = 0_u64;
        loop {
            // Later and later, so that every run ends.
            let mut child = deleverage()
                .current_dir(desk.path(""))
                .args(words)
                .args(["--resume", "--out", &out])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let wait = 20 + (round * 37 + attempt * 61) % 90 + attempt * 40;
            std::thread::sleep(Duration::from_millis(wait));
            child.kill().unwrap();
            child.wait().unwrap();
            let unfinished = desk.path(&format!(".{out}.unfinished")).exists();
            if desk.path(&out).exists() && !unfinished {
                break;
            }
            kills += 1;
            kept += u64::from(unfinished);
            attempt += 1;
        }
        assert_eq!(bytes(&desk.path(&out)), bytes(&desk.path("whole")), "round {round}");
        assert!(!desk.path(&format!(".{out}.unfinished")).exists());
    }
    assert!(kills >= 20 && kept > 5, "{kills} kills, {kept} of them in the middle");
}

#[test]
fn an_unfinished_run_is_not_lost_by_mistake() {
    let desk = Desk::with_scenario(SMALL);
    desk.put(".out.unfinished/identity", "of another question");
    let refused = desk.fail(&["size", "study.toml", "--out", "out"]);
    assert!(refused.contains("an earlier run was not finished") && refused.contains("--resume"));
    let other = desk.fail(&["size", "study.toml", "--out", "out", "--resume"]);
    assert!(other.contains("asks something else"), "{other}");
    desk.succeed(&["size", "study.toml", "--out", "out", "--force", "--max-worlds", "200"]);
    assert!(!desk.path(".out.unfinished").exists());
}

/// SIZ-029 and SIZ-030.
#[test]
fn a_limit_is_searched_for_in_reverse() {
    let desk = Desk::with_scenario(SMALL);
    let words = ["reverse", "study.toml", "--crash", "2022-06-3ac"];
    let told = desk.succeed(&[&words[..], &["--out", "out", "--threads", "1"]].concat());
    assert!(told.contains("until the fund of 4 M USDT is exhausted"), "{told}");
    let (_, rows) = table(&desk.text("out/crossings.csv"));
    assert_eq!(rows.len(), 5 * 3, "every knob in three populations");
    // Far from the first crossing a study of the same crash agrees.
    let depth: Vec<f64> =
        rows.iter().filter(|row| row[0] == "depth").map(|row| row[2].parse().unwrap()).collect();
    assert!(depth.len() == 3 && depth.iter().all(|first| (0.005..1.0).contains(first)));
    let at = |depth: f64| {
        let set = format!("liquidity.depth={}", (20e6 * depth) as u64);
        let words = ["size", "study.toml", "--force", "--json", "--out", "at", "--seed", "1"];
        let only = ["--set", "crash=[{ event = '2022-06-3ac' }]", "--set", "space={}"];
        let few = ["--max-worlds", "100", "--set", &set];
        let told = json(&desk.succeed(&[&words[..], &only, &few].concat()));
        told["adl_per_crash"]["hits"].as_u64().unwrap()
    };
    let (milder, thinner) = (at(depth[0] * 8.0), at(depth[0] / 8.0));
    assert!(milder < thinner, "{milder} and {thinner} of 100 are short");
    let (_, cells) = table(&desk.text("out/frontier.csv"));
    assert_eq!(cells.len(), 9);
    let (_, bars) = table(&desk.text("out/tornado.csv"));
    assert_eq!(bars.iter().filter(|bar| bar[1] == "true").count(), 4, "choices of the model");
    desk.succeed(&[&words[..], &["--out", "again", "--threads", "3"]].concat());
    for name in ["crossings.csv", "frontier.csv", "tornado.csv", "summary.txt", "frontier.png"] {
        let read = |folder: &str| std::fs::read(desk.path(folder).join(name)).unwrap();
        assert_eq!(read("out"), read("again"), "{name}");
    }
    let limit = ["--limit", "liquidated > 1", "--out", "other"];
    let told = desk.succeed(&[&words[..], &limit].concat());
    assert!(told.contains("reached in all of 3 populations at the mildest setting"), "{told}");
    let wrong = desk.fail(&["reverse", "study.toml", "--crash", "1929"]);
    assert!(wrong.contains("found `1929`; accepted: 2020-03-12, 2022-06-3ac"), "{wrong}");
}
