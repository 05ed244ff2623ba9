//! A finished run, read back from its folder: the same study on the same files.

use super::exchange::digest;
use super::{Inputs, MarketInputs, load, load_exchange};
use crate::fault::{Error, Fault, Place, Result};
use crate::history::{Cache, SourceFile};
use crate::scenario::{self, Scenario, Study};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// What a report says about the run that wrote it, as far as it is needed to repeat it.
#[derive(Debug, Deserialize)]
struct Manifest {
    program: Program,
    study: String,
    scenario_file: String,
    scenario_folder: String,
    scenario: Map<String, Value>,
    /// One a symbol.
    #[serde(alias = "history")]
    histories: OneOrMany<Recorded>,
    #[serde(alias = "venue")]
    venues: OneOrMany<Venue>,
    /// `None`: the study draws its population.
    population_file: Option<File>,
}

#[derive(Debug, Deserialize)]
struct Program {
    version: String,
}

/// A study of positions has one history, of an exchange one a symbol. A list is tried first: it
/// would also read as the fields of one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn list(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Recorded {
    files: Vec<File>,
}

#[derive(Debug, Deserialize)]
struct File {
    path: String,
    sha256: String,
}

#[derive(Debug, Deserialize)]
struct Venue {
    rules: Value,
}

/// The study of a finished run of positions and its inputs, which are those that the run read.
///
/// # Errors
/// The folder holds no report of this program, a file is gone or has changed since, or the venue's
/// rules are not those of the run.
pub fn reload(report: &Path, cache: Option<&Cache>) -> Result<(Study, Inputs)> {
    let manifest = Manifest::of(report, ("leverage", "a run of positions for --position"))?;
    let study = manifest.scenario(report)?.leverage()?;
    let inputs = load(&study, cache)?;
    manifest.check(report, std::slice::from_ref(&inputs))?;
    Ok((study, inputs))
}

/// The same of a run of the exchange.
///
/// # Errors
/// As [`reload`]; and the file of the population has changed.
pub fn reload_exchange(report: &Path, cache: Option<&Cache>) -> Result<MarketInputs> {
    let manifest = Manifest::of(report, ("exchange", "a run of the exchange for --world"))?;
    let study = manifest.scenario(report)?.exchange()?;
    let inputs = load_exchange(&study, cache)?;
    manifest.check(report, &inputs.symbols)?;
    if let (Some(was), Some(path)) = (&manifest.population_file, &study.population.file) {
        same_file(was, &path.display().to_string(), &digest(path)?)?;
    }
    Ok(inputs)
}

impl Manifest {
    /// The manifest of a folder, if it is of a run of such a study.
    fn of(report: &Path, (study, accepted): (&str, &str)) -> Result<Self> {
        let place = report.join("manifest.json");
        let text = std::fs::read_to_string(&place).map_err(|error| not_a_report(report, &error))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|error| {
            Fault::new(Place::file(&place), format!("not the manifest of a run: {error}"))
                .accepted("the folder of a report that this version of the program wrote")
        })?;
        match manifest.study == study {
            true => Ok(manifest),
            false => Err(Fault::new(Place::file(&place), "not the study that is asked for")
                .found(&manifest.study)
                .accepted(accepted)
                .into()),
        }
    }

    fn scenario(&self, report: &Path) -> Result<Scenario> {
        let folder = report.join(&self.scenario_folder);
        scenario::from_text(&toml_of(&self.scenario), &self.scenario_file, &folder, &[])
    }

    /// Whether files and rules are those of the run.
    fn check(&self, report: &Path, inputs: &[Inputs]) -> Result<()> {
        let place = report.join("manifest.json");
        let then: Vec<&File> = self.histories.list().iter().flat_map(|one| &one.files).collect();
        let now: Vec<&SourceFile> = inputs.iter().flat_map(|inputs| &inputs.files).collect();
        same_files(&then, &now, &place)?;
        let rules = inputs.iter().map(|inputs| inputs.rules.to_json());
        let recorded = self.venues.list().iter().map(|venue| &venue.rules);
        if rules.clone().len() == recorded.clone().len()
            && rules.zip(recorded).all(|(a, b)| a == *b)
        {
            return Ok(());
        }
        Err(Fault::new(Place::file(&place), "the venue's rules are not those of the run")
            .found(inputs.first().map_or("", |inputs| &inputs.rules.name))
            .accepted(format!("the rules of version {}, which wrote it", self.program.version))
            .into())
    }
}

fn not_a_report(report: &Path, error: &std::io::Error) -> Error {
    Fault::new(Place::file(report), format!("no manifest can be read: {error}"))
        .accepted("the folder of a finished run")
        .into()
}

/// The files are compared by their order: the folder may have moved with its scenario.
fn same_files(then: &[&File], now: &[&SourceFile], place: &Path) -> Result<()> {
    then.iter().zip(now).try_for_each(|(was, is)| same_file(was, &is.path, &is.sha256))?;
    if then.len() == now.len() {
        return Ok(());
    }
    let paths: Vec<&str> = then.iter().map(|file| &*file.path).collect();
    Err(Fault::new(Place::file(place), "the scenario's paths lead to other files than in the run")
        .found(format!("{} files", now.len()))
        .accepted(paths.join(", "))
        .into())
}

fn same_file(was: &File, path: &str, sha256: &str) -> Result<()> {
    if was.sha256 == sha256 {
        return Ok(());
    }
    Err(Fault::new(Place::file(path), "the file has changed since the run")
        .found(format!("SHA-256 {sha256}"))
        .accepted(format!("the {} with SHA-256 {}", was.path, was.sha256))
        .into())
}

/// A scenario of a manifest as TOML: texts, numbers, lists and tables are written alike in JSON,
/// and what is `null` there is absent here.
fn toml_of(scenario: &Map<String, Value>) -> String {
    let lines = scenario.iter().filter(|(_, value)| !value.is_null());
    lines.map(|(key, value)| format!("{} = {}\n", Value::from(&**key), inline(value))).collect()
}

fn inline(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Value::Object(table) => {
            let known = table.iter().filter(|(_, value)| !value.is_null());
            let pairs =
                known.map(|(key, value)| format!("{} = {}", Value::from(&**key), inline(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_reads_back_as_it_was_written() {
        let text = "study = \"leverage\"\ntitle = \"a \\\"b\\\" \u{e4}\"\n\
                    seed = 18446744073709551615\n\
                    [history]\nevent = \"2021-05-19\"\nsymbol = \"BTCUSDT\"\n\
                    [venue]\nname = \"binance-usdm\"\n\
                    override = { maintenance = \"1%\", fees = { taker = \"0.1%\" } }\n\
                    [entries]\nsample = 3\n[positions]\nleverage = [2, 2.50]\n";
        let read = |text: &str| {
            scenario::from_text(text, "a.toml", Path::new("."), &[]).unwrap().leverage().unwrap()
        };
        let json = |study: &Study| serde_json::to_value(&study.raw).unwrap();
        let once = json(&read(text));
        let again = json(&read(&toml_of(once.as_object().unwrap())));
        assert_eq!(once, again);
    }
}
