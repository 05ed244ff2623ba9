//! Who may name whom: the table of `ARCHITECTURE.md` against every path in `src`.

use super::rust::{self, Source};
use super::{none, tree};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = "ARCHITECTURE.md";

/// Module → the modules it may name; `None` where it may name every one.
type Layers = BTreeMap<String, Option<Vec<String>>>;

/// The rows of the table, top to bottom: a module and what it may use.
fn rows() -> Vec<(String, Option<Vec<String>>)> {
    let text = tree::read(TABLE);
    let lines = text.lines().skip_while(|line| !line.starts_with("| module | may use |"));
    lines.skip(2).take_while(|line| line.starts_with('|')).map(row).collect()
}

fn row(line: &str) -> (String, Option<Vec<String>>) {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let module: Vec<String> = names(cells[0]);
    let uses = (cells[1] != "everything").then(|| names(cells[1]));
    (module.concat(), uses)
}

fn layers() -> Layers {
    rows().into_iter().collect()
}

/// The top module that a file of `src` belongs to; `None` for the roots.
fn module_of(file: &str) -> Option<&str> {
    let below = file.strip_prefix("src/")?;
    let top = below.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&top)).then_some(top)
}

/// The modules that a source names by a path from the root of the crate.
fn named(source: &Source, layers: &Layers) -> Vec<(usize, String)> {
    let mut found = from_root(source);
    let known = |name: &String| layers.contains_key(name);
    found.extend(from_super(source).into_iter().filter(|(_, name)| known(name)));
    found
}

fn from_root(source: &Source) -> Vec<(usize, String)> {
    let code = &source.code;
    let paths = rust::words(code, "crate").filter(|at| code[at + 5..].starts_with("::"));
    paths.flat_map(|at| heads(&code[at + 7..]).into_iter().map(move |head| (at, head))).collect()
}

/// The first names of a path, or of each path of a group.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else { return vec![head(path)] };
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in group.chars() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut().unwrap().push(letter),
            _ => {}
        }
    }
    parts.iter().map(|part| head(part.trim())).filter(|name| !name.is_empty()).collect()
}

fn head(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Chains of `super::` that are long enough to reach the root.
fn from_super(source: &Source) -> Vec<(usize, String)> {
    let below = source.file.trim_start_matches("src/").trim_end_matches(".rs");
    let depth = below.trim_end_matches("/mod").split('/').count();
    let chain = "super::".repeat(depth);
    let reach = |(at, _): (usize, &str)| (at, head(&source.code[at + chain.len()..]));
    source.code.match_indices(&chain).map(reach).collect()
}

#[test]
fn modules_name_only_what_the_table_allows() {
    let layers = layers();
    let mut violations = Vec::new();
    for source in rust::sources("src") {
        let Some(module) = module_of(&source.file) else { continue };
        let Some(Some(allowed)) = layers.get(module) else { continue };
        for (at, name) in named(&source, &layers) {
            if name != module && !allowed.contains(&name) {
                violations.push(format!("{}: `{module}` names `{name}`", source.place(at)));
            }
        }
    }
    none(
        violations,
        "Move the code to the layer that may know both, or change the table in ARCHITECTURE.md \
         and say why.",
    );
}

#[test]
fn the_table_lists_every_module() {
    let listed: BTreeSet<String> = layers().into_keys().collect();
    let files = tree::rust("src");
    let there = files.iter().filter_map(|file| module_of(file)).map(str::to_owned).collect();
    assert_eq!(listed, there, "the layer table of {TABLE} (left) is not what src holds (right)");
}

#[test]
fn layers_form_a_line() {
    let mut above = Vec::new();
    let mut violations = Vec::new();
    for (module, uses) in rows() {
        let unknown = uses.into_iter().flatten().filter(|name| !above.contains(name));
        violations.extend(unknown.map(|name| format!("`{module}` may use `{name}`")));
        above.push(module);
    }
    none(violations, "A row of the layer table may use only rows above it: no cycles.");
}

#[test]
fn groups_and_chains_are_seen() {
    assert_eq!(heads("{money::{a, b}, venue, fault::X}; x"), ["money", "venue", "fault"]);
    assert_eq!(heads("money::decimal::parse(1)"), ["money"]);
}
