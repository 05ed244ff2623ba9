//! The raw scenario of a fund's size → [`FundStudy`].

use super::limit::Limit;
use super::raw::{RawCost, RawCrash, RawEpisodes, RawFundScenario, RawLevel, RawReverse, RawSize};
use super::space::{Chance, Level, Order, Space};
use super::study::{Cost, Crash, Episodes, FundStudy, ReverseChoice, SizeChoice};
use crate::fault::{Error, Result};
use crate::history::Interval;
use crate::money::Rate;
use crate::scenario::exchange::{ExchangeStudy, OneOrMany, RawExchange, RawExchangeScenario};
use crate::scenario::reader::Reader;
use crate::scenario::{List, Origin, RawHistory, Text};
use std::path::Path;

const CRASHES: usize = 1_000;
/// Combinations of levels: each has a market of its own in memory.
const CELLS: usize = 4_096;
/// How much less often than its chance says something may be drawn, and how much more.
const RATIO: f64 = 50.0;
const MOST: i64 = 1_000_000 * Rate::ONE;

impl FundStudy {
    pub(in crate::scenario) fn resolve(
        raw: RawFundScenario,
        origin: Origin,
        folder: &Path,
        name: &str,
    ) -> Result<Self> {
        let read = Reader { origin: &origin };
        read.nothing_of_a_single_world(&raw.exchange)?;
        read.fund_alone_decides(&raw)?;
        read.symbols_without_prices(&raw)?;
        let crashes = raw.crash.iter().map(|crash| {
            let chance = read.chance("crash", crash.weight.as_ref(), crash.draws.as_ref())?;
            let exchange = of_crash(&raw, crash);
            read.crash(&raw, crash)?;
            let study = ExchangeStudy::resolve(exchange, origin.clone(), folder, name)?;
            Ok(Crash { name: crash.event.text.clone(), chance, study })
        });
        let study = Self {
            crashes: crashes.collect::<Result<_>>()?,
            name: name.to_owned(),
            title: raw.title.clone().unwrap_or_else(|| name.to_owned()),
            seed: raw.seed,
            space: read.space(&raw)?,
            size: read.size(&raw.size)?,
            episodes: read.episodes(&raw.episodes)?,
            cost: read.cost(&raw.cost)?,
            reverse: read.reverse(&raw.reverse)?,
            format: raw.outputs.format,
            raw,
            origin: origin.clone(),
        };
        read.cells_are_bounded(&study)?;
        Ok(study)
    }
}

/// The exchange in one crash.
fn of_crash(raw: &RawFundScenario, crash: &RawCrash) -> RawExchangeScenario {
    let at_event =
        |symbol: &RawHistory| RawHistory { event: Some(crash.event.clone()), ..symbol.clone() };
    let history = match crash.history.is_empty() {
        true => raw.history.0.iter().map(at_event).collect(),
        false => crash.history.clone(),
    };
    RawExchangeScenario {
        study: raw.study.clone(),
        title: raw.title.clone(),
        seed: raw.seed,
        history: OneOrMany(history),
        venue: raw.venue.clone(),
        exchange: RawExchange { start: crash.start.clone(), ..raw.exchange.clone() },
        population: raw.population.clone(),
        liquidity: raw.liquidity.clone(),
        fund: raw.fund.clone(),
        outputs: raw.outputs.clone(),
        expect: Vec::new(),
    }
}

impl Reader<'_> {
    fn nothing_of_a_single_world(&self, raw: &RawExchange) -> Result<()> {
        let keys = [
            ("exchange.worlds", &raw.worlds, "size.max_worlds"),
            ("exchange.start", &raw.start, "`start` of each [[crash]]"),
            ("exchange.path", &raw.path, "space.path"),
            ("exchange.pick", &raw.pick, "the study exchange"),
            ("exchange.adl", &raw.adl, "the study exchange"),
        ];
        let stray =
            keys.into_iter().find_map(|(key, text, other)| Some((key, text.as_ref()?, other)));
        stray.map_or(Ok(()), |(key, text, other)| {
            let problem = "not a key of the study \"fund\"";
            Err(self.fault(key, text, problem, other).into())
        })
    }

    /// What sends losses to the queue however large the fund is.
    fn fund_alone_decides(&self, raw: &RawFundScenario) -> Result<()> {
        let fund = &raw.fund;
        let accepted = "no such key: in this study nothing but want of money may stop the fund";
        if let Some(text) = &fund.notional_cap {
            let problem = "sends losses to the queue whatever the fund holds";
            return Err(self.fault("fund.notional_cap", text, problem, accepted).into());
        }
        if let Some(top_up) = fund.top_up.first() {
            let problem = "money that is added later is not part of a fund's size";
            return Err(self.fault("fund.top_up", &top_up.amount, problem, accepted).into());
        }
        if fund.takeover == Some(false) {
            let problem = "fund.takeover: sends losses to the queue whatever the fund holds";
            let fault = self.origin.fault(fund.balance.as_ref(), problem);
            return Err(fault.found("false").accepted(accepted).into());
        }
        Ok(())
    }

    fn symbols_without_prices(&self, raw: &RawFundScenario) -> Result<()> {
        if raw.crash.is_empty() {
            let fault = self.origin.fault(Some(&raw.study), "crash: there is none");
            return Err(fault.accepted("[[crash]] with an `event`, at least one").into());
        }
        if let Some(file) = &raw.population.file {
            let problem = "its entry prices are of one day, and crashes have their own";
            let accepted = "a drawn population: open_interest and what goes with it";
            return Err(self.fault("population.file", file, problem, accepted).into());
        }
        if raw.venue.as_of.is_none() {
            let problem = "venue.as_of is missing: the same rules apply in all crashes";
            let fault = self.origin.fault(Some(&raw.venue.name), problem);
            return Err(fault.accepted("a day such as \"2025-10-10\"").into());
        }
        for history in &raw.history.0 {
            let list = [&history.trade, &history.mark, &history.index, &history.funding];
            let file = list.into_iter().find_map(|list| List::nth(list.as_ref(), 0));
            if let Some(text) = history.event.as_ref().or(file) {
                let problem = "in the study \"fund\" prices belong to a crash";
                let accepted = "`event` or [[crash.history]] in each [[crash]]";
                return Err(self.fault("history", text, problem, accepted).into());
            }
        }
        Ok(())
    }

    fn crash(&self, raw: &RawFundScenario, crash: &RawCrash) -> Result<()> {
        let name = &crash.event;
        let same = raw.crash.iter().filter(|other| other.event.text == name.text).count();
        if same > 1 {
            return Err(self.fault("crash", name, "listed twice", "each crash once").into());
        }
        if raw.crash.len() > CRASHES {
            return Err(self.fault("crash", name, "too many crashes", "at most 1000").into());
        }
        let wanted: Vec<&str> = raw.history.0.iter().map(|one| &*one.symbol.text).collect();
        let found: Vec<&str> = crash.history.iter().map(|one| &*one.symbol.text).collect();
        if !found.is_empty() && found != wanted {
            let problem = "crash.history: not the symbols of the study, in their order";
            let fault = self.origin.fault(Some(name), problem).found(found.join(", "));
            return Err(fault.accepted(wanted.join(", ")).into());
        }
        Ok(())
    }

    fn chance(&self, key: &str, weight: Option<&Text>, draws: Option<&Text>) -> Result<Chance> {
        let part = |name: &str, text: &Text| self.within(&format!("{key}.{name}"), text, 1..=MOST);
        let weight_of = weight.map_or(Ok(Chance::ONE.weight), |text| part("weight", text))?;
        let draws = draws.map_or(Ok(weight_of), |text| part("draws", text))?;
        Ok(Chance { weight: weight_of, draws })
    }

    fn levels<T: PartialEq>(
        &self,
        key: &str,
        raw: &[RawLevel],
        read: impl Fn(&Text) -> Result<T>,
    ) -> Result<Vec<Level<T>>> {
        let mut levels: Vec<Level<T>> = Vec::with_capacity(raw.len());
        for level in raw {
            let at = read(&level.at)?;
            if levels.iter().any(|other| other.at == at) {
                return Err(self.fault(key, &level.at, "listed twice", "each level once").into());
            }
            let chance = self.chance(key, level.weight.as_ref(), level.draws.as_ref())?;
            levels.push(Level { at, chance });
        }
        Ok(levels)
    }

    fn space(&self, raw: &RawFundScenario) -> Result<Space> {
        let space = &raw.space;
        let only = |at| vec![Level { at, chance: Chance::ONE }];
        let or = |found: Vec<Level<_>>, usual| if found.is_empty() { only(usual) } else { found };
        let offsets = self.levels("space.offset", &space.offset, |text| self.offset(text))?;
        let depths = self.levels("space.depth", &space.depth, |text| {
            self.multiplier("space.depth", Some(text)).map(Some)
        })?;
        let shocks = self.levels("space.shock", &space.shock, |text| {
            self.within("space.shock", text, 0..=10 * Rate::ONE)
        })?;
        let both = [Order::LowFirst, Order::HighFirst];
        let words = [("low-first", &both[..1]), ("high-first", &both[1..]), ("both", &both[..])];
        let orders = space.path.as_ref().map(|text| self.word("space.path", text, &words));
        Ok(Space {
            offsets: match offsets.is_empty() {
                true => vec![Level { at: 0, chance: Chance::ONE }],
                false => offsets,
            },
            depths: match depths.is_empty() {
                true => vec![Level { at: None, chance: Chance::ONE }],
                false => depths,
            },
            shocks: or(shocks, Rate::from_steps(Rate::ONE)),
            orders: orders.transpose()?.unwrap_or(&both).to_vec(),
            betas: self.betas(raw)?,
        })
    }

    fn offset(&self, text: &Text) -> Result<i64> {
        match text.text.trim_end_matches(['s', 'm', 'h', 'd', 'w']) {
            "0" => Ok(0),
            _ => self.interval("space.offset", text).map(Interval::millis),
        }
    }

    /// One a symbol.
    fn betas(&self, raw: &RawFundScenario) -> Result<Vec<Rate>> {
        let mut betas = vec![Rate::from_steps(Rate::ONE); raw.history.0.len()];
        for (symbol, text) in &raw.space.beta {
            let name = Text { text: symbol.get_ref().clone(), span: symbol.span() };
            let place = self.symbol("space.beta", &name, &raw.history.0)?;
            betas[place] = self.within("space.beta", text, 0..=50 * Rate::ONE)?;
        }
        Ok(betas)
    }

    fn size(&self, raw: &RawSize) -> Result<SizeChoice> {
        let part = |name: &str, text: &Option<Text>, usual: &str| {
            let key = format!("size.{name}");
            self.within(&key, text.as_ref().unwrap_or(&Text::usual(usual)), 1..=Rate::ONE - 1)
        };
        let count = |name: &str, text: &Option<Text>, range, usual| {
            self.count(&format!("size.{name}"), text.as_ref(), range, usual)
        };
        Ok(SizeChoice {
            level: part("level", &raw.level, "99.9%")?,
            tight: part("tight", &raw.tight, "10%")?,
            max_worlds: count("max_worlds", &raw.max_worlds, 100..=10_000_000, 20_000)?,
            chunk: count("chunk", &raw.chunk, 1..=100_000, 500)?,
            crash: part("crash", &raw.crash, "1%")?,
            year: part("year", &raw.year, "1%")?,
            without_largest: raw.without_largest.unwrap_or(true),
        })
    }

    fn episodes(&self, raw: &RawEpisodes) -> Result<Episodes> {
        let least = Rate::ONE / 1_000;
        let years =
            raw.years.as_ref().map(|text| self.within("episodes.years", text, least..=MOST));
        let only = "one of `rate`, `count` with `years`, or `history` (with `fall`, `within`)";
        match (&raw.rate, &raw.count, years.transpose()?, &raw.history) {
            (None, None, None, None) => {
                Ok(Episodes::Rate { yearly: Rate::from_steps(4 * Rate::ONE), is_assumed: true })
            }
            (Some(rate), None, None, None) => {
                let yearly = self.within("episodes.rate", rate, least..=1_000 * Rate::ONE)?;
                Ok(Episodes::Rate { yearly, is_assumed: false })
            }
            (None, Some(count), Some(years), None) => {
                let count = self.whole("episodes.count", count, 0..=1_000_000)?;
                Ok(Episodes::Counted { count, years })
            }
            (None, None, None, Some(history)) => {
                self.history(history)?;
                let fall = raw.fall.clone().unwrap_or_else(|| Text::usual("15%"));
                Ok(Episodes::Found {
                    history: Box::new(history.clone()),
                    fall: self.within("episodes.fall", &fall, Rate::ONE / 1_000..=Rate::ONE - 1)?,
                    within: self.length("episodes.within", raw.within.as_ref(), "1d")?,
                })
            }
            (rate, count, ..) => {
                let at = rate.as_ref().or(count.as_ref()).or(raw.years.as_ref());
                Err(self.origin.fault(at, "episodes: not one way to count").accepted(only).into())
            }
        }
    }

    fn cost(&self, raw: &RawCost) -> Result<Cost> {
        let part = |name: &str, text: &Option<Text>, usual: &str| {
            let key = format!("cost.{name}");
            self.within(&key, text.as_ref().unwrap_or(&Text::usual(usual)), 1..=MOST)
        };
        Ok(Cost {
            capital: part("capital", &raw.capital, "10%")?,
            shortfall: part("shortfall", &raw.shortfall, "5")?,
            is_assumed: raw.capital.is_none() || raw.shortfall.is_none(),
        })
    }

    fn reverse(&self, raw: &RawReverse) -> Result<ReverseChoice> {
        let limit = raw.limit.as_ref().map_or(Ok(Limit::FUND), |text| {
            let problem = "not a limit";
            let fault = || self.fault("reverse.limit", text, problem, Limit::ACCEPTED);
            Limit::parse(&text.text).ok_or_else(|| Error::from(fault()))
        });
        Ok(ReverseChoice {
            limit: limit?,
            seeds: self.count("reverse.seeds", raw.seeds.as_ref(), 1..=1_000, 15)?,
            grid: self.count("reverse.grid", raw.grid.as_ref(), 3..=100, 12)?,
        })
    }

    fn cells_are_bounded(&self, study: &FundStudy) -> Result<()> {
        let cells = study.space.cells(&study.crashes);
        let first = &study.raw.crash[0].event;
        if cells.len() > CELLS {
            let problem = "space: too many combinations of crashes and levels";
            let fault = self.origin.fault(Some(first), problem).found(cells.len());
            return Err(fault.accepted(format!("at most {CELLS}")).into());
        }
        let uneven = |cell: &&super::Cell| !(1.0 / RATIO..=RATIO).contains(&cell.weight);
        if let Some(cell) = cells.iter().find(uneven) {
            let problem =
                "draws: a combination is drawn far more or less often than its weights say";
            let fault = self.origin.fault(Some(first), problem);
            let found = format!("a ratio of {:.4}", cell.weight);
            return Err(fault.found(found).accepted("ratios from 1/50 to 50").into());
        }
        Ok(())
    }
}
