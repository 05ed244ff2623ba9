use crate::look::refused;
use crate::samples::{MINUTE, START, fund_of, market};
use crate::{adl, density, drawdown, open_interest, waterfall};
use deleverage::report::chart::ChartError;
use deleverage::report::chart::exchange::fund::Input;
use deleverage::report::chart::exchange::{Band, Market};

fn fund() -> Input {
    fund_of(market(121_332.96, 120, MINUTE), 50e6, 0.22)
}

#[test]
fn nothing_to_draw_is_an_error_and_no_picture() {
    let mut adl = adl::sample();
    adl.buckets.clear();
    let mut density = density::sample();
    density.columns.clear();
    let mut drawdown = drawdown::sample();
    drawdown.cash.clear();
    let outcomes = [
        refused(&Input { market: Market::default(), ..fund() }),
        refused(&adl),
        refused(&density),
        refused(&drawdown),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::NoData(_)), "{outcome:?}");
    }
}

#[test]
fn series_must_have_a_value_a_bar() {
    let mut short = fund();
    short.marked.pop();
    let wanted = ChartError::Shape { what: "fund marked to market", found: 119, wanted: 120 };
    assert_eq!(refused(&short), wanted);
    let mut uneven = fund();
    uneven.market.symbols.push(market(3.0, 119, MINUTE).symbols.remove(0));
    let mut open = open_interest::sample();
    open.worlds = Some(Band::default());
    let mut adl = adl::sample();
    adl.buckets[1].adl.push(0.0);
    let mut density = density::sample();
    density.columns[0].resting.pop();
    for outcome in [refused(&uneven), refused(&open), refused(&adl), refused(&density)] {
        assert!(matches!(outcome, ChartError::Shape { .. }), "{outcome:?}");
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    let mut debt = fund();
    debt.start = -1.0;
    let mut late = fund();
    late.first_adl = Some(START - 1);
    let mut free = fund();
    free.market.symbols[0].bars[3].low = 0.0;
    let mut lost = fund();
    lost.cash[7] = f64::NAN;
    let mut adl = adl::sample();
    adl.buckets[0].open_interest = 1.2;
    let mut density = density::sample();
    density.ratios[0].down[0].1 = f64::INFINITY;
    let mut drawdown = drawdown::sample();
    drawdown.marked[0] = -1.0;
    let mut open = open_interest::sample();
    open.liquidated[0] = -1.0;
    let mut waterfall = waterfall::sample();
    waterfall.bad_debt.amount = f64::NAN;
    let outcomes = [
        refused(&debt),
        refused(&late),
        refused(&free),
        refused(&lost),
        refused(&adl),
        refused(&density),
        refused(&drawdown),
        refused(&open),
        refused(&waterfall),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::BadNumber { .. }), "{outcome:?}");
    }
}
