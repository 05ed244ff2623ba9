//! `deleverage schema`.

use super::{Desk, json, names};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn schema() -> Value {
    json(&Desk::new().succeed(&["schema"]))
}

/// The schema that a reference leads to; of several alternatives the one of a table.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return followed(root, root.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let mut any = schema["anyOf"].as_array().into_iter().flatten().map(|one| followed(root, one));
    any.find(|one| one["type"] == "object").unwrap_or(schema)
}

/// Every key of a table is a property; what may hold any key is not looked into.
fn knows(root: &Value, schema: &Value, table: &toml::Table, path: &str) {
    let schema = followed(root, schema);
    let Some(properties) = schema["properties"].as_object() else { return };
    for (key, value) in table {
        let by_symbol = schema.get("additionalProperties").filter(|any| any.is_object());
        let property = properties.get(key).or(by_symbol);
        let property = property.unwrap_or_else(|| panic!("{path}{key} is unknown"));
        let one = value.as_table().map(|table| vec![table]);
        let many = value.as_array().map(|list| list.iter().filter_map(toml::Value::as_table));
        let tables = one.unwrap_or_else(|| many.into_iter().flatten().collect());
        for inner in tables {
            knows(root, property, inner, &format!("{path}{key}."));
        }
    }
}

/// The schema of one study.
fn study<'a>(schema: &'a Value, word: &str) -> &'a Value {
    let mut all = schema["oneOf"].as_array().unwrap().iter();
    all.find(|one| one["properties"]["study"]["const"] == word).unwrap()
}

fn word_of(table: &toml::Table) -> &str {
    table["study"].as_str().unwrap()
}

#[test]
fn a_word_tells_the_studies_apart() {
    let schema = schema();
    assert_eq!(schema["oneOf"].as_array().unwrap().len(), 3);
    let common = ["study", "title", "seed", "history", "venue", "outputs", "expect"];
    let of_leverage = ["entries", "positions", "slippage", "bars"];
    let of_exchange = ["exchange", "population", "liquidity", "fund"];
    for (word, own) in [("leverage", of_leverage), ("exchange", of_exchange)] {
        let one = study(&schema, word);
        assert_eq!(one["type"], "object");
        assert_eq!(one["additionalProperties"], false);
        assert_eq!(one["required"], serde_json::json!(["study", "history"]));
        let keys: BTreeSet<&str> =
            one["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, common.into_iter().chain(own).collect(), "{word}");
    }
    let fund = study(&schema, "fund");
    assert_eq!(fund["additionalProperties"], false);
    assert_eq!(fund["required"], serde_json::json!(["study", "history", "crash"]));
    assert!(of_exchange.iter().all(|key| !fund["properties"][key].is_null()));
}

/// Editors show a key's description where it is completed. Columns of a file speak for themselves.
#[test]
fn every_key_is_described() {
    let schema = schema();
    let tables = schema["$defs"].as_object().unwrap();
    let studies = ["leverage", "exchange", "fund"].map(|word| study(&schema, word));
    let named = tables.iter().filter(|(name, _)| *name != "Columns").map(|(_, table)| table);
    for table in studies.into_iter().chain(named) {
        for (key, property) in table["properties"].as_object().into_iter().flatten() {
            let inner = followed(&schema, property);
            let described = property.get("description").or(inner.get("description"));
            assert!(described.is_some(), "{key} has no description");
        }
    }
}

#[test]
fn it_knows_the_keys_of_every_scenario_that_ships() {
    let schema = schema();
    let within = |folder: &'static str| {
        let files =
            names(Path::new(folder)).into_iter().map(move |name| format!("{folder}/{name}"));
        files.filter(|file| file.ends_with(".toml"))
    };
    for file in within("scenarios").chain(within("scenarios/validation")) {
        let text = std::fs::read_to_string(&file).unwrap();
        let table: toml::Table = text.parse().unwrap();
        knows(&schema, study(&schema, word_of(&table)), &table, &format!("{file}: "));
    }
}
