//! JSON Schema of scenario files: the doc comments of the raw scenarios.

use super::exchange::RawExchangeScenario;
use super::fund::RawFundScenario;
use super::raw::RawScenario;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// JSON Schema of scenario files: one of the studies, told by its word.
pub fn schema() -> Schema {
    let mut generator = SchemaGenerator::default();
    let studies = [
        of_study::<RawScenario>(&mut generator, "leverage"),
        of_study::<RawExchangeScenario>(&mut generator, "exchange"),
        of_study::<RawFundScenario>(&mut generator, "fund"),
    ];
    let definitions = generator.take_definitions(true);
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario",
        "description": "A Deleverage scenario.",
        "type": "object",
        "required": ["study"],
        "oneOf": studies,
        "$defs": definitions,
    })
}

/// A study whose word is fixed.
fn of_study<T: JsonSchema>(generator: &mut SchemaGenerator, word: &str) -> Schema {
    let mut study = T::json_schema(generator);
    if let Some(description) = study.pointer("/properties/study/description").cloned() {
        let fixed = json_schema!({ "const": word, "description": description });
        if let Some(properties) = study.get_mut("properties").and_then(|all| all.as_object_mut()) {
            properties.insert("study".to_owned(), fixed.into());
        }
    }
    study
}
