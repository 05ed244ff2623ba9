//! How long a line, a function and a file may be.

use super::rust::{self, Source};
use super::{none, tree};

const COLUMNS: usize = 100;
const FILE: usize = 600;
const FILE_MEDIAN: usize = 200;
const FUNCTION: usize = 70;
const FUNCTION_MEDIAN: usize = 12;

fn median(mut sizes: Vec<usize>) -> usize {
    sizes.sort_unstable();
    sizes[sizes.len() / 2]
}

#[test]
fn lines_fit_the_column() {
    let mut violations = Vec::new();
    for file in tree::all_rust() {
        for (number, line) in tree::read(&file).lines().enumerate() {
            if line.chars().count() > COLUMNS {
                violations.push(format!("{file}:{}", number + 1));
            }
        }
    }
    none(violations, &format!("Break lines at {COLUMNS} columns; texts break with a backslash."));
}

#[test]
fn prose_fits_the_column() {
    let mut violations = Vec::new();
    for file in tree::files("").iter().filter(|file| file.ends_with(".md")) {
        violations.extend(long_prose(&tree::read(file)).map(|line| format!("{file}:{line}")));
    }
    none(violations, &format!("Break prose at {COLUMNS} columns; tables and code may be wider."));
}

/// Numbers of the lines that are too long, tables, code and single words left out.
fn long_prose(text: &str) -> impl Iterator<Item = usize> {
    let mut code = false;
    let long = move |(number, line): (usize, &str)| {
        code ^= line.trim_start().starts_with("```");
        let wide = line.chars().count() > COLUMNS && line.trim().contains(' ');
        (wide && !code && !line.starts_with('|')).then_some(number + 1)
    };
    text.lines().enumerate().filter_map(long).collect::<Vec<_>>().into_iter()
}

#[test]
fn files_are_short() {
    let sizes: Vec<(String, usize)> = tree::all_rust()
        .into_iter()
        .map(|file| (tree::read(&file).lines().count(), file))
        .map(|(lines, file)| (file, lines))
        .collect();
    let long = sizes.iter().filter(|(_, lines)| *lines > FILE);
    let long = long.map(|(file, lines)| format!("{file}: {lines} lines")).collect();
    none(long, &format!("Split what is longer than {FILE} lines by subject."));
    let median = median(sizes.into_iter().map(|(_, lines)| lines).collect());
    assert!(median <= FILE_MEDIAN, "half of the files have over {median} lines: split by subject");
}

#[test]
fn functions_are_short() {
    let mut violations = Vec::new();
    for source in ["src", "tests", "benches"].iter().flat_map(|folder| rust::sources(folder)) {
        for function in rust::functions(&source.code) {
            let lines = source.lines(&function);
            if lines > FUNCTION {
                let place = source.place(function.span.start);
                violations.push(format!("{place}: {} has {lines} lines", function.name));
            }
        }
    }
    none(violations, &format!("No function over {FUNCTION} lines: give the steps their names."));
}

#[test]
fn most_functions_are_very_short() {
    let lengths = |source: &Source| -> Vec<usize> {
        rust::functions(&source.shipped).iter().map(|function| source.lines(function)).collect()
    };
    let median = median(rust::sources("src").iter().flat_map(lengths).collect());
    assert!(
        median <= FUNCTION_MEDIAN,
        "half of the functions in src have over {median} lines: give the steps their names"
    );
}
