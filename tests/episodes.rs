//! Every shipped venue lives through three crashes on what its files say alone.
//!
//! Venues, symbols, prices and first days are all found out; the only thing a venue is told is
//! `as_of`, where it is younger than the crash.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod rows;

use deleverage::engine::Liquidation;
use deleverage::history::{History, event};
use deleverage::money::{Price, PriceScale};
use deleverage::run::{self, Inputs};
use deleverage::scenario::{self, Side, Study};
use deleverage::tally::Row;
use deleverage::venue::{
    CloseOut, Contract, FundingPays, Lookup, OrderPrice, ResolveRequest, VenueInfo, VenueRules,
    resolve, venues,
};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use rayon::prelude::*;
use rows::rows;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::path::Path;

const CRASHES: [&str; 3] = ["2020-03-12", "2021-05-19", "2025-10-10"];
/// In rising order.
const LEVERAGES: [&str; 3] = ["3", "5", "10"];

/// A venue's contract in a crash.
#[derive(Debug)]
struct Episode {
    venue: String,
    symbol: String,
    crash: &'static str,
    /// Where the venue is younger than the crash.
    as_of: Option<Date>,
}

impl Episode {
    fn study(&self) -> Study {
        let Self { venue, symbol, crash, as_of } = self;
        let as_of = as_of.map_or_else(String::new, |day| format!("as_of = \"{day}\"\n"));
        let leverages = LEVERAGES.join(", ");
        let text = format!(
            "study = \"leverage\"\n[history]\nevent = \"{crash}\"\nsymbol = \"{symbol}\"\n\
             [venue]\nname = \"{venue}\"\n{as_of}[entries]\nevery = \"2h\"\n\
             [positions]\nleverage = [{leverages}]\nnotional = \"150000\"\nhorizon = \"1d\"\n"
        );
        scenario::from_text(&text, "episode.toml", Path::new("."), &[]).unwrap().leverage().unwrap()
    }

    fn load(&self) -> (Study, Inputs) {
        let study = self.study();
        let inputs = run::load(&study, None).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        (study, inputs)
    }
}

/// Day of the first bar of a crash.
fn first_day(crash: &str) -> Date {
    let first = Timestamp::from_millisecond(event::first(crash).unwrap()).unwrap();
    first.to_zoned(TimeZone::UTC).date()
}

/// The bitcoin and ether contracts of the file in force whose prices the event has.
fn episodes_of(venue: &VenueInfo, crash: &'static str) -> Vec<Episode> {
    let first = venue.files[0].valid_from;
    let day = first_day(crash).max(first);
    let file = venue.files.iter().rfind(|file| file.valid_from <= day).unwrap();
    let wanted = |symbol: &&String| ["BTC", "XBT", "ETH"].iter().any(|coin| symbol.contains(coin));
    let traded = file.symbols.iter().filter(wanted).filter(|symbol| {
        let rules = resolve(&ResolveRequest {
            name: &venue.name,
            symbol,
            as_of: day,
            overrides: &toml::Table::new(),
            folder: None,
        });
        let rules = rules.unwrap();
        event::series(crash, &rules.history, &rules.instrument).is_ok()
    });
    let as_of = (first > first_day(crash)).then_some(first);
    traded
        .map(|symbol| Episode { venue: venue.name.clone(), symbol: symbol.clone(), crash, as_of })
        .collect()
}

fn episodes() -> Vec<Episode> {
    let mut all = Vec::new();
    for venue in venues(None).unwrap() {
        for crash in CRASHES {
            let episodes = episodes_of(&venue, crash);
            let bitcoin = |episode: &Episode| !episode.symbol.contains("ETH");
            assert!(episodes.iter().any(bitcoin), "{} has no bitcoin in {crash}", venue.name);
            all.extend(episodes);
        }
    }
    all
}

#[test]
fn every_venue_replays_every_crash() {
    let episodes = episodes();
    let most_steps = episodes.par_iter().map(|episode| {
        let (study, inputs) = episode.load();
        let rows = rows(&study, &inputs, 1);
        let fell = |row: &&Row| row.side == Side::Long && row.leverage.to_f64() == 10.0;
        let ended = rows.iter().filter(fell).filter(|row| row.outcome.liquidation.is_some());
        assert!(ended.count() > 0, "{episode:?}: every 10x long lived");
        for row in &rows {
            if let Some(end) = &row.outcome.liquidation {
                assert_in_bounds(episode, &inputs.rules, row, end);
                assert_conserved(episode, &inputs, row, end);
            }
        }
        if has_one_step(&inputs.rules) && inputs.rules.tiers.lookup == Lookup::Marginal {
            assert_leverage_kills_sooner(episode, &rows);
        }
        rows.iter().filter_map(|row| row.outcome.liquidation).map(|end| end.steps).max()
    });
    assert!(most_steps.max().flatten() > Some(1), "nowhere more than one step");
}

fn has_one_step(rules: &VenueRules) -> bool {
    matches!(rules.close_out, CloseOut::Full | CloseOut::IocThenTakeover)
}

fn assert_in_bounds(episode: &Episode, rules: &VenueRules, row: &Row, end: &Liquidation) {
    let size = row.position.quantity;
    assert!(end.steps >= 1 && end.closed <= size, "{episode:?} {row:?}");
    assert_eq!(end.is_full(), end.closed == size, "{episode:?} {row:?}");
    assert!(end.steps == 1 || !has_one_step(rules), "{episode:?} {row:?}");
    let last = end.last_bar.unwrap_or(row.horizon_bars);
    assert!(end.first_bar >= 1 && end.first_bar <= last && last <= row.horizon_bars, "{row:?}");
}

/// Margin + profit − funding out of the margin = returned + kept + fees − deficit, up to what the
/// grid of the average fill and one atom for each amount of each step can hold.
fn assert_conserved(episode: &Episode, inputs: &Inputs, row: &Row, end: &Liquidation) {
    if !end.is_full() {
        return;
    }
    let (rules, scale) = (&inputs.rules, inputs.history.scale);
    let settled = &end.settlement;
    let funding = match rules.funding.pays {
        FundingPays::Margin => row.outcome.funding.to_decimal(),
        FundingPays::Wallet => Decimal::ZERO,
    };
    let equity = |fill: Price| {
        row.position.margin.to_decimal() + profit(rules.contract, scale, row, fill) - funding
    };
    let booked = settled.returned + settled.kept + settled.fee - settled.deficit;
    let gap = (equity(settled.fill) - booked.to_decimal()).abs();
    let beside = Price::from_steps(settled.fill.steps() + 1);
    let grid = (equity(settled.fill) - equity(beside)).abs();
    let atoms = Decimal::new(4 * i64::from(end.steps), 8);
    assert!(gap <= grid + atoms, "{episode:?}: {gap} is lost or made, {row:?}");
}

fn profit(contract: Contract, scale: PriceScale, row: &Row, fill: Price) -> Decimal {
    let size = row.position.quantity.to_decimal();
    let (entry, fill) = (scale.to_decimal(row.position.entry), scale.to_decimal(fill));
    let gain = match contract {
        Contract::Linear => size * (fill - entry),
        Contract::Inverse => size / entry - size / fill,
    };
    if row.side == Side::Long { gain } else { -gain }
}

/// Of two positions alike but for their leverage the higher one is never liquidated later.
fn assert_leverage_kills_sooner(episode: &Episode, rows: &[Row]) {
    let mut alike: BTreeMap<(i64, bool), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        alike.entry((row.entered, row.side == Side::Long)).or_default().push(row);
    }
    for rows in alike.values_mut() {
        assert_eq!(rows.len(), LEVERAGES.len(), "{episode:?}");
        rows.sort_by_key(|row| row.leverage);
        let ends =
            rows.iter().map(|row| row.outcome.liquidation.map_or(usize::MAX, |e| e.first_bar));
        assert!(ends.rev().is_sorted(), "{episode:?}: {rows:?}");
    }
}

/// Without funding the liquidation price at the entry holds for the whole life: a position is
/// liquidated only if the worst mark of its horizon reached it, and always then, but for an order
/// that may wait for a price it accepts.
#[test]
fn nobody_is_liquidated_whose_price_was_not_reached() {
    let episodes = episodes();
    let counts = episodes.par_iter().map(|episode| {
        let (study, mut inputs) = episode.load();
        inputs.history.funding.clear();
        if inputs.rules.tiers.lookup != Lookup::Marginal {
            return 0;
        }
        let rows = rows(&study, &inputs, 1);
        for row in &rows {
            let liquidated = row.outcome.liquidation.is_some();
            let reached = reached(&inputs.history, row);
            let may_wait = matches!(inputs.rules.order, OrderPrice::FillableLimit { .. });
            assert!(!liquidated || reached, "{episode:?} {row:?}");
            assert!(liquidated || !reached || may_wait, "{episode:?} {row:?}");
        }
        rows.len()
    });
    assert!(counts.sum::<usize>() > 1_000);
}

fn reached(history: &History, row: &Row) -> bool {
    let Some(price) = row.outcome.liquidation_price else { return false };
    let first = history.time.iter().position(|time| *time == row.entered).unwrap();
    let bars = first..first + row.horizon_bars;
    match row.side {
        Side::Long => history.mark.low[bars].iter().any(|low| *low <= price),
        Side::Short => history.mark.high[bars].iter().any(|high| *high >= price),
    }
}

#[test]
fn a_crash_before_the_venue_is_refused_and_its_first_day_named() {
    let mut refused = 0;
    for venue in venues(None).unwrap() {
        let first = venue.files[0].valid_from;
        for episode in CRASHES.iter().flat_map(|crash| episodes_of(&venue, crash)) {
            let plain = Episode { as_of: None, ..episode };
            let loaded = run::load(&plain.study(), None);
            if first <= first_day(plain.crash) {
                assert!(loaded.is_ok(), "{plain:?}");
                continue;
            }
            let told = loaded.map(|_| ()).unwrap_err().to_string();
            assert!(told.contains(&format!("as_of = \"{first}\"")), "{plain:?}: {told}");
            refused += 1;
        }
    }
    assert!(refused > 0, "no venue is younger than {}", CRASHES[0]);
}
