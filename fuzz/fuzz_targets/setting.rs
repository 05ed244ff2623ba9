//! `--set path.to.key=value`, mixed into a valid scenario.

#![no_main]

use deleverage::scenario::{self, Setting};
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|text: &str| {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/demo.toml");
    if let Ok(setting) = text.parse::<Setting>() {
        let _ = scenario::read(&demo, &[setting]);
    }
});
