//! Turns positions inside a venue file into [`Fault`]s.

use super::raw::Text;
use crate::fault::{Fault, Place};
use std::ops::Range;

/// A venue file's name and text, and the overrides that were laid over it.
///
/// Override `i` has no place in the text; its values carry the empty span at
/// `text.len() + 1 + i`, so that a fault still finds the key that was typed.
pub(super) struct Origin<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub overrides: &'a [(String, String)],
}

impl Origin<'_> {
    /// Marks a value as coming from override `index`.
    pub fn mark(&self, index: usize) -> Range<usize> {
        let beyond = self.text.len() + 1 + index;
        beyond..beyond
    }

    /// A fault at a span of the file, or at the override that the span marks.
    pub fn fault(&self, span: Range<usize>, problem: impl Into<String>) -> Fault {
        if let Some((key, text)) = self.overridden_at(&span) {
            let place = Place::file(format!("{}, override of `{key}`", self.file));
            return Fault::new(place, problem).found(text);
        }
        let found = self.text.get(span.clone()).and_then(|text| text.lines().next()).unwrap_or("");
        let (line, column) = self.line_and_column(span.start);
        Fault::new(Place::file(self.file).at(line, column), problem).found(found.trim_matches('"'))
    }

    /// A fault about a value of the file.
    pub fn fault_at(&self, text: &Text, problem: impl Into<String>) -> Fault {
        self.fault(text.span(), problem).found(text.get_ref())
    }

    /// A fault about the file as a whole.
    pub fn fault_in_file(&self, problem: impl Into<String>) -> Fault {
        Fault::new(Place::file(self.file), problem)
    }

    /// What the TOML reader refused, split into problem and remedy.
    pub fn fault_of_toml(&self, error: &toml::de::Error) -> Fault {
        let message = error.message().trim().replace('\n', "; ");
        let (problem, accepted) = match message.split_once(", expected ") {
            Some((problem, accepted)) => (problem.to_string(), accepted.to_string()),
            None => (message, String::new()),
        };
        let accepted = match accepted.as_str() {
            "a string" => "numbers and words are written as text, in quotes".to_string(),
            _ => accepted,
        };
        let is_absent = problem.starts_with("missing field");
        match error.span() {
            Some(span) if is_absent => self.fault(span, problem).found("").accepted(accepted),
            Some(span) => self.fault(span, problem).accepted(accepted),
            None => self.fault_in_file(problem).accepted(accepted),
        }
    }

    fn overridden_at(&self, span: &Range<usize>) -> Option<&(String, String)> {
        span.start.checked_sub(self.text.len() + 1).and_then(|index| self.overrides.get(index))
    }

    fn line_and_column(&self, offset: usize) -> (u64, u64) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        (line as u64, column as u64)
    }
}
