//! The question that is timed: every minute of a random walk an entry, as files and in memory.

use deleverage::engine::{Conditions, Market};
use deleverage::passage::{Engine, Passage};
use deleverage::run::{self, Inputs};
use deleverage::scenario::{self, Plan, Study};
use polars::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::fs::{self, File};
use std::path::Path;

const FIRST: i64 = 1_577_836_800_000;
const MINUTE: i64 = 60_000;
/// Minutes between two settlements.
const FUNDING: usize = 480;

/// Whether longs pay shorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// No funding, one maintenance rate.
    Plain,
    /// Funding every 8 hours, one maintenance rate.
    Funding,
    /// Funding, and a notional just below a floor of the venue's tiers.
    Tiers,
}

impl Terms {
    pub const ALL: [Self; 3] = [Self::Plain, Self::Funding, Self::Tiers];

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Funding => "funding",
            Self::Tiers => "tiers",
        }
    }

    fn scenario(self, leverages: &str, notionals: &str) -> String {
        let funding = match self {
            Self::Plain => "",
            Self::Funding | Self::Tiers => "funding = \"funding.csv\"\n",
        };
        let tiers = match self {
            Self::Plain | Self::Funding => "[venue.override]\nmaintenance = \"0.5%\"\n",
            Self::Tiers => "",
        };
        format!(
            "study = \"leverage\"\n[history]\nsymbol = \"BTCUSDT\"\ntrade = \"bars.parquet\"\n\
             {funding}[venue]\nname = \"binance-usdm\"\nas_of = \"2025-02-01\"\n{tiers}\
             [entries]\nevery = \"1m\"\n[positions]\nleverage = [{leverages}]\n\
             notional = [{notionals}]\nhorizon = [\"7d\"]\n"
        )
    }
}

/// Writes bars, settlements and scenarios.
pub fn write(folder: &Path, bars: usize) {
    fs::create_dir_all(folder).unwrap();
    let mut walk = walk(bars);
    ParquetWriter::new(File::create(folder.join("bars.parquet")).unwrap())
        .finish(&mut walk)
        .unwrap();
    fs::write(folder.join("funding.csv"), funding(bars)).unwrap();
    for terms in Terms::ALL {
        let notional = if terms == Terms::Tiers { "\"290000\"" } else { "\"10000\"" };
        let text = terms.scenario("2, 3, 5, 10, 20, 50, 100", notional);
        fs::write(folder.join(format!("{}.toml", terms.name())), text).unwrap();
    }
    let notionals: Vec<String> = (1..=10).map(|class| format!("\"{}\"", class * 25_000)).collect();
    let many = Terms::Tiers.scenario("2, 3, 4, 5, 7, 10, 15, 20, 25, 50", &notionals.join(", "));
    fs::write(folder.join("many.toml"), many).unwrap();
}

/// Cents; about 60 % volatility a year.
fn walk(bars: usize) -> DataFrame {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut below = |limit: i64| (i64::from(random.next_u32()) * limit) >> 32;
    let mut last = 4_200_000;
    let mut columns: [Vec<f64>; 4] = Default::default();
    for _ in 0..bars {
        let open: i64 = last;
        // Fourteen ten-thousandths at most, either way.
        let close = (open + below(28 * open / 10_000) - 14 * open / 10_000).max(100_000);
        let wick = 1 + open / 2_000;
        let (high, low) = (open.max(close) + below(wick), open.min(close) - below(wick));
        for (column, cents) in columns.iter_mut().zip([open, high, low, close]) {
            column.push(cents as f64 / 100.0);
        }
        last = close;
    }
    let time: Vec<i64> = (0..bars as i64).map(|row| FIRST + row * MINUTE).collect();
    let [open, high, low, close] = columns;
    df!("open_time_ms" => time, "open" => open, "high" => high, "low" => low, "close" => close)
        .unwrap()
}

fn funding(bars: usize) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut text = "funding_time_ms,funding_rate\n".to_owned();
    for bar in (0..bars).step_by(FUNDING) {
        let rate = f64::from(random.next_u32() % 60_000) / 1e8 - 0.0002;
        text += &format!("{},{rate:.8}\n", FIRST + bar as i64 * MINUTE);
    }
    text
}

/// A study with all that it reads.
pub struct Question {
    pub study: Study,
    pub inputs: Inputs,
    pub plan: Plan,
    pub conditions: Conditions,
}

impl Question {
    pub fn read(folder: &Path, terms: Terms) -> Self {
        let file = folder.join(format!("{}.toml", terms.name()));
        let study = scenario::read(&file, &[]).unwrap().leverage().unwrap();
        let inputs = run::load(&study).unwrap();
        let plan = Plan::bind(&study, &inputs.history, &inputs.rules).unwrap();
        let conditions = Conditions::under(&inputs.rules, &inputs.history);
        Self { study, inputs, plan, conditions }
    }

    pub fn positions(&self) -> u64 {
        self.plan.positions(&self.study)
    }

    /// Calls with the market as an engine sees it.
    pub fn under<T>(&self, engine: Engine, ask: impl FnOnce(&Market) -> T) -> T {
        let mark = &self.inputs.history.mark;
        let index = engine.index(mark);
        let passage = Passage::of(mark, index.as_ref());
        ask(&run::market(&self.study, &self.inputs, &self.conditions, passage))
    }
}
