//! Entries: rule `POP-004`, on a path on which every price occurs in one bar only.

use crate::case::{Case, user_holdings};
use crate::market::{self, rate};
use deleverage::history::{History, Interval};
use deleverage::money::{Leverage, Rate};
use deleverage::population::{Holding, Population, Trader};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::{Band, LeverageTable, PopulationChoice, Preset};

const BARS: usize = 2_000;
const TROUGH: usize = 1_400;
const FIRST: usize = 1_900;

/// Falls by a third in even numbers, and comes back half-way in odd ones: the price of a bar, in
/// whole units.
fn level(bar: usize) -> i64 {
    match bar < TROUGH {
        true => 60_000 - 14 * bar as i64,
        false => 40_401 + 22 * (bar - TROUGH) as i64,
    }
}

/// Every bar stands still at its level.
fn valley() -> History {
    let rows: Vec<_> = (0..BARS).map(|bar| [level(bar) * 100_000_000; 4]).collect();
    let mut history = market::history(market::minutes(BARS), &rows, &rows, Vec::new());
    history.volume = Some((0..BARS as i64).map(|bar| 1 + bar % 3).collect());
    history
}

fn case(change: impl FnOnce(&mut PopulationChoice)) -> Case {
    let mut case = Case::new(1);
    case.histories = vec![valley()];
    case.first = FIRST;
    case.with(|choice| {
        choice.cross = Rate::ZERO;
        choice.entry_half_life = Interval::parse("10h").unwrap();
        change(choice);
    })
}

fn bar_of(held: &Holding) -> usize {
    (0..FIRST).find(|bar| level(*bar) * 100_000_000 == held.entry.steps()).unwrap()
}

/// Equity at or below maintenance, by the rates of the lowest three tiers, in plain numbers.
fn is_dead(trader: &Trader, held: &Holding, price: f64) -> bool {
    let size = held.quantity.lots() as f64 / 1e8;
    let sign = if held.side == Side::Long { 1.0 } else { -1.0 };
    let entry = held.entry.steps() as f64 / 1e8;
    let equity = trader.margin.atoms() as f64 / 1e8 + sign * size * (price - entry);
    let value = size * price;
    let marginal = [(0.0, 0.005), (1e6, 0.01), (2e7, 0.025)];
    let mut maintenance = 0.0;
    for (number, (floor, rate)) in marginal.iter().enumerate() {
        let top = marginal.get(number + 1).map_or(f64::INFINITY, |next| next.0);
        maintenance += (value.min(top) - floor).max(0.0) * rate;
    }
    equity < maintenance - 1e-6 * value
}

#[test]
fn nobody_was_liquidated_on_the_way() {
    let case = case(|choice| choice.leverage = crate::case::bitmex());
    let population = case.world(0);
    let mut at_start = 0;
    for (trader, held) in user_holdings(&population) {
        let bar = bar_of(held);
        at_start += u32::from(bar == FIRST - 1);
        for passed in bar..FIRST {
            let price = level(passed) as f64;
            assert!(!is_dead(trader, held, price), "{held:?} of {trader:?} died in bar {passed}");
        }
    }
    // Who fails eight times enters at the start, the close of the last bar: some, but few.
    assert!((1..4_000).contains(&at_start), "{at_start} of 20000");
}

/// Draws are refused for being liquidated, and for nothing else.
#[test]
fn entries_lie_where_the_volume_was() {
    // At 1.01× no long of this path dies.
    let low = [Leverage::parse("1").unwrap(), Leverage::parse("1.01").unwrap()];
    let band = Band { from: low[0], to: low[1], share: rate("1") };
    let table = LeverageTable { preset: Preset::Own, bands: vec![band] };
    let population = case(|choice| choice.leverage = table).world(0);
    let weight =
        |bar: usize| (1 + bar as i64 % 3) as f64 * 0.5_f64.powf((FIRST - bar) as f64 / 600.0);
    let whole: f64 = (0..FIRST).map(weight).sum();
    let longs = user_holdings(&population).filter(|(_, held)| held.side == Side::Long);
    let bars: Vec<usize> = longs.map(|(_, held)| bar_of(held)).collect();
    let n = bars.len() as f64;
    for from in [200, 800, 1_300, 1_600, 1_850] {
        let wanted = (from..FIRST).map(weight).sum::<f64>() / whole;
        let found = bars.iter().filter(|bar| **bar >= from).count() as f64 / n;
        let error = (wanted * (1.0 - wanted) / n).sqrt();
        assert!((found - wanted).abs() < 4.0 * error, "{from}: {found}, not {wanted}");
    }
    let third = bars.iter().filter(|bar| **bar % 3 == 2).count() as f64 / n;
    assert!((third - 0.5).abs() < 0.02, "{third}: half of the volume is in every third bar");
}

#[test]
fn prices_lie_between_low_and_high() {
    let population = Case::new(1).world(0);
    let case = Case::new(1);
    let trade = &case.histories[0].trade;
    let (low, high) = (trade.low.iter().min().unwrap(), trade.high.iter().max().unwrap());
    let is_start = |held: &Holding| held.entry == case.start(0);
    let inside = |held: &Holding| (*low..=*high).contains(&held.entry) || is_start(held);
    assert!(user_holdings(&population).all(|(_, held)| inside(held)));
    assert!(different(&population) > 15_000, "prices are drawn, not only bars");
}

fn different(population: &Population) -> usize {
    let mut prices: Vec<_> = user_holdings(population).map(|(_, held)| held.entry).collect();
    prices.sort_unstable();
    prices.dedup();
    prices.len()
}
