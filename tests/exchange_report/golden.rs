//! The sentences about worlds that were made by hand, word for word.

use super::made::{cash, world};
use super::{CRASH, market, run, study};
use deleverage::engine::Extent;
use deleverage::exchange::{AccountId, Event, Moment, Reason};
use deleverage::money::Quantity;
use deleverage::population::{Holding, Mode, Plan, Population, Trader, TraderKind};
use deleverage::report::exchange::{Facts, Symbol, Timeline, Told, summary};
use deleverage::run::{MarketInputs, load_exchange};
use deleverage::scenario::Side;
use deleverage::tally::exchange::{Noted, Record, Worlds};
use std::path::Path;

const EXPECTED: &str = "tests/golden/exchange/summary.txt";

/// A long of 2 at 20x against two shorts of 1, all opened at 121,000.
fn population() -> Population {
    let entry = market::price("121000");
    let one = |n: u32, side, lots: i64| {
        let quantity = Quantity::from_lots(lots * 100_000_000);
        let holding = Holding { symbol: 0, side, quantity, entry };
        let trader = Trader {
            kind: TraderKind::User,
            mode: Mode::Isolated,
            margin: cash(12_100),
            plan: Plan::default(),
            holdings: n..n + 1,
        };
        (trader, holding)
    };
    let all = [one(0, Side::Long, 2), one(1, Side::Short, 1), one(2, Side::Short, 1)];
    Population {
        traders: all.iter().map(|(trader, _)| trader.clone()).collect(),
        holdings: all.iter().map(|(_, holding)| *holding).collect(),
    }
}

/// The long ends 500 below zero; one short gives up 1,000 of profit on 1 unit, the other 500 on a
/// half.
fn record(first: usize) -> Record {
    let moment = Moment { bar: first, substep: 2, time: 1_760_130_000_000 };
    let trader = AccountId::Trader;
    let (price, mark) = (market::price("115000"), market::price("114000"));
    let open = |n: u32, lots: i64, (buyer, seller)| Event::Trade {
        symbol: 0,
        buyer,
        seller,
        quantity: Quantity::from_lots(lots * 100_000_000),
        price: market::price("121000"),
        value: cash(121_000 * lots),
        reason: if n < 3 { Reason::Opening } else { Reason::Deleveraging },
    };
    let given = |account: u32, lots: i64, rank: u32| Event::Deleveraged {
        bankrupt: trader(0),
        account: trader(account),
        symbol: 0,
        quantity: Quantity::from_lots(lots),
        price,
        mark,
        rank,
    };
    let events = vec![
        open(0, 2, (trader(0), AccountId::Book)),
        open(1, 1, (AccountId::Book, trader(1))),
        open(2, 1, (AccountId::Book, trader(2))),
        Event::Trigger {
            account: trader(0),
            symbol: 0,
            mark,
            extent: Extent::Whole,
            rule: "LIQ-003",
        },
        given(1, 100_000_000, 1),
        given(2, 50_000_000, 2),
        Event::Deficit { account: trader(0), amount: cash(500) },
    ];
    Record { events: events.into_iter().map(|event| Noted { moment, event }).collect() }
}

fn told(inputs: &MarketInputs) -> String {
    let markets = inputs.markets();
    let scene = inputs.scene(&markets);
    let worlds = Worlds::new((0..100).map(|n| world(n, i64::from((n * 37) % 100) * 10)).collect());
    let picked = worlds.picked(inputs.study.pick).clone();
    let told = Told::new(scene, population(), (picked, record(inputs.first)));
    let symbol = &inputs.symbols[0];
    let symbols = [Symbol {
        history: &symbol.history,
        files: &symbol.files,
        shipped: symbol.shipped.as_ref(),
        rules: &symbol.rules,
        as_of: symbol.as_of,
    }];
    summary(&Facts {
        study: &inputs.study,
        to_scenario: Path::new("."),
        symbols: &symbols,
        population_file: None,
        scene,
        worlds: &worlds,
        timeline: &Timeline { bands: Vec::new(), worlds: 50 },
        told: &told,
        alternatives: &[],
        command: "",
        threads: 1,
        seconds: 1.0,
    })
}

/// One world has no median, no nineteen of twenty and no plural.
#[test]
fn a_single_world_is_told_in_the_singular() {
    let home = tempfile::tempdir().unwrap();
    let one = CRASH.replace("worlds = 6", "worlds = 1");
    let text = run(&one, &home.path().join("out"), 2).unwrap().summary;
    for known in [
        ": 1 world of 310 accounts, ",
        "Told in detail: world 0, the only one.",
        " the fund falls, in the only world, ",
        "n 1 of 1 world (95 % interval 20–100 %) winners are auto-deleveraged.",
        " is liquidated.",
        "- 1 world is one draw of its population",
    ] {
        assert!(text.contains(known), "`{known}` is missing in\n{text}");
    }
    let answers = text.split("What this rests on").next().unwrap();
    for wrong in
        ["1 worlds", "1 accounts", "1 trades", "median", "on average", "no more than", "19 of"]
    {
        assert!(!answers.contains(&format!(" {wrong}")), "`{wrong}` in\n{answers}");
    }
}

#[test]
fn sentences_about_known_worlds_are_these() {
    let inputs = load_exchange(&study(CRASH), None).unwrap();
    let text = told(&inputs);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(Path::new(EXPECTED).parent().unwrap()).unwrap();
        std::fs::write(EXPECTED, &text).unwrap();
    }
    let expected = std::fs::read_to_string(EXPECTED).unwrap_or_default();
    assert_eq!(text, expected, "{EXPECTED} differs");
    for known in [
        // Falls of 0, 10, …, 990 of 1,000: ranks 50 and 95 of 100.
        "by no more than 490 USDT (49.0 % of its start) in cash",
        "by no more than 940 USDT (94.0 % of its start) in cash",
        "In 50 of 100 worlds (50.0 %, 95 % interval 40–60 %) winners are auto-deleveraged.",
        // 1,000 on one unit, 500 on a half, at a mark of 114,000.
        "2 accounts give up 1,500 USDT of profit.",
        "1 account ends 500 USDT below zero; it owes nothing",
        "(the chance of each is at most 3.7 %) did these pay",
    ] {
        assert!(text.contains(known), "`{known}` is missing in\n{text}");
    }
}
