//! From names of files to a history.

use super::assemble::{Terms, join};
use super::bars::{GapPolicy, History, Interval};
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
    let file = |(path, kind, from): &(String, Kind, &Sources)| {
        let wanted = Wanted { kind: *kind, from, opens };
        one(path, &wanted)
    };
    let outcomes: Vec<_> = files.par_iter().map(file).collect();
    let parts = outcomes.into_iter().collect::<Result<Vec<_>>>()?;
    let (readings, files): (Vec<Reading>, Vec<SourceFile>) = parts.into_iter().unzip();
    let history = join(&request.symbol, readings, Terms { interval, gaps, opens })?;
    Ok(Loaded { history, files })
}

/// What a file is read as.
struct Wanted<'a> {
    kind: Kind,
    from: &'a Sources,
    opens: OpenPolicy,
}

fn one(path: &str, wanted: &Wanted) -> Result<(Reading, SourceFile)> {
    let source = Source::open(path)?;
    let (read, sha256) = rayon::join(|| read(&source, wanted), || source.sha256());
    let (reading, format) = read?;
    let file = SourceFile {
        path: path.to_owned(),
        kind: wanted.kind,
        format,
        rows: reading.series.len() as u64,
        sha256,
        bytes: source.raw.len() as u64,
    };
    Ok((reading, file))
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
