//! Numbers that others printed, through the engine: all of `worked_examples.json` of the shared
//! folder. Each is computed, or listed in `out-of-scope.toml` with the reason.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod account;
mod example;
mod funding;
mod loss;
mod margin;
mod price;
#[path = "../shared/mod.rs"]
mod shared;

use deleverage::engine::{FundingPerUnit, Law};
use deleverage::money::{Cash, Rate};
use deleverage::venue::Edge;
use example::{Example, flat, number, printed};
use serde_json::Value;
use std::collections::BTreeMap;

/// Rules of pools, of which some may be left out.
const POOLS: [&str; 4] = ["gmx_v2", "drift", "paradex", "58coin"];

fn vectors() -> Option<Value> {
    let file = shared::folder()?.join("vectors/worked_examples.json");
    Some(serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
}

fn examples(file: &Value) -> impl Iterator<Item = Example<'_>> {
    file["examples"].as_array().unwrap().iter().map(move |row| Example { file, row })
}

/// Reasons by example.
fn out_of_scope() -> BTreeMap<String, String> {
    let list: toml::Table = include_str!("out-of-scope.toml").parse().unwrap();
    let mut reasons = BTreeMap::new();
    for entry in list["example"].as_array().unwrap() {
        for id in entry["ids"].as_array().unwrap() {
            let reason = entry["reason"].as_str().unwrap().to_owned();
            let before = reasons.insert(id.as_str().unwrap().to_owned(), reason);
            assert_eq!(before, None, "{id} is listed twice");
        }
    }
    reasons
}

/// All that the engine says about one question, which may be asked of several of its parts;
/// `None`: it does not know the question.
fn answers(example: &Example) -> Option<Vec<Value>> {
    match example.text("quantity") {
        "liquidation_price" | "liquidation_price_after_funding" => price::liquidation(example),
        "bankruptcy_price" | "deleverage_price" => price::bankruptcy(example),
        _ => margin::answer(example).or_else(|| {
            let one = funding::answer(example).or_else(|| account::answer(example));
            Some(vec![one.or_else(|| loss::answer(example))?])
        }),
    }
}

#[test]
fn every_example_is_computed_or_out_of_scope() {
    let Some(file) = vectors() else { return };
    let mut listed = out_of_scope();
    let (mut passed, mut left_out, mut wrong) = (0, 0, Vec::new());
    for example in examples(&file) {
        let id = example.text("id");
        match (answers(&example), listed.remove(id)) {
            (None, None) => wrong.push(format!("{id}: neither computed nor out of scope")),
            (None, Some(_)) if POOLS.contains(&example.text("venue")) => left_out += 1,
            (None, Some(_)) => wrong.push(format!("{id}: not a pool, hence not out of scope")),
            (Some(_), Some(_)) => wrong.push(format!("{id}: computed, hence not out of scope")),
            (Some(answers), None) => {
                let objections: Vec<_> =
                    answers.iter().filter_map(|got| example.objection(got)).collect();
                passed += usize::from(objections.is_empty());
                wrong.extend(objections);
            }
        }
    }
    println!("{passed} examples pass, {left_out} are out of scope");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(listed.is_empty(), "listed, but not in the file: {listed:?}");
    assert_eq!(passed + left_out, examples(&file).count());
    assert!(passed >= 130, "{passed} examples pass");
}

/// The same wallet after a settlement, but with the settlement given to the engine.
#[test]
fn funding_paid_out_of_the_margin_moves_the_liquidation_price_as_printed() {
    let Some(file) = vectors() else { return };
    let example = examples(&file)
        .find(|example| example.text("quantity") == "liquidation_price_after_funding")
        .unwrap();
    let leg = example.leg(example.number("size"), example.number("EP"));
    let settled = number("60");
    let position = example.position(&leg, example.number("WB") + settled);
    let paid = FundingPerUnit::settlement(Rate::parse("0.1%").unwrap(), position.entry);
    let tiers = flat(example.rate("MMR"), example.cash("cum"));
    let law = Law::linear(&tiers, Edge::AtOrBelow, example.scale());
    assert_eq!(law.funding(&position, paid), Cash::parse("60").unwrap());
    let price = law.liquidation_price(&position, paid).unwrap();
    let price = printed(law.scale.to_decimal(price));
    assert_eq!(example.objection(&price), None);
}
