//! No bytes make a reader panic.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use deleverage::history::{FORMATS, LoadRequest, load, survey};
use polars::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::io::{Cursor, Write};

const CSV: &str = "open_time_ms,open,high,low,close,volume\n\
                   1583971200000,100,101,99,100.5,7\n\
                   1583971260000,100.5,101,99,100,0\n\
                   1583971320000,100,1e2,1E+2,100,0.5\n";
const KLINES: &str = "1583971200000,1,2,1,2,7,1583971259999,700,3,1,100,0\n\
                      1583971260000,1,2,1,2,7,1583971319999,700,3,1,100,0\n";
const FUNDING: &str =
    "calc_time,funding_interval_hours,last_funding_rate\n1583971200000,8,0.0001\n";
const TICKS: &str = "time_ms,price\n1583971200000,1\n1583971200001,2\n";

fn frame() -> DataFrame {
    df!("date" => [1_583_971_200_000_i64, 1_583_971_260_000], "open" => [1.0, 2.0],
        "high" => [2.0, 2.0], "low" => [1.0, 1.0], "close" => [2.0, 1.5], "volume" => [0.0, 1.0])
    .unwrap()
}

fn valid() -> Vec<Vec<u8>> {
    let mut archive = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("x.csv", ::zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(CSV.as_bytes()).unwrap();
    let zip = archive.finish().unwrap().into_inner();
    let (mut parquet, mut feather) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    ParquetWriter::new(&mut parquet).finish(&mut frame()).unwrap();
    IpcWriter::new(&mut feather).finish(&mut frame()).unwrap();
    let texts = [CSV, KLINES, FUNDING, TICKS].map(|text| text.as_bytes().to_vec());
    texts.into_iter().chain([zip, feather.into_inner(), parquet.into_inner()]).collect()
}

/// Every reader sees the bytes, under the name of its format and as sniffed.
fn survive(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bytes").display().to_string();
    std::fs::write(&path, bytes).unwrap();
    let _ = survey(&path).unwrap();
    for format in FORMATS {
        let mut request = LoadRequest::default();
        request.trade.paths = vec![path.clone()];
        request.trade.format = Some(format.name.to_owned());
        let _ = load(&request);
        std::mem::swap(&mut request.trade, &mut request.funding);
        let _ = load(&request);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survive(&bytes);
    }

    /// Parquet, the last, is left out: polars takes the row counts inside its pages on trust, and
    /// a flipped bit there can ask for more memory than there is.
    #[test]
    fn mutated_files(
        which in 0_usize..6,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = valid().swap_remove(which);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survive(&bytes);
    }

    #[test]
    fn truncated_files(which in 0_usize..7, cut in any::<prop::sample::Index>()) {
        let mut bytes = valid().swap_remove(which);
        bytes.truncate(cut.index(bytes.len()));
        survive(&bytes);
    }

    #[test]
    fn odd_cells(cell in "[-+0-9.eEnaif,\"\\n\\r é]{0,30}", at in 0_usize..18) {
        let mut cells: Vec<&str> = CSV.split(',').collect();
        cells[at] = &cell;
        survive(cells.join(",").as_bytes());
    }
}
