//! A population alone, as a world of its study would begin.

use super::{Inputs, MarketInputs, load_exchange};
use crate::engine::Law;
use crate::fault::{Fault, Place, Result};
use crate::history::Cache;
use crate::money::Cash;
use crate::population::{self, Description, Ground, Listing, Population, Scratch};
use crate::report::population::Portrait;
use crate::scenario::ExchangeStudy;

/// A population with everything that it was drawn on.
#[derive(Debug)]
pub struct Peopled {
    inputs: MarketInputs,
    world: u32,
    population: Population,
    /// Of the traders, where the book comes from a file.
    names: Option<Vec<String>>,
    description: Description,
}

/// Draws or reads the population of one world of a study.
///
/// # Errors
/// An input that does not read, a book that does not fit, or a world that the study does not have.
pub fn populate(study: &ExchangeStudy, world: u32, cache: Option<&Cache>) -> Result<Peopled> {
    if world >= study.worlds {
        let problem = "--world: the study has no such world";
        let accepted = format!("0 to {}", study.worlds - 1);
        return Err(Fault::new(Place::default(), problem).found(world).accepted(accepted).into());
    }
    let inputs = load_exchange(study, cache)?;
    let listings = inputs.listings();
    let read = population::read(&inputs.study, &listings, inputs.first)?;
    let (population, names) = match read {
        Some(book) => (book.population, Some(book.names)),
        None => {
            let ground = Ground::new(&inputs.study, &listings, inputs.first)?;
            (population::draw(&ground, world, &mut Scratch::default()), None)
        }
    };
    let description = population::describe(&population, &listings, inputs.first);
    Ok(Peopled { inputs, world, population, names, description })
}

impl Peopled {
    pub fn listings(&self) -> Vec<Listing<'_>> {
        self.inputs.listings()
    }

    /// What reports show.
    pub fn portrait<'a>(&'a self, listings: &'a [Listing<'a>]) -> Portrait<'a> {
        Portrait {
            study: &self.inputs.study,
            listings,
            first: self.inputs.first,
            world: self.world,
            population: &self.population,
            names: self.names.as_deref(),
            description: &self.description,
        }
    }
}

impl MarketInputs {
    /// One a symbol: what a population is drawn on.
    pub fn listings(&self) -> Vec<Listing<'_>> {
        let books = self.symbols.iter().zip(&self.study.books);
        books.map(|(inputs, book)| inputs.listing(book.open_interest)).collect()
    }
}

impl Inputs {
    fn listing(&self, open_interest: Cash) -> Listing<'_> {
        let Self { history, rules, .. } = self;
        Listing { history, rules, law: Law::of(rules, history.scale), open_interest }
    }
}
