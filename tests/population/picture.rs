//! The picture of a population. With `CHART_OUT=DIR` it is also written there, to be looked at.

use crate::case::Case;
use deleverage::population::describe;
use deleverage::report::population::{Portrait, write};

/// All files of a world's population, in a folder.
pub fn written(case: &Case, folder: &std::path::Path) -> Vec<u8> {
    let (population, listings) = (case.world(0), case.listings());
    let description = describe(&population, &listings, case.first);
    let portrait = Portrait {
        study: &case.study,
        listings: &listings,
        first: case.first,
        world: 0,
        population: &population,
        names: None,
        description: &description,
    };
    write(&portrait, "deleverage population test.toml", folder).unwrap();
    std::fs::read(folder.join("accounts.csv")).unwrap()
}

#[test]
fn a_population_has_a_picture_for_each_symbol() {
    for (symbols, names) in [
        (1, vec!["accounts.csv", "manifest.json", "population.png"]),
        (2, vec!["accounts.csv", "manifest.json", "population-TEST0.png", "population-TEST1.png"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        written(&Case::new(symbols), folder.path());
        let mut found: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, names);
        if let Ok(out) = std::env::var("CHART_OUT") {
            for name in found.iter().filter(|name| name.ends_with("png")) {
                std::fs::copy(folder.path().join(name), std::path::Path::new(&out).join(name))
                    .unwrap();
            }
        }
        let png = std::fs::read(folder.path().join(found.last().unwrap())).unwrap();
        let again = tempfile::tempdir().unwrap();
        written(&Case::new(symbols), again.path());
        assert_eq!(png, std::fs::read(again.path().join(found.last().unwrap())).unwrap());
    }
}
