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
        for (number, file) in venue.files.iter().enumerate() {
            let name = if number == 0 { venue.name.as_str() } else { "" };
            rows.add_row([name, &file.valid_from.to_string(), &file.symbols.join(" ")]);
        }
    }
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
