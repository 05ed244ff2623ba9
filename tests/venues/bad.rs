//! Files that are refused, each with its message.

use deleverage::venue::check_file;
use std::path::PathBuf;

#[test]
fn every_bad_file_is_refused_with_its_message() {
    let listed = std::fs::read_dir("tests/bad/venue").unwrap().map(|entry| entry.unwrap().path());
    let is_venue = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    let mut files: Vec<PathBuf> = listed.filter(is_venue).collect();
    files.sort();
    assert!(files.len() >= 12);
    for file in files {
        let told = check_file(&file).unwrap_err().to_string();
        let page = file.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&page, format!("{told}\n")).unwrap();
        }
        let expected = std::fs::read_to_string(page).unwrap();
        assert_eq!(told, expected.trim_end());
    }
}
