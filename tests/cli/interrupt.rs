//! A run that is stopped leaves no torn report.
#![cfg(unix)]

use super::reproduce::bar_line;
use super::{Desk, deleverage};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Minutes of work: every minute of five months at many leverages.
fn long_study() -> Desk {
    let bars: String = (0..200_000).map(|bar| bar_line(bar, 60_000)).collect();
    let leverages: Vec<String> = (1..=100).map(|leverage| leverage.to_string()).collect();
    let desk = Desk::with_scenario(&format!(
        "study = \"leverage\"\nhistory = {{ trade = \"bars.csv\", symbol = \"BTCUSDT\" }}\n\
         positions = {{ leverage = [{}], horizon = [\"1d\", \"7d\"] }}\n",
        leverages.join(", ")
    ));
    desk.put("bars.csv", &format!("open_time_ms,open,high,low,close\n{bars}"));
    std::fs::create_dir(desk.path("reports")).unwrap();
    desk
}

/// Minutes of work: more worlds than anybody waits for, one of which takes a second.
fn many_worlds() -> Desk {
    let demo = std::fs::read_to_string("scenarios/demo-exchange.toml").unwrap();
    let desk = Desk::with_scenario(&demo.replace("worlds = 200", "worlds = 100000"));
    std::fs::create_dir(desk.path("reports")).unwrap();
    desk
}

/// Starts the run and waits until it writes.
fn started(desk: &Desk) -> Child {
    let child = deleverage()
        .current_dir(desk.path(""))
        .args(["run", "study.toml", "--out", "reports/run"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while desk.names("reports").is_empty() {
        assert!(Instant::now() < deadline, "the run does not begin to write");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

#[test]
fn ctrl_c_leaves_nothing() {
    for desk in [long_study(), many_worlds()] {
        interrupted(&desk);
    }
}

fn interrupted(desk: &Desk) {
    let child = started(desk);
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("interrupted"), "{told}");
    assert!(output.stdout.is_empty());
    assert!(desk.names("reports").is_empty(), "{:?}", desk.names("reports"));
}

#[test]
fn a_killed_run_leaves_no_report_and_is_in_nobodys_way() {
    let few = ["--set", "entries.every=30d", "--set", "positions.leverage=5"];
    killed(&long_study(), &few);
    let few = ["--set", "exchange.worlds=2", "--set", "exchange.accounts=200"];
    killed(&many_worlds(), &few);
}

/// A run after it, of little work, finds its place.
fn killed(desk: &Desk, few: &[&str]) {
    let mut child = started(desk);
    child.kill().unwrap();
    child.wait().unwrap();
    let left = desk.names("reports");
    assert!(left.iter().all(|name| name.starts_with(".deleverage-")), "{left:?}");
    desk.succeed(&[&["run", "study.toml", "--out", "reports/run"][..], few].concat());
    assert!(desk.names("reports/run").contains("manifest.json"));
}
