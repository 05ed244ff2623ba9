//! Calls that a layer may not make: no clock, no disk, no chance and no platform maths where
//! results are decided, no panic on anything a user can cause.

use super::rust::{self, Source};
use super::{none, tree};

/// Reaching out of the pure middle.
const OUTWARD: [&str; 12] = [
    "std::fs",
    "std::time",
    "std::env",
    "std::thread",
    "std::io",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "rayon",
    "rand",
    "rand_chacha",
];

/// Where a result is computed from what was read, and nothing else.
const PURE: [&str; 7] = [
    "src/money",
    "src/paths",
    "src/engine",
    "src/waterfall",
    "src/population",
    "src/exchange",
    "src/tally",
];

/// The one file among them that opens another: the book of accounts that a study names.
const OPENS_A_FILE: &str = "src/population/read.rs";

/// Standard functions of floats whose last bit depends on the machine.
const MATHS: [&str; 20] = [
    "powf", "powi", "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "sin", "cos",
    "tan", "asin", "acos", "atan", "atan2", "tanh", "cbrt", "hypot",
];

/// Where such a bit would reach a figure.
const EXACT: [&str; 8] = [
    "src/money",
    "src/scenario",
    "src/paths",
    "src/engine",
    "src/waterfall",
    "src/population",
    "src/exchange",
    "src/tally",
];

fn found(folder: &str, names: &[&str], at: impl Fn(&str, usize, &str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for source in rust::sources(folder) {
        for name in names {
            let code = &source.shipped;
            let hits = places(code, name).filter(|&hit| at(code, hit, name));
            violations.extend(hits.map(|hit| format!("{}: {name}", source.place(hit))));
        }
    }
    violations
}

/// Where a name stands that is no part of a longer one.
fn places<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let word = name.trim_end_matches('!');
    rust::words(code, word).filter(move |&at| code[at..].starts_with(name))
}

fn is_called(code: &str, at: usize, name: &str) -> bool {
    let before = code[..at].ends_with('.') || code[..at].ends_with("f64::");
    before && code[at + name.len()..].starts_with('(')
}

#[test]
fn the_middle_reaches_for_nothing() {
    let all = PURE.iter().flat_map(|layer| found(layer, &OUTWARD, |_, _, _| true));
    let (opened, violations): (Vec<String>, Vec<String>) =
        all.partition(|hit| hit.starts_with(OPENS_A_FILE) && hit.ends_with(": std::fs"));
    assert_eq!(opened.len(), 1, "{OPENS_A_FILE} opens one file: {opened:?}");
    none(
        violations,
        "Hand the value in as a parameter: files, clocks, threads and draws belong to the layers \
         around the engine.",
    );
}

#[test]
fn only_the_command_line_talks() {
    let quiet = ["fetch", "history", "report", "run", "scenario", "venue", "fault.rs"];
    let print = ["println!", "eprintln!", "print!", "eprint!"];
    let violations =
        quiet.iter().flat_map(|layer| found(&format!("src/{layer}"), &print, |_, _, _| true));
    none(violations.collect(), "Return what is to be said; `cli` prints it.");
}

#[test]
fn results_have_the_same_bits_everywhere() {
    let violations = EXACT.iter().flat_map(|layer| found(layer, &MATHS, is_called));
    none(violations.collect(), "Use `libm`: the standard library's bits differ by machine.");
}

#[test]
fn no_order_hangs_on_a_hash() {
    let mut violations = Vec::new();
    for source in rust::sources("src") {
        for name in ["HashMap", "HashSet"] {
            let bare = rust::words(&source.code, name).filter(|&at| !has_reason(&source, at));
            violations.extend(bare.map(|at| source.place(at)));
        }
    }
    none(
        violations,
        "Use BTreeMap or BTreeSet; where a hash is needed and never iterated, say so in a comment \
         on the line above.",
    );
}

fn has_reason(source: &Source, at: usize) -> bool {
    let above = source.text[..at].lines().rev().nth(1);
    above.is_some_and(|line| line.trim_start().starts_with("// "))
}

#[test]
fn tests_keep_out_of_the_users_cache() {
    let mut violations = tree::all_rust();
    violations.retain(|file| {
        let text = tree::read(file);
        text.contains("CARGO_BIN_EXE_") && !text.contains("DELEVERAGE_CACHE")
    });
    none(violations, "Set `DELEVERAGE_CACHE` to `off` or to a temporary folder.");
}

#[test]
fn nothing_panics_without_a_reason() {
    let mut violations = Vec::new();
    for source in rust::sources("src") {
        for name in ["unwrap", "expect", "unwrap_err", "expect_err"] {
            let calls = rust::words(&source.shipped, name)
                .filter(|&at| is_called(&source.shipped, at, name) && !is_expected(&source, at));
            violations.extend(calls.map(|at| format!("{}: {name}", source.place(at))));
        }
    }
    none(
        violations,
        "Return a Fault. Where failure is impossible, put #[expect(clippy::expect_used, reason = \
         …)] above the function and call `expect`.",
    );
}

/// Whether the function around a call, or a statement in it, carries the attribute.
fn is_expected(source: &Source, at: usize) -> bool {
    let functions = rust::functions(&source.shipped);
    let around = functions.iter().rev().find(|function| function.span.contains(&at));
    let start = around.map_or(0, |function| attributes(&source.shipped, function.span.start));
    source.shipped[start..at].contains("#[expect(clippy::expect_used")
}

/// Where the attributes above an item begin: after the item before.
fn attributes(code: &str, item: usize) -> usize {
    code[..item].rfind(['}', ';', '{']).map_or(0, |end| end + 1)
}

#[test]
fn no_lint_is_switched_off_in_silence() {
    let mut violations = Vec::new();
    for source in rust::sources("src") {
        let places = source.code.match_indices("[allow(");
        violations.extend(places.map(|(at, _)| source.place(at)));
    }
    none(violations, "Use #[expect(…, reason = …)]: it complains when it is no longer needed.");
}
