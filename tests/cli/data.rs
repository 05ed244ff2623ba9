//! `deleverage data`.

use super::Desk;

const GOOD: &str = "open_time_ms,open,high,low,close\n1704067200000,99,101,98,100\n\
                    1704070800000,100,102,99,101\n";

#[test]
fn check_tells_sound_files_from_bad_and_missing_ones() {
    let desk = Desk::new();
    desk.put("good.csv", GOOD);
    desk.put("bad.csv", &GOOD.replace("100,102,99,101", "100,90,99,101"));
    let told = desk.succeed(&["data", "check", "good.csv"]);
    for part in ["good.csv", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z", "1h"] {
        assert!(told.contains(part), "{part} is missing:\n{told}");
    }
    let output = desk.call(&["data", "check", "good.csv", "bad.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("bad.csv:3:"));
    let told = desk.fail(&["data", "check", "none.csv"]);
    assert!(told.contains("none.csv"), "{told}");
}

#[test]
fn list_names_every_crash_that_ships() {
    let told = Desk::new().succeed(&["data", "list"]);
    let events = super::names(std::path::Path::new("data/events"));
    assert!(events.len() >= 11);
    for event in events {
        assert!(told.contains(&event), "{event} is missing:\n{told}");
    }
}
