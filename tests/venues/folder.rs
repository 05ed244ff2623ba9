//! Venues of the user's own.

use super::{BINANCE, message};
use deleverage::fault::{Error, Result};
use deleverage::venue::{ResolveRequest, VenueRules, resolve, venues};
use jiff::civil::date;
use std::path::Path;
use toml::Table;

/// A folder with one venue file, a copy of a built-in one under another venue's name.
fn folder_with(name: &str, file: &str, change: (&str, &str)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string("data/venues/binance-usdm/2025-09-30.toml").unwrap();
    std::fs::create_dir(folder.path().join(name)).unwrap();
    std::fs::write(folder.path().join(name).join(file), text.replace(change.0, change.1)).unwrap();
    folder
}

fn from_folder(name: &str, folder: &Path) -> Result<VenueRules> {
    let (symbol, as_of, overrides) = ("BTCUSDT", date(2026, 1, 1), &Table::new());
    resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: Some(folder) })
}

#[test]
fn a_folder_of_venues_comes_before_the_built_in_ones() {
    let change = ("2025-09-30\"\nhistory", "2025-11-01\"\nhistory");
    let folder = folder_with(BINANCE, "2025-11-01.toml", change);
    let rules = from_folder(BINANCE, folder.path()).unwrap();
    assert_eq!(rules.valid_from, date(2025, 11, 1));
    let listed = venues(Some(folder.path())).unwrap();
    let own = listed.iter().find(|venue| venue.name == BINANCE).unwrap();
    assert_eq!(own.files.len(), 1);
}

#[test]
fn a_file_that_lies_in_the_wrong_place_is_refused() {
    let same = ("", "");
    let other_venue = folder_with("mine", "2025-09-30.toml", same);
    let told = message(from_folder("mine", other_venue.path()));
    assert!(
        told.ends_with(
            "the name is not that of the folder: found `binance-usdm`; \
                            accepted: mine"
        ),
        "{told}"
    );
    let other_day = folder_with(BINANCE, "2025-10-01.toml", same);
    let told = message(from_folder(BINANCE, other_day.path()));
    assert!(told.contains("the first day is not that of the file name"), "{told}");
    let no_day = folder_with(BINANCE, "today.toml", same);
    let told = message(from_folder(BINANCE, no_day.path()));
    assert!(told.contains("named after its first day: found `today`"), "{told}");
    let nowhere = from_folder(BINANCE, Path::new("tests/no-such-folder"));
    assert!(matches!(nowhere, Err(Error::Io { action: "list", .. })));
}
