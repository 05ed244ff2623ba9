//! `deleverage venues list`: which venues there are.

use super::plain;
use crate::cli::out;
use crate::fault::Result;
use crate::venue::{VenueFile, VenueInfo, venues};
use serde_json::{Value, json};

/// Prints one row for each dated file.
pub(super) fn list() -> Result<()> {
    let mut rows = plain(&["venue", "rules from", "symbols"]);
    for venue in venues(None)? {
        let mut before: Option<&VenueFile> = None;
        for file in &venue.files {
            let name = if before.is_none() { venue.name.as_str() } else { "" };
            let symbols = match before {
                Some(before) if before.symbols == file.symbols => "the same".to_owned(),
                _ => file.symbols.join(" "),
            };
            rows.add_row([name, &file.valid_from.to_string(), &symbols]);
            before = Some(file);
        }
    }
    let rows = rows.trim_fmt();
    out::line(format!("{rows}\nThe rules of a day are those of the latest date before it or on it"))
}

pub(super) fn json() -> Result<()> {
    out::json(&venues(None)?.iter().map(venue).collect::<Vec<_>>())
}

fn venue(venue: &VenueInfo) -> Value {
    json!({ "name": venue.name, "files": venue.files.iter().map(file).collect::<Vec<_>>() })
}

fn file(file: &VenueFile) -> Value {
    json!({ "valid_from": file.valid_from.to_string(), "symbols": file.symbols })
}
