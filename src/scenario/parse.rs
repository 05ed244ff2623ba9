//! Scenario text → raw scenario → [`Scenario`], with the place of every mistake.

use super::exchange::{ExchangeStudy, RawExchangeScenario};
use super::field::Text;
use super::fund::{FundStudy, RawFundScenario};
use super::origin::{Origin, line_and_column};
use super::raw::RawScenario;
use super::reader::Reader;
use super::study::Study;
use crate::fault::{Error, Fault, Place, Result};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;
use toml::de::{DeString, DeTable, DeValue};
use toml::{Spanned, Value};

/// What a scenario file asks for, by its word `study`.
#[derive(Debug, Clone)]
pub enum Scenario {
    /// Independent positions.
    Leverage(Box<Study>),
    /// A whole exchange.
    Exchange(Box<ExchangeStudy>),
    /// How large a fund must be.
    Fund(Box<FundStudy>),
}

impl Scenario {
    /// # Errors
    /// The scenario asks for another study.
    pub fn leverage(self) -> Result<Study> {
        match self {
            Self::Leverage(study) => Ok(*study),
            other => Err(other.is_not("leverage").into()),
        }
    }

    /// # Errors
    /// The scenario asks for another study.
    pub fn exchange(self) -> Result<ExchangeStudy> {
        match self {
            Self::Exchange(study) => Ok(*study),
            other => Err(other.is_not("exchange").into()),
        }
    }

    /// # Errors
    /// The scenario asks for another study.
    pub fn fund(self) -> Result<FundStudy> {
        match self {
            Self::Fund(study) => Ok(*study),
            other => Err(other.is_not("fund").into()),
        }
    }

    /// For whoever cannot do anything with this study.
    pub fn is_not(&self, wanted: &str) -> Fault {
        let (origin, study) = match self {
            Self::Leverage(study) => (&study.origin, &study.raw.study),
            Self::Exchange(study) => (&study.origin, &study.raw.study),
            Self::Fund(study) => (&study.origin, &study.raw.study),
        };
        let fault = origin.fault(Some(study), "study: not what is asked for here");
        fault.found(&study.text).accepted(wanted)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Leverage,
    Exchange,
    Fund,
}

const KINDS: [(&str, Kind); 3] =
    [("leverage", Kind::Leverage), ("exchange", Kind::Exchange), ("fund", Kind::Fund)];

/// A `--set path.to.key=value` of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    path: Vec<String>,
    /// The value as TOML, under the key `v`.
    value: String,
    typed: String,
}

impl Setting {
    /// A key, dotted, with a whole number, such as the seed of `--seed`.
    pub fn number(key: &str, value: u64) -> Self {
        let typed = format!("{key}={value}");
        let path = key.split('.').map(str::to_owned).collect();
        Self { path, value: format!("v = {value}"), typed }
    }

    /// A key, dotted, with a text such as an amount.
    pub fn text(key: &str, value: &str) -> Self {
        let path = key.split('.').map(str::to_owned).collect();
        let typed = format!("{key}={value}");
        Self { path, value: format!("v = {}", Value::String(value.to_owned())), typed }
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
        Ok(Self { path, value: as_toml(value.trim()), typed: typed.to_owned() })
    }
}

/// As TOML where it is TOML, as a text otherwise: `entries.every=7m` needs no quotes, nor does
/// `venue.as_of=2024-08-01`, since every day and time of a scenario is a text.
fn as_toml(text: &str) -> String {
    let document = format!("v = {text}");
    let is_time = |value: &Spanned<DeValue>| matches!(value.get_ref(), DeValue::Datetime(_));
    match DeTable::parse(&document) {
        Ok(table) if table.get_ref().len() == 1 && !table.get_ref().values().any(is_time) => {
            document
        }
        _ => format!("v = {}", Value::String(text.to_owned())),
    }
}

/// Reads a scenario file, with settings from the command line mixed in.
///
/// # Errors
/// The file cannot be read, is not TOML, or says something that no study can mean.
pub fn read(path: &Path, settings: &[Setting]) -> Result<Scenario> {
    let bytes = std::fs::read(path).map_err(Error::io("read", path))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..offset]);
        let (line, column) = line_and_column(&before, offset);
        Fault::new(Place::file(path).at(line, column), "not UTF-8 text")
            .found(format!("byte 0x{:02X}", error.as_bytes()[offset]))
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
pub fn from_text(text: &str, file: &str, folder: &Path, settings: &[Setting]) -> Result<Scenario> {
    let name = Path::new(file).file_stem().map_or("run".into(), |stem| stem.to_string_lossy());
    let typed = settings.iter().map(|setting| setting.typed.clone()).collect();
    let origin = Origin::new(file, text, typed);
    let refused = |error| origin.fault_of_toml(&error);
    let mut document = DeTable::parse(text).map_err(refused)?;
    for (index, setting) in settings.iter().enumerate() {
        put(document.get_mut(), setting, &origin.mark(index))?;
    }
    let kind = kind(document.get_ref(), &origin)?;
    let document = toml::Deserializer::from(document);
    match kind {
        Kind::Leverage => {
            let raw = RawScenario::deserialize(document).map_err(refused)?;
            let study = Study::resolve(&raw, origin, folder, &name)?;
            Ok(Scenario::Leverage(Box::new(study)))
        }
        Kind::Exchange => {
            let raw = RawExchangeScenario::deserialize(document).map_err(refused)?;
            let study = ExchangeStudy::resolve(raw, origin, folder, &name)?;
            Ok(Scenario::Exchange(Box::new(study)))
        }
        Kind::Fund => {
            let raw = RawFundScenario::deserialize(document).map_err(refused)?;
            let study = FundStudy::resolve(raw, origin, folder, &name)?;
            Ok(Scenario::Fund(Box::new(study)))
        }
    }
}

/// Looked at before anything else, because it says which keys there are.
fn kind(document: &DeTable, origin: &Origin) -> Result<Kind> {
    let Some(value) = document.get("study") else {
        let names = KINDS.map(|(name, _)| name).join(", ");
        return Err(origin.fault(None, "the key `study` is missing").accepted(names).into());
    };
    let word = Text::deserialize(value.clone().into_deserializer());
    let word = word.map_err(|error| origin.fault_of_toml(&error))?;
    Reader { origin }.word("study", &word, &KINDS)
}

/// Lays one setting over a scenario, every part of it marked as typed.
fn put<'i>(table: &mut DeTable<'i>, setting: &'i Setting, mark: &Range<usize>) -> Result<()> {
    let wrong = |problem: String| {
        Fault::new(Place::file(format!("--set {}", setting.typed)), problem)
            .accepted("path.to.key=value, where every name before the last is a table")
    };
    let key = |name: &'i str| Spanned::new(mark.clone(), DeString::Borrowed(name));
    let (last, parents) = setting.path.split_last().map_or(("", &[][..]), |(l, p)| (&**l, p));
    let mut at = table;
    for parent in parents {
        let empty = || Spanned::new(mark.clone(), DeValue::Table(DeTable::new()));
        at = match at.entry(key(parent)).or_insert_with(empty).get_mut() {
            DeValue::Table(inner) => inner,
            _ => return Err(wrong(format!("`{parent}` is a value, not a table")).into()),
        };
    }
    let mut document =
        DeTable::parse(&setting.value).map_err(|error| wrong(error.message().to_owned()))?;
    if let Some(value) = document.get_mut().remove("v") {
        at.insert(key(last), marked(value, mark));
    }
    Ok(())
}

fn marked<'i>(value: Spanned<DeValue<'i>>, mark: &Range<usize>) -> Spanned<DeValue<'i>> {
    let value = match value.into_inner() {
        DeValue::Array(items) => {
            DeValue::Array(items.into_iter().map(|item| marked(item, mark)).collect())
        }
        DeValue::Table(table) => {
            let pairs = table.into_iter();
            DeValue::Table(pairs.map(|(key, value)| (key, marked(value, mark))).collect())
        }
        other => other,
    };
    Spanned::new(mark.clone(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_types() {
        let of = |text: &str| Setting::from_str(text).unwrap().value;
        assert_eq!(of("a.b=3"), "v = 3");
        assert_eq!(of("seed=18446744073709551615"), "v = 18446744073709551615");
        assert_eq!(of("a.b=7m"), "v = \"7m\"");
        assert_eq!(of("a.b=\"7\""), "v = \"7\"");
        assert_eq!(of("venue.as_of=2024-08-01"), "v = \"2024-08-01\"");
        assert_eq!(of("a.b=[1, 2]"), "v = [1, 2]");
        let text: toml::Table = of("a=1\nb=2").parse().unwrap();
        assert_eq!(text["v"].as_str(), Some("1\nb=2"), "one text, not two keys");
        assert!(Setting::from_str("novalue").is_err());
        assert!(Setting::from_str("a..b=1").is_err());
    }
}
