//! The series that event tables are made of. The first byte says which of them.

#![no_main]

use deleverage::history::event::{Words, tabulate};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 3] = [
    "binance-um-BTCUSDT-trade-1h.csv",
    "binance-um-BTCUSDT-mark-1h.csv",
    "binance-um-BTCUSDT-funding.csv",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((which, bytes)) = bytes.split_first() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let name = NAMES[usize::from(*which) % NAMES.len()];
    std::fs::write(folder.path().join(name), bytes).expect("a file that can be written");
    let words = Words { title: "A crash".into(), sentence: "It fell.".into() };
    let _ = tabulate(folder.path(), "crash", &words);
});
