//! The raw scenario of an exchange → [`ExchangeStudy`].

use super::choices::{AdlChoice, Driver, PathOrder, Pick, Settlement};
use super::raw::{RawExchange, RawExchangeScenario};
use super::study::ExchangeStudy;
use crate::fault::Result;
use crate::history::Interval;
use crate::money::{Cash, Rate};
use crate::scenario::reader::Reader;
use crate::scenario::{Origin, RawHistory, Text};
use crate::venue::FundScope;
use std::ops::RangeInclusive;
use std::path::Path;

const WORLDS: u32 = 1_000_000;
const ACCOUNTS: u32 = 10_000_000;
const SYMBOLS: usize = 100;

impl ExchangeStudy {
    pub(in crate::scenario) fn resolve(
        raw: RawExchangeScenario,
        origin: Origin,
        folder: &Path,
        name: &str,
    ) -> Result<Self> {
        let read = Reader { origin: &origin };
        let histories = raw.history.0.clone();
        read.histories(&histories)?;
        let exchange = &raw.exchange;
        let worlds = read.count("exchange.worlds", exchange.worlds.as_ref(), 1..=WORLDS, 1_000)?;
        let accounts = exchange.accounts.as_ref();
        let accounts = read.count("exchange.accounts", accounts, 2..=ACCOUNTS, 20_000)?;
        let population = read.population(&raw, accounts, folder)?;
        let books = read.books(&raw)?;
        let fund = read.fund(&raw, &books, None)?;
        let start = exchange.start.as_ref();
        Ok(Self {
            name: name.to_owned(),
            title: raw.title.clone().unwrap_or_else(|| name.to_owned()),
            folder: folder.to_owned(),
            seed: raw.seed,
            venue: read.venue(&raw.venue)?,
            histories,
            worlds,
            driver: read.driver(exchange)?,
            start: start.map(|text| read.time("exchange.start", text)).transpose()?,
            path: read.path(exchange)?,
            substeps: read.count("exchange.substeps", exchange.substeps.as_ref(), 1..=60, 4)? as u8,
            pick: read.pick(exchange, worlds)?,
            adl: read.adl(exchange)?,
            settlement: read.settlement(exchange)?,
            protection: read.protection("exchange.protection", exchange.protection.as_ref())?,
            population,
            books,
            fund,
            format: raw.outputs.format,
            expect: read.of_worlds(&raw.expect)?,
            raw,
            origin,
        })
    }

    /// The study at a venue: without purses of the scenario's own, the venue's scope divides the
    /// fund.
    ///
    /// # Errors
    /// The scenario gives a fund where the venue has none, or none where it has one.
    pub fn under(&self, scope: FundScope) -> Result<Self> {
        let fund = Reader { origin: &self.origin }.fund(&self.raw, &self.books, Some(scope))?;
        Ok(Self { fund, ..self.clone() })
    }
}

impl Reader<'_> {
    fn histories(&self, histories: &[RawHistory]) -> Result<()> {
        if let Some(raw) = histories.get(SYMBOLS) {
            let fault = self.fault("history", &raw.symbol, "too many symbols", "at most 100");
            return Err(fault.into());
        }
        for (index, raw) in histories.iter().enumerate() {
            self.history(raw)?;
            self.optional_interval("history.interval", raw.interval.as_ref())?;
            if histories[..index].iter().any(|other| other.symbol.text == raw.symbol.text) {
                let accepted = "one history for each symbol";
                return Err(self.fault("history", &raw.symbol, "listed twice", accepted).into());
            }
        }
        Ok(())
    }

    fn driver(&self, raw: &RawExchange) -> Result<Driver> {
        let usual = Text::usual("replay+local");
        let word = raw.driver.as_ref().unwrap_or(&usual);
        let words = [("replay", 0), ("replay+local", 1), ("counterfactual", 2)];
        let number = self.word("exchange.driver", word, &words)?;
        let keys = [
            ("exchange.weight", raw.weight.as_ref(), 1),
            ("exchange.recorded", raw.recorded.as_ref(), 2),
        ];
        for (key, text, owner) in keys {
            if let Some(text) = text.filter(|_| owner != number) {
                let (of, _) = words[owner];
                let problem =
                    format!("a key of driver \"{of}\", but the driver is \"{}\"", word.text);
                let accepted = format!("driver = \"{of}\" beside it, or no such key");
                return Err(self.fault(key, text, &problem, &accepted).into());
            }
        }
        Ok(match number {
            0 => Driver::Replay,
            1 => Driver::ReplayLocal {
                weight: self.part("exchange.weight", raw.weight.as_ref(), "10%", 0..=Rate::ONE)?,
            },
            _ => Driver::Counterfactual { recorded: self.recorded(raw, word)? },
        })
    }

    fn recorded(&self, raw: &RawExchange, driver: &Text) -> Result<Cash> {
        let Some(text) = &raw.recorded else {
            let problem = "exchange.recorded is missing: what history itself is said to have \
                           liquidated";
            let fault = self.origin.fault(Some(driver), problem);
            return Err(fault.accepted(AMOUNT_OR_NONE).into());
        };
        self.amount_or_none("exchange.recorded", text)
    }

    fn path(&self, raw: &RawExchange) -> Result<PathOrder> {
        let words = [
            ("low-first", PathOrder::LowFirst),
            ("high-first", PathOrder::HighFirst),
            ("both", PathOrder::Both),
        ];
        let read = |text| self.word("exchange.path", text, &words);
        raw.path.as_ref().map_or(Ok(PathOrder::Both), read)
    }

    fn pick(&self, raw: &RawExchange, worlds: u32) -> Result<Pick> {
        let Some(text) = &raw.pick else { return Ok(Pick::Median) };
        let accepted = format!("median, worst, or the number of a world from 0 to {}", worlds - 1);
        match (&*text.text, text.text.parse()) {
            ("median", _) => Ok(Pick::Median),
            ("worst", _) => Ok(Pick::Worst),
            (_, Ok(number)) if number < worlds => Ok(Pick::World(number)),
            _ => Err(self.fault("exchange.pick", text, "no such world", &accepted).into()),
        }
    }

    fn adl(&self, raw: &RawExchange) -> Result<AdlChoice> {
        let words = [("venue", AdlChoice::Venue), ("compared", AdlChoice::Compared)];
        let read = |text| self.word("exchange.adl", text, &words);
        raw.adl.as_ref().map_or(Ok(AdlChoice::Venue), read)
    }

    fn settlement(&self, raw: &RawExchange) -> Result<Settlement> {
        match raw.settlement.as_ref().filter(|text| text.text != "end") {
            None => Ok(Settlement::AtEnd),
            Some(text) => match Interval::parse(&text.text) {
                Some(window) => Ok(Settlement::Every(window)),
                None => {
                    let accepted = format!("end, or {}", Interval::ACCEPTED);
                    let problem = "not a length of time";
                    Err(self.fault("exchange.settlement", text, problem, &accepted).into())
                }
            },
        }
    }

    /// A whole number with a default.
    pub(in crate::scenario) fn count(
        &self,
        key: &str,
        text: Option<&Text>,
        range: RangeInclusive<u32>,
        usual: u32,
    ) -> Result<u32> {
        text.map_or(Ok(usual), |text| self.whole(key, text, range))
    }

    /// A fraction with a default, between two limits.
    pub(super) fn part(
        &self,
        key: &str,
        text: Option<&Text>,
        usual: &str,
        range: RangeInclusive<i64>,
    ) -> Result<Rate> {
        self.within(key, text.unwrap_or(&Text::usual(usual)), range)
    }

    /// A length of time with a default.
    pub(in crate::scenario) fn length(
        &self,
        key: &str,
        text: Option<&Text>,
        usual: &str,
    ) -> Result<Interval> {
        self.interval(key, text.unwrap_or(&Text::usual(usual)))
    }

    pub(super) fn amount_or_none(&self, key: &str, text: &Text) -> Result<Cash> {
        let cash = self.number(key, text, AMOUNT_OR_NONE, Cash::parse(&text.text))?;
        match cash >= Cash::ZERO {
            true => Ok(cash),
            false => Err(self.fault(key, text, "below 0", AMOUNT_OR_NONE).into()),
        }
    }

    /// The symbol of a study that a text names, by its number.
    pub(in crate::scenario) fn symbol(
        &self,
        key: &str,
        text: &Text,
        histories: &[RawHistory],
    ) -> Result<usize> {
        let found = histories.iter().position(|history| history.symbol.text == text.text);
        found.ok_or_else(|| {
            let known: Vec<&str> = histories.iter().map(|raw| &*raw.symbol.text).collect();
            self.fault(key, text, "not a symbol of this study", &known.join(", ")).into()
        })
    }
}

pub(super) const AMOUNT_OR_NONE: &str = "an amount from 0 with at most 8 decimals";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::exchange::{Band, FundMeasure, Preset, TopUp};
    use crate::scenario::{Scenario, Setting, Side, from_text};
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use std::str::FromStr;

    const SHORTEST: &str = r#"
study = "exchange"
[history]
event = "2025-10-10"
symbol = "BTCUSDT"
[population]
open_interest = 8000000000
[liquidity]
depth = "185000000"
[fund]
balance = "50000000"
"#;

    const TWO: &str = r#"
study = "exchange"
seed = 7
[[history]]
event = "2025-10-10"
symbol = "BTCUSDT"
[[history]]
event = "2025-10-10"
symbol = "ETHUSDT"
interval = "1h"
[exchange]
worlds = 12
accounts = 400
driver = "counterfactual"
recorded = "19000000000"
start = "2025-10-10T12:00:00Z"
path = "low-first"
pick = 11
adl = "compared"
settlement = "8h"
protection = "off"
[population]
longs = 0.6
leverage = [{ from = 1, to = 3, share = "60%" }, { from = 3, to = "12.5", share = 0.4 }]
stops = { share = "20%", distance = "5%" }
top_ups = { share = "10%", amount = "250%", delay = "5m" }
[population.open_interest]
ETHUSDT = "3"
BTCUSDT = "1"
[liquidity]
depth = 100
beta = 1
[liquidity.ETHUSDT]
beta = "0.5"
multiplier = "crash"
[fund]
scope = "contract"
balance = "10"
measure = "cash"
[[fund.top_up]]
tranche = "ETHUSDT"
below = 5
amount = 6
times = 3
"#;

    fn read(text: &str) -> ExchangeStudy {
        from_text(text, "a.toml", Path::new("home"), &[]).unwrap().exchange().unwrap()
    }

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let study = read(SHORTEST);
        assert_eq!((study.name.as_str(), study.seed, study.worlds), ("a", 1, 1_000));
        assert_eq!(study.driver, Driver::ReplayLocal { weight: rate("10%") });
        assert_eq!((study.path, study.pick), (PathOrder::Both, Pick::Median));
        let people = &study.population;
        assert_eq!((people.accounts, people.makers, people.makers_side), (20_000, 10, Side::Short));
        assert_eq!((people.sigma, people.alpha), (rate("2.7"), rate("0.87")));
        assert_eq!(people.leverage.preset, Preset::Hyperliquid2025);
        assert_eq!(study.books[0].open_interest, Cash::parse("8000000000").unwrap());
        assert_eq!(study.books[0].liquidity.curve.multiplier, rate("1"));
        assert_eq!(study.fund.measure, FundMeasure::MarkedToMarket);
        assert!(study.fund.takeover);
    }

    #[test]
    fn every_key_arrives() {
        let study = read(TWO);
        assert_eq!((study.seed, study.worlds, study.pick), (7, 12, Pick::World(11)));
        let recorded = Cash::parse("19000000000").unwrap();
        assert_eq!(study.driver, Driver::Counterfactual { recorded });
        assert_eq!(study.start, Some(1_760_097_600_000));
        assert_eq!(study.settlement, Settlement::Every(Interval::parse("8h").unwrap()));
        assert_eq!((study.path, study.adl), (PathOrder::LowFirst, AdlChoice::Compared));
        let own = &study.population.leverage;
        assert_eq!(own.preset, Preset::Own);
        assert!(matches!(own.bands[1], Band { share, .. } if share == rate("0.4")));
        assert_eq!(study.population.top_ups.amount, rate("2.5"));
        let opened: Vec<String> =
            study.books.iter().map(|book| book.open_interest.to_string()).collect();
        assert_eq!(opened, ["1", "3"], "in the order of the histories");
        let curves: Vec<_> = study.books.iter().map(|book| book.liquidity.curve).collect();
        assert_eq!([curves[0].beta, curves[1].beta], [rate("1"), rate("0.5")]);
        assert_eq!([curves[0].multiplier, curves[1].multiplier], [rate("1"), rate("5%")]);
        assert_eq!(curves[0].depth, curves[1].depth);
    }

    #[test]
    fn the_scope_divides_the_fund() {
        let purses = |study: &ExchangeStudy| -> Vec<(String, String)> {
            let all = study.fund.tranches.iter();
            all.map(|tranche| (tranche.name.clone(), tranche.balance.to_string())).collect()
        };
        let two = read(TWO);
        let own = [("BTCUSDT".to_owned(), "2.5".to_owned()), ("ETHUSDT".into(), "7.5".into())];
        assert_eq!(purses(&two), own);
        assert!(matches!(two.fund.tranches[1].top_ups[..], [TopUp::Below { times: 3, .. }]));
        assert_eq!(purses(&two.under(FundScope::Global).unwrap()), own, "as the scenario says");
        let one = read(SHORTEST);
        let global = one.under(FundScope::Global).unwrap();
        assert_eq!(purses(&global), [("fund".to_owned(), "50000000".to_owned())]);
        let contract = one.under(FundScope::Contract).unwrap();
        assert_eq!(purses(&contract), [("BTCUSDT".to_owned(), "50000000".to_owned())]);
        let none = one.under(FundScope::None).unwrap_err().to_string();
        assert!(none.starts_with("a.toml:11:11: fund.balance: there is no fund"), "{none}");
    }

    #[test]
    fn a_purse_a_symbol_loses_nothing_to_rounding() {
        let uneven = TWO.replace("balance = \"10\"", "balance = \"0.00000010\"");
        let parts = read(&uneven).fund.tranches.iter().map(|t| t.balance.atoms()).sum::<i64>();
        assert_eq!(parts, 10);
    }

    /// The manifest holds the scenario as JSON, and a run is repeated from it.
    #[test]
    fn the_resolved_scenario_reads_back() {
        for text in [SHORTEST, TWO] {
            let once = read(text);
            let written = toml::to_string(&once.raw).unwrap();
            let again = read(&written);
            let json = |study: &ExchangeStudy| serde_json::to_value(&study.raw).unwrap();
            assert_eq!(json(&once), json(&again));
            assert_eq!((&once.books, &once.fund), (&again.books, &again.fund));
        }
    }

    #[test]
    fn a_setting_reaches_every_shape() {
        let settings: Vec<Setting> = [
            "exchange.worlds=20",
            "population.open_interest.ETHUSDT=5",
            "liquidity.ETHUSDT.depth=9",
            "fund.takeover=false",
            "population.leverage=bitmex-2019",
        ]
        .map(|text| Setting::from_str(text).unwrap())
        .into();
        let read = from_text(TWO, "a.toml", Path::new("."), &settings).unwrap();
        let Scenario::Exchange(study) = read else { panic!("another study") };
        assert_eq!((study.worlds, study.fund.takeover), (20, false));
        assert_eq!(study.books[1].open_interest.to_string(), "5");
        assert_eq!(study.books[1].liquidity.curve.depth.to_string(), "9");
        assert_eq!(study.population.leverage.preset, Preset::Bitmex2019);
    }

    /// Lines of a table that may stand or be left out, each with other ways to write it.
    const LINES: [(&str, &[&str]); 22] = [
        ("exchange", &["worlds = 1", "worlds = \"1000000\""]),
        ("exchange", &["accounts = 200", "accounts = 10000000"]),
        ("exchange", &["driver = \"replay\"", "weight = 0", "weight = 1.0"]),
        ("exchange", &["start = \"2025-10-10T12:00:00Z\"", "pick = 0", "pick = \"worst\""]),
        ("exchange", &["path = \"high-first\"", "adl = \"compared\"", "settlement = \"1w\""]),
        ("population", &["longs = 0.3", "longs = \"70%\""]),
        ("population", &["sigma = 0", "sigma = \"1e1\"", "alpha = 0.1", "alpha = 10"]),
        ("population", &["largest = 1", "largest = \"17%\""]),
        (
            "population",
            &["leverage = \"bitmex-2019\"", "leverage = { from = 1, to = 9, share = 1 }"],
        ),
        ("population", &["correlation = -1", "correlation = \"100%\"", "cross = 0"]),
        ("population", &["entry_half_life = \"30s\"", "entry_half_life = \"1w\""]),
        ("population", &["makers = 0", "makers = 1", "makers_share = \"1bp\""]),
        ("population", &["makers_side = \"long\"", "makers_leverage = \"12.5x\""]),
        ("population", &["stops = { share = 1, distance = 0.99 }"]),
        ("population", &["take_profits = { share = 0, distance = \"1bp\" }"]),
        ("population", &["top_ups = { share = 0.5, amount = 10 }"]),
        ("population", &["cuts = { share = 0.5, amount = 1, delay = \"1d\" }"]),
        ("liquidity", &["beta = 1", "multiplier = 0.3", "multiplier = \"blackout\""]),
        ("liquidity", &["volatility = 0", "displacement = 100", "permanent = 0", "reach = 1"]),
        ("liquidity", &["half_life = \"1h\"", "BTCUSDT = { depth = 3, participation = 1 }"]),
        ("fund", &["scope = \"contract\"", "takeover = false", "measure = \"cash\""]),
        (
            "fund",
            &["notional_cap = 1", "participation = 1", "top_up = [{ below = 1, amount = 1 }]"],
        ),
    ];

    /// The shortest scenario with some of the lines; 0 leaves one out.
    fn composed(choices: &[usize]) -> String {
        let mut text = SHORTEST.to_owned();
        for ((table, ways), choice) in LINES.iter().zip(choices) {
            let way = choice.checked_sub(1).map(|way| ways[way % ways.len()]);
            let header = format!("[{table}]\n");
            match (way, text.find(&header)) {
                (None, _) => {}
                (Some(way), Some(at)) => text.insert_str(at + header.len(), &format!("{way}\n")),
                (Some(way), None) => text += &format!("{header}{way}\n"),
            }
        }
        text
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(1),
            ..ProptestConfig::with_cases(300)
        })]

        #[test]
        fn any_choice_of_keys_is_a_study_and_reads_back(
            choices in prop::collection::vec(0_usize..5, LINES.len()),
        ) {
            let once = read(&composed(&choices));
            let again = read(&toml::to_string(&once.raw).unwrap());
            prop_assert_eq!(&once.population, &again.population);
            prop_assert_eq!((&once.books, &once.fund), (&again.books, &again.fund));
            prop_assert_eq!((once.driver, once.worlds), (again.driver, again.worlds));
            let shares = once.population.leverage.bands.iter().map(|band| band.share.steps());
            prop_assert_eq!(shares.sum::<i64>(), Rate::ONE);
        }
    }
}
