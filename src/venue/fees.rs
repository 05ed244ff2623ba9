//! Fees: one rate for the venue, or rates by symbol.

use super::by_symbol::{PerSymbol, Reader};
use super::number;
use super::origin::Origin;
use super::raw::{RawFees, Text};
use super::rules::Fees;
use crate::fault::Result;
use crate::money::Rate;

/// The fees of every symbol of a venue.
pub(super) struct FeeTable {
    taker: PerSymbol<Rate>,
    liquidation: PerSymbol<Rate>,
}

impl FeeTable {
    pub fn read(raw: &RawFees, reader: Reader) -> Result<Self> {
        Ok(Self {
            taker: reader.each(&raw.taker, fee)?,
            liquidation: reader.each(&raw.liquidation, fee)?,
        })
    }

    pub fn of(&self, symbol: &str) -> Fees {
        Fees { taker: self.taker.of(symbol), liquidation: self.liquidation.of(symbol) }
    }
}

/// A fee as a fraction of notional: at least 0, below 1.
fn fee(text: &Text, origin: &Origin) -> Result<Rate> {
    let rate = number::rate(text, origin)?;
    if (0..Rate::ONE).contains(&rate.steps()) {
        return Ok(rate);
    }
    Err(origin.fault_at(text, "not a fee").accepted("a rate from 0 to below 1").into())
}
