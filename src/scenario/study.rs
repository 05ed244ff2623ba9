//! A scenario file after reading: every word understood, nothing yet looked up.

use super::choices::{
    BarPath, DepthCurve, EntryPrice, MarginMode, OutcomeFormat, Slippage, SlippageModel,
};
use super::expect::{Expectation, PositionFigure};
use super::field::{List, Text};
use super::origin::Origin;
use super::raw::{RawEntries, RawPositions, RawScenario, RawSlippage};
use super::reader::{AMOUNT, Reader};
use super::side::Side;
use crate::fault::{Fault, Result};
use crate::history::Interval;
use crate::money::{Cash, Leverage, Rate};
use crate::venue::NegativeBalance;
use std::path::{Path, PathBuf};

/// Which bars are entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entries {
    EveryBar,
    Every(Interval),
    /// Opens of bars, UTC milliseconds.
    At(Vec<i64>),
    /// So many different bars, drawn by the seed.
    Sample(u32),
}

/// A horizon as written and as a length of time.
#[derive(Debug, Clone)]
pub struct Horizon {
    pub label: String,
    pub length: Interval,
}

/// `7d` and `1w` are the same horizon.
impl PartialEq for Horizon {
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length
    }
}

/// Whose rules, on which day, with which fields replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct VenueChoice {
    pub name: String,
    /// `None`: the day of the first bar.
    pub as_of: Option<jiff::civil::Date>,
    pub overrides: toml::Table,
}

/// One question, completely stated.
#[derive(Debug, Clone)]
pub struct Study {
    /// Stem of the scenario file: the default name of the report.
    pub name: String,
    pub title: String,
    /// For messages about what the scenario says.
    pub origin: Origin,
    /// Folder that relative paths start from.
    pub folder: PathBuf,
    pub seed: u64,
    pub interval: Option<Interval>,
    pub venue: VenueChoice,
    pub entries: Entries,
    /// Opens of bars that may be entries, UTC milliseconds, from the first and before the second.
    pub span: (Option<i64>, Option<i64>),
    pub entry_price: EntryPrice,
    pub sides: Vec<Side>,
    pub leverages: Vec<Leverage>,
    pub notionals: Vec<Cash>,
    pub horizons: Vec<Horizon>,
    pub margin: MarginMode,
    /// `None`: as the venue has it.
    pub protection: Option<NegativeBalance>,
    pub slippage: Slippage,
    pub path: BarPath,
    pub format: OutcomeFormat,
    /// What is known of the run's figures from elsewhere.
    pub expect: Vec<Expectation<PositionFigure>>,
    /// The scenario as resolved, for the manifest.
    pub raw: RawScenario,
}

impl Study {
    pub(super) fn resolve(
        raw: &RawScenario,
        origin: Origin,
        folder: &Path,
        name: &str,
    ) -> Result<Self> {
        let read = Reader { origin: &origin };
        read.history(&raw.history)?;
        let (leverages, horizons) =
            (read.leverages(&raw.positions)?, read.horizons(&raw.positions)?);
        Ok(Self {
            name: name.to_owned(),
            title: raw.title.clone().unwrap_or_else(|| name.to_owned()),
            folder: folder.to_owned(),
            seed: raw.seed,
            interval: read.optional_interval("history.interval", raw.history.interval.as_ref())?,
            venue: read.venue(&raw.venue)?,
            entries: read.entries(&raw.entries)?,
            span: read.span(&raw.entries)?,
            entry_price: raw.entries.price,
            sides: read.sides(&raw.positions)?,
            notionals: read.notionals(&raw.positions)?,
            margin: read.margin(&raw.positions)?,
            protection: read
                .protection("positions.protection", raw.positions.protection.as_ref())?,
            slippage: read.slippage(&raw.slippage)?,
            path: raw.bars.path,
            format: raw.outputs.format,
            expect: read.of_positions(&raw.expect, (horizons.len(), &leverages))?,
            leverages,
            horizons,
            raw: raw.clone(),
            origin,
        })
    }
}

impl Reader<'_> {
    fn entries(&self, raw: &RawEntries) -> Result<Entries> {
        match (&raw.every, &raw.at, &raw.sample) {
            (None, None, None) => Ok(Entries::EveryBar),
            (Some(every), None, None) => self.interval("entries.every", every).map(Entries::Every),
            (None, Some(at), None) => {
                self.each("entries.at", at, |text| self.time("entries.at", text)).map(Entries::At)
            }
            (None, None, Some(sample)) if *sample.get_ref() == 0 => {
                let problem = "entries.sample: nothing is drawn";
                Err(Fault::new(self.origin.place(&sample.span()), problem)
                    .found(0)
                    .accepted("the number of entries to draw, from 1")
                    .into())
            }
            (None, None, Some(sample)) => Ok(Entries::Sample(*sample.get_ref())),
            _ => Err(self.several_rules(raw).into()),
        }
    }

    /// First and last of the entries, where they are said.
    fn span(&self, raw: &RawEntries) -> Result<(Option<i64>, Option<i64>)> {
        let time = |key, text: &Option<Text>| text.as_ref().map(|text| self.time(key, text));
        let from = time("entries.from", &raw.from).transpose()?;
        let until = time("entries.until", &raw.until).transpose()?;
        match (&raw.until, from.zip(until)) {
            (Some(text), Some((from, until))) if from >= until => {
                let problem = "not after `from`";
                Err(self.fault("entries.until", text, problem, "a later time").into())
            }
            _ => Ok((from, until)),
        }
    }

    /// Placed at the last rule of the entries.
    fn several_rules(&self, raw: &RawEntries) -> Fault {
        let every = raw.every.as_ref().map(|text| text.span.clone());
        let at = List::nth(raw.at.as_ref(), 0).map(|text| text.span.clone());
        let rules = [every, at, raw.sample.as_ref().map(toml::Spanned::span)];
        let last = rules.into_iter().flatten().max_by_key(|span| span.start);
        let place = self.origin.place(&last.unwrap_or(Text::NOWHERE));
        Fault::new(place, "entries: more than one rule is given")
            .accepted("one of `every`, `at`, `sample`")
    }

    fn sides(&self, raw: &RawPositions) -> Result<Vec<Side>> {
        let words = [("long", Side::Long), ("short", Side::Short)];
        raw.side.as_ref().map_or(Ok(vec![Side::Long, Side::Short]), |list| {
            self.each("positions.side", list, |text| self.word("positions.side", text, &words))
        })
    }

    fn leverages(&self, raw: &RawPositions) -> Result<Vec<Leverage>> {
        let key = "positions.leverage";
        let usual = List(["2", "3", "5", "10", "20", "50", "100"].map(Text::usual).to_vec());
        self.each(key, raw.leverage.as_ref().unwrap_or(&usual), |text| {
            self.number(key, text, Leverage::ACCEPTED, Leverage::parse(&text.text))
        })
    }

    fn notionals(&self, raw: &RawPositions) -> Result<Vec<Cash>> {
        let key = "positions.notional";
        let usual = List(vec![Text::usual("10000")]);
        self.each(key, raw.notional.as_ref().unwrap_or(&usual), |text| self.amount(key, text))
    }

    fn margin(&self, raw: &RawPositions) -> Result<MarginMode> {
        let isolated = Text::usual("isolated");
        let mode = raw.mode.as_ref().unwrap_or(&isolated);
        let words = [("isolated", Mode::Isolated), ("cross", Mode::Cross)];
        let key = "positions.wallet";
        match (self.word("positions.mode", mode, &words)?, &raw.wallet) {
            (Mode::Isolated, None) => Ok(MarginMode::Isolated),
            (Mode::Cross, Some(text)) => {
                self.amount(key, text).map(|wallet| MarginMode::Cross { wallet })
            }
            (Mode::Cross, None) => {
                let problem = format!("{key} is missing: in mode \"cross\" it backs each position");
                Err(self.origin.fault(Some(mode), problem).accepted(AMOUNT).into())
            }
            (Mode::Isolated, Some(text)) => {
                let problem = "in mode \"isolated\" the margin is notional / leverage";
                let accepted = "no wallet, or mode = \"cross\" beside it";
                Err(self.fault(key, text, problem, accepted).into())
            }
        }
    }

    fn horizons(&self, raw: &RawPositions) -> Result<Vec<Horizon>> {
        let key = "positions.horizon";
        let usual = List(vec![Text::usual("1d")]);
        self.each(key, raw.horizon.as_ref().unwrap_or(&usual), |text| {
            let length = self.interval(key, text)?;
            Ok(Horizon { label: text.text.clone(), length })
        })
    }

    fn slippage(&self, raw: &RawSlippage) -> Result<Slippage> {
        let none = Text::usual("none");
        let name = raw.model.as_ref().unwrap_or(&none);
        let model =
            match self.word("slippage.model", name, &[("none", 0), ("fixed", 1), ("depth", 2)])? {
                1 => SlippageModel::Fixed(self.fixed(raw)?),
                2 => SlippageModel::Depth(self.curve(raw)?),
                _ => SlippageModel::None,
            };
        self.no_stray_keys(raw, &model)?;
        Ok(Slippage { model, base: raw.base })
    }

    /// A key of another model would silently do nothing.
    fn no_stray_keys(&self, raw: &RawSlippage, model: &SlippageModel) -> Result<()> {
        let keys = [
            ("rate", "fixed", &raw.rate),
            ("depth", "depth", &raw.depth),
            ("beta", "depth", &raw.beta),
            ("multiplier", "depth", &raw.multiplier),
            ("reach", "depth", &raw.reach),
        ];
        let own = match model {
            SlippageModel::None => "none",
            SlippageModel::Fixed(_) => "fixed",
            SlippageModel::Depth(_) => "depth",
        };
        for (key, of, text) in keys {
            if let Some(text) = text.as_ref().filter(|_| of != own) {
                let problem = format!("a key of model \"{of}\", but the model is \"{own}\"");
                let accepted = "`rate` with model \"fixed\"; `depth`, `beta`, `multiplier`, \
                                `reach` with model \"depth\"";
                return Err(self
                    .fault(&format!("slippage.{key}"), text, &problem, accepted)
                    .into());
            }
        }
        Ok(())
    }

    fn fixed(&self, raw: &RawSlippage) -> Result<Rate> {
        let rate = raw.rate.as_ref().ok_or_else(|| {
            self.origin
                .fault(raw.model.as_ref(), "slippage.rate is missing")
                .accepted(Rate::ACCEPTED)
        })?;
        self.fraction("slippage.rate", rate)
    }

    fn curve(&self, raw: &RawSlippage) -> Result<DepthCurve> {
        let accepted = "an amount above 0 such as \"185000000\"";
        let depth = raw.depth.as_ref().ok_or_else(|| {
            self.origin.fault(raw.model.as_ref(), "slippage.depth is missing").accepted(accepted)
        })?;
        let cash = self.number("slippage.depth", depth, accepted, Cash::parse(&depth.text))?;
        if cash <= Cash::ZERO {
            return Err(self.fault("slippage.depth", depth, "not above 0", accepted).into());
        }
        let (beta, reach) = (Text::usual("0.75"), Text::usual("10%"));
        Ok(DepthCurve {
            depth: cash,
            beta: self.fraction("slippage.beta", raw.beta.as_ref().unwrap_or(&beta))?,
            multiplier: self.multiplier("slippage.multiplier", raw.multiplier.as_ref())?,
            reach: self.fraction("slippage.reach", raw.reach.as_ref().unwrap_or(&reach))?,
        })
    }
}

/// A margin mode without what belongs to it.
#[derive(Clone, Copy)]
enum Mode {
    Isolated,
    Cross,
}
