use crate::look::{SWATCH, WINE, look};
use crate::samples::{MINUTE, burst, caption, first_adl, many_symbols, market};
use deleverage::report::chart::exchange::Market;
use deleverage::report::chart::exchange::adl::{Bucket, Input};

fn adl_of(market: Market, total: f64) -> Input {
    let bucket = |(name, adl, open_interest): (&str, f64, f64)| Bucket {
        name: name.to_owned(),
        adl: burst(&market, total * adl, 0.54),
        open_interest,
    };
    let buckets = [
        ("top 1 %", 0.46, 0.38),
        ("next 9 %", 0.31, 0.33),
        ("next 40 %", 0.2, 0.24),
        ("rest", 0.03, 0.05),
    ];
    Input {
        caption: caption(
            "The largest 1 % of accounts carried 46 % of the auto-deleveraging and 38 % of the \
             open interest",
        ),
        quote: "USDT".to_owned(),
        buckets: buckets.into_iter().map(bucket).collect(),
        first_adl: (total > 0.0).then(|| first_adl(&market)),
        market,
    }
}

pub fn sample() -> Input {
    adl_of(market(121_332.96, 1_440, MINUTE), 61e6)
}

#[test]
fn who_was_deleveraged_stands_beside_who_holds_what() {
    let seen = look("adl", &sample());
    for words in ["46.0 %", "38.0 %", "next 40 %", "Who was deleveraged", "First ADL"] {
        assert!(seen.says(words), "{words}");
    }
    // The bars of the comparison, right of the timeline: 46 and 31 of 100.
    let next = [167, 91, 129];
    let [top, next] = [WINE, next].map(|ink| seen.count(ink, 1_150..1_600) as f64);
    assert!(((top - SWATCH as f64) / next - 46.0 / 31.0).abs() < 0.02, "{top} and {next}");
}

#[test]
fn no_deleveraging_is_said() {
    let seen = look("adl-none", &adl_of(market(0.000_012_3, 120, 60 * MINUTE), 0.0));
    assert!(seen.says("No auto-deleveraging in this world") && !seen.says("of ADL"));
    assert_eq!(seen.all(WINE), 0);
}

#[test]
fn deleveraging_of_one_bucket_and_many_symbols_is_drawn() {
    look("adl-many", &adl_of(many_symbols(4), 6_100.0));
    let mut one = adl_of(market(4_800.0, 2_880, MINUTE), 61e6);
    one.buckets.truncate(1);
    one.buckets[0].open_interest = 1.0;
    assert!(look("adl-one", &one).says("100 %"));
}
