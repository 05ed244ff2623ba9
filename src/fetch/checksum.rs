//! SHA-256 of files, and the `.CHECKSUM` files of the archive.

use crate::fault::{Fault, Place, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::path::Path;

/// The hash in `<64 hex digits>  <name>`.
///
/// # Errors
/// Another shape, or the hash of another file.
pub(super) fn parse(text: &str, url: &str, name: &str) -> Result<String> {
    let stated = text
        .trim_end()
        .split_once(' ')
        .filter(|(hash, stated)| is_hash(hash) && stated.trim_start_matches([' ', '*']) == name);
    stated.map(|(hash, _)| hash.to_ascii_lowercase()).ok_or_else(|| {
        Fault::new(Place::file(url), "not the checksum of this file")
            .found(text.trim_end().chars().take(200).collect::<String>())
            .accepted(format!("SHA-256 in hex, two spaces, {name}"))
            .into()
    })
}

pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut HashWriter(&mut hash))?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_hash_to_the_published_vector() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abc").unwrap();
        assert_eq!(
            of_file(file.path()).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_checksum_must_be_one_and_of_this_file() {
        let hash = "AB".repeat(32);
        let parsed = parse(&format!("{hash}  a.zip\n"), "url", "a.zip").unwrap();
        assert_eq!(parsed, "ab".repeat(32));
        for text in [format!("{hash}  b.zip"), hash.clone(), "<html>".into(), String::new()] {
            assert!(parse(&text, "url", "a.zip").is_err(), "{text}");
        }
    }
}
