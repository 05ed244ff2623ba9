//! Who lives in a world: drawn for each, or read from a file for all of them.

use crate::fault::{Error, Result};
use crate::population::{self, Book, Ground, Population, Scratch};
use crate::run::MarketInputs;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::path::Path;

/// Where the accounts of a study's worlds come from.
pub enum Cast<'a> {
    Drawn(Ground<'a>),
    Read(Book),
}

impl<'a> Cast<'a> {
    /// # Errors
    /// No population can be drawn as the study wants it, or read from its file.
    pub fn of(inputs: &'a MarketInputs) -> Result<Self> {
        let MarketInputs { study, first, .. } = inputs;
        let listings = inputs.listings();
        if let Some(book) = population::read(study, &listings, *first)? {
            return Ok(Self::Read(book));
        }
        Ground::new(study, &listings, *first).map(Self::Drawn)
    }

    pub fn population(&self, world: u32, scratch: &mut Scratch) -> Cow<'_, Population> {
        match self {
            Self::Drawn(ground) => Cow::Owned(population::draw(ground, world, scratch)),
            Self::Read(book) => Cow::Borrowed(&book.population),
        }
    }

    /// What the accounts of a file are called there, one a trader.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Drawn(_) => &[],
            Self::Read(book) => &book.names,
        }
    }
}

/// SHA-256 of a file.
///
/// # Errors
/// It cannot be read.
pub fn digest(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
