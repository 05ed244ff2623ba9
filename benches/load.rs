//! What it costs to load a year of 1-minute bars, beside polars' own plain read of the same file,
//! and what it costs to load it again, from the cache of parsed files.
//!
//! `cargo bench --profile dev --bench load` compiles nothing anew: of polars the crates that decode
//! columns are optimised there. Plain `cargo bench` is the release profile, with all of it.
//! Before anything is timed, all formats must yield the same history.

#![allow(clippy::unwrap_used, reason = "a panic is how a bench fails")]

use criterion::{Criterion, criterion_group, criterion_main};
use deleverage::history::{Cache, History, LoadRequest, load};
use polars::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROWS: usize = 525_600;
const FIRST: i64 = 1_704_067_200_000;
const MINUTE: i64 = 60_000;

/// A random walk in cents, with volumes in thousandths.
fn year() -> DataFrame {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut below = |limit: i64| (i64::from(random.next_u32()) * limit) >> 32;
    let mut last = 4_200_000;
    let mut columns: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROWS {
        let open = last;
        let close = (open + below(6_001) - 3_000).max(100_000);
        let (high, low) = (open.max(close) + below(2_000), open.min(close) - below(2_000));
        for (column, cents) in columns.iter_mut().zip([open, high, low, close]) {
            column.push(cents as f64 / 100.0);
        }
        columns[4].push(below(900_000) as f64 / 1_000.0);
        last = close;
    }
    let time: Vec<i64> = (0..ROWS as i64).map(|row| FIRST + row * MINUTE).collect();
    let [open, high, low, close, volume] = columns;
    df!("open_time_ms" => time, "open" => open, "high" => high, "low" => low,
        "close" => close, "volume" => volume)
    .unwrap()
}

struct Files {
    csv: PathBuf,
    parquet: PathBuf,
    feather: PathBuf,
}

fn write(folder: &Path) -> Files {
    let mut year = year();
    let path = |name: &str| folder.join(name);
    let files =
        Files { csv: path("y.csv"), parquet: path("y.parquet"), feather: path("y.feather") };
    let create = |path: &Path| File::create(path).unwrap();
    CsvWriter::new(create(&files.csv)).finish(&mut year).unwrap();
    ParquetWriter::new(create(&files.parquet)).finish(&mut year).unwrap();
    let lz4 = Some(IpcCompression::LZ4);
    IpcWriter::new(create(&files.feather)).with_compression(lz4).finish(&mut year).unwrap();
    files
}

fn ours(path: &Path, cache: Option<&Cache>) -> History {
    let trade = [path.display().to_string()].into_iter().collect();
    let request = LoadRequest { symbol: "YEAR".into(), trade, ..LoadRequest::default() };
    load(&LoadRequest { cache: cache.cloned(), ..request }).unwrap().history
}

fn polars(path: &Path) -> DataFrame {
    let file = File::open(path).unwrap();
    match path.extension().and_then(|end| end.to_str()) {
        Some("csv") => CsvReader::new(file).finish(),
        Some("parquet") => ParquetReader::new(file).finish(),
        _ => IpcReader::new(file).finish(),
    }
    .unwrap()
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn bench(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let files = write(folder.path());
    let cache = Cache::in_folder(folder.path().join("cache"));
    let (anew, again) = (|path: &Path| ours(path, None), |path: &Path| ours(path, Some(&cache)));
    let history = anew(&files.csv);
    assert_eq!(history.len(), ROWS);
    for path in [&files.csv, &files.parquet, &files.feather] {
        for load in [&anew as &dyn Fn(&Path) -> History, &again, &again] {
            assert!(load(path) == history, "{} differs", path.display());
        }
        let mine = median(|| drop(black_box(anew(path))));
        for (what, other) in [
            ("polars", median(|| drop(black_box(polars(path))))),
            ("the cache", median(|| drop(black_box(again(path))))),
        ] {
            let ratio = mine.as_secs_f64() / other.as_secs_f64();
            println!(
                "{}: {mine:.1?} beside {other:.1?} of {what}, ratio {ratio:.2}",
                path.display()
            );
        }
        let name = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        criterion.bench_function(&format!("load/{name}"), |b| b.iter(|| anew(path)));
        criterion.bench_function(&format!("cached/{name}"), |b| b.iter(|| again(path)));
        criterion.bench_function(&format!("polars/{name}"), |b| b.iter(|| polars(path)));
    }
}

criterion_group! {
    name = loading;
    config = Criterion::default().sample_size(10);
    targets = bench
}
criterion_main!(loading);
