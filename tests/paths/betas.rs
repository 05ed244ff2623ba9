//! How much further other assets fall: rule PTH-005.

use deleverage::paths::betas::{FALLS, beta, fall_of};

/// What the source prints beside the falls: their ratios to that of bitcoin, to one or two digits.
const PRINTED: [(&str, f64); 12] = [
    ("BTCUSDT", 1.0),
    ("ETHUSDT", 1.5),
    ("BNB", 2.1),
    ("SOL-PERP", 2.2),
    ("ZEC", 3.1),
    ("XRPUSDT", 3.3),
    ("LTC", 3.6),
    ("DOGEUSDT", 3.8),
    ("AVAX", 4.1),
    ("ENA", 4.4),
    ("1000BONKUSDT", 4.65),
    ("FARTCOIN", 4.95),
];

#[test]
fn falls_have_the_printed_ratios() {
    let bitcoin = fall_of("XBTUSD").unwrap();
    for (symbol, printed) in PRINTED {
        let ratio = fall_of(symbol).unwrap() / bitcoin;
        assert!((ratio - printed).abs() < 0.1, "{symbol}: {ratio}");
    }
}

/// Ether lost 26 % where bitcoin lost 17.7: an exponent of ln 0.74 / ln 0.823.
#[test]
fn betas_are_ratios_of_logs() {
    let ether = beta("ETHUSDT", "BTCUSDT").unwrap();
    assert!((0.823_f64.powf(ether) - 0.74).abs() < 1e-12);
    assert_eq!(beta("kBONK", "WIF"), Some(1.0));
    assert_eq!((beta("NOSUCHUSDT", "BTCUSDT"), beta("BTCUSDT", "USDT")), (None, None));
}

#[test]
fn every_asset_is_listed_once_and_falls() {
    for (number, row) in FALLS.iter().enumerate() {
        assert!(0.0 < row.fall && row.fall < 1.0, "{}", row.asset);
        assert!(FALLS[..number].iter().all(|other| other.asset != row.asset), "{}", row.asset);
    }
}
