//! Where something was written: in the scenario file, or in a `--set`.

use super::field::Text;
use crate::fault::{Error, Fault, Place};
use std::ops::Range;

/// A scenario's text, and what was typed over it.
///
/// Setting `i` has no place in the text; its values carry the empty span at
/// `text.len() + 1 + i`, so that a fault still finds what was typed.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file as the user named it.
    pub file: String,
    text: String,
    settings: Vec<String>,
}

impl Origin {
    pub(super) fn new(file: &str, text: &str, settings: Vec<String>) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), settings }
    }

    /// Marks a value as coming from setting `index`.
    pub(super) fn mark(&self, index: usize) -> Range<usize> {
        let beyond = self.text.len() + 1 + index;
        beyond..beyond
    }

    /// The place of a span: the file as a whole where the span is [`Text::NOWHERE`].
    pub fn place(&self, span: &Range<usize>) -> Place {
        if let Some(setting) = self.setting(span) {
            return Place::file(format!("--set {setting}"));
        }
        if *span == Text::NOWHERE {
            return Place::file(&self.file);
        }
        let (line, column) = line_and_column(&self.text, span.start);
        Place::file(&self.file).at(line, column)
    }

    /// A fault at a text of the scenario; about the file as a whole where there is none.
    pub fn fault(&self, at: Option<&Text>, problem: impl Into<String>) -> Fault {
        let span = at.map_or(Text::NOWHERE, |text| text.span.clone());
        Fault::new(self.place(&span), problem)
    }

    /// What the TOML reader refused, split into problem and remedy.
    pub(super) fn fault_of_toml(&self, error: &toml::de::Error) -> Error {
        let message = error.message().trim().replace('\n', ", ");
        let (problem, accepted) = message.split_once(", expected ").unwrap_or((&message, ""));
        let span = error.span().unwrap_or(Text::NOWHERE);
        if let Some(key) = problem.strip_prefix("missing field ") {
            return Fault::new(self.place(&self.table(&span)), format!("the key {key} is missing"))
                .accepted("the keys that `deleverage schema` describes")
                .into();
        }
        let found = self.text.get(span.clone()).and_then(|text| text.lines().next()).unwrap_or("");
        Fault::new(self.place(&span), plainly(problem))
            .found(found.trim_matches('"'))
            .accepted(in_words(accepted))
            .into()
    }

    /// The span of a table that has a header or braces; none of the file as a whole.
    fn table(&self, span: &Range<usize>) -> Range<usize> {
        let has_header =
            self.text.get(span.clone()).is_some_and(|text| text.starts_with(['[', '{']));
        if has_header { span.clone() } else { Text::NOWHERE }
    }

    fn setting(&self, span: &Range<usize>) -> Option<&str> {
        let index = span.start.checked_sub(self.text.len() + 1)?;
        self.settings.get(index).map(String::as_str)
    }
}

/// The reader's problem without the text, which is quoted anyway.
fn plainly(problem: &str) -> &str {
    match problem.split([':', '`']).next().map(str::trim) {
        Some("invalid type") => "a value of the wrong type",
        Some("invalid value") => "out of range",
        Some("unknown field") => "unknown key",
        Some("unknown variant") => "unknown word",
        _ => problem,
    }
}

/// The reader's words for types, in the words of a scenario.
fn in_words(expected: &str) -> &str {
    match expected {
        "u64" => "a whole number from 0 to 18446744073709551615",
        "u32" => "a whole number from 0 to 4294967295",
        "a string" | "literal string" => "a text in quotes",
        "a map" => "a table of keys",
        "a boolean" => "true or false",
        expected if expected.starts_with("struct ") => "a table of keys",
        other => other,
    }
}

pub(super) fn line_and_column(text: &str, offset: usize) -> (u64, u64) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line as u64, column as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_in_characters() {
        assert_eq!(line_and_column("ä = 1\nb = 2", 0), (1, 1));
        assert_eq!(line_and_column("ä = 1\nb = 2", 5), (1, 5));
        assert_eq!(line_and_column("ä = 1\nb = 2", 11), (2, 5));
    }

    #[test]
    fn a_setting_is_its_own_place() {
        let origin = Origin::new("a.toml", "seed = 1\n", vec!["x=1".into(), "y=2".into()]);
        assert_eq!(origin.place(&origin.mark(1)).to_string(), "--set y=2");
        assert_eq!(origin.place(&(7..8)).to_string(), "a.toml:1:8");
        assert_eq!(origin.place(&Text::NOWHERE).to_string(), "a.toml");
    }
}
