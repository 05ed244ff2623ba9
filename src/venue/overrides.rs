//! A scenario's overrides, laid over a venue file before it is read.

use super::close_out::{OF_PRICE, OF_RESIDUAL, OF_STYLE};
use super::loss::OF_START;
use super::origin::Origin;
use super::raw::Text;
use crate::fault::{Fault, Result};
use toml::de::{DeString, DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// Keys that replace the tiers of the symbol by one rate for every notional.
const FLAT_KEYS: [&str; 3] = ["maintenance", "initial", "deduction"];
/// What may be overridden; name, date and sources say what the file *is*.
const SECTIONS: [&str; 13] = [
    "history",
    "settlement",
    "contract",
    "trigger",
    "close_out",
    "fees",
    "funding",
    "volatility",
    "fund",
    "adl",
    "last_resort",
    "protection",
    "margin",
];
/// Tables that a file may lack and an override may bring.
const OPTIONAL: [&str; 3] = ["volatility", "open_interest", "then"];
/// Choices whose words have keys of their own, beside them in the same section: a new word leaves
/// those of the old one behind.
const CHOICES: [(&str, &str, &[&str]); 4] = [
    ("close_out", "style", &OF_STYLE),
    ("close_out", "price", &OF_PRICE),
    ("close_out", "residual", &OF_RESIDUAL),
    ("adl", "start", &OF_START),
];

/// Overrides by full key, in the order in which they were written.
#[derive(Default)]
pub(super) struct Overrides {
    values: Vec<Value>,
    /// Key and text of each, for messages and reports.
    pub listed: Vec<(String, String)>,
}

impl Overrides {
    /// Flattens nested tables to full keys: `fees.taker`.
    pub fn new(table: &Table) -> Self {
        let mut all = Self { values: Vec::new(), listed: Vec::new() };
        all.collect("", table);
        all
    }

    fn collect(&mut self, prefix: &str, table: &Table) {
        for (key, value) in table {
            let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            if let Value::Table(inner) = value {
                self.collect(&path, inner);
                continue;
            }
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            self.values.push(value.clone());
            self.listed.push((path, text));
        }
    }

    /// The text of a flat-rate key, carrying its override's mark.
    pub fn flat(&self, key: &str, origin: &Origin) -> Result<Option<Text>> {
        let Some(index) = self.listed.iter().position(|(path, _)| path == key) else {
            return Ok(None);
        };
        let mark = Mark { origin, index };
        match (self.values.get(index), self.listed.get(index)) {
            (Some(Value::Float(_)), _) => Err(mark.inexact().into()),
            (_, listed) => Ok(listed.map(|(_, text)| mark.on(text.clone()))),
        }
    }

    /// Replaces every overridden value in the parsed file. Flat-rate keys are left out: they are
    /// no part of the file.
    pub fn lay_over(&self, file: &mut DeTable<'_>, origin: &Origin) -> Result<()> {
        self.drop_old_payloads(file);
        for (index, ((path, _), value)) in self.listed.iter().zip(&self.values).enumerate() {
            if !FLAT_KEYS.contains(&path.as_str()) {
                replace(file, path, value, &Mark { origin, index })?;
            }
        }
        Ok(())
    }
}

impl Overrides {
    /// Whether some override speaks of the key or of one below it.
    pub fn touch(&self, key: &str) -> bool {
        self.listed.iter().any(|(path, _)| {
            path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn drop_old_payloads(&self, file: &mut DeTable<'_>) {
        for (section, choice, keys) in CHOICES {
            if !self.touch(&format!("{section}.{choice}")) {
                continue;
            }
            if let Some(DeValue::Table(table)) = file.get_mut(section).map(Spanned::get_mut) {
                keys.iter().for_each(|key| drop(table.remove(*key)));
            }
        }
    }
}

struct Mark<'a> {
    origin: &'a Origin<'a>,
    index: usize,
}

impl Mark<'_> {
    fn on<T>(&self, value: T) -> Spanned<T> {
        Spanned::new(self.origin.mark(self.index), value)
    }

    /// A binary float is not the number that was meant; text is.
    fn inexact(&self) -> Fault {
        let problem = "a number with decimals is written as text";
        self.origin.fault(self.origin.mark(self.index), problem).accepted("the number in quotes")
    }

    fn unknown(&self, path: &str, known: &[&str]) -> Fault {
        let problem = "no such key in the venue file";
        let fault = self.origin.fault(self.origin.mark(self.index), problem);
        fault.found(path).accepted(known.join(", "))
    }
}

fn replace(file: &mut DeTable<'_>, path: &str, value: &Value, mark: &Mark<'_>) -> Result<()> {
    let mut parts: Vec<&str> = path.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    let first = parts.first().copied().unwrap_or(last);
    if !SECTIONS.contains(&first) {
        let known: Vec<&str> = SECTIONS.iter().chain(&FLAT_KEYS).copied().collect();
        return Err(mark.unknown(path, &known).into());
    }
    let mut table = file;
    for part in parts {
        if OPTIONAL.contains(&part) && !table.contains_key(part) {
            let empty = mark.on(DeValue::Table(DeTable::new()));
            table.insert(mark.on(DeString::Owned(part.to_string())), empty);
        }
        table = descend(table, part).map_err(|known| {
            mark.unknown(path, &known.iter().map(String::as_str).collect::<Vec<_>>())
        })?;
    }
    let value = mark.on(parsed(value, mark)?);
    table.insert(mark.on(DeString::Owned(last.to_string())), value);
    Ok(())
}

/// The table under `key`, or the keys that there are.
fn descend<'t, 'i>(
    table: &'t mut DeTable<'i>,
    key: &str,
) -> Result<&'t mut DeTable<'i>, Vec<String>> {
    let known = table.keys().map(|known| known.get_ref().to_string()).collect();
    match table.get_mut(key).map(Spanned::get_mut) {
        Some(DeValue::Table(inner)) => Ok(inner),
        _ => Err(known),
    }
}

/// The same value as the TOML reader would have parsed it, carrying the override's mark.
fn parsed<'i>(value: &Value, mark: &Mark<'_>) -> Result<DeValue<'i>> {
    Ok(match value {
        Value::String(text) => DeValue::String(DeString::Owned(text.clone())),
        Value::Boolean(flag) => DeValue::Boolean(*flag),
        Value::Datetime(time) => DeValue::Datetime(*time),
        Value::Integer(number) => DeValue::String(DeString::Owned(number.to_string())),
        Value::Float(_) => return Err(mark.inexact().into()),
        Value::Array(items) => {
            let items = items.iter().map(|item| Ok(mark.on(parsed(item, mark)?)));
            DeValue::Array(items.collect::<Result<_>>()?)
        }
        Value::Table(table) => {
            let pair = |(key, value): (&String, &Value)| {
                Ok((mark.on(DeString::Owned(key.clone())), mark.on(parsed(value, mark)?)))
            };
            DeValue::Table(table.iter().map(pair).collect::<Result<_>>()?)
        }
    })
}
