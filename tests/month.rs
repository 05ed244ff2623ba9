//! A real month of minutes: every position of a study beside a plain integer loop.
//!
//! The loop asks the predicate at the open and at the adverse extreme of every bar. It knows no
//! liquidation price and skips nothing.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod rows;
mod shared;

use deleverage::engine::{Conditions, FundingPerUnit, Market, Position};
use deleverage::history::History;
use deleverage::money::{Price, Rate, Round};
use deleverage::passage::{Engine, Passage};
use deleverage::run;
use deleverage::scenario::{self, Plan, Setting, Side, Study};
use deleverage::tally::{Row, Tally};
use rayon::prelude::*;
use rows::{counted_by, rows};
use std::collections::BTreeSet;
use std::path::Path;

/// 7 leverages × 2 sides × 2 horizons on the minutes of February 2025.
fn study(folder: &Path, every: &str) -> Option<Study> {
    let data = shared::data()?;
    let file = folder.join("month.toml");
    let text = format!(
        "study = \"leverage\"\n[history]\nsymbol = \"BTCUSDT\"\ntrade = {:?}\nfunding = {:?}\n\
         [venue]\nname = \"binance-usdm\"\nas_of = \"2025-02-01\"\n\
         [positions]\nleverage = [2, 3, 5, 10, 20, 50, 100]\nhorizon = [\"1d\", \"7d\"]\n",
        data.join("feather/BTC_USDT_USDT-1m-futures.feather"),
        data.join("spine/BTC_USDT_USDT-1h-funding_rate.feather"),
    );
    std::fs::write(&file, text).unwrap();
    let setting: Setting = format!("entries.every={every}").parse().unwrap();
    Some(scenario::read(&file, &[setting]).unwrap().leverage().unwrap())
}

/// What the loop knows of a position at its end.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Exposed bars up to the liquidation, and whether it came at the open.
    death: Option<(usize, bool)>,
    paid: FundingPerUnit,
    /// Worst mark over the bars before the last one.
    worst_before: Option<Price>,
}

/// Funding per bar, and the predicate twice a bar.
fn watch(market: &Market, due: &[FundingPerUnit], row: &Row, first: usize) -> Seen {
    let mark = &market.history.mark;
    let (mut paid, mut worst) = (FundingPerUnit::NONE, None);
    for (bar, due) in due.iter().enumerate().skip(first).take(row.horizon_bars) {
        if bar > first {
            paid = paid.plus(*due);
        }
        let extreme = if row.side == Side::Long { mark.low[bar] } else { mark.high[bar] };
        let at_open = market.law.is_liquidatable(&row.position, paid, mark.open[bar]);
        if at_open || market.law.is_liquidatable(&row.position, paid, extreme) {
            let death = Some((bar - first + 1, at_open));
            return Seen { death, paid, worst_before: worst };
        }
        let worse = |other: Price| match row.side {
            Side::Long => other.min(extreme),
            Side::Short => other.max(extreme),
        };
        worst = Some(worst.map_or(extreme, worse));
    }
    Seen { death: None, paid, worst_before: worst }
}

/// What a long pays per unit at the open of each bar.
fn due(history: &History) -> Vec<FundingPerUnit> {
    let mut due = vec![FundingPerUnit::NONE; history.len()];
    for settlement in &history.funding {
        let since = settlement.time - history.time[0];
        let Ok(bar) = usize::try_from(since.div_euclid(60_000)) else { continue };
        if bar < due.len() {
            assert!(since % 60_000 < 15_000, "settled at an open");
            let paid = FundingPerUnit::settlement(settlement.rate, history.mark.open[bar]);
            due[bar] = due[bar].plus(paid);
        }
    }
    due
}

fn assert_agrees(market: &Market, due: &[FundingPerUnit], row: &Row) {
    let history = market.history;
    let first = ((row.entered - history.time[0]) / 60_000) as usize;
    let seen = watch(market, due, row, first);
    let outcome = &row.outcome;
    assert_eq!(
        outcome.liquidation.map(|end| end.first_bar),
        seen.death.map(|(bars, _)| bars),
        "{row:?}"
    );
    assert_eq!(outcome.funding, market.law.funding(&row.position, seen.paid), "{row:?}");
    let mut worst = seen.worst_before;
    if let (Some(end), Some((bars, at_open))) = (outcome.liquidation, seen.death) {
        let bar = first + bars - 1;
        let fired = end.trigger.mark;
        assert_eq!(fired == history.mark.open[bar], at_open, "{row:?}");
        assert!(market.law.is_liquidatable(&row.position, seen.paid, fired), "{row:?}");
        let inside = Price::from_steps(fired.steps() + row.side.sign() as i64);
        let spared = !market.law.is_liquidatable(&row.position, seen.paid, inside);
        assert!(at_open || spared, "{row:?}");
        worst = Some(worst.map_or(fired, |worst| further(row.side, worst, fired)));
    }
    assert_eq!(outcome.mae, excursion(&row.position, worst.unwrap()), "{row:?}");
}

fn further(side: Side, one: Price, other: Price) -> Price {
    if side == Side::Long { one.min(other) } else { one.max(other) }
}

fn excursion(position: &Position, worst: Price) -> Rate {
    let adverse = position.side.sign() * i128::from(position.entry.steps() - worst.steps());
    let entry = i128::from(position.entry.steps());
    Rate::from_steps(Round::Ceil.div(adverse.max(0) * i128::from(Rate::ONE), entry) as i64)
}

/// STA-001, STA-002: every cell counts its own rows, in blocks of one horizon.
fn assert_counted(tally: &Tally, rows: &[Row]) {
    let mut counted = 0;
    for cell in tally.cells() {
        let mine = |row: &&Row| {
            (row.side, row.leverage, row.horizon_bars) == (cell.side, cell.leverage, cell.bars)
        };
        let own: Vec<&Row> = rows.iter().filter(mine).collect();
        let dead = own.iter().filter(|row| row.outcome.liquidation.is_some()).count() as u64;
        let share = cell.share().unwrap();
        assert_eq!((share.n, share.hits), (own.len() as u64, dead));
        assert_eq!(cell.deaths.iter().sum::<u64>(), dead);
        let block = |row: &&Row| (row.entered - rows[0].entered) / (cell.bars as i64 * 60_000);
        let blocks: BTreeSet<i64> = own.iter().map(block).collect();
        assert!(share.n_eff <= blocks.len() as f64, "{} of {}", share.n_eff, blocks.len());
        counted += own.len();
    }
    assert_eq!(counted, rows.len());
}

/// Simulates the month and watches every row; how many there were, and how many died.
fn compare(every: &str) {
    let folder = tempfile::tempdir().unwrap();
    let Some(study) = study(folder.path(), every) else { return };
    let inputs = run::load(&study, None).unwrap();
    let days = inputs.history.len() / 1_440;
    assert!(days >= 28, "{days} days");
    let started = std::time::Instant::now();
    let rows = rows(&study, &inputs, 2);
    let engine = started.elapsed();
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let market = run::market(&study, &inputs, &conditions, Passage::Scan(&inputs.history.mark));
    let due = due(&inputs.history);
    rows.par_iter().for_each(|row| assert_agrees(&market, &due, row));
    let plan = Plan::bind(&study, &inputs.history, &inputs.rules).unwrap();
    let mut tally = Tally::new(&study, &plan);
    rows.iter().for_each(|row| tally.add(row));
    assert_counted(&tally, &rows);
    for engine in [Engine::Auto, Engine::Pyramid, Engine::Stack, Engine::Window] {
        let counted = counted_by(engine, &study, &inputs, 2);
        assert_eq!(format!("{counted:?}"), format!("{tally:?}"), "{engine:?}");
    }
    let dead = rows.iter().filter(|row| row.outcome.liquidation.is_some()).count();
    println!(
        "{days} days, {} rows, {dead} liquidated; engine {engine:.1?}, loop {:.1?}",
        rows.len(),
        started.elapsed() - engine
    );
    assert!(dead * 10 > rows.len() && dead * 10 < rows.len() * 9, "{dead} of {}", rows.len());
}

#[test]
fn entries_every_97_minutes_of_a_month_agree_with_a_plain_loop() {
    compare("97m");
}

#[test]
#[ignore = "every minute of the month: some minutes of work"]
fn entries_every_minute_of_a_month_agree_with_a_plain_loop() {
    compare("1m");
}

#[test]
fn one_and_many_threads_give_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let Some(study) = study(folder.path(), "31m") else { return };
    let inputs = run::load(&study, None).unwrap();
    let alone = rows(&study, &inputs, 1);
    for threads in [2, 3, 8] {
        assert_eq!(rows(&study, &inputs, threads), alone, "{threads} threads");
    }
}
