//! The book of `scenarios/whale-2018.toml` is what its recipe makes of it.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write;
use std::path::Path;

const BOOK: &str = "scenarios/whale-2018/accounts.csv";
/// Open interest of the quarterly future, as published on 1 August 2018.
const OPEN_INTEREST: i64 = 800_000_000;
/// 4,168,515 contracts of 100 USD.
const WHALE: i64 = 416_851_500;
/// Open of the perpetual on 31 July, 00:00.
const START: i64 = 8_167;
/// Longs beside the whale, and shorts.
const ACCOUNTS: i64 = 300;
const LEVERAGE: [i64; 4] = [2, 5, 10, 20];

/// Sizes fall with the rank, as 1/rank; whole contracts of 100 USD, the largest takes the rest.
fn sizes(total: i64) -> Vec<i64> {
    let weights: Decimal = (1..=ACCOUNTS).map(|rank| Decimal::ONE / Decimal::from(rank)).sum();
    let size = |rank: i64| {
        let share = Decimal::ONE / Decimal::from(rank) / weights;
        i64::try_from((Decimal::from(total) * share / Decimal::from(100)).floor()).unwrap() * 100
    };
    let mut sizes: Vec<i64> = (1..=ACCOUNTS).map(size).collect();
    sizes[0] += total - sizes.iter().sum::<i64>();
    sizes
}

fn margin(size: i64, entry: i64, leverage: i64) -> Decimal {
    let exact = Decimal::from(size) / Decimal::from(entry) / Decimal::from(leverage);
    exact.round_dp_with_strategy(8, RoundingStrategy::AwayFromZero)
}

/// The whale is bankrupt at 8,020 of the future, 7,883 of the perpetual: 20× from 8,277. All
/// others enter at the start, at 2×, 5×, 10× and 20× in turn.
fn book() -> String {
    let mut text = String::from("account,symbol,side,quantity,entry_price,margin,mode\n");
    let mut row = |name: &str, side: &str, (size, entry, leverage): (i64, i64, i64)| {
        let margin = margin(size, entry, leverage);
        writeln!(text, "{name},BTC0928,{side},{size},{entry},{margin},isolated").unwrap();
    };
    row("whale", "long", (WHALE, 8_277, 20));
    for (side, total) in [("long", OPEN_INTEREST - WHALE), ("short", OPEN_INTEREST)] {
        for (place, size) in sizes(total).into_iter().enumerate() {
            let leverage = LEVERAGE[place % LEVERAGE.len()];
            row(&format!("{side}-{:03}", place + 1), side, (size, START, leverage));
        }
    }
    text
}

#[test]
fn the_book_of_the_whale_follows_its_recipe() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK);
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, book()).unwrap();
    }
    assert!(std::fs::read_to_string(&file).unwrap() == book(), "BLESS=1 writes {BOOK}");
}

/// A long of an inverse contract at leverage L from E is worth nothing at E·L/(L + 1).
#[test]
fn the_whale_is_bankrupt_where_okex_said() {
    let bankrupt = Decimal::from(8_277 * 20) / Decimal::from(21);
    let basis = Decimal::from(7_483) / Decimal::new(73_555, 1);
    assert!((bankrupt * basis - Decimal::from(8_020)).abs() < Decimal::TWO);
}
