//! `deleverage schema`.

use super::{Desk, json, names};
use serde_json::Value;
use std::path::Path;

fn schema() -> Value {
    json(&Desk::new().succeed(&["schema"]))
}

/// The schema that a reference, or an optional one, leads to.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let one =
        schema["anyOf"].as_array().and_then(|any| any.iter().find(|s| s.get("$ref").is_some()));
    let schema = one.unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Every key of a table is a property; what may hold any key is not looked into.
fn knows(root: &Value, schema: &Value, table: &toml::Table, path: &str) {
    let schema = followed(root, schema);
    let Some(properties) = schema["properties"].as_object() else { return };
    for (key, value) in table {
        let property = properties.get(key).unwrap_or_else(|| panic!("{path}{key} is unknown"));
        if let Some(inner) = value.as_table() {
            knows(root, property, inner, &format!("{path}{key}."));
        }
    }
}

#[test]
fn it_is_an_object_with_the_keys_of_a_scenario() {
    let schema = schema();
    assert_eq!(schema["type"], "object");
    assert_eq!(schema["additionalProperties"], false);
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let known = [
        "study",
        "title",
        "seed",
        "history",
        "venue",
        "entries",
        "positions",
        "slippage",
        "bars",
        "outputs",
    ];
    for key in known {
        assert!(keys.iter().any(|name| *name == key), "{key} is missing");
        assert!(
            schema["properties"][key].get("description").is_some() || key == "title" || {
                let inner = followed(&schema, &schema["properties"][key]);
                inner.get("description").is_some()
            }
        );
    }
    assert_eq!(keys.len(), known.len());
    assert_eq!(schema["required"], serde_json::json!(["study", "history"]));
}

#[test]
fn it_knows_the_keys_of_every_scenario_that_ships() {
    let schema = schema();
    let files = names(Path::new("scenarios")).into_iter().filter(|name| name.ends_with(".toml"));
    for file in files {
        let text = std::fs::read_to_string(format!("scenarios/{file}")).unwrap();
        knows(&schema, &schema, &text.parse().unwrap(), &format!("{file}: "));
    }
}
