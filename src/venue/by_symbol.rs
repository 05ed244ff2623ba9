//! Values that are one for the venue, or differ by symbol.

use super::origin::Origin;
use super::raw::{RawVenue, Text};
use crate::fault::Result;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// Key of the value of all symbols that are not named.
const DEFAULT: &str = "default";

/// A value for all symbols, or one for each with a `default`: `"1%"`,
/// `{ default = "1%", SOLUSDT = "1.5%" }`.
#[derive(Debug)]
pub(super) enum BySymbol {
    Same(String),
    Each(BTreeMap<String, Text>),
}

impl<'de> Deserialize<'de> for BySymbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BySymbolVisitor)
    }
}

struct BySymbolVisitor;

impl<'de> Visitor<'de> for BySymbolVisitor {
    type Value = BySymbol;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes, or a table of texts by symbol with a `default`")
    }

    fn visit_str<E>(self, text: &str) -> Result<BySymbol, E> {
        Ok(BySymbol::Same(text.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BySymbol, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(map)).map(BySymbol::Each)
    }
}

/// The values of a key for every symbol of a venue, read.
#[derive(Debug)]
pub(super) struct PerSymbol<T> {
    default: T,
    /// Of the symbols that have one of their own.
    own: BTreeMap<String, T>,
}

impl<T: Clone> PerSymbol<T> {
    pub fn of(&self, symbol: &str) -> T {
        self.own.get(symbol).unwrap_or(&self.default).clone()
    }
}

/// Reads values that may differ by symbol.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub raw: &'a RawVenue,
    pub origin: &'a Origin<'a>,
}

impl Reader<'_> {
    /// # Errors
    /// What `parse` refuses, a symbol without brackets, and a table without `default`.
    pub fn each<T>(
        &self,
        written: &Spanned<BySymbol>,
        parse: impl Fn(&Text, &Origin) -> Result<T>,
    ) -> Result<PerSymbol<T>> {
        let by_symbol = match written.get_ref() {
            BySymbol::Same(text) => {
                let text = Spanned::new(written.span(), text.clone());
                return Ok(PerSymbol { default: parse(&text, self.origin)?, own: BTreeMap::new() });
            }
            BySymbol::Each(by_symbol) => by_symbol,
        };
        let mut own = BTreeMap::new();
        for (symbol, text) in by_symbol {
            self.known(symbol, text)?;
            own.insert(symbol.clone(), parse(text, self.origin)?);
        }
        let default = own.remove(DEFAULT).ok_or_else(|| {
            let fault = self.origin.fault(written.span(), "values by symbol without a `default`");
            fault.accepted("a table such as { default = \"1%\", SOLUSDT = \"1.5%\" }")
        })?;
        Ok(PerSymbol { default, own })
    }

    fn known(&self, symbol: &str, text: &Text) -> Result<()> {
        let margin = &self.raw.margin;
        if symbol == DEFAULT || margin.contains_key(symbol) {
            return Ok(());
        }
        let known: Vec<&str> = margin.keys().map(String::as_str).collect();
        let fault = self.origin.fault_at(text, "a value of a symbol without brackets");
        Err(fault.found(symbol).accepted(format!("default, {}", known.join(", "))).into())
    }
}
