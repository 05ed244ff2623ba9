//! Whole runs: files, their columns, the same bytes for any number of threads.

use super::{CRASH, column, run, run_study, table, text};
use deleverage::money::Cash;
use deleverage::scenario;
use std::collections::BTreeMap;
use std::path::Path;

/// What scripts of others rely on, in this order.
const AGREED: &str = "world,seed,fund_start,fund_low,fund_end,fund_drawdown,fund_drawdown_mtm,\
                      liquidated_notional,liquidations,taken_over,adl_notional,adl_events,\
                      adl_accounts,first_adl_time,socialised,owed,bad_debt,first_r_price";

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries.map(|path| (name(&path), std::fs::read(&path).unwrap())).collect()
}

fn sum(amounts: &[String]) -> i64 {
    amounts.iter().map(|amount| Cash::parse(amount).unwrap().atoms()).sum()
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let home = tempfile::tempdir().unwrap();
    let (one, four) = (home.path().join("one"), home.path().join("four"));
    run(CRASH, &one, 1).unwrap();
    run(CRASH, &four, 4).unwrap();
    let (mut one, mut four) = (bytes(&one), bytes(&four));
    // It says how many threads there were, and how long they took.
    assert!(one.remove("manifest.json").is_some() && four.remove("manifest.json").is_some());
    assert_eq!(one.keys().collect::<Vec<_>>(), four.keys().collect::<Vec<_>>());
    let differs = |(name, bytes): &(&String, &Vec<u8>)| four[*name] != **bytes;
    assert_eq!(one.iter().find(differs).map(|(name, _)| name), None, "a file differs");
}

#[test]
fn a_run_leaves_the_files_and_columns_that_scripts_rely_on() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let compared = CRASH.replace("accounts = 300", "accounts = 300\nadl = \"compared\"");
    let finished = run(&compared, &out, 2).unwrap();
    let files = bytes(&out);
    for name in [
        "manifest.json",
        "summary.txt",
        "worlds.csv",
        "timeline.parquet",
        "adl.csv",
        "waterfall.csv",
        "liquidations.csv",
        "density.csv",
        "adl_alternatives.csv",
        "fund.png",
        "drawdown.png",
        "waterfall.png",
        "adl.png",
        "open_interest.png",
        "liquidations.png",
    ] {
        assert!(files.get(name).is_some_and(|bytes| bytes.len() > 100), "{name}");
    }
    let worlds = text(&out, "worlds.csv");
    assert!(worlds.starts_with(AGREED), "{}", worlds.lines().next().unwrap());
    assert_eq!(column(&worlds, "world"), ["0", "1", "2", "3", "4", "5"]);
    assert_eq!(text(&out, "summary.txt"), finished.summary);
    assert_eq!((finished.positions, finished.json["worlds"].as_u64()), (6, Some(6)));
    told_world_agrees(&out, &finished.json);
    alternatives_differ(&out);
}

/// The events of the picked world add up to its row, and so does the waterfall's last column.
fn told_world_agrees(out: &Path, json: &serde_json::Value) {
    let (header, worlds) = table(&text(out, "worlds.csv"));
    let row = &worlds[json["picked_world"].as_u64().unwrap() as usize];
    let field = |name: &str| row[header.iter().position(|known| known == name).unwrap()].clone();
    let adl = text(out, "adl.csv");
    assert_eq!(field("adl_events"), column(&adl, "gap").len().to_string());
    assert_eq!(Cash::from_atoms(sum(&column(&adl, "gap"))).to_string(), field("adl_gap"));
    assert_eq!(Cash::from_atoms(sum(&column(&adl, "notional"))).to_string(), field("adl_notional"));
    let waterfall = text(out, "waterfall.csv");
    let names = column(&waterfall, "rung");
    let rungs =
        ["margin_lost", "fund_paid", "adl_gap", "socialised", "owed", "injected", "bad_debt"];
    assert_eq!(names[..3], ["margin", "fund", "adl"]);
    assert_eq!(column(&waterfall, "picked"), rungs.map(field));
}

/// Another rank takes from others, not more.
fn alternatives_differ(out: &Path) {
    let told = text(out, "adl_alternatives.csv");
    assert_eq!(column(&told, "rank"), ["profit-margin-ratio", "pro-rata", "unranked"]);
    let accounts: Vec<u32> =
        column(&told, "adl_accounts").iter().map(|count| count.parse().unwrap()).collect();
    assert!(accounts[0] > 0 && accounts[1] > accounts[0], "pro rata asks more: {accounts:?}");
}

/// A fund two thousand times larger is never empty: nothing is deleveraged, and that is told with
/// a bound and never as a bare nothing.
#[test]
fn what_never_happens_has_a_bound() {
    let home = tempfile::tempdir().unwrap();
    let rich = CRASH.replace("\"5000000\"", "\"10000000000\"");
    let rich = rich.replace("worlds = 6", "worlds = 6\ndriver = \"replay\"");
    let finished = run(&rich, &home.path().join("out"), 2).unwrap();
    let told = "In none of 6 worlds (the chance is at most 40 %) winners are auto-deleveraged.";
    assert!(finished.summary.contains(told), "{}", finished.summary);
    assert!(!finished.summary.contains(" 0 %"), "{}", finished.summary);
    assert!(finished.json["adl"]["median_first_time"].is_null());
}

#[test]
fn a_taken_place_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let told = run(CRASH, home.path(), 1).unwrap_err().to_string();
    assert!(told.contains("this place is taken"), "{told}");
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

/// P20 as far as it is a law (EXC-032), on the shipped scenario: what deleverages with the fund of
/// the day deleverages nobody with one ten times as large.
#[test]
fn ten_times_the_fund_ends_deleveraging_in_october() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/october-2025.toml");
    let home = tempfile::tempdir().unwrap();
    let deleveraged = |balance: &str| {
        let sets = [
            "exchange.worlds=2",
            "exchange.driver=replay",
            &format!("fund.balance={balance}"),
            &format!("fund.notional_cap={balance}"),
        ];
        let sets = sets.map(|set| set.parse().unwrap());
        let study = scenario::read(&file, &sets).unwrap().exchange().unwrap();
        let out = home.path().join(balance);
        run_study(&study, &out, 2).unwrap();
        sum(&column(&text(&out, "worlds.csv"), "adl_notional"))
    };
    assert!(deleveraged("1230000000") > 0);
    assert_eq!(deleveraged("12300000000"), 0);
}
