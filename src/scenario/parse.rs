//! Scenario text → [`RawScenario`] → [`Study`], with the place of every mistake.

use super::raw::RawScenario;
use super::study::Study;
use crate::fault::{Error, Fault, Place, Result};
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use toml::{Table, Value};

/// A `--set path.to.key=value` of the command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    path: Vec<String>,
    value: Value,
    typed: String,
}

impl Setting {
    /// A top-level key with a whole number, such as the seed of `--seed`.
    pub fn number(key: &str, value: u64) -> Self {
        let typed = format!("{key}={value}");
        // TOML's integers end at 2^63; a larger seed is refused by the reader as a text.
        let value = i64::try_from(value).map_or(Value::String(value.to_string()), Value::Integer);
        Self { path: vec![key.to_owned()], value, typed }
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let (key, value) = typed.split_once('=').ok_or("expected path.to.key=value")?;
        let path: Vec<String> = key.trim().split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err("expected path.to.key=value, with a name between the dots".to_owned());
        }
        Ok(Self { path, value: toml_value(value.trim()), typed: typed.to_owned() })
    }
}

/// As TOML where it is TOML, as a text otherwise: `entries.every=7m` needs no quotes.
fn toml_value(text: &str) -> Value {
    Table::from_str(&format!("v = {text}"))
        .ok()
        .and_then(|mut table| table.remove("v"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The text that a scenario is read from, for places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    file: &'a str,
    text: &'a str,
    /// With settings mixed in, lines are no longer those of the file.
    settings: &'a [Setting],
}

impl Origin<'_> {
    pub fn place(&self, span: &Range<usize>) -> Place {
        let place = Place::file(self.file);
        if self.settings.is_empty() {
            let (line, column) = line_and_column(self.text, span.start);
            return place.at(line, column);
        }
        let typed: Vec<&str> = self.settings.iter().map(|setting| &*setting.typed).collect();
        Place::file(format!("{} (with --set {})", self.file, typed.join(" --set ")))
    }

    /// A place that is the file as a whole.
    pub fn whole(&self) -> Place {
        Place::file(self.file)
    }
}

fn line_and_column(text: &str, offset: usize) -> (u64, u64) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line as u64, column as u64)
}

/// Reads a scenario file, with settings from the command line mixed in.
///
/// # Errors
/// The file cannot be read, is not TOML, or says something that no study can mean.
pub fn read(path: &Path, settings: &[Setting]) -> Result<Study> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = error.as_bytes()[..offset].iter();
        let line = before.filter(|byte| **byte == b'\n').count() as u64 + 1;
        Fault::new(Place { line: Some(line), ..Place::file(path) }, "not UTF-8 text")
            .accepted("a scenario file in TOML")
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    from_text(&text, &path.display().to_string(), folder, settings)
}

/// Reads the text of a scenario. `file` is what messages call it, and its stem is the study's
/// name; relative paths start from `folder`.
///
/// # Errors
/// The text is not TOML, or says something that no study can mean.
pub fn from_text(text: &str, file: &str, folder: &Path, settings: &[Setting]) -> Result<Study> {
    let name = Path::new(file).file_stem().map_or("run".into(), |stem| stem.to_string_lossy());
    let effective = with_settings(file, text, settings)?;
    let origin = Origin { file, text: &effective, settings };
    let raw: RawScenario =
        toml::from_str(&effective).map_err(|error| toml_fault(origin, &error))?;
    Study::resolve(&raw, origin, folder, &name)
}

fn with_settings(file: &str, text: &str, settings: &[Setting]) -> Result<String> {
    let origin = Origin { file, text, settings: &[] };
    let mut table: Table = toml::from_str(text).map_err(|error| toml_fault(origin, &error))?;
    if settings.is_empty() {
        return Ok(text.to_owned());
    }
    for setting in settings {
        put(&mut table, setting)?;
    }
    toml::to_string(&table).map_err(|error| {
        Fault::new(origin.whole(), format!("the settings do not fit: {error}")).into()
    })
}

fn put(table: &mut Table, setting: &Setting) -> Result<()> {
    let (last, parents) = setting.path.split_last().map_or(("", &[][..]), |(l, p)| (&**l, p));
    let mut at = table;
    for key in parents {
        let inner = at.entry(key.clone()).or_insert_with(|| Value::Table(Table::new()));
        at = inner.as_table_mut().ok_or_else(|| {
            Fault::new(Place::file("--set"), format!("`{key}` is a value, not a table"))
                .found(&setting.typed)
                .accepted("path.to.key=value, where every name before the last is a table")
        })?;
    }
    at.insert(last.to_owned(), setting.value.clone());
    Ok(())
}

fn toml_fault(origin: Origin, error: &toml::de::Error) -> Error {
    let place = error.span().map_or_else(|| origin.whole(), |span| origin.place(&span));
    let found = error.span().and_then(|span| origin.text.get(span)).unwrap_or_default();
    let message = error.message().trim().replace('\n', " ");
    Fault::new(place, message).found(found.lines().next().unwrap_or_default()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_types() {
        let of = |text: &str| Setting::from_str(text).unwrap().value;
        assert_eq!(of("a.b=3"), Value::Integer(3));
        assert_eq!(of("a.b=7m"), Value::String("7m".into()));
        assert_eq!(of("a.b=\"7\""), Value::String("7".into()));
        assert!(of("a.b=[1, 2]").is_array());
        assert!(Setting::from_str("novalue").is_err());
        assert!(Setting::from_str("a..b=1").is_err());
    }

    #[test]
    fn places_count_from_one_in_characters() {
        assert_eq!(line_and_column("ä = 1\nb = 2", 0), (1, 1));
        assert_eq!(line_and_column("ä = 1\nb = 2", 5), (1, 5));
        assert_eq!(line_and_column("ä = 1\nb = 2", 11), (2, 5));
    }
}
