//! Parsed price files are kept for the next run, which then says the same.

use super::{Desk, bytes, deleverage, json, names};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const STUDY: &str = r#"
study = "leverage"
history = { trade = "bars.csv", mark = "mark.csv", symbol = "BTCUSDT" }
venue = { name = "binance-usdm" }
entries = { every = "6h" }
positions = { leverage = [20], horizon = ["6h"] }
"#;

/// Minutes, each line with such an end.
fn minutes(count: i64, [header, end]: [&str; 2]) -> String {
    let mut text = format!("open_time_ms,open,high,low,close{header}\n");
    for row in 0..count {
        let open = 4_000_000 + row * row % 30_011;
        let price = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let bar = [open, open + 5_000, open - 5_000, open + row % 4_000].map(price).join(",");
        let time = 1_735_689_600_000 + row * 60_000;
        writeln!(text, "{time},{bar}{end}").unwrap();
    }
    text
}

fn desk_with(count: i64) -> Desk {
    let desk = Desk::with_scenario(STUDY);
    desk.put("bars.csv", &minutes(count, [",volume", ",1.5"]));
    desk.put("mark.csv", &minutes(count, ["", ""]));
    desk
}

/// Two days: the files are large enough to be kept.
fn desk() -> Desk {
    desk_with(2_880)
}

/// The command in the desk's folder, with the cache of that name.
fn command(desk: &Desk, cache: &str, words: &[&str]) -> Command {
    let mut command = deleverage();
    command.current_dir(desk.path("")).env("DELEVERAGE_CACHE", cache).args(words);
    command
}

fn succeed(desk: &Desk, cache: &str, words: &[&str]) -> Output {
    let output = command(desk, cache, words).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {told}");
    output
}

fn run(desk: &Desk, cache: &str, out: &str) {
    succeed(desk, cache, &["run", "study.toml", "--outcomes", "csv", "--out", out]);
}

/// A report; of its manifest what does not tell of the run itself.
fn report(folder: &Path) -> (BTreeMap<String, Vec<u8>>, serde_json::Value) {
    let mut files = bytes(folder);
    let manifest = files.remove("manifest.json").unwrap();
    let mut manifest = json(&String::from_utf8(manifest).unwrap());
    for key in ["wall_time_seconds", "command"] {
        manifest.as_object_mut().unwrap().remove(key).unwrap();
    }
    (files, manifest)
}

#[test]
fn reports_with_and_without_the_cache_are_the_same() {
    let desk = desk();
    run(&desk, "off", "plain");
    assert!(!desk.path("off").exists());
    run(&desk, "cache", "first");
    assert_eq!(desk.names("cache").len(), 2);
    run(&desk, "cache", "second");
    assert_eq!(desk.names("cache").len(), 2);
    let plain = report(&desk.path("plain"));
    assert!(plain.0.len() > 5);
    for other in ["first", "second"] {
        assert!(report(&desk.path(other)) == plain, "{other} differs");
    }
}

#[test]
fn who_opts_out_leaves_nothing_behind() {
    let desk = desk();
    let words = ["run", "study.toml", "--no-cache", "--out", "report"];
    succeed(&desk, "cache", &words);
    succeed(&desk, "cache", &["explain", "report", "--position", "0", "--no-cache"]);
    assert!(!desk.path("cache").exists());
    succeed(&desk, "cache", &["explain", "report", "--position", "0"]);
    assert_eq!(desk.names("cache").len(), 2);
}

/// The usual place is below the user's folder of caches; shipped prices have no part in it.
#[test]
fn the_usual_place_is_the_folder_of_caches() {
    let desk = desk();
    let with = |words: &[&str]| {
        let mut command = command(&desk, "", words);
        command.env("XDG_CACHE_HOME", desk.path("caches")).env("LOCALAPPDATA", desk.path("caches"));
        command.env("HOME", desk.path("home")).env_remove("DELEVERAGE_CACHE");
        assert!(command.output().unwrap().status.success(), "{words:?}");
    };
    with(&["demo", "--out", "demo"]);
    assert!(!desk.path("caches").exists() && !desk.path("home").exists());
    with(&["run", "study.toml", "--out", "report"]);
    assert_eq!(names(&desk.path("caches/deleverage")).len(), 2);
}

#[test]
fn a_cache_that_cannot_be_written_is_done_without() {
    let desk = desk();
    run(&desk, "bars.csv/below-a-file", "report");
    assert!(desk.path("report/summary.txt").exists());
}

/// No file may be larger than a thousand blocks: the entries are, the report is not.
#[cfg(unix)]
#[test]
fn a_full_disk_is_done_without() {
    let desk = desk_with(40_000);
    run(&desk, "off", "plain");
    let script = "trap '' XFSZ; ulimit -f 1000; \
                  exec \"$0\" run study.toml --outcomes csv --out report";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_deleverage")]);
    shell.current_dir(desk.path("")).env("DELEVERAGE_CACHE", "cache");
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(desk.names("cache").is_empty());
    assert!(report(&desk.path("report")) == report(&desk.path("plain")));
}

#[test]
fn two_processes_at_once_share_a_cache() {
    let desk = desk();
    run(&desk, "off", "plain");
    let spawn = |out: String| {
        let words = ["run", "study.toml", "--outcomes", "csv", "--out", &out];
        let mut command = command(&desk, "cache", &words);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    for turn in 0..3 {
        let outs = ["a", "b", "c"].map(|name| format!("{name}{turn}"));
        let running = outs.clone().map(spawn);
        for mut process in running {
            assert!(process.wait().unwrap().success());
        }
        let plain = report(&desk.path("plain"));
        assert!(outs.iter().all(|out| report(&desk.path(out)) == plain));
        let left = desk.names("cache");
        assert!(left.iter().all(|name| name.ends_with(".arrow")) && left.len() == 2, "{left:?}");
    }
}
