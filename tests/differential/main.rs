//! The engine beside the plain reference of `tests/reference`, on random markets and venues.
//!
//! Both know the same rules (`docs/model`), and nothing of each other: everything must be equal,
//! who, when, which step, prices and money, to the last digit.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod case;
mod draw;
mod engine;
#[path = "../market/mod.rs"]
mod market;
mod prices;
#[path = "../reference/mod.rs"]
mod reference;
mod vocabulary;

use case::{Case, Mode, Venue};
use deleverage::scenario::Side;
use deleverage::venue::Contract;
use draw::Draw;

#[test]
fn first_differences() {
    let mut wrong = std::collections::BTreeMap::<String, u32>::new();
    let mut shown = std::collections::BTreeMap::<String, String>::new();
    let mut total = 0;
    for contract in [Contract::Linear, Contract::Inverse] {
        let mut spent = [std::time::Duration::ZERO; 3];
        for at in 0..20_000 {
            let now = std::time::Instant::now();
            let mut draw = Draw::of(7, at);
            let side = draw.pick(&[Side::Long, Side::Short]);
            let mode = draw.pick(&[Mode::Isolated, Mode::Cross]);
            let case = Case::draw(&mut draw, &Venue::Random(contract), side, mode);
            spent[0] += now.elapsed();
            let now = std::time::Instant::now();
            let got = std::panic::catch_unwind(|| case.expected());
            spent[1] += now.elapsed();
            let now = std::time::Instant::now();
            let had = std::panic::catch_unwind(|| engine::simulated(&case));
            spent[2] += now.elapsed();
            total += 1;
            let (got, had) = match (got, had) {
                (Ok(got), Ok(had)) if got == had => continue,
                (Ok(got), Ok(had)) => (format!("{got:#?}"), format!("{had:#?}")),
                (got, had) => (format!("{:?}", got.is_ok()), format!("{:?}", had.is_ok())),
            };
            let r = &case.rules;
            let word = |text: String| text.split([' ', '{']).next().unwrap().to_owned();
            for key in [
                format!("{contract:?} {:?} {}", r.tiers.lookup, r.tiers.steps.len() > 1),
                format!("{contract:?} {}", word(format!("{:?}", r.close_out))),
                format!("{contract:?} {}", word(format!("{:?}", r.order))),
                format!("{contract:?} {}", word(format!("{:?}", r.residual))),
                format!("{contract:?} vol {:?}", r.volatility.is_some()),
                format!("{contract:?} {mode:?} {side:?}"),
                format!("{contract:?} fields {}", differing(&got, &had)),
            ] {
                *wrong.entry(key).or_default() += 1;
            }
            let key = format!("{contract:?} {}", differing(&got, &had));
            shown.entry(key).or_insert_with(|| format!("case {at} {mode:?} {side:?}\n{:?} {:?} {:?}\n{}", r.close_out, r.order, r.residual, side_by_side(&got, &had)));
        }
        println!("{contract:?} {spent:?}");
    }
    println!("{wrong:#?} of {total}");
    for (key, text) in shown.iter().take(12) {
        println!("== {key}: {text}");
    }
}

fn differing(got: &str, had: &str) -> String {
    let pairs = got.lines().zip(had.lines()).filter(|(a, b)| a != b);
    let names: std::collections::BTreeSet<&str> = pairs.map(|(a, _)| a.trim().split(':').next().unwrap()).collect();
    names.into_iter().collect::<Vec<_>>().join(",").chars().take(70).collect()
}

fn side_by_side(got: &str, had: &str) -> String {
    got.lines().zip(had.lines()).map(|(a, b)| if a == b { format!("  {a}\n") } else { format!("! {a}   ENGINE {}\n", b.trim()) }).collect()
}
