//! A whole venue file, checked: the rules of each of its symbols.

use super::brackets;
use super::by_symbol::{PerSymbol, Reader};
use super::close_out;
use super::fees::FeeTable;
use super::funding::FundingTable;
use super::library::Entry;
use super::loss;
use super::number;
use super::origin::Origin;
use super::overrides::Overrides;
use super::raw::{RawMargin, RawOpenInterest, RawVenue, Text};
use super::rules::{LossRules, OpenInterestScale, Source, VenueRules};
use super::sources;
use super::tiers::{Lookup, Tiers};
use super::vocabulary::{CloseOut, Contract, OrderPrice, Residual, Volatility};
use super::volatility;
use crate::fault::Result;
use crate::money::Quantity;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// Size of a contract where sizes are not counted in contracts.
const ONE: Quantity = Quantity::from_lots(100_000_000);

pub(super) struct Venue {
    raw: RawVenue,
    valid_from: Date,
    settlement: PerSymbol<String>,
    contract: PerSymbol<Contract>,
    close_out: CloseOut,
    order: OrderPrice,
    residual: Residual,
    fees: FeeTable,
    funding: FundingTable,
    volatility: Option<Volatility>,
    loss: LossRules,
    instruments: BTreeMap<String, Instrument>,
    sources: Vec<Source>,
}

/// What a file says of one symbol.
#[derive(Clone)]
pub(super) struct Instrument {
    /// As the event tables call it.
    name: String,
    face: Quantity,
    tiers: Tiers,
    open_interest: Option<OpenInterestScale>,
}

impl Instrument {
    /// A symbol that the file does not have, under a flat rate.
    pub fn flat(symbol: &str, tiers: Tiers) -> Self {
        Self { name: symbol.to_string(), face: ONE, tiers, open_interest: None }
    }

    /// The same symbol under other tiers.
    pub fn with(self, tiers: Tiers) -> Self {
        Self { tiers, ..self }
    }

    fn read(
        (symbol, raw): (&str, &RawMargin),
        contract: Contract,
        origin: &Origin,
    ) -> Result<Self> {
        let name = raw.instrument.as_ref().map_or(symbol, |text| text.get_ref().as_str());
        let face = raw.face.as_ref().map(|text| number::face(text, origin)).transpose()?;
        let scale = raw.open_interest.as_ref().map(|raw| open_interest(raw, origin));
        Ok(Self {
            name: name.to_string(),
            face: face.unwrap_or(ONE),
            tiers: brackets::tiers(raw, contract, origin)?,
            open_interest: scale.transpose()?,
        })
    }
}

impl Venue {
    pub fn read(origin: &Origin, overrides: &Overrides) -> Result<Self> {
        let raw = parse(origin, overrides)?;
        let reader = Reader { raw: &raw, origin };
        let contract = reader.each(&raw.contract, contract)?;
        let instruments = raw.margin.iter().map(|(symbol, margin)| {
            let read = Instrument::read((symbol, margin), contract.of(symbol), origin)?;
            Ok((symbol.clone(), read))
        });
        let venue = Self {
            valid_from: sources::date(&raw.valid_from, origin)?,
            settlement: reader.each(&raw.settlement, |text, _| Ok(text.get_ref().clone()))?,
            close_out: close_out::style(&raw.close_out, origin)?,
            order: close_out::price(&raw.close_out, origin)?,
            residual: close_out::residual(&raw.close_out, origin)?,
            fees: FeeTable::read(&raw.fees, reader)?,
            funding: FundingTable::read(&raw.funding, reader)?,
            volatility: raw
                .volatility
                .as_ref()
                .map(|raw| volatility::read(raw, origin))
                .transpose()?,
            loss: loss::rules(&raw, origin)?,
            instruments: instruments.collect::<Result<_>>()?,
            sources: sources::sources(&raw, overrides, origin)?,
            contract,
            raw,
        };
        venue.steps_down_by_tiers_that_exist(origin)?;
        Ok(venue)
    }

    fn steps_down_by_tiers_that_exist(&self, origin: &Origin) -> Result<()> {
        use CloseOut::{LowerTier, ToFirstTier, TwoTiers};
        let by_tiers = matches!(self.close_out, LowerTier | TwoTiers { .. } | ToFirstTier { .. });
        let linear = |instrument: &&Instrument| instrument.tiers.lookup == Lookup::LinearInSize;
        if !by_tiers || !self.instruments.values().any(|instrument| linear(&instrument)) {
            return Ok(());
        }
        let problem = "a style that goes by tiers, and a lookup that has none";
        let fault = origin.fault_at(&self.raw.close_out.style, problem);
        Err(fault.accepted("another style, or tiers instead of linear-in-size").into())
    }

    /// The folder is the timeline, so a file's place and its content may not disagree.
    pub fn lies_where_it_belongs(&self, entry: &Entry, origin: &Origin) -> Result<()> {
        if *self.raw.name.get_ref() != entry.venue {
            let problem = "the name is not that of the folder";
            return Err(origin.fault_at(&self.raw.name, problem).accepted(&entry.venue).into());
        }
        if self.valid_from != entry.valid_from {
            let problem = "the first day is not that of the file name";
            let fault = origin.fault_at(&self.raw.valid_from, problem);
            return Err(fault.accepted(entry.valid_from.to_string()).into());
        }
        Ok(())
    }

    pub fn symbols(&self) -> impl Iterator<Item = &String> {
        self.instruments.keys()
    }

    /// # Errors
    /// If the file has no such symbol.
    pub fn instrument(&self, symbol: &str, origin: &Origin) -> Result<Instrument> {
        self.instruments.get(symbol).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.instruments.keys().map(String::as_str).collect();
            let remedy = format!("{}, or a flat `maintenance` rate", known.join(", "));
            let fault = origin.fault_in_file("no brackets for this symbol");
            fault.found(symbol).accepted(remedy).into()
        })
    }

    /// The rules of every symbol, in the order of the alphabet.
    pub fn all(&self) -> Vec<VenueRules> {
        let each = self.instruments.iter();
        each.map(|(symbol, own)| self.rules(symbol, own.clone(), Vec::new())).collect()
    }

    pub fn rules(
        &self,
        symbol: &str,
        own: Instrument,
        overridden: Vec<(String, String)>,
    ) -> VenueRules {
        let raw = &self.raw;
        VenueRules {
            name: raw.name.get_ref().clone(),
            symbol: symbol.to_string(),
            valid_from: self.valid_from,
            history: raw.history.get_ref().clone(),
            instrument: own.name,
            settlement: self.settlement.of(symbol),
            contract: self.contract.of(symbol),
            face: own.face,
            tiers: own.tiers,
            open_interest: own.open_interest,
            trigger_price: raw.trigger.price,
            trigger_fee: raw.trigger.closing_fee,
            edge: raw.trigger.when,
            close_out: self.close_out,
            order: self.order,
            residual: self.residual,
            fees: self.fees.of(symbol),
            funding: self.funding.of(symbol),
            volatility: self.volatility,
            loss: self.loss,
            sources: sources::concerning(&self.sources, symbol),
            overridden,
        }
    }
}

/// The file with the overrides laid over it, as it is written.
fn parse(origin: &Origin, overrides: &Overrides) -> Result<RawVenue> {
    let of_toml = |error| origin.fault_of_toml(&error).into();
    let mut file = DeTable::parse(origin.text).map_err(of_toml)?;
    overrides.lay_over(file.get_mut(), origin)?;
    RawVenue::deserialize(toml::Deserializer::from(file)).map_err(of_toml)
}

fn contract(text: &Text, origin: &Origin) -> Result<Contract> {
    match text.get_ref().as_str() {
        "linear" => Ok(Contract::Linear),
        "inverse" => Ok(Contract::Inverse),
        _ => Err(origin.fault_at(text, "no such contract").accepted("linear, inverse").into()),
    }
}

fn open_interest(raw: &RawOpenInterest, origin: &Origin) -> Result<OpenInterestScale> {
    let lower = number::amount(&raw.lower, origin)?;
    let upper = number::amount(&raw.upper, origin)?;
    if lower < upper {
        return Ok(OpenInterestScale { lower, upper });
    }
    let fault = origin.fault_at(&raw.upper, "the scale of the open interest does not rise");
    Err(fault.accepted(format!("an amount above {lower}")).into())
}
