//! An order served: from the cache, or from the archive into it.

use super::cache::{Address, Cache};
use super::checksum;
use super::client::{Client, Listener, Patience};
use super::download::download;
use super::order::{Order, Piece};
use super::product::Product;
use crate::fault::{Error, Fault, Place, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A public archive of an exchange, and the cache that keeps what was taken from it.
pub struct Archive {
    base: String,
    /// The base URL as the name of a folder.
    name: String,
    cache: Cache,
    client: Client,
}

/// What happens while an order is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many more files will be looked for.
    Planned(u64),
    Started(&'a str),
    Received {
        have: u64,
        total: Option<u64>,
    },
    /// An attempt failed for this reason, another follows.
    Retrying(&'a str),
    /// One file was found, or turned out not to be there.
    Finished,
}

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Archive,
    Cache,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub product: Product,
    pub path: PathBuf,
    pub origin: Origin,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Haul {
    /// By product, in the order of time.
    pub files: Vec<Fetched>,
    /// Paths that the archive does not have. A month without a file of its own whose days were
    /// found does not count.
    pub absent: Vec<String>,
}

impl Archive {
    pub const BINANCE: &str = "https://data.binance.vision";

    /// # Errors
    /// A base URL that is not `http://…` or `https://…`.
    pub fn new(base: &str, cache: Cache, patience: Patience) -> Result<Self> {
        let base = base.trim_end_matches('/');
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        let Some(rest) = rest.filter(|rest| rest.starts_with(|c: char| c != '/' && c != '.'))
        else {
            return Err(Fault::new(Place::default(), "not the base URL of an archive")
                .found(base)
                .accepted(format!("a URL such as {}", Self::BINANCE))
                .into());
        };
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
        let name = rest.chars().map(plain).collect();
        let client = match is_loopback(rest) {
            true => Client::direct(patience),
            false => Client::new(patience),
        };
        Ok(Self { base: base.to_owned(), name, cache, client })
    }

    /// Brings every file of the order into the cache; those that are there are verified and not
    /// asked for again. A file that the archive does not have is counted in [`Haul::absent`];
    /// where a month is not there, its days are looked for.
    ///
    /// # Errors
    /// A file that does not match its checksum (its download is deleted), or has none; a
    /// connection that stays cut (what came is kept, and the next run continues); a refusal; a
    /// cache that cannot be written; an order of which the archive has nothing at all.
    pub fn fetch(&self, order: &Order, watch: &mut dyn FnMut(Progress)) -> Result<Haul> {
        let pieces = order.pieces();
        let mut watch = Watch(watch);
        let mut haul = Haul::default();
        watch.0(Progress::Planned(pieces.len() as u64));
        for piece in &pieces {
            self.serve(piece, &mut haul, &mut watch)?;
        }
        if haul.files.is_empty() {
            return Err(Fault::new(
                Place::file(&self.base),
                "the archive has nothing of this order",
            )
            .found(order.symbol())
            .accepted("a symbol, a span and kinds that the archive has files of")
            .into());
        }
        Ok(haul)
    }

    fn serve(&self, piece: &Piece, haul: &mut Haul, watch: &mut Watch) -> Result<()> {
        if self.take(piece.product, &piece.path, haul, watch)? {
            return Ok(());
        }
        watch.0(Progress::Planned(piece.instead.len() as u64));
        let mut absent = Vec::new();
        for path in &piece.instead {
            if !self.take(piece.product, path, haul, watch)? {
                absent.push(path.clone());
            }
        }
        if absent.len() == piece.instead.len() {
            absent = vec![piece.path.clone()];
        }
        haul.absent.append(&mut absent);
        Ok(())
    }

    /// Whether the file is there; then it is in the haul.
    fn take(
        &self,
        product: Product,
        path: &str,
        haul: &mut Haul,
        watch: &mut Watch,
    ) -> Result<bool> {
        let found = self.obtain(path, watch)?;
        watch.0(Progress::Finished);
        let is_there = found.is_some();
        haul.files.extend(found.map(|(path, origin)| Fetched { product, path, origin }));
        Ok(is_there)
    }

    fn obtain(&self, path: &str, watch: &mut Watch) -> Result<Option<(PathBuf, Origin)>> {
        let of = Address { archive: &self.name, path };
        watch.0(Progress::Started(of.name()));
        if let Some(file) = self.cache.find(of)? {
            return Ok(Some((file, Origin::Cache)));
        }
        let url = format!("{}/{path}", self.base);
        let Some(hash) = self.stated_hash(&url, of, watch)? else { return Ok(None) };
        if let Some(file) = self.cache.content(&hash, of)? {
            self.cache.enter(&hash, of)?;
            return Ok(Some((file, Origin::Cache)));
        }
        let part = self.cache.part(of);
        download(&self.client, &url, &part, watch)?;
        verify(&part, &url, &hash)?;
        Ok(Some((self.cache.admit(&hash, of)?, Origin::Archive)))
    }

    /// `None` where the archive has no such file; a file without a checksum is refused.
    fn stated_hash(&self, url: &str, of: Address, watch: &mut Watch) -> Result<Option<String>> {
        let beside = format!("{url}.CHECKSUM");
        if let Some(text) = self.client.text(&beside, watch)? {
            return checksum::parse(&text, &beside, of.name()).map(Some);
        }
        if self.client.exists(url, watch)? {
            let problem = "the archive has this file but no .CHECKSUM to verify it; refused";
            return Err(Fault::new(Place::file(url), problem).into());
        }
        Ok(None)
    }
}

fn verify(part: &Path, url: &str, hash: &str) -> Result<()> {
    let got = checksum::of_file(part).map_err(Error::io("read", part))?;
    if got == hash {
        return Ok(());
    }
    fs::remove_file(part).map_err(Error::io("remove", part))?;
    Err(Fault::new(
        Place::file(url),
        "SHA-256 does not match its .CHECKSUM; the download is deleted",
    )
    .found(got)
    .accepted(hash)
    .into())
}

fn is_loopback(rest: &str) -> bool {
    let host = rest.split('/').next().unwrap_or(rest);
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

struct Watch<'a>(&'a mut dyn FnMut(Progress));

impl Listener for Watch<'_> {
    fn received(&mut self, have: u64, total: Option<u64>) {
        self.0(Progress::Received { have, total });
    }

    fn retrying(&mut self, why: &str) {
        self.0(Progress::Retrying(why));
    }
}
