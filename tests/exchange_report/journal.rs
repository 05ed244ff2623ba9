//! Worlds of a finished run, told again: the same row, and books that add up line by line.

use super::{CRASH, run, text};
use deleverage::report::exchange::life::{text as words, to_json};
use deleverage::run::exchange::{ReplayedWorld, replay};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::TempDir;

fn report() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    run(CRASH, &out, 2).unwrap();
    (home, out)
}

fn lines(world: &ReplayedWorld, account: Option<&str>) -> Vec<Value> {
    let life = world.life(account).unwrap();
    to_json(&life).collect()
}

fn amount(line: &Value, name: &str) -> Decimal {
    line[name].as_str().unwrap().parse().unwrap()
}

/// Cash and quantity of every account, from the lines alone.
#[derive(Default)]
struct Books {
    cash: BTreeMap<String, Decimal>,
    held: BTreeMap<String, Decimal>,
    deposits: Decimal,
}

impl Books {
    fn follow(&mut self, line: &Value) {
        let name = |key: &str| line[key].as_str().unwrap().to_owned();
        match line["event"].as_str().unwrap() {
            "deposit" => {
                self.deposits += amount(line, "amount");
                *self.cash.entry(name("to")).or_default() += amount(line, "amount");
            }
            "post" => {
                *self.cash.entry(name("from")).or_default() -= amount(line, "amount");
                *self.cash.entry(name("to")).or_default() += amount(line, "amount");
            }
            "trade" => {
                let (buyer, seller) = (name("buyer"), name("seller"));
                let payee = if name("paid_by") == buyer { seller.clone() } else { buyer.clone() };
                *self.cash.entry(name("paid_by")).or_default() -= amount(line, "value");
                *self.cash.entry(payee).or_default() += amount(line, "value");
                *self.held.entry(buyer).or_default() += amount(line, "quantity");
                *self.held.entry(seller).or_default() -= amount(line, "quantity");
            }
            _ => {}
        }
    }
}

/// Rules `EXC-002`, `EXC-003` and `EXC-005`.
#[test]
fn a_world_told_again_says_its_row_and_its_lines_add_up() {
    let (_home, out) = report();
    let world = replay(&out, 3, None).unwrap();
    let told = lines(&world, None);
    assert_eq!((&told[0]["event"], &told[0]["confirmed"]), (&Value::from("world"), &true.into()));
    let mut books = Books::default();
    told.iter().for_each(|line| books.follow(line));
    let sum = |of: &BTreeMap<String, Decimal>| of.values().copied().sum::<Decimal>();
    assert_eq!(sum(&books.cash), books.deposits, "cash adds up to the deposits");
    assert_eq!(sum(&books.held), Decimal::ZERO, "quantities add up to nothing");
    let traders = told[0]["traders"].as_u64().unwrap();
    let below = |n: &u64| books.cash[&n.to_string()] < Decimal::ZERO;
    let flat = |n: &u64| books.held[&n.to_string()].is_zero();
    assert_eq!((0..traders).find(|n| flat(n) && below(n)), None, "protection is on");
}

#[test]
fn an_account_is_told_with_what_it_has_after_each_event() {
    let (_home, out) = report();
    let world = replay(&out, 3, None).unwrap();
    let all = lines(&world, None);
    let trigger = all.iter().find(|line| line["event"] == "trigger").unwrap();
    let account = trigger["account"].as_str().unwrap();
    let mut books = Books::default();
    let mut own = lines(&world, Some(account)).into_iter().skip(1);
    for line in &all {
        books.follow(line);
        let touched = ["to", "from", "buyer", "seller", "account", "bankrupt"];
        if !touched.iter().any(|key| line["event"] != "world" && line[key] == account) {
            continue;
        }
        let told = own.next().unwrap();
        assert_eq!(amount(&told, "cash"), books.cash[account]);
        let held = told["held"]["BTCUSDT"].as_str().map(|lots| lots.parse::<Decimal>().unwrap());
        let wanted = books.held.get(account).copied().unwrap_or_default();
        assert_eq!(held.unwrap_or_default(), wanted, "{told}");
    }
    assert_eq!(own.next(), None, "nothing else touches it");
}

#[test]
fn stories_cite_rules_of_the_model() {
    let (_home, out) = report();
    let world = replay(&out, 0, None).unwrap();
    let known = std::fs::read_dir("docs/model").unwrap();
    let model: String =
        known.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for line in lines(&world, None).iter().skip(1) {
        for rule in line["rules"].as_array().unwrap() {
            let rule = rule.as_str().unwrap();
            assert!(model.contains(&format!("**{rule}**")), "{rule} is no rule of the model");
        }
    }
    let told = words(&world.life(None).unwrap());
    for part in ["World 0 of A crash in small", "trigger", "EXC-011", "says the same"] {
        assert!(told.contains(part), "{part} is missing:\n{told}");
    }
    let fund = words(&world.life(Some("fund-0")).unwrap());
    assert!(fund.contains("takeover") && fund.contains("5000000"), "{fund}");
}

#[test]
fn what_is_not_there_or_not_the_same_is_refused() {
    let (_home, out) = report();
    let told = replay(&out, 6, None).unwrap_err().to_string();
    assert!(told.contains("no such world: found `6`; accepted: 0 to 5"), "{told}");
    let world = replay(&out, 0, None).unwrap();
    let told = world.life(Some("nobody")).unwrap_err().to_string();
    assert!(told.contains("no such account: found `nobody`; accepted: 0 to 309"), "{told}");
    let rows = text(&out, "worlds.csv");
    std::fs::write(out.join("worlds.csv"), rows.replace("0,7,5000000,", "0,7,5000001,")).unwrap();
    let told = replay(&out, 0, None).unwrap_err().to_string();
    assert!(told.contains("fund_start is not what the run wrote: found `5000000`"), "{told}");
    std::fs::remove_file(out.join("worlds.csv")).unwrap();
    assert_eq!(lines(&replay(&out, 0, None).unwrap(), None)[0]["confirmed"], false);
}
