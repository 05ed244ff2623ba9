//! Tables that others printed, and laws on random ones.

use super::shared;
use super::{BINANCE, btc, cash, is_continuous, of, rate, rules};
use deleverage::money::{Cash, Rate, Round};
use deleverage::venue::{ResolveRequest, Tier, Tiers, resolve};
use jiff::civil::date;
use proptest::prelude::*;
use toml::Table;

/// A table of brackets as `margin.BTCUSDT.tiers`.
fn table_of(rows: impl Iterator<Item = [String; 3]>) -> Table {
    let row = |[floor, leverage, rate]: [String; 3]| {
        format!(
            "{{ floor = \"{floor}\", max_leverage = \"{leverage}\", maintenance = \"{rate}\" }}"
        )
    };
    let rows: Vec<String> = rows.map(row).collect();
    format!("margin.BTCUSDT.tiers = [{}]\nmargin.BTCUSDT.cap = \"90000000000\"", rows.join(","))
        .parse()
        .unwrap()
}

fn tiers_of(overrides: &Table) -> Tiers {
    let (name, symbol, as_of) = (BINANCE, "BTCUSDT", date(2024, 8, 1));
    resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: None }).unwrap().tiers
}

/// Text of a file that a plain clone does not have.
fn shared_text(file: &str) -> Option<String> {
    shared::folder().map(|folder| std::fs::read_to_string(folder.join(file)).unwrap())
}

/// What others printed.
fn vectors() -> Option<serde_json::Value> {
    shared_text("vectors/worked_examples.json").map(|text| serde_json::from_str(&text).unwrap())
}

/// Bracket caps of the observations that stand for "none".
const NO_CAP: &str = "9223372036854775807";

#[test]
fn every_observed_bracket_is_in_the_files() {
    let Some(text) = shared_text("data/binance_usdm_tiers.csv") else { return };
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut seen = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let tiers = rules(&row[1], row[0].parse().unwrap(), "").unwrap().tiers;
        let index = row[2].parse::<usize>().unwrap() - 1;
        let tier = tiers.steps[index];
        assert_eq!(tier.floor, cash(&row[3]), "{row:?}");
        let end = tiers.steps.get(index + 1).map(|next| next.floor).or(tiers.cap);
        assert_eq!(end, (&row[4] != NO_CAP).then(|| cash(&row[4])), "{row:?}");
        let leverage: i128 = row[5].parse().unwrap();
        let initial = Round::Ceil.div(i128::from(Rate::ONE), leverage);
        assert_eq!(i128::from(tier.initial.steps()), initial, "{row:?}");
        assert_eq!(tier.maintenance, rate(&row[6]), "{row:?}");
        assert_eq!(tier.deduction, cash(&row[7]), "{row:?}");
        seen += 1;
    }
    assert_eq!(seen, 1210);
}

/// A printed table: its tiers as resolved here, and its deductions as printed.
fn printed_table(vectors: &serde_json::Value, name: &str) -> (Tiers, Vec<Cash>) {
    let rows = vectors["tier_tables"][name]["rows"].as_array().unwrap();
    let text = |row: &serde_json::Value, key: &str| match &row[key] {
        serde_json::Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    let floors = std::iter::once("0".to_string()).chain(rows.iter().map(|row| text(row, "cap")));
    let lines = rows.iter().zip(floors);
    let tiers = table_of(lines.map(|(row, floor)| [floor, text(row, "max_lev"), text(row, "mmr")]));
    (tiers_of(&tiers), rows.iter().map(|row| cash(&text(row, "cum"))).collect())
}

#[test]
fn printed_tables_have_the_deductions_that_the_recursion_gives() {
    let Some(vectors) = vectors() else { return };
    let marginal = vectors["tier_tables"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, table)| table["cum_recursion_ok"] == true);
    let mut tables = 0;
    for (name, _) in marginal {
        let (tiers, printed) = printed_table(&vectors, name);
        let own: Vec<Cash> = tiers.steps.iter().map(|tier| tier.deduction).collect();
        assert_eq!(own, printed, "{name}");
        tables += 1;
    }
    assert!(tables >= 8, "{tables}");
}

#[test]
fn our_dated_tables_are_the_printed_ones() {
    let Some(vectors) = vectors() else { return };
    for (name, venue, symbol, day) in [
        ("BTCUSDT_binance_2021-03-18", BINANCE, "BTCUSDT", date(2021, 3, 18)),
        ("BTCUSDT_binance_2024_freqtrade", BINANCE, "BTCUSDT", date(2024, 8, 1)),
        ("BTCUSD COIN-M 2020-21", "binance-coinm", "BTCUSD_PERP", date(2020, 8, 10)),
        ("BTCUSDT_bybit_2024", "bybit-linear", "BTCUSDT", date(2024, 1, 1)),
        ("BTCUSDT_bybit_2024", "bybit-linear", "BTCUSDT", date(2025, 10, 10)),
    ] {
        let (printed, deductions) = printed_table(&vectors, name);
        let own = of(venue, symbol, day).tiers.steps;
        assert_eq!(own, printed.steps, "{name}");
        assert_eq!(own.iter().map(|tier| tier.deduction).collect::<Vec<_>>(), deductions);
    }
}

/// Rows are (largest number of contracts, maintenance, initial, leverage), the last one repeats.
#[test]
fn tiers_in_contracts_are_the_announced_ones() {
    let Some(vectors) = vectors() else { return };
    let tables = &vectors["tier_tables"]["OKX_USDT_swaps_contracts"]["rows"];
    for (name, symbol, day) in [
        ("ETHUSDT 2021-06-11", "ETH-USDT-SWAP", date(2021, 6, 11)),
        ("CHZUSDT 2021-04", "CHZ-USDT-SWAP", date(2021, 4, 9)),
        ("AAVEUSDT 2023-05-19", "AAVE-USDT-SWAP", date(2023, 5, 19)),
        ("ADAUSDT 2023-05-19", "ADA-USDT-SWAP", date(2023, 5, 19)),
    ] {
        let rows = tables[name].as_array().unwrap();
        let text = |row: usize, column: usize| rows[row][column].as_str().unwrap();
        let steps = of("okx", symbol, day).tiers.steps;
        for (row, tier) in steps.iter().take(3).enumerate() {
            let floor = if row == 0 { "0" } else { text(row - 1, 0) };
            assert_eq!(tier.floor, cash(floor), "{name}");
            assert_eq!(tier.maintenance, rate(text(row, 1)), "{name}");
            assert_eq!(tier.initial, rate(text(row, 2)), "{name}");
        }
        let width = text(3, 0).trim_start_matches('+').trim_end_matches(" each");
        for pair in steps[2..].windows(2) {
            let rise = |of: fn(&Tier) -> Rate| of(&pair[1]).steps() - of(&pair[0]).steps();
            assert_eq!(rise(|tier| tier.maintenance), rate("0.5%").steps(), "{name}");
            assert_eq!(rise(|tier| tier.initial), rate("0.5%").steps(), "{name}");
        }
        assert_eq!(steps[3].floor, cash(text(2, 0)), "{name}");
        assert_eq!(steps[4].floor - steps[3].floor, cash(width), "{name}");
    }
}

/// Maintenance is half of the initial rate at the highest leverage of each tier.
#[test]
fn tiers_of_leverage_are_the_documented_ones() {
    let Some(vectors) = vectors() else { return };
    let tables = &vectors["tier_tables"]["Hyperliquid_margin_tiers"]["rows"];
    for (name, symbol) in [
        ("BTC", "BTC"),
        ("ETH", "ETH"),
        ("SOL", "SOL"),
        ("XRP", "XRP"),
        ("DOGE and peers", "DOGE"),
        ("OP and peers", "OP"),
    ] {
        let rows = tables[name].as_array().unwrap();
        let steps = of("hyperliquid", symbol, date(2025, 10, 10)).tiers.steps;
        assert_eq!(steps.len(), rows.len(), "{name}");
        assert_eq!(steps[1].floor, cash(rows[0][0].as_str().unwrap()), "{name}");
        for (tier, row) in steps.iter().zip(rows) {
            let leverage = i128::from(row[1].as_i64().unwrap());
            let of = |multiple| Round::Ceil.div(i128::from(Rate::ONE), multiple * leverage);
            assert_eq!(i128::from(tier.initial.steps()), of(1), "{name}");
            assert_eq!(i128::from(tier.maintenance.steps()), of(2), "{name}");
        }
    }
}

#[test]
fn printed_tiers_and_margins_come_out() {
    let Some(vectors) = vectors() else { return };
    let examples = vectors["examples"].as_array().unwrap();
    let ours = examples.iter().filter(|example| example["venue"] == "binance_usdm");
    let mut seen = 0;
    for example in ours {
        let inputs = &example["inputs"];
        let notional = || cash(inputs["notional"].as_str().unwrap());
        let expected = &example["expected"];
        match example["quantity"].as_str().unwrap() {
            "maintenance_tier" => {
                let (tiers, _) = printed_table(&vectors, inputs["table"].as_str().unwrap());
                let tier = tiers.steps[tiers.index_of(notional())];
                assert_eq!(tier.maintenance, rate(expected["MMR"].as_str().unwrap()), "{example}");
                assert_eq!(tier.deduction, cash(expected["cum"].as_str().unwrap()), "{example}");
            }
            "maintenance_margin" => {
                let flat = format!(
                    "maintenance = {}\ndeduction = {}\ninitial = \"100%\"",
                    inputs["MMR"], inputs["cum"]
                );
                let margin = btc(&flat).unwrap().tiers.maintenance(notional(), Round::Ceil);
                assert_eq!(margin, cash(expected.as_str().unwrap()), "{example}");
            }
            _ => continue,
        }
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// Tables with rising floors and rates; widths in whole units, rates in 1/100 of a percent.
fn tables() -> impl Strategy<Value = Vec<[String; 3]>> {
    prop::collection::vec((1_i64..5_000_000, 1_i64..600), 1..8).prop_map(|steps| {
        let (mut floor, mut points) = (0, 0);
        let rows = steps.into_iter().map(|(width, rise)| {
            points += rise;
            let leverage = (10_000 / points - 1).clamp(1, 1000);
            let row = [floor.to_string(), leverage.to_string(), format!("{points}bp")];
            floor += width;
            row
        });
        rows.collect()
    })
}

/// Each slice of the notional pays its own rate; in 1e-20 of the settlement asset.
fn slice_by_slice(tiers: &Tiers, notional: Cash) -> i128 {
    let ends =
        tiers.steps.iter().skip(1).map(|tier| tier.floor).chain([Cash::from_atoms(i64::MAX)]);
    let slices = tiers.steps.iter().zip(ends).map(|(tier, end)| {
        let slice = (notional.min(end).atoms() - tier.floor.atoms()).max(0);
        i128::from(slice) * i128::from(tier.maintenance.steps())
    });
    slices.sum()
}

proptest! {
    #[test]
    fn maintenance_is_continuous_monotone_and_the_sum_of_its_slices(
        rows in tables(),
        first in 0_i64..40_000_000,
        step in 0_i64..40_000_000,
        atoms in 0_i64..100_000_000,
    ) {
        let tiers = tiers_of(&table_of(rows.into_iter()));
        prop_assert!(is_continuous(&tiers));
        let low = Cash::from_atoms(first * 100_000_000 + atoms);
        let high = Cash::from_atoms(low.atoms() + step);
        let due = |notional| tiers.maintenance(notional, Round::Ceil);
        prop_assert!(due(low) <= due(high));
        let sum = Round::Ceil.div(slice_by_slice(&tiers, low), i128::from(Rate::ONE));
        prop_assert_eq!(i128::from(due(low).atoms()), sum);
    }
}
