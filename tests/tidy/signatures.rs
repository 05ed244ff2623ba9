//! What a function may ask of its callers.

use super::none;
use super::rust::{self, Function};

const PARAMETERS: usize = 5;

/// The types of the parameters, `self` left out.
fn types(function: &Function) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in function.parameters.replace("->", "  ").chars() {
        match letter {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(letter);
    }
    parts.iter().filter_map(|part| part.split_once(':')).map(|(_, of)| of.trim().into()).collect()
}

fn is_flag(of: &str) -> bool {
    ["bool", "&bool", "&mut bool"].contains(&of)
}

fn violations(breaks: impl Fn(&[String]) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in rust::sources("src") {
        for function in rust::functions(&source.shipped) {
            if breaks(&types(&function)) {
                found.push(format!("{}: {}", source.place(function.span.start), function.name));
            }
        }
    }
    found
}

#[test]
fn no_parameter_is_a_flag() {
    none(
        violations(|types| types.iter().any(|of| is_flag(of))),
        "A call with `true` cannot be read: make it two functions, or an enum with two names.",
    );
}

#[test]
fn parameters_are_few() {
    none(
        violations(|types| types.len() > PARAMETERS),
        "Put parameters that belong together into a struct.",
    );
}
