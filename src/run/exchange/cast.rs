//! Who lives in a world: drawn for each, or read from a file for all of them.

use crate::exchange::{Market, Scene};
use crate::fault::{Error, Result};
use crate::population::{self, Book, Ground, Listing, Population, Scratch};
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
    pub fn of(scene: Scene<'a>) -> Result<Self> {
        let listings: Vec<Listing> = scene.markets.iter().map(listing).collect();
        if let Some(book) = population::read(scene.study, &listings, scene.first)? {
            return Ok(Self::Read(book));
        }
        Ground::new(scene.study, &listings, scene.first).map(Self::Drawn)
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

fn listing<'a>(market: &Market<'a>) -> Listing<'a> {
    let Market { history, rules, law, book, .. } = *market;
    Listing { history, rules, law, open_interest: book.open_interest }
}
