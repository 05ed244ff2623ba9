//! `[population]`: who holds what at the start.

use super::choices::{Band, Hazard, LeverageTable, PopulationChoice, Preset};
use super::raw::{RawBand, RawDistance, RawExchangeScenario, RawPopulation, RawReaction};
use super::shape::{Either, OneOrMany};
use crate::fault::{Fault, Result};
use crate::money::{Cash, Leverage, Rate};
use crate::scenario::reader::{AMOUNT, Reader};
use crate::scenario::{RawHistory, Side, Text};
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;

/// 1 basis point: nearer orders and smaller reactions are mistakes.
const LEAST: i64 = Rate::ONE / 10_000;
const MAKERS: u32 = 1_000;
/// Something must be left for the users of the side.
const MOST_OF_MAKERS: i64 = Rate::ONE / 10 * 9;

impl Reader<'_> {
    pub(super) fn population(
        &self,
        raw: &RawExchangeScenario,
        accounts: u32,
        folder: &Path,
    ) -> Result<PopulationChoice> {
        self.no_draws_beside_a_file(raw)?;
        let all = &raw.population;
        let part = |name: &str, text: &Option<Text>, usual: &str, range| {
            self.part(&format!("population.{name}"), text.as_ref(), usual, range)
        };
        let or =
            |text: &Option<Text>, usual: &str| text.clone().unwrap_or_else(|| Text::usual(usual));
        let (longs, largest) = (or(&all.longs, "50%"), or(&all.largest, "10%"));
        let leverage = or(&all.makers_leverage, "3");
        let choice = PopulationChoice {
            accounts,
            file: all.file.as_ref().map(|text| folder.join(&text.text)),
            longs: self.fraction("population.longs", &longs)?,
            sigma: part("sigma", &all.sigma, "2.7", 0..=10 * Rate::ONE)?,
            alpha: part("alpha", &all.alpha, "0.87", Rate::ONE / 10..=10 * Rate::ONE)?,
            largest: self.fraction("population.largest", &largest)?,
            leverage: self.leverage_table(all)?,
            correlation: part("correlation", &all.correlation, "-0.3", -Rate::ONE..=Rate::ONE)?,
            entry_half_life: {
                let text = all.entry_half_life.as_ref();
                self.length("population.entry_half_life", text, "2d")?
            },
            cross: part("cross", &all.cross, "30%", 0..=Rate::ONE)?,
            makers: self.count("population.makers", all.makers.as_ref(), 0..=MAKERS, 10)?,
            makers_share: part("makers_share", &all.makers_share, "10%", LEAST..=MOST_OF_MAKERS)?,
            makers_side: self.makers_side(all)?,
            makers_leverage: self.one_leverage("population.makers_leverage", &leverage)?,
            stops: self.distance("population.stops", all.stops.as_ref())?,
            take_profits: self.distance("population.take_profits", all.take_profits.as_ref())?,
            top_ups: self.reaction("population.top_ups", all.top_ups.as_ref(), 10 * Rate::ONE)?,
            cuts: self.reaction("population.cuts", all.cuts.as_ref(), Rate::ONE)?,
        };
        self.users_fit(raw, &choice)?;
        self.one_reaction_each(all, &choice)?;
        Ok(choice)
    }

    /// What a book from a file brings itself cannot be drawn.
    fn no_draws_beside_a_file(&self, raw: &RawExchangeScenario) -> Result<()> {
        let all = &raw.population;
        if all.file.is_none() {
            return Ok(());
        }
        let keys = [
            ("exchange.accounts", raw.exchange.accounts.as_ref()),
            ("population.open_interest", all.open_interest.as_ref().and_then(first_text)),
            ("population.longs", all.longs.as_ref()),
            ("population.sigma", all.sigma.as_ref()),
            ("population.alpha", all.alpha.as_ref()),
            ("population.largest", all.largest.as_ref()),
            ("population.leverage", all.leverage.as_ref().and_then(first_band)),
            ("population.correlation", all.correlation.as_ref()),
            ("population.entry_half_life", all.entry_half_life.as_ref()),
            ("population.cross", all.cross.as_ref()),
            ("population.makers_share", all.makers_share.as_ref()),
            ("population.makers_side", all.makers_side.as_ref()),
        ];
        let stray = keys.into_iter().find_map(|(key, text)| Some((key, text?)));
        stray.map_or(Ok(()), |(key, text)| {
            let problem = "a key of a drawn population, but its book comes from a file";
            let accepted = "either `file`, or the keys of a drawn population";
            Err(self.fault(key, text, problem, accepted).into())
        })
    }

    fn makers_side(&self, raw: &RawPopulation) -> Result<Side> {
        let words = [("long", Side::Long), ("short", Side::Short)];
        let read = |text| self.word("population.makers_side", text, &words);
        raw.makers_side.as_ref().map_or(Ok(Side::Short), read)
    }

    fn one_leverage(&self, key: &str, text: &Text) -> Result<Leverage> {
        self.number(key, text, Leverage::ACCEPTED, Leverage::parse(&text.text))
    }

    fn leverage_table(&self, raw: &RawPopulation) -> Result<LeverageTable> {
        match &raw.leverage {
            Some(Either::Structured(OneOrMany(bands))) => self.bands(bands),
            Some(Either::Plain(name)) => self.named_table(name),
            None => self.named_table(&Text::usual("hyperliquid-2025")),
        }
    }

    fn named_table(&self, name: &Text) -> Result<LeverageTable> {
        let words =
            [("hyperliquid-2025", Preset::Hyperliquid2025), ("bitmex-2019", Preset::Bitmex2019)];
        let preset = self.word("population.leverage", name, &words)?;
        let table = LeverageTable::of(preset);
        table.ok_or_else(|| {
            let problem = "not the name of a table";
            self.fault("population.leverage", name, problem, "the name of a table").into()
        })
    }

    fn bands(&self, raw: &[RawBand]) -> Result<LeverageTable> {
        let key = "population.leverage";
        let mut bands: Vec<Band> = Vec::with_capacity(raw.len());
        for written in raw {
            let from = self.one_leverage(&format!("{key}.from"), &written.from)?;
            let to = self.one_leverage(&format!("{key}.to"), &written.to)?;
            let share = self.fraction(&format!("{key}.share"), &written.share)?;
            if to < from {
                let accepted = format!("at least {from}, where the band begins");
                let fault =
                    self.fault(&format!("{key}.to"), &written.to, "below `from`", &accepted);
                return Err(fault.into());
            }
            if let Some(before) = bands.last().filter(|before| from < before.to) {
                let accepted = format!("at least {}, where the band before ends", before.to);
                let problem = "the bands overlap or fall";
                let fault = self.fault(&format!("{key}.from"), &written.from, problem, &accepted);
                return Err(fault.into());
            }
            bands.push(Band { from, to, share });
        }
        let total: i64 = bands.iter().map(|band| band.share.steps()).sum();
        if total == Rate::ONE {
            return Ok(LeverageTable { preset: Preset::Own, bands });
        }
        let problem = format!("{key}: the shares do not add up to 1");
        let fault = self.origin.fault(raw.last().map(|last| &last.share), problem);
        Err(fault.found(Rate::from_steps(total)).accepted("shares with the sum 1").into())
    }

    fn distance(&self, key: &str, raw: Option<&RawDistance>) -> Result<Hazard> {
        let Some(raw) = raw else { return Ok(NOBODY) };
        let (share, distance) = (format!("{key}.share"), format!("{key}.distance"));
        Ok(Hazard {
            share: self.within(&share, &raw.share, 0..=Rate::ONE)?,
            amount: self.within(&distance, &raw.distance, LEAST..=Rate::ONE / 100 * 99)?,
            delay: None,
        })
    }

    fn reaction(&self, key: &str, raw: Option<&RawReaction>, most: i64) -> Result<Hazard> {
        let Some(raw) = raw else { return Ok(NOBODY) };
        let name = |end: &str| format!("{key}.{end}");
        Ok(Hazard {
            share: self.within(&name("share"), &raw.share, 0..=Rate::ONE)?,
            amount: self.within(&name("amount"), &raw.amount, LEAST..=most)?,
            delay: Some(self.length(&name("delay"), raw.delay.as_ref(), "10m")?),
        })
    }

    /// Both sides have users, and enough of them to hold it without a larger one than the largest.
    fn users_fit(&self, raw: &RawExchangeScenario, choice: &PopulationChoice) -> Result<()> {
        if choice.file.is_some() {
            return Ok(());
        }
        let one = i128::from(Rate::ONE);
        let fewer = i128::from(choice.longs.steps()).min(one - i128::from(choice.longs.steps()));
        let users = i128::from(choice.accounts) * fewer / one;
        let accounts = raw.exchange.accounts.as_ref();
        if users == 0 {
            let at = raw.population.longs.as_ref().or(accounts);
            let problem = "population.longs: one side has no users";
            let fault = self.origin.fault(at, problem).found(choice.longs);
            return Err(fault.accepted("a share that leaves a user on both sides").into());
        }
        if users * i128::from(choice.largest.steps()) >= one {
            return Ok(());
        }
        let at = raw.population.largest.as_ref().or(accounts);
        let problem = "population.largest: the users of one side cannot hold all of it";
        let accepted = format!("at least 1/{users}, or more accounts");
        Err(self.origin.fault(at, problem).found(choice.largest).accepted(accepted).into())
    }

    /// Nobody both tops up and cuts.
    fn one_reaction_each(&self, raw: &RawPopulation, choice: &PopulationChoice) -> Result<()> {
        let total = choice.top_ups.share.steps() + choice.cuts.share.steps();
        match &raw.cuts {
            Some(cuts) if total > Rate::ONE => {
                let problem = "with population.top_ups.share above 1 together";
                let most = Rate::from_steps(Rate::ONE - choice.top_ups.share.steps());
                let accepted = format!("at most {most}");
                let fault = self.fault("population.cuts.share", &cuts.share, problem, &accepted);
                Err(fault.into())
            }
            _ => Ok(()),
        }
    }

    /// The open interest of each symbol; 0 where a file brings the book.
    pub(super) fn open_interest(&self, raw: &RawExchangeScenario) -> Result<Vec<Cash>> {
        let histories = &raw.history.0;
        match &raw.population.open_interest {
            _ if raw.population.file.is_some() => Ok(vec![Cash::ZERO; histories.len()]),
            Some(Either::Structured(table)) => self.by_symbol(table, histories),
            Some(Either::Plain(text)) if histories.len() == 1 => {
                self.amount(OPEN_INTEREST, text).map(|amount| vec![amount])
            }
            Some(Either::Plain(text)) => {
                let problem = "one amount for several symbols";
                let accepted = "a table [population.open_interest] with an amount for each symbol";
                Err(self.fault(OPEN_INTEREST, text, problem, accepted).into())
            }
            None => Err(self.no_open_interest(&histories[0]).into()),
        }
    }

    fn by_symbol(
        &self,
        table: &BTreeMap<Spanned<String>, Text>,
        histories: &[RawHistory],
    ) -> Result<Vec<Cash>> {
        let mut all = vec![None; histories.len()];
        for (name, text) in table {
            let name = Text { text: name.get_ref().clone(), span: name.span() };
            let symbol = self.symbol(OPEN_INTEREST, &name, histories)?;
            all[symbol] = Some(self.amount(OPEN_INTEREST, text)?);
        }
        let given = all.into_iter().zip(histories);
        given.map(|(amount, raw)| Ok(amount.ok_or_else(|| self.no_open_interest(raw))?)).collect()
    }

    fn no_open_interest(&self, history: &RawHistory) -> Fault {
        let symbol = &history.symbol;
        let problem = format!("{OPEN_INTEREST} is missing for this symbol");
        self.origin.fault(Some(symbol), problem).found(&symbol.text).accepted(AMOUNT)
    }
}

pub(super) const OPEN_INTEREST: &str = "population.open_interest";
const NOBODY: Hazard = Hazard { share: Rate::ZERO, amount: Rate::ZERO, delay: None };

fn first_text(open_interest: &Either<BTreeMap<Spanned<String>, Text>>) -> Option<&Text> {
    match open_interest {
        Either::Plain(text) => Some(text),
        Either::Structured(table) => table.values().next(),
    }
}

fn first_band(leverage: &Either<OneOrMany<RawBand>>) -> Option<&Text> {
    match leverage {
        Either::Plain(text) => Some(text),
        Either::Structured(OneOrMany(bands)) => bands.first().map(|band| &band.from),
    }
}
