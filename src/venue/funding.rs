//! Section `[funding]`.

use super::by_symbol::{PerSymbol, Reader};
use super::number::{self, Bounds};
use super::origin::Origin;
use super::raw::{RawFunding, Text};
use super::rules::FundingRules;
use super::vocabulary::{FundingCap, FundingPays, FundingPrice};
use crate::fault::Result;
use crate::history::Interval;
use crate::money::Rate;
use std::ops::RangeInclusive;
use toml::Spanned;

const NONE: &str = "none";
const OF_MAINTENANCE: &str = " of maintenance";
const OF_SPREAD: &str = " of spread";
const CAP: Bounds<RangeInclusive<i64>> = Bounds {
    what: "a cap of the funding rate",
    range: 1..=100 * Rate::ONE,
    accepted: "none, a rate such as 4%, \"100% of maintenance\" or \"75% of spread\" (initial \
               less maintenance rate)",
};

/// Funding of every symbol of a venue.
pub(super) struct FundingTable {
    interval: Interval,
    price: FundingPrice,
    pays: FundingPays,
    cap: PerSymbol<FundingCap>,
}

impl FundingTable {
    pub fn read(raw: &RawFunding, reader: Reader) -> Result<Self> {
        Ok(Self {
            interval: number::interval(&raw.interval, reader.origin)?,
            price: raw.price,
            pays: raw.pays,
            cap: reader.each(&raw.cap, cap)?,
        })
    }

    pub fn of(&self, symbol: &str) -> FundingRules {
        FundingRules {
            interval: self.interval,
            cap: self.cap.of(symbol),
            price: self.price,
            pays: self.pays,
        }
    }
}

fn cap(text: &Text, origin: &Origin) -> Result<FundingCap> {
    let written = text.get_ref().trim();
    let part = |rate: &str| {
        Rate::parse(rate)
            .map_err(|bad| origin.fault_at(text, bad.to_string()).accepted(CAP.accepted))?;
        CAP.read(&Spanned::new(text.span(), rate.to_string()), origin)
    };
    if written == NONE {
        Ok(FundingCap::None)
    } else if let Some(multiple) = written.strip_suffix(OF_MAINTENANCE) {
        part(multiple).map(FundingCap::OfMaintenance)
    } else if let Some(multiple) = written.strip_suffix(OF_SPREAD) {
        part(multiple).map(FundingCap::OfSpread)
    } else {
        part(written).map(FundingCap::Rate)
    }
}
