//! A finished run, read back from its folder: the same study on the same files.

use super::{Inputs, load};
use crate::fault::{Error, Fault, Place, Result};
use crate::scenario::{self, Study};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// What a report says about the run that wrote it, as far as it is needed to repeat it.
#[derive(Debug, Deserialize)]
struct Manifest {
    program: Program,
    scenario_file: String,
    scenario_folder: String,
    scenario: Map<String, Value>,
    history: Recorded,
    venue: Venue,
}

#[derive(Debug, Deserialize)]
struct Program {
    version: String,
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

/// The study of a finished run and its inputs, which are those that the run read.
///
/// # Errors
/// The folder holds no report of this program, a file is gone or has changed since, or the venue's
/// rules are not those of the run.
pub fn reload(report: &Path) -> Result<(Study, Inputs)> {
    let place = report.join("manifest.json");
    let text = std::fs::read_to_string(&place).map_err(|error| not_a_report(report, &error))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
        Fault::new(Place::file(&place), format!("not the manifest of a run: {error}"))
            .accepted("the folder of a report that this version of the program wrote")
    })?;
    let folder = report.join(&manifest.scenario_folder);
    let study =
        scenario::from_text(&toml_of(&manifest.scenario), &manifest.scenario_file, &folder, &[])?
            .leverage()?;
    let inputs = load(&study)?;
    same_files(&manifest, &inputs, &place)?;
    match inputs.rules.to_json() == manifest.venue.rules {
        true => Ok((study, inputs)),
        false => Err(Fault::new(Place::file(&place), "the venue's rules are not those of the run")
            .found(&inputs.rules.name)
            .accepted(format!("the rules of version {}, which wrote it", manifest.program.version))
            .into()),
    }
}

fn not_a_report(report: &Path, error: &std::io::Error) -> Error {
    Fault::new(Place::file(report), format!("no manifest can be read: {error}"))
        .accepted("the folder of a finished run")
        .into()
}

/// The files are compared by their order: the folder may have moved with its scenario.
fn same_files(manifest: &Manifest, inputs: &Inputs, place: &Path) -> Result<()> {
    let (then, now) = (&manifest.history.files, &inputs.files);
    if let Some((was, is)) = then.iter().zip(now).find(|(was, is)| was.sha256 != is.sha256) {
        let problem = "the file has changed since the run";
        let accepted = format!("the {} with SHA-256 {}", was.path, was.sha256);
        return Err(Fault::new(Place::file(&is.path), problem)
            .found(format!("SHA-256 {}", is.sha256))
            .accepted(accepted)
            .into());
    }
    if then.len() == now.len() {
        return Ok(());
    }
    let paths: Vec<&str> = then.iter().map(|file| &*file.path).collect();
    Err(Fault::new(Place::file(place), "the scenario's paths lead to other files than in the run")
        .found(format!("{} files", now.len()))
        .accepted(paths.join(", "))
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
