//! Books of accounts: text and Parquet.

#![no_main]

use deleverage::population::from_bytes;
use deleverage::run::{MarketInputs, load_exchange};
use deleverage::scenario::from_text;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::OnceLock;

const STUDY: &str = "study = \"exchange\"\n[history]\nevent = \"2021-05-19\"\n\
    symbol = \"BTCUSDT\"\n[venue]\nname = \"binance-usdm\"\n[population]\n\
    open_interest = 1000000000\n[liquidity]\ndepth = 100000000\n[fund]\nbalance = 1000000\n";

static INPUTS: OnceLock<MarketInputs> = OnceLock::new();

fn inputs() -> MarketInputs {
    let study = from_text(STUDY, "exchange.toml", Path::new("."), &[]);
    let study = study.and_then(|scenario| scenario.exchange());
    load_exchange(&study.expect("a study of the exchange"), None).expect("shipped prices")
}

fuzz_target!(|bytes: &[u8]| {
    let listings = INPUTS.get_or_init(inputs).listings();
    let _ = from_bytes(Path::new("book.csv"), bytes, &listings);
});
