//! `[[expect]]` → [`Expectation`], with the place of every mistake.

use super::figure::{FUND_CASH, LEVERAGE, SHARE, WORLDS};
use super::{Band, Expectation, Grade, PositionFigure, RawExpectation, Role, Truth, WorldFigure};
use crate::fault::Result;
use crate::money::{Leverage, Rate, decimal};
use crate::scenario::reader::Reader;
use crate::scenario::{Side, Text};
use rust_decimal::Decimal;

const STEPS: [(&str, u32); 8] =
    [("V1", 1), ("V2", 2), ("V3", 3), ("V4", 4), ("V5", 5), ("V6", 6), ("V7", 7), ("V8", 8)];
const GRADES: [(&str, Grade); 4] =
    [("A", Grade::A), ("B", Grade::B), ("C", Grade::C), ("exact", Grade::Exact)];
const ROLES: [(&str, Role); 2] = [("calibrated", Role::Calibrated), ("predicted", Role::Predicted)];
const SIDES: [(&str, Side); 2] = [("long", Side::Long), ("short", Side::Short)];
const TRUTH: &str = "a number, two numbers from lowest to highest, or an end such as \"> 0.9\"";
const BAND: &str = "an amount from 0, or a part of the truth such as \"50%\"";
const NO_SUCH_KEY: &str = "no such key beside this figure";

impl Reader<'_> {
    /// What a study of the exchange expects.
    pub(in crate::scenario) fn of_worlds(
        &self,
        raw: &[RawExpectation],
    ) -> Result<Vec<Expectation<WorldFigure>>> {
        raw.iter().map(|raw| self.expectation(raw, self.world_figure(raw)?)).collect()
    }

    /// What a study of positions with so many horizons expects of one of its leverages.
    pub(in crate::scenario) fn of_positions(
        &self,
        raw: &[RawExpectation],
        (horizons, leverages): (usize, &[Leverage]),
    ) -> Result<Vec<Expectation<PositionFigure>>> {
        if let Some(first) = raw.first().filter(|_| horizons != 1) {
            let problem = "which horizon is meant is not known";
            let fault = self.fault("expect", &first.figure, problem, "one positions.horizon");
            return Err(fault.into());
        }
        let figure = |raw| self.position_figure(raw, leverages);
        raw.iter().map(|raw| self.expectation(raw, figure(raw)?)).collect()
    }

    fn expectation<F>(&self, raw: &RawExpectation, figure: F) -> Result<Expectation<F>> {
        let at = raw.at.iter().map(|at| format!(" at {}", at.text));
        let side = raw.side.iter().map(|side| format!(", {}", side.text));
        Ok(Expectation {
            figure,
            name: std::iter::once(raw.figure.text.clone()).chain(side).chain(at).collect(),
            step: self.word("expect.step", &raw.step, &STEPS)?,
            truth: self.truth(raw)?,
            band: self.band(raw)?,
            band_from: raw.band_from.as_ref().map_or_else(String::new, |text| text.text.clone()),
            unit: raw.unit.clone().unwrap_or_default(),
            role: self.word("expect.role", &raw.role, &ROLES)?,
            source: raw.source.clone(),
            grade: self.word("expect.grade", &raw.grade, &GRADES)?,
        })
    }

    fn truth(&self, raw: &RawExpectation) -> Result<Truth> {
        let (key, texts) = ("expect.truth", &raw.truth.0);
        let read = Truth::read(&texts.iter().map(|text| &*text.text).collect::<Vec<_>>());
        let truth = self.number(key, &texts[0], TRUTH, read)?;
        truth.ok_or_else(|| self.fault(key, &texts[0], "not a range", TRUTH).into())
    }

    fn band(&self, raw: &RawExpectation) -> Result<Band> {
        let key = "expect.band";
        let Some(text) = &raw.band else {
            return match &raw.band_from {
                None => Ok(Band::Amount(Decimal::ZERO)),
                Some(why) => {
                    let problem = "of which band";
                    Err(self.fault("expect.band_from", why, problem, "a `band` beside it").into())
                }
            };
        };
        if raw.band_from.is_none() {
            let problem = "where it comes from is missing";
            return Err(self.fault(key, text, problem, "`band_from` beside it").into());
        }
        let band = match text.text.ends_with('%') {
            true => Band::Part(self.number(key, text, BAND, Rate::parse(&text.text))?.to_decimal()),
            false => Band::Amount(self.number(key, text, BAND, decimal::parse(&text.text))?),
        };
        let (Band::Amount(size) | Band::Part(size)) = band;
        match size < Decimal::ZERO {
            true => Err(self.fault(key, text, "below 0", BAND).into()),
            false => Ok(band),
        }
    }

    fn world_figure(&self, raw: &RawExpectation) -> Result<WorldFigure> {
        self.absent("expect.side", raw.side.as_ref())?;
        if raw.figure.text == FUND_CASH {
            let at = self.needed(raw, "a time such as \"2020-03-13T12:00:00Z\"")?;
            return self.time("expect.at", at).map(WorldFigure::FundCash);
        }
        self.absent("expect.at", raw.at.as_ref())?;
        let found = WORLDS.iter().find(|(name, _)| *name == raw.figure.text);
        found.map(|(_, figure)| *figure).ok_or_else(|| {
            let mut names: Vec<&str> = WORLDS.iter().map(|(name, _)| *name).collect();
            names.push(FUND_CASH);
            self.fault("expect.figure", &raw.figure, "unknown word", &names.join(", ")).into()
        })
    }

    fn position_figure(
        &self,
        raw: &RawExpectation,
        leverages: &[Leverage],
    ) -> Result<PositionFigure> {
        let key = "expect.at";
        let is_share =
            self.word("expect.figure", &raw.figure, &[(SHARE, true), (LEVERAGE, false)])?;
        let Some(side) = &raw.side else {
            let fault = self.origin.fault(Some(&raw.figure), "expect.side is missing");
            return Err(fault.accepted("side = \"long\" or \"short\"").into());
        };
        let side = self.word("expect.side", side, &SIDES)?;
        if !is_share {
            let at = self.needed(raw, "a share such as \"1%\"")?;
            return self.fraction(key, at).map(|share| PositionFigure::Leverage(side, share));
        }
        let at = self.needed(raw, "one of positions.leverage")?;
        let leverage = self.number(key, at, Leverage::ACCEPTED, Leverage::parse(&at.text))?;
        match leverages.contains(&leverage) {
            true => Ok(PositionFigure::Share(side, leverage)),
            false => {
                let problem = "not a leverage of the study";
                Err(self.fault(key, at, problem, "one of positions.leverage").into())
            }
        }
    }

    fn needed<'a>(&self, raw: &'a RawExpectation, accepted: &str) -> Result<&'a Text> {
        raw.at.as_ref().ok_or_else(|| {
            let fault = self.origin.fault(Some(&raw.figure), "expect.at is missing");
            fault.found(&raw.figure.text).accepted(accepted).into()
        })
    }

    fn absent(&self, key: &str, text: Option<&Text>) -> Result<()> {
        text.map_or(Ok(()), |text| {
            Err(self.fault(key, text, "not a key of this figure", NO_SUCH_KEY).into())
        })
    }
}
