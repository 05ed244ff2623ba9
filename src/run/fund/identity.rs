//! What a run asks, as one digest: rows of another question are not taken over.

use crate::fault::{Error, Result};
use crate::run::MarketInputs;
use crate::scenario::FundStudy;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Of everything that a scenario's row depends on: the program, the scenario, its files and rules.
/// When to stop and what is asked of the rows is not part of it.
///
/// # Errors
/// The scenario cannot be written as JSON.
pub fn identity(study: &FundStudy, crashes: &[MarketInputs]) -> Result<String> {
    let failed = |error: serde_json::Error| Error::io("write", "the scenario")(error.into());
    let mut scenario = serde_json::to_value(&study.raw).map_err(failed)?;
    if let Value::Object(keys) = &mut scenario {
        for later in ["title", "size", "episodes", "cost", "reverse", "outputs"] {
            keys.remove(later);
        }
    }
    let inputs = |crash: &MarketInputs| -> Vec<Value> {
        let of = |symbol: &crate::run::Inputs| {
            let files = symbol.files.iter().map(|file| file.sha256.clone());
            json!({ "files": files.collect::<Vec<_>>(), "rules": symbol.rules.to_json() })
        };
        crash.symbols.iter().map(of).collect()
    };
    let all = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "scenario": scenario,
        "inputs": crashes.iter().map(inputs).collect::<Vec<_>>(),
        "without_largest": study.size.without_largest,
        "chunk": study.size.chunk,
    });
    let digest = Sha256::digest(all.to_string().as_bytes());
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
