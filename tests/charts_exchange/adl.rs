use crate::look::look;
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

#[test]
fn deleveraging_of_every_kind_is_drawn() {
    let mut one = adl_of(market(4_800.0, 2_880, MINUTE), 61e6);
    one.buckets.truncate(1);
    one.buckets[0].open_interest = 1.0;
    let inputs = [
        ("adl", adl_of(market(121_332.96, 1_440, MINUTE), 61e6)),
        ("adl-none", adl_of(market(0.000_012_3, 120, 60 * MINUTE), 0.0)),
        ("adl-many", adl_of(many_symbols(4), 6_100.0)),
        ("adl-one", one),
    ];
    for (name, input) in inputs {
        look(name, &input);
    }
}
