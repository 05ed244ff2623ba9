//! A folder of source series → the tables of one event.

use super::about::{EventInfo, Figures, Instrument, Origin};
use super::datasets::Datasets;
use super::publisher::{self, Publisher};
use super::resample::{Bar, to_hours};
use super::source::{self, Name, Settlement};
use super::table::{Block, FUNDING, HOURLY, Writer};
use crate::fault::{Error, Fault, Place, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) const ABOUT: &str = "event.toml";

/// How an event is called and told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub sentence: String,
}

impl Words {
    /// Those of an event that was tabulated into `out` before.
    ///
    /// # Errors
    /// The event is not there or cannot be read.
    pub fn of(out: &Path, event: &str) -> Result<Self> {
        let file = out.join(event).join(ABOUT);
        let text = fs::read_to_string(&file).map_err(Error::io("read", &file))?;
        let EventInfo { title, sentence, .. } =
            EventInfo::parse(&text, &file.display().to_string())?;
        Ok(Self { title, sentence })
    }
}

/// The tables of one event, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    pub about: EventInfo,
    /// Name and bytes of each file.
    pub files: [(&'static str, Vec<u8>); 3],
}

impl Tables {
    /// Writes `<out>/<event>/`, each file under a temporary name first.
    ///
    /// # Errors
    /// A folder or a file that cannot be written.
    pub fn write(&self, out: &Path) -> Result<PathBuf> {
        let folder = out.join(&self.about.name);
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            let mut file =
                tempfile::NamedTempFile::new_in(&folder).map_err(Error::io("write", &path))?;
            file.write_all(bytes).map_err(Error::io("write", &path))?;
            file.persist(&path).map_err(|error| Error::io("write", &path)(error.error))?;
        }
        Ok(folder)
    }
}

/// Reads the series `<venue>-<symbol>-trade-<interval>.csv`, `…-mark-…` and `…-funding.csv` of a
/// folder and brings them to hours. Where a series is there in several intervals, the hourly one
/// counts, otherwise the finest. A `MANIFEST.csv` beside the folder names the dataset of each
/// file and its SHA-256; without one, the file itself is the dataset.
///
/// # Errors
/// A file that cannot be read, breaks its format, does not match the manifest, or is of an
/// unknown venue; a folder without series.
pub fn tabulate(folder: &Path, event: &str, words: &Words) -> Result<Tables> {
    let Sorted { chosen, left_out } = sort_out(folder)?;
    if chosen.is_empty() {
        return Err(Fault::new(Place::file(folder), "no source series in this folder")
            .accepted("files such as binance-um-BTCUSDT-trade-1m.csv")
            .into());
    }
    let datasets = Datasets::beside(folder)?;
    let mut draft = Draft::new()?;
    for (name, file) in &chosen {
        let path = folder.join(file);
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let origin = datasets.origin(name, file, &bytes)?;
        draft.add(name, &path, &bytes, origin)?;
    }
    draft.finish(event, words, left_out)
}

/// The files of a folder.
struct Sorted {
    /// The one to read for each series, by venue, symbol and figures.
    chosen: Vec<(Name, String)>,
    /// Those that hold no series for a table, with the reason.
    left_out: Vec<String>,
}

fn sort_out(folder: &Path) -> Result<Sorted> {
    let mut chosen: BTreeMap<(String, String, Figures), (Name, String)> = BTreeMap::new();
    let mut left_out = Vec::new();
    for file in file_names(folder)? {
        let name = match Name::parse(&file) {
            Ok(name) => name,
            Err(reason) => {
                left_out.push(format!("{file}: {reason}"));
                continue;
            }
        };
        let key = (name.venue.clone(), name.symbol.clone(), name.figures);
        let better = |(other, _): &(Name, String)| name.preference() < other.preference();
        if chosen.get(&key).is_none_or(better) {
            chosen.insert(key, (name, file));
        }
    }
    Ok(Sorted { chosen: chosen.into_values().collect(), left_out })
}

fn file_names(folder: &Path) -> Result<BTreeSet<String>> {
    let failed = || Error::io("read", folder);
    fs::read_dir(folder)
        .map_err(failed())?
        .map(|entry| Ok(entry.map_err(failed())?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// The tables as they grow, series by series.
struct Draft {
    hourly: Writer,
    funding: Writer,
    instruments: Vec<Instrument>,
    span: Option<(i64, i64)>,
}

impl Draft {
    fn new() -> Result<Self> {
        let (hourly, funding) = (Writer::hourly()?, Writer::funding()?);
        Ok(Self { hourly, funding, instruments: Vec::new(), span: None })
    }

    fn add(&mut self, name: &Name, path: &Path, bytes: &[u8], mut origin: Origin) -> Result<()> {
        let publisher = publisher::of(name, path)?;
        let of = origin.interval.as_deref().unwrap_or(Figures::Funding.name());
        let source = format!("{} {of}", publisher.name);
        let block = Block { venue: &name.venue, symbol: &name.symbol, source: &source };
        match name.interval {
            None => {
                let settlements = source::read_funding(bytes, path)?;
                origin.rows = settlements.len() as u64;
                self.add_funding(block, &settlements)?;
            }
            Some(interval) => {
                let bars = source::read_bars(bytes, path, name)?;
                let hours = to_hours(&bars, interval)
                    .map_err(|bad| Fault::new(Place::file(path), format!("volume: {bad}")))?;
                origin.rows = hours.bars.len() as u64;
                origin.missing_hours = Some(hours.missing);
                origin.moved_opens = hours.moved_opens;
                self.add_hours(block, name.figures, &hours.bars)?;
            }
        }
        self.file_under(name, publisher, origin);
        Ok(())
    }

    fn add_funding(&mut self, block: Block, settlements: &[Settlement]) -> Result<()> {
        settlements.iter().try_for_each(|settlement| self.funding.settlement(block, settlement))
    }

    fn add_hours(&mut self, block: Block, figures: Figures, hours: &[Bar]) -> Result<()> {
        if let [first, ..] = hours {
            let last = hours.last().unwrap_or(first);
            let (from, to) = self.span.unwrap_or((first.time, last.time));
            self.span = Some((from.min(first.time), to.max(last.time)));
        }
        hours.iter().try_for_each(|bar| self.hourly.bar(block, figures, bar))
    }

    fn file_under(&mut self, name: &Name, publisher: &Publisher, origin: Origin) {
        match self.instruments.last_mut() {
            Some(last) if last.venue == name.venue && last.symbol == name.symbol => {
                last.origins.push(origin);
            }
            _ => self.instruments.push(Instrument {
                venue: name.venue.clone(),
                symbol: name.symbol.clone(),
                contract: publisher.contract,
                kind: publisher.kind,
                origins: vec![origin],
            }),
        }
    }

    fn finish(self, event: &str, words: &Words, left_out: Vec<String>) -> Result<Tables> {
        let Some((first, last)) = self.span else {
            return Err(Fault::new(Place::default(), "the source series hold no complete hour")
                .found(event)
                .into());
        };
        let about = EventInfo {
            name: event.to_owned(),
            title: words.title.clone(),
            sentence: words.sentence.clone(),
            first,
            last,
            left_out,
            instruments: self.instruments,
        };
        let toml = about.to_toml()?.into_bytes();
        let files =
            [(HOURLY, self.hourly.finish()?), (FUNDING, self.funding.finish()?), (ABOUT, toml)];
        Ok(Tables { about, files })
    }
}
