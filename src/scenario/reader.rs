//! Texts of a scenario → meanings, with the place of every mistake.

use super::field::{List, Text};
use super::origin::Origin;
use super::raw::{RawHistory, RawVenue};
use super::study::VenueChoice;
use crate::fault::{Fault, Result};
use crate::history::Interval;
use crate::money::decimal::BadNumber;
use crate::money::{Cash, Rate};
use crate::venue::NegativeBalance;
use std::ops::RangeInclusive;

/// Turns fields into meanings; knows where each was written.
pub(super) struct Reader<'a> {
    pub origin: &'a Origin,
}

impl Reader<'_> {
    pub(super) fn fault(&self, key: &str, text: &Text, problem: &str, accepted: &str) -> Fault {
        self.origin
            .fault(Some(text), format!("{key}: {problem}"))
            .found(&text.text)
            .accepted(accepted)
    }

    pub(super) fn word<T: Copy>(&self, key: &str, text: &Text, words: &[(&str, T)]) -> Result<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        words
            .iter()
            .find(|(name, _)| *name == text.text)
            .map(|(_, meaning)| *meaning)
            .ok_or_else(|| self.fault(key, text, "unknown word", &names.join(", ")).into())
    }

    pub(super) fn number<T>(
        &self,
        key: &str,
        text: &Text,
        accepted: &str,
        parsed: Result<T, BadNumber>,
    ) -> Result<T> {
        parsed.map_err(|why| self.fault(key, text, &why.to_string(), accepted).into())
    }

    pub(super) fn interval(&self, key: &str, text: &Text) -> Result<Interval> {
        Interval::parse(&text.text)
            .ok_or_else(|| self.fault(key, text, "not a length of time", Interval::ACCEPTED).into())
    }

    pub(super) fn optional_interval(
        &self,
        key: &str,
        text: Option<&Text>,
    ) -> Result<Option<Interval>> {
        text.map(|text| self.interval(key, text)).transpose()
    }

    /// Each text read, in order, without repetition.
    pub(super) fn each<T: PartialEq>(
        &self,
        key: &str,
        list: &List,
        mut read: impl FnMut(&Text) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut values = Vec::with_capacity(list.0.len());
        for text in &list.0 {
            let value = read(text)?;
            if values.contains(&value) {
                return Err(self.fault(key, text, "listed twice", "each value once").into());
            }
            values.push(value);
        }
        Ok(values)
    }

    /// Either an event or files.
    pub(super) fn history(&self, raw: &RawHistory) -> Result<()> {
        let files = [&raw.trade, &raw.mark, &raw.index, &raw.funding];
        let file = files.into_iter().find_map(|list| List::nth(list.as_ref(), 0));
        let (problem, place) = match (&raw.event, &raw.trade) {
            (Some(_), Some(_)) => ("history: both `event` and `trade` are given", file),
            (None, None) => ("history: no prices are named", Some(&raw.symbol)),
            (Some(_), None) if file.is_some() => ("history: an event brings its own prices", file),
            (None, Some(_)) if raw.exchange.is_some() => {
                ("history: an exchange is named, but no event", raw.exchange.as_ref())
            }
            _ => return Ok(()),
        };
        Err(self
            .origin
            .fault(place, problem)
            .accepted(
                "either event = \"2021-05-19\" (with exchange), \
                 or trade = \"bars.csv\" (with mark, index, funding)",
            )
            .into())
    }

    pub(super) fn venue(&self, raw: &RawVenue) -> Result<VenueChoice> {
        Ok(VenueChoice {
            name: raw.name.text.clone(),
            as_of: raw.as_of.as_ref().map(|text| self.day(text)).transpose()?,
            overrides: raw.overrides.get_ref().clone(),
        })
    }

    fn day(&self, text: &Text) -> Result<jiff::civil::Date> {
        let accepted = "a day such as \"2024-08-01\"";
        text.text.parse().map_err(|_| self.fault("venue.as_of", text, "not a day", accepted).into())
    }

    pub(super) fn time(&self, key: &str, text: &Text) -> Result<i64> {
        let time: Result<jiff::Timestamp, _> = text.text.parse();
        time.map(jiff::Timestamp::as_millisecond).map_err(|_| {
            let accepted = "RFC 3339 in UTC such as \"2021-05-19T12:00:00Z\"";
            self.fault(key, text, "not a time", accepted).into()
        })
    }

    pub(super) fn amount(&self, key: &str, text: &Text) -> Result<Cash> {
        let cash = self.number(key, text, AMOUNT, Cash::parse(&text.text))?;
        match cash > Cash::ZERO {
            true => Ok(cash),
            false => Err(self.fault(key, text, "not above 0", AMOUNT).into()),
        }
    }

    pub(super) fn protection(
        &self,
        key: &str,
        text: Option<&Text>,
    ) -> Result<Option<NegativeBalance>> {
        let words = [("on", NegativeBalance::Protected), ("off", NegativeBalance::Owed)];
        text.map(|text| self.word(key, text, &words)).transpose()
    }

    /// Presets of the share of calm depth that is left.
    pub(super) fn multiplier(&self, key: &str, text: Option<&Text>) -> Result<Rate> {
        let number = match text.map(|text| &*text.text) {
            None | Some("calm") => "1",
            Some("stress") => "0.25",
            Some("crash") => "0.05",
            Some("blackout") => "0.01",
            Some(_) => "",
        };
        match text.filter(|_| number.is_empty()) {
            None => self.fraction(key, &Text::usual(number)),
            Some(text) => self.share(key, text, MULTIPLIER),
        }
    }

    pub(super) fn fraction(&self, key: &str, text: &Text) -> Result<Rate> {
        self.share(key, text, "a fraction above 0 and at most 1 such as 0.004, 4e-3, 0.4% or 40bp")
    }

    /// A fraction above 0 and at most 1.
    pub(super) fn share(&self, key: &str, text: &Text, accepted: &str) -> Result<Rate> {
        let rate = self.number(key, text, accepted, Rate::parse(&text.text))?;
        if !(1..=Rate::ONE).contains(&rate.steps()) {
            return Err(self.fault(key, text, "not in (0, 1]", accepted).into());
        }
        Ok(rate)
    }

    /// A fraction between two limits, which are steps of a [`Rate`].
    pub(super) fn within(
        &self,
        key: &str,
        text: &Text,
        range: RangeInclusive<i64>,
    ) -> Result<Rate> {
        let (low, high) = (Rate::from_steps(*range.start()), Rate::from_steps(*range.end()));
        let kind = if *range.end() > Rate::ONE { "number" } else { "fraction" };
        let accepted = format!("a {kind} from {low} to {high} such as 0.25 or 25%");
        let rate = self.number(key, text, &accepted, Rate::parse(&text.text))?;
        match range.contains(&rate.steps()) {
            true => Ok(rate),
            false => Err(self.fault(key, text, "out of range", &accepted).into()),
        }
    }

    pub(super) fn whole(&self, key: &str, text: &Text, range: RangeInclusive<u32>) -> Result<u32> {
        let accepted = format!("a whole number from {} to {}", range.start(), range.end());
        match text.text.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.fault(key, text, "not a whole number in range", &accepted).into()),
        }
    }
}

pub(super) const AMOUNT: &str = "an amount above 0 with at most 8 decimals";
const MULTIPLIER: &str =
    "calm, stress, crash, blackout, or a fraction above 0 and at most 1 such as 0.05 or 5%";
