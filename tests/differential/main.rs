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
fn speed_of_the_reference() {
    for contract in [Contract::Linear, Contract::Inverse] {
        let mut seen = [0; 6];
        let began = std::time::Instant::now();
        let mut spent = std::time::Duration::ZERO;
        for at in 0..4_000 {
            let mut draw = Draw::of(7, at);
            let side = draw.pick(&[Side::Long, Side::Short]);
            let mode = draw.pick(&[Mode::Isolated, Mode::Cross]);
            let case = Case::draw(&mut draw, &Venue::Random(contract), side, mode);
            let now = std::time::Instant::now();
            let got = case.expected();
            spent += now.elapsed();
            let death = got.death.as_ref();
            let marks = [
                death.is_some(),
                death.is_some_and(|death| death.steps > 1),
                death.is_some_and(|death| death.last_bar.is_none()),
                death.is_some_and(|death| death.total.deficit > reference::Exact::ZERO),
                death.is_some_and(|death| death.steps > 50),
                got.liquidation_price.is_none(),
            ];
            for (count, mark) in seen.iter_mut().zip(marks) {
                *count += u32::from(mark);
            }
        }
        println!("{contract:?} {seen:?} {:?} {spent:?}", began.elapsed());
    }
}
