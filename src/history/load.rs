//! From names of files to a history.

use super::assemble::{Terms, join};
use super::bars::{GapPolicy, History, Interval};
use super::cache::{Cache, Opened};
use super::check;
use super::columns::Columns;
use super::defects::Defects;
use super::opens::{self, OpenPolicy};
use super::paths;
use super::raw::{Kind, Reading};
use super::registry::{Ask, Format};
use super::source::Source;
use crate::fault::Result;
use rayon::prelude::*;

/// Where the series of one kind lies, and how it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// Files, folders and globs; all of their files together are one series.
    pub paths: Vec<String>,
    /// Name of a [`Format`]; told by the content where absent.
    pub format: Option<String>,
    /// For tables of a shape of their own.
    pub columns: Option<Columns>,
}

impl<P: Into<String>> FromIterator<P> for Sources {
    fn from_iter<I: IntoIterator<Item = P>>(paths: I) -> Self {
        let paths = paths.into_iter().map(Into::into).collect();
        Self { paths, format: None, columns: None }
    }
}

/// What to load, and under which terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadRequest {
    pub symbol: String,
    pub trade: Sources,
    pub mark: Sources,
    /// The index price; its closes are kept.
    pub index: Sources,
    pub funding: Sources,
    /// The interval that the bars must have.
    pub interval: Option<Interval>,
    pub gaps: GapPolicy,
    pub opens: OpenPolicy,
    /// Where parsed files are kept; `None`: all are parsed anew. What is loaded is the same.
    pub cache: Option<Cache>,
}

/// One file that went into a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub path: String,
    pub kind: Kind,
    /// Name of its [`Format`].
    pub format: &'static str,
    pub rows: u64,
    /// Of the file as it lies on disk, in hex.
    pub sha256: String,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    pub history: History,
    /// By kind, then by path.
    pub files: Vec<SourceFile>,
}

/// Reads, checks and joins all files of a request.
///
/// # Errors
/// The first fault of the first file that has one, in the order of the request; then what
/// [`super::assemble`] refuses.
pub fn load(request: &LoadRequest) -> Result<Loaded> {
    let roles = [
        (Kind::Trade, &request.trade),
        (Kind::Mark, &request.mark),
        (Kind::Index, &request.index),
        (Kind::Funding, &request.funding),
    ];
    let mut files = Vec::new();
    for (kind, sources) in roles {
        let paths = paths::expand(&sources.paths)?;
        files.extend(paths.into_iter().map(|path| (path, kind, sources)));
    }
    let LoadRequest { interval, gaps, opens, .. } = *request;
    let cache = request.cache.as_ref().map(Cache::open);
    let file = |(path, kind, from): &(String, Kind, &Sources)| {
        let wanted = Wanted { kind: *kind, from, opens };
        one(path, &wanted, cache.as_ref())
    };
    let outcomes: Vec<_> = files.par_iter().map(file).collect();
    if let Some(cache) = cache {
        cache.close();
    }
    let parts = outcomes.into_iter().collect::<Result<Vec<_>>>()?;
    let (readings, files): (Vec<Reading>, Vec<SourceFile>) = parts.into_iter().unzip();
    let history = join(&request.symbol, readings, Terms { interval, gaps, opens })?;
    Ok(Loaded { history, files })
}

/// What a file is read as.
pub(super) struct Wanted<'a> {
    pub kind: Kind,
    pub from: &'a Sources,
    pub opens: OpenPolicy,
}

/// What a file was parsed to, flawless by itself.
pub(super) struct Parsed {
    pub reading: Reading,
    /// Name of the file's [`Format`].
    pub format: &'static str,
    /// Of the file.
    pub sha256: String,
    pub bytes: u64,
}

fn one(path: &str, wanted: &Wanted, cache: Option<&Opened>) -> Result<(Reading, SourceFile)> {
    let found = cache.and_then(|cache| cache.find(path, wanted));
    let parsed = match (found, cache) {
        (Some(found), _) => found,
        (None, Some(cache)) => cache.keep(parse(path, wanted)?, path, wanted),
        (None, None) => parse(path, wanted)?,
    };
    let Parsed { reading, format, sha256, bytes } = parsed;
    let rows = reading.series.len() as u64;
    let file = SourceFile { path: path.to_owned(), kind: wanted.kind, format, rows, sha256, bytes };
    Ok((reading, file))
}

fn parse(path: &str, wanted: &Wanted) -> Result<Parsed> {
    let source = Source::open(path)?;
    let (read, sha256) = rayon::join(|| read(&source, wanted), || source.sha256());
    let (reading, format) = read?;
    Ok(Parsed { reading, format, sha256, bytes: source.raw.len() as u64 })
}

fn read(source: &Source, wanted: &Wanted) -> Result<(Reading, &'static str)> {
    let table = source.table()?;
    let columns = wanted.from.columns.as_ref();
    let ask = Ask { file: &source.file, bytes: &table, kind: Some(wanted.kind), columns };
    let format = Format::choose(&ask, wanted.from.format.as_deref())?;
    let mut strict = Defects::stop_at_first();
    let mut reading = (format.read)(&ask, &mut strict)?;
    opens::settle(&mut reading, wanted.opens);
    check::rows(&reading, &mut strict)?;
    Ok((reading, format.name))
}
