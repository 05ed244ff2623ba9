//! A scenario of the exchange after reading.

use super::choices::{
    AdlChoice, Driver, FundChoice, PathOrder, Pick, PopulationChoice, Settlement, SymbolBook,
};
use super::raw::RawExchangeScenario;
use crate::scenario::expect::{Expectation, WorldFigure};
use crate::scenario::{Origin, OutcomeFormat, RawHistory, VenueChoice};
use crate::venue::NegativeBalance;
use std::path::PathBuf;

/// One question about a whole exchange, completely stated.
#[derive(Debug, Clone)]
pub struct ExchangeStudy {
    /// Stem of the scenario file: the default name of the report.
    pub name: String,
    pub title: String,
    /// For messages about what the scenario says.
    pub origin: Origin,
    /// Folder that relative paths start from.
    pub folder: PathBuf,
    pub seed: u64,
    /// One a symbol, in the order of the scenario; all on the same bars.
    pub histories: Vec<RawHistory>,
    pub venue: VenueChoice,
    pub worlds: u32,
    pub driver: Driver,
    /// First bar that the worlds live through, UTC milliseconds; `None`: after two fifths of the
    /// history. What lies before feeds the population's entries.
    pub start: Option<i64>,
    pub path: PathOrder,
    /// Sub-steps in each leg of a wide bar; 1 to 60.
    pub substeps: u8,
    pub pick: Pick,
    pub adl: AdlChoice,
    pub settlement: Settlement,
    /// `None`: as the venue has it.
    pub protection: Option<NegativeBalance>,
    pub population: PopulationChoice,
    /// One a history.
    pub books: Vec<SymbolBook>,
    pub fund: FundChoice,
    /// Of `worlds.*`; the timeline is always Parquet.
    pub format: OutcomeFormat,
    /// What is known of the run's figures from elsewhere.
    pub expect: Vec<Expectation<WorldFigure>>,
    /// The scenario as resolved, for the manifest.
    pub raw: RawExchangeScenario,
}
