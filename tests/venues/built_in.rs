//! The files that ship.

use super::{
    BINANCE, MAJORS, btc, built_in, cash, is_continuous, message, of, place, rate, rules, what,
};
use deleverage::history::Kind;
use deleverage::history::event::series;
use deleverage::money::{Cash, Rate, Round};
use deleverage::venue::{
    Contract, Lookup, ResolveRequest, VenueInfo, VenueRules, resolve, rules_on, venues,
};
use jiff::civil::{Date, date};
use std::collections::BTreeSet;
use std::path::PathBuf;
use toml::Table;

#[test]
fn every_built_in_file_resolves_for_every_symbol() {
    let all = built_in();
    let binance = venues(None).unwrap().into_iter().find(|venue| venue.name == BINANCE).unwrap();
    assert_eq!(binance.files.len(), 14);
    for file in &binance.files {
        for symbol in MAJORS {
            let rules = all.iter().find(|r| r.valid_from == file.valid_from && r.symbol == symbol);
            assert!(rules.is_some(), "{symbol} {}", file.valid_from);
        }
    }
}

/// A new file is embedded when the code that embeds it is compiled anew, which cargo does not see.
#[test]
fn the_binary_holds_every_file_of_the_folder() {
    let names = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let files = |venue: &String| -> Vec<PathBuf> {
        let files = names(&format!("data/venues/{venue}"));
        files.iter().map(|file| ["data/venues", venue, file].iter().collect()).collect()
    };
    let folder: BTreeSet<PathBuf> = names("data/venues").iter().flat_map(files).collect();
    let all = venues(None).unwrap();
    let days = all.iter().flat_map(|venue| venue.files.iter().map(move |file| (venue, file)));
    let binary: BTreeSet<PathBuf> =
        days.map(|(venue, file)| place(&venue.name, file.valid_from)).collect();
    assert_eq!(binary, folder, "touch src/venue/library.rs");
}

#[test]
fn built_in_tiers_hold_their_laws() {
    for rules in built_in() {
        let what = what(&rules);
        let tiers = &rules.tiers;
        assert_eq!(tiers.steps[0].floor, Cash::ZERO, "{what}");
        assert!(tiers.steps.iter().all(|tier| tier.initial > tier.maintenance), "{what}");
        assert!(tiers.steps.iter().all(|tier| tier.initial.steps() <= Rate::ONE), "{what}");
        assert!(tiers.steps.is_sorted_by(|a, b| a.floor < b.floor), "{what}");
        assert!(tiers.steps.is_sorted_by(|a, b| a.maintenance < b.maintenance), "{what}");
        match tiers.lookup {
            Lookup::Marginal => assert!(is_continuous(tiers), "{what}"),
            _ => assert!(tiers.steps.iter().all(|tier| tier.deduction == Cash::ZERO), "{what}"),
        }
    }
}

#[test]
fn the_latest_file_that_has_begun_is_picked() {
    let begins = |day| rules("BTCUSDT", day, "").unwrap().valid_from;
    assert_eq!(begins(date(2020, 3, 12)), date(2019, 9, 1));
    assert_eq!(begins(date(2021, 3, 17)), date(2019, 9, 1));
    assert_eq!(begins(date(2021, 3, 18)), date(2021, 3, 18));
    assert_eq!(begins(date(2021, 5, 19)), date(2021, 3, 18));
    assert_eq!(begins(date(2025, 10, 10)), date(2025, 9, 30));
}

#[test]
fn a_day_before_the_first_file_names_it() {
    let told = message(rules("BTCUSDT", date(2019, 8, 31), ""));
    let expected = "no rules of binance-usdm are known before 2019-09-01: found `2019-08-31`; \
                    accepted: 2019-09-01 or later: `as_of = \"2019-09-01\"`, or `--date \
                    2019-09-01`";
    assert_eq!(told, expected);
}

#[test]
fn unknown_venues_and_symbols_list_what_there_is() {
    let told = message(rules("BTCUSD", date(2024, 8, 1), ""));
    assert!(told.starts_with("data/venues/binance-usdm/2024-08-01.toml: no brackets"), "{told}");
    assert!(told.contains("found `BTCUSD`") && told.contains("DOGEUSDT, ETHUSDT"), "{told}");
    let request = ResolveRequest {
        name: "mtgox",
        symbol: "BTCUSD",
        as_of: date(2013, 1, 1),
        overrides: &Table::new(),
        folder: None,
    };
    let names: Vec<String> = venues(None).unwrap().into_iter().map(|venue| venue.name).collect();
    let expected = format!("no such venue: found `mtgox`; accepted: {}", names.join(", "));
    assert_eq!(message(resolve(&request)), expected);
}

#[test]
fn the_table_of_march_2021_is_the_announced_one() {
    let tiers = rules("BTCUSDT", date(2021, 5, 19), "").unwrap().tiers;
    let third = &tiers.steps[2];
    assert_eq!(third.floor, cash("250000"));
    assert_eq!(third.initial, rate("2%"));
    assert_eq!(third.maintenance, rate("1%"));
    assert_eq!(third.deduction, cash("1300"));
    assert_eq!(tiers.cap, Some(cash("500000000")));
    assert_eq!(tiers.maintenance(cash("1000000"), Round::Ceil), cash("8700"));
}

#[test]
fn a_floor_belongs_to_the_tier_below_and_initial_is_rounded_up() {
    let tiers = btc("").unwrap().tiers;
    assert_eq!(tiers.index_of(cash("50000")), 0);
    assert_eq!(tiers.index_of(cash("50000.00000001")), 1);
    let third = tiers.steps.iter().find(|tier| tier.maintenance == rate("0.65%")).unwrap();
    assert_eq!(third.initial, rate("0.013333333334"));
}

#[test]
fn a_table_carried_back_says_so_and_an_announced_one_does_not() {
    let about = |symbol: &str, day| -> Vec<String> {
        let told = rules(symbol, day, "").unwrap().assumptions();
        told.into_iter().filter(|line| line.contains("margin.")).collect()
    };
    let carried = "margin.ETHUSDT (assumed): Nearest later table (2022-02-12).";
    assert_eq!(about("ETHUSDT", date(2021, 5, 19)), [carried]);
    assert_eq!(about("BTCUSDT", date(2021, 5, 19)), Vec::<String>::new());
    let carried = "margin.BTCUSDT (assumed): Nearest later table (2021-03-18).";
    assert_eq!(about("BTCUSDT", date(2020, 3, 12)), [carried]);
}

/// Twelve kinds of rules, each with bitcoin and most with ether.
#[test]
fn the_venues_are_there_with_bitcoin_and_ether() {
    let all = built_in();
    for (name, symbols) in [
        ("binance-coinm", ["BTCUSD_PERP", "ETHUSD_PERP"].as_slice()),
        ("binance-usdm", &["BTCUSDT", "ETHUSDT"]),
        ("bitmex", &["XBTUSD"]),
        ("bybit-inverse", &["BTCUSD", "ETHUSD"]),
        ("bybit-linear", &["BTCUSDT", "ETHUSDT", "SOLUSDT"]),
        ("clawback-2018", &["BTCUSD", "BTC0928", "ETHUSD"]),
        ("deribit", &["BTC-PERPETUAL", "BTC_USDC-PERPETUAL", "ETH_USDC-PERPETUAL"]),
        ("dydx-v3", &["BTC-USD", "ETH-USD", "YFI-USD"]),
        ("dydx-v4", &["BTC-USD", "ETH-USD", "SOL-USD"]),
        ("gate", &["BTC_USDT", "ETH_USDT"]),
        ("hyperliquid", &["BTC", "ETH", "SOL", "XRP", "DOGE", "OP"]),
        ("okx", &["BTC-USDT-SWAP", "ETH-USDT-SWAP", "CHZ-USDT-SWAP", "AAVE-USDT-SWAP"]),
    ] {
        for symbol in symbols {
            let there = all.iter().any(|rules| rules.name == name && rules.symbol == *symbol);
            assert!(there, "{name} {symbol}");
        }
    }
}

/// What is settled in a coin is settled in its own.
#[test]
fn the_settlement_asset_fits_the_contract() {
    for rules in built_in() {
        let dollar = ["USDT", "USDC", "USD"].contains(&rules.settlement.as_str());
        assert_eq!(dollar, rules.contract == Contract::Linear, "{}", what(&rules));
    }
    let ether = of("bybit-inverse", "ETHUSD", date(2025, 10, 10));
    assert_eq!(ether.settlement, "ETH");
    assert_eq!(ether.instrument, "ETHUSDT");
}

/// Risk steps of 12 March 2020: 0.5 % maintenance and 1 % initial margin up to 200 XBT, both 0.5 %
/// more for each further 100 XBT, up to the step that would ask for more than the value.
#[test]
fn risk_steps_climb_to_full_margin() {
    let tiers = of("bitmex", "XBTUSD", date(2020, 3, 12)).tiers;
    let at = |value: &str| {
        let tier = tiers.steps[tiers.index_of(cash(value))];
        (tier.initial, tier.maintenance)
    };
    assert_eq!(at("200"), (rate("1%"), rate("0.5%")));
    assert_eq!(at("200.00000001"), (rate("1.5%"), rate("1%")));
    assert_eq!(at("450"), (rate("2.5%"), rate("2%")));
    assert_eq!(tiers.steps.last().unwrap().initial, rate("100%"));
    assert_eq!(tiers.cap, Some(cash("20000")));
    let today = of("bitmex", "XBTUSD", date(2025, 10, 10)).tiers;
    assert_eq!(today.steps[2].floor, cash("350"));
    assert_eq!(today.steps[2].maintenance, rate("1.05%"));
}

/// The rules in force, or the first ones of a venue that did not exist yet.
fn in_force(venue: &VenueInfo, day: Date) -> Vec<VenueRules> {
    let first = venue.files[0].valid_from;
    rules_on(&venue.name, Some(day.max(first)), None).unwrap()
}

/// A price series with trades is there, of the venue's own or of the one that stands in.
#[test]
fn every_venue_has_prices_for_the_great_crashes() {
    for (name, day) in [
        ("2020-03-12", date(2020, 3, 10)),
        ("2021-05-19", date(2021, 5, 17)),
        ("2025-10-10", date(2025, 10, 8)),
    ] {
        for venue in venues(None).unwrap() {
            let all = in_force(&venue, day);
            let bitcoin = |rules: &&VenueRules| rules.instrument.contains("BT");
            let traded = |rules: &VenueRules| has_trades(name, &rules.history, rules);
            assert!(all.iter().filter(bitcoin).any(traded), "{name}: {}", venue.name);
        }
    }
}

fn has_trades(event: &str, exchange: &str, rules: &VenueRules) -> bool {
    let all = series(event, exchange, &rules.instrument).unwrap_or_default();
    all.iter().any(|series| series.kind == Kind::Trade)
}

/// Prices of another exchange stand in, which a scenario has to name.
#[test]
fn two_cases_are_replayed_on_the_prices_of_another_exchange() {
    let whale = of("clawback-2018", "BTC0928", date(2018, 7, 31));
    assert!(has_trades("2018-07-31-okex", "bitmex", &whale));
    let altcoin = of("dydx-v3", "YFI-USD", date(2023, 11, 17));
    assert!(has_trades("2023-11-17-yfi", "binance-spot", &altcoin));
}

/// Rates fall on these days and on no others.
#[test]
fn each_cut_of_bitmex_begins_on_its_day() {
    let base = |day| of("bitmex", "XBTUSD", day).tiers.steps[0].maintenance;
    assert_eq!(base(date(2020, 4, 16)), rate("0.5%"));
    assert_eq!(base(date(2020, 4, 17)), rate("0.45%"));
    assert_eq!(base(date(2020, 5, 4)), rate("0.45%"));
    assert_eq!(base(date(2020, 5, 5)), rate("0.4%"));
    assert_eq!(base(date(2021, 8, 31)), rate("0.4%"));
}

/// A third is no decimal: half of 1/15 is rounded up in the twelfth.
#[test]
fn a_quotient_is_rounded_against_the_trader() {
    let tiers = of("hyperliquid", "ETH", date(2025, 10, 10)).tiers;
    assert_eq!(tiers.steps[1].maintenance, rate("0.033333333334"));
    assert_eq!(tiers.steps[1].deduction, cash("1333333.3334"));
}
