//! Fees: one rate for the venue, or rates by symbol.

use super::brackets::parse_rate;
use super::origin::Origin;
use super::raw::{BySymbol, RawVenue, Text};
use super::rules::Fees;
use crate::fault::Result;
use crate::money::Rate;
use std::collections::BTreeMap;
use toml::Spanned;

/// Key of the rate of all symbols that are not named.
const DEFAULT: &str = "default";

/// The fees of every symbol of a venue.
pub(super) struct FeeTable {
    taker: Rate,
    liquidation: Rate,
    /// Symbols whose liquidation fee is their own.
    liquidation_of: BTreeMap<String, Rate>,
}

impl FeeTable {
    pub fn read(raw: &RawVenue, origin: &Origin) -> Result<Self> {
        let taker = fee(&raw.fees.taker, origin)?;
        let written = &raw.fees.liquidation;
        let by_symbol = match written.get_ref() {
            BySymbol::Same(text) => {
                let liquidation = fee(&Spanned::new(written.span(), text.clone()), origin)?;
                return Ok(Self { taker, liquidation, liquidation_of: BTreeMap::new() });
            }
            BySymbol::Each(by_symbol) => by_symbol,
        };
        let mut liquidation_of = BTreeMap::new();
        for (symbol, text) in by_symbol {
            if symbol != DEFAULT && !raw.margin.contains_key(symbol) {
                let fault = origin.fault_at(text, "a fee of a symbol without brackets");
                let known: Vec<&str> = raw.margin.keys().map(String::as_str).collect();
                return Err(fault.found(symbol).accepted(known.join(", ")).into());
            }
            liquidation_of.insert(symbol.clone(), fee(text, origin)?);
        }
        let Some(liquidation) = liquidation_of.remove(DEFAULT) else {
            let fault = origin.fault(written.span(), "fees by symbol without a `default`");
            return Err(fault.accepted("{ default = \"1%\", SOLUSDT = \"1.5%\" }").into());
        };
        Ok(Self { taker, liquidation, liquidation_of })
    }

    pub fn of(&self, symbol: &str) -> Fees {
        let liquidation = self.liquidation_of.get(symbol).copied().unwrap_or(self.liquidation);
        Fees { taker: self.taker, liquidation }
    }
}

/// A fee as a fraction of notional: at least 0, below 1.
fn fee(text: &Text, origin: &Origin) -> Result<Rate> {
    let rate = parse_rate(text, origin)?;
    if (0..Rate::ONE).contains(&rate.steps()) {
        return Ok(rate);
    }
    Err(origin.fault_at(text, "not a fee").accepted("a rate from 0 to below 1").into())
}
