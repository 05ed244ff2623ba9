//! Keys that belong to one word of a choice: `share` to `style = "fraction"`.

use super::origin::Origin;
use super::raw::Text;
use crate::fault::Result;

/// A word, and the optional keys of all words of its choice that the file has.
pub(super) struct Payload<'a> {
    pub choice: &'static str,
    pub word: &'a Text,
    pub given: Vec<(&'static str, Option<&'a Text>)>,
    pub origin: &'a Origin<'a>,
}

impl<'a> Payload<'a> {
    /// Takes a key that the word needs.
    ///
    /// # Errors
    /// If the file does not have it.
    pub fn need(&mut self, key: &'static str) -> Result<&'a Text> {
        let given = self.given.iter_mut().find(|(name, _)| *name == key);
        given.and_then(|(_, text)| text.take()).ok_or_else(|| {
            let problem = format!("this {} needs `{key}` beside it", self.choice);
            self.origin.fault_at(self.word, problem).accepted(format!("{key} = \"…\"")).into()
        })
    }

    /// # Errors
    /// If a key was given that the word does not have.
    pub fn end(self) -> Result<()> {
        let left = self.given.iter().find_map(|(key, text)| text.map(|text| (key, text)));
        let Some((key, text)) = left else { return Ok(()) };
        let (choice, word) = (self.choice, self.word.get_ref());
        let problem = format!("`{key}` is no key of {choice} `{word}`");
        Err(self.origin.fault_at(text, problem).accepted(format!("no `{key}`")).into())
    }

    /// The fault of a word that the vocabulary does not have.
    pub fn unknown<T>(&self, words: &[&str]) -> Result<T> {
        let fault = self.origin.fault_at(self.word, format!("no such {}", self.choice));
        Err(fault.accepted(words.join(", ")).into())
    }
}
