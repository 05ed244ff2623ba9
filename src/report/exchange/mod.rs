//! What a run of the exchange leaves on disk: one row a world, the timeline over worlds, the events
//! of one world, the waterfall, sentences and pictures.

mod adl;
mod alternatives;
mod density;
mod figures;
pub mod life;
mod liquidations;
mod manifest;
mod name;
mod pictures;
mod sentences;
mod timeline;
mod told;
mod waterfall;
mod worlds;

pub use alternatives::Alternative;
pub use figures::figures;
pub use life::{Life, journal_json};
pub use name::{account, account_name};
pub use sentences::summary;
pub(in crate::report) use sentences::{amount, bound};
pub use told::Told;
pub use worlds::{Context, row, sink};

use super::{Shipped, put};
use crate::exchange::Scene;
use crate::fault::Result;
use crate::history::{History, SourceFile};
use crate::money::{Cash, Price};
use crate::scenario::{ExchangeStudy, Side};
use crate::tally::exchange::{Bands, Worlds, in_quote};
use crate::venue::VenueRules;
use jiff::civil::Date;
use std::path::Path;

/// What was read for one symbol.
#[derive(Debug, Clone, Copy)]
pub struct Symbol<'a> {
    pub history: &'a History,
    pub files: &'a [SourceFile],
    /// `None`: the prices come from files.
    pub shipped: Option<&'a Shipped>,
    pub rules: &'a VenueRules,
    /// Day whose rules were asked for.
    pub as_of: Date,
}

/// Quantiles over worlds, bar by bar.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// One a bar that the worlds live through.
    pub bands: Vec<Bands>,
    /// Over how many worlds: the first ones.
    pub worlds: u64,
}

/// All that is known at the end of a run.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub study: &'a ExchangeStudy,
    /// From the report to the folder that the scenario's relative paths start from.
    pub to_scenario: &'a Path,
    /// In the order of the scenario; at least one.
    pub symbols: &'a [Symbol<'a>],
    /// SHA-256 of the file that the population is read from; `None`: it is drawn.
    pub population_file: Option<&'a str>,
    pub scene: Scene<'a>,
    pub worlds: &'a Worlds,
    pub timeline: &'a Timeline,
    /// The world that is told in detail.
    pub told: &'a Told,
    pub alternatives: &'a [Alternative],
    pub command: &'a str,
    pub threads: usize,
    pub seconds: f64,
}

impl<'a> Facts<'a> {
    /// The rules of the first symbol: what is the same for all of them is read there.
    fn rules(&self) -> &'a VenueRules {
        self.symbols[0].rules
    }

    fn history(&self) -> &'a History {
        self.symbols[0].history
    }

    /// The mark of a symbol when the worlds begin.
    fn start(&self, symbol: u16) -> Price {
        self.symbols[usize::from(symbol)].history.mark.close[self.scene.first - 1]
    }

    /// Longs of all symbols in the picked world at the marks of the start, in what prices are given
    /// in.
    fn open_interest(&self) -> Cash {
        let longs = self.told.population.holdings.iter().filter(|held| held.side == Side::Long);
        longs.fold(Cash::ZERO, |sum, held| {
            let law = &self.scene.markets[usize::from(held.symbol)].law;
            sum + in_quote(law, held.quantity, self.start(held.symbol))
        })
    }
}

/// Writes everything but the rows of worlds; returns the sentences of `summary.txt`.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(facts: &Facts, folder: &Path) -> Result<String> {
    let summary = sentences::summary(facts);
    put(folder, "summary.txt", summary.as_bytes())?;
    put(folder, "waterfall.csv", &waterfall::table(facts)?)?;
    put(folder, "adl.csv", &adl::table(facts)?)?;
    put(folder, "liquidations.csv", &liquidations::table(facts)?)?;
    put(folder, "density.csv", &density::table(facts)?)?;
    if !facts.alternatives.is_empty() {
        put(folder, "adl_alternatives.csv", &alternatives::table(facts)?)?;
    }
    timeline::write(facts, folder)?;
    for (name, png) in pictures::draw(facts)? {
        put(folder, &name, &png)?;
    }
    put(folder, "manifest.json", manifest::manifest(facts)?.as_bytes())?;
    Ok(summary)
}
