//! What the file of an entry is called: what it was parsed from, as what, and what it sums to.

use crate::history::load::Wanted;
use sha2::{Digest, Sha256};
use std::fmt;

/// Raised whenever the layout of an entry changes, or what a file is read as.
const VERSION: u32 = 1;
const END: &str = ".arrow";

/// The name of an entry. Names of one file under one set of settings are neighbours in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Of the file that was parsed.
    pub bytes: u64,
    /// What it was parsed as: see [`settings`].
    pub settings: String,
    /// Of the file that was parsed.
    pub sha256: String,
    /// Of the entry itself.
    pub checksum: u64,
}

impl Name {
    /// `None` for a file that is no entry.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_suffix(END)?.split('-');
        let name = Self {
            bytes: parts.next()?.parse().ok()?,
            settings: parts.next()?.to_owned(),
            sha256: parts.next()?.to_owned(),
            checksum: u64::from_str_radix(parts.next()?, 16).ok()?,
        };
        (name.to_string() == text && name.sha256.len() == 64).then_some(name)
    }

    /// Before all names of a file of so many bytes.
    pub fn first(bytes: u64, settings: &str) -> Self {
        Self { bytes, settings: settings.to_owned(), sha256: String::new(), checksum: 0 }
    }

    pub fn is_of(&self, bytes: u64, settings: &str) -> bool {
        self.bytes == bytes && self.settings == settings
    }

    /// What the entry holds, without its checksum.
    pub fn key(&self) -> String {
        format!("{}-{}-{}", self.bytes, self.settings, self.sha256)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}{END}", self.key(), self.checksum)
    }
}

/// Everything beside its bytes that decides what a file is parsed to, as 16 digits: the program
/// and its readers, the kind, the format or the map of columns, and the policy on opens.
pub fn settings(wanted: &Wanted) -> String {
    let Wanted { kind, from, opens } = wanted;
    let program = env!("CARGO_PKG_VERSION");
    let text =
        format!("{VERSION} {program} {kind:?} {opens:?} {:?} {:?}", from.format, from.columns);
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Kind, OpenPolicy, Sources};
    use std::collections::BTreeSet;

    #[test]
    fn names_read_back() {
        let name = Name {
            bytes: 70_000,
            settings: "0123456789abcdef".into(),
            sha256: "0f".repeat(32),
            checksum: 7,
        };
        let text = name.to_string();
        assert_eq!(Name::parse(&text), Some(name));
        for other in ["notes.arrow", "1-2-3-4.arrow", &text[1..text.len() - 1], &text[..60]] {
            assert_eq!(Name::parse(other), None, "{other}");
        }
        assert_eq!(Name::parse(&text.replace("70000", "+70000")), None);
    }

    #[test]
    fn what_changes_the_reading_changes_the_settings() {
        let plain = Sources::default();
        let named = Sources { format: Some("bars".into()), ..Sources::default() };
        let mut seen = BTreeSet::new();
        for kind in [Kind::Trade, Kind::Mark, Kind::Index, Kind::Funding] {
            for opens in [OpenPolicy::Refuse, OpenPolicy::Clamp] {
                for from in [&plain, &named] {
                    assert!(seen.insert(settings(&Wanted { kind, from, opens })));
                }
            }
        }
    }
}
