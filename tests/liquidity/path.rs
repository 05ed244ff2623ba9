//! Time inside bars: `EXC-008`, `EXC-009`, and the turbulence of `DEP-006`.

use super::market::shapes::{Shape, draw, funding, shape};
use super::market::{self, MINUTE, NO_FEES, Ohlc, cash, price};
use super::{PLAIN, cases, sides};
use deleverage::engine::FundingBook;
use deleverage::exchange::{Market, Path, Point, Substep, first_leg, last_at};
use deleverage::history::History;
use deleverage::money::{Price, PriceScale};
use deleverage::scenario::exchange::PathOrder;
use deleverage::scenario::{FirstLeg, Side, SymbolBook};
use deleverage::venue::{Edge, VenueRules};
use proptest::prelude::*;
use proptest::sample::select;

fn rules() -> VenueRules {
    market::rules(market::tiers(&[]), Edge::AtOrBelow, NO_FEES)
}

/// What a path goes through.
struct Ground {
    history: History,
    funding: FundingBook,
    rules: VenueRules,
}

impl Ground {
    fn of(history: History) -> Self {
        Self { funding: FundingBook::of(&history), rules: rules(), history }
    }

    fn market(&self) -> Market<'_> {
        Market {
            history: &self.history,
            rules: &self.rules,
            law: market::law(&self.rules, PriceScale::USUAL),
            funding: &self.funding,
            book: SymbolBook { open_interest: cash("1"), liquidity: *PLAIN },
        }
    }
}

/// Bars of whole prices, the mark ten times the trade.
fn ground(trades: &[[i64; 4]]) -> Ground {
    let steps = |by: i64| -> Vec<Ohlc> {
        trades.iter().map(|bar| bar.map(|price| price * by * 100_000_000)).collect()
    };
    Ground::of(market::history(market::minutes(trades.len()), &steps(1), &steps(10), vec![]))
}

fn at(point: Point) -> (i64, i64) {
    (point.mark.steps() / 100_000_000, point.last.steps() / 100_000_000)
}

fn legs() -> impl Strategy<Value = FirstLeg> {
    select(vec![FirstLeg::Down, FirstLeg::Up])
}

/// Everything a world sees of a bar.
fn seen(path: &Path, bar: usize) -> Vec<(Substep, Point, f64)> {
    let see = |step: Substep| (step, path.target(&step, 0), path.turbulence(&step, 0));
    path.substeps(bar).map(see).collect()
}

const CALM: [i64; 4] = [1000, 1005, 995, 1000];

/// EXC-009: a calm bar is its four waypoints, at the ends of equal thirds.
#[test]
fn a_calm_bar_has_four_substeps() {
    let ground = ground(&[CALM, [1000, 1004, 996, 1002]]);
    let market = [ground.market()];
    let path = Path::of(&market, 1, FirstLeg::Down);
    let seen = seen(&path, 1);
    let points: Vec<_> = seen.iter().map(|(_, point, _)| at(*point)).collect();
    assert_eq!(points, [(10000, 1000), (9960, 996), (10040, 1004), (10020, 1002)]);
    let times: Vec<_> = seen.iter().map(|(step, ..)| (step.moment.time, step.millis)).collect();
    assert_eq!(times, [(60_000, 0), (80_000, 20_000), (100_000, 20_000), (120_000, 20_000)]);
    assert_eq!(path.bars(), 1..2);
}

/// EXC-009: more than 1 % from low to high and each leg is cut in four, of all symbols.
#[test]
fn a_wide_bar_of_one_symbol_refines_all() {
    let (wide, calm) = (ground(&[CALM, [1000, 1040, 960, 1000]]), ground(&[CALM, CALM]));
    let market = [calm.market(), wide.market()];
    let path = Path::of(&market, 1, FirstLeg::Up);
    let steps: Vec<_> = path.substeps(1).collect();
    assert_eq!(steps.len(), 13);
    let last =
        |symbol| -> Vec<i64> { steps.iter().map(|step| at(path.target(step, symbol)).1).collect() };
    let expected = [1000, 1010, 1020, 1030, 1040, 1020, 1000, 980, 960, 970, 980, 990, 1000];
    assert_eq!(last(1), expected);
    // Prices in between are rounded down: 1005 − 2.5 is 1002 of the whole prices compared here.
    let expected = [1000, 1001, 1002, 1003, 1005, 1002, 1000, 997, 995, 996, 997, 998, 1000];
    assert_eq!(last(0), expected);
    let exactly_one_percent = ground(&[CALM, [1000, 1005, 995, 1000]]);
    let market = [exactly_one_percent.market()];
    assert_eq!(Path::of(&market, 1, FirstLeg::Up).substeps(1).count(), 4);
}

/// EXC-009: between steps of the grid a price goes down, whichever way the leg leads.
#[test]
fn a_price_in_between_is_rounded_down() {
    let flat = [100; 4];
    let history =
        market::history(market::minutes(2), &[flat, [100, 103, 95, 99]], &[flat; 2], vec![]);
    let ground = Ground::of(history);
    let market = [ground.market()];
    let path = Path::of(&market, 1, FirstLeg::Down);
    let last: Vec<i64> = path.substeps(1).map(|step| path.target(&step, 0).last.steps()).collect();
    assert_eq!(last, [100, 98, 97, 96, 95, 97, 99, 101, 103, 102, 101, 100, 99]);
}

/// DEP-006: σ is the last bar's range, or this bar's as far as it has come when a sub-step begins.
#[test]
fn turbulence_is_causal_and_relative_to_calm() {
    // Ranges of 1 %, 0, 3 %: the flat bar does not count, the lower middle is 1 %.
    let before = [CALM, [1000; 4], [1000, 1010, 980, 1000]];
    let ground = ground(&[before[0], before[1], before[2], [1000, 1080, 960, 1000], [1000; 4]]);
    let market = [ground.market()];
    let path = Path::of(&market, 3, FirstLeg::Down);
    let of =
        |bar| seen(&path, bar).iter().map(|(.., t)| (t * 10.0).round() / 10.0).collect::<Vec<_>>();
    let (falling, rising) = ([3.0, 3.0, 3.0, 3.0, 3.0, 4.0], [4.0, 6.0, 9.0, 12.0, 12.0, 12.0]);
    assert_eq!(of(3)[..6], falling);
    assert_eq!(of(3)[6..12], rising);
    assert_eq!(of(4), [12.0; 4]);
}

/// DEP-006: where nothing moved before the start there is nothing to compare with.
#[test]
fn without_calm_bars_turbulence_is_one() {
    let ground = ground(&[[1000; 4], [1000, 1080, 960, 1000], CALM]);
    let market = [ground.market()];
    let path = Path::of(&market, 1, FirstLeg::Down);
    assert!(
        seen(&path, 1).iter().chain(&seen(&path, 2)).all(|(.., turbulence)| *turbulence == 1.0)
    );
}

/// EXC-008: both orders are shared out among the worlds.
#[test]
fn both_orders_take_turns() {
    let of = |order| [0, 1, 2, 3].map(|world| first_leg(order, world));
    let (down, up) = (FirstLeg::Down, FirstLeg::Up);
    assert_eq!(of(PathOrder::Both), [down, up, down, up]);
    assert_eq!(of(PathOrder::LowFirst), [down; 4]);
    assert_eq!(of(PathOrder::HighFirst), [up; 4]);
}

/// TIM-005, EXC-011: the last price stands at the same point of the way as the mark.
#[test]
fn the_last_price_goes_along_with_the_mark() {
    let point = |mark, last| Point { mark: price(mark), last: price(last) };
    let (from, to) = (point("100", "101"), point("80", "71"));
    for (level, last) in [("100", "101"), ("90", "86"), ("80", "71"), ("79", "71"), ("101", "101")]
    {
        for side in [Side::Long, Side::Short] {
            assert_eq!(last_at(side, from, to, price(level)), price(last), "{level}");
        }
    }
    let odd = (point("0.00000003", "1"), point("0", "0.99999999"));
    let level = price("0.00000002");
    assert_eq!(last_at(Side::Long, odd.0, odd.1, level), price("0.99999999"));
    assert_eq!(last_at(Side::Short, odd.0, odd.1, level), price("1"));
}

proptest! {
    #![proptest_config(cases(500))]

    /// EXC-008, EXC-009: in every bar the time rises from its open to its end, each leg goes one
    /// way and ends at its waypoint.
    #[test]
    fn legs_end_at_their_waypoints(shapes in prop::collection::vec(shape(), 2..6), leg in legs()) {
        let ground = Ground::of(draw(60_000, &shapes).history(&[]));
        let (market, bars) = ([ground.market()], &ground.history.mark);
        let path = Path::of(&market, 1, leg);
        let mut now = ground.history.time[0] + MINUTE;
        for bar in path.bars() {
            let steps: Vec<Substep> = path.substeps(bar).collect();
            let pieces = usize::from(steps[0].pieces);
            prop_assert_eq!(steps.len(), 3 * pieces + 1);
            let marks: Vec<Price> = steps.iter().map(|step| path.target(step, 0).mark).collect();
            let (low, high) = (bars.low[bar], bars.high[bar]);
            let turns = if leg == FirstLeg::Down { [low, high] } else { [high, low] };
            prop_assert_eq!(marks[0], bars.open[bar]);
            prop_assert_eq!([marks[pieces], marks[2 * pieces]], turns);
            prop_assert_eq!(marks[3 * pieces], bars.close[bar]);
            for leg in marks.windows(pieces + 1).step_by(pieces) {
                prop_assert!(leg.is_sorted() || leg.iter().rev().is_sorted());
            }
            for (number, step) in steps.iter().enumerate() {
                prop_assert_eq!(step.is_jump(), number == 0);
                now += step.millis;
                prop_assert_eq!(step.moment.time, now);
                prop_assert!(step.millis > 0 || step.is_jump());
            }
            prop_assert_eq!(now, ground.history.time[bar] + MINUTE);
        }
    }

    /// P18, for the path: what comes after a bar cannot be seen in it.
    #[test]
    fn nothing_is_seen_ahead(
        shapes in prop::collection::vec(shape(), 3..8),
        other in prop::collection::vec(shape(), 3..8),
        kept in 1_usize..7, leg in legs(),
    ) {
        let kept = kept.min(shapes.len() - 1);
        let changed: Vec<Shape> =
            shapes[..=kept].iter().chain(&other).cloned().collect();
        let one = Ground::of(draw(60_000, &shapes).history(&[]));
        let two = Ground::of(draw(60_000, &changed).history(&[]));
        let (markets, others) = ([one.market()], [two.market()]);
        let (path, second) = (Path::of(&markets, 1, leg), Path::of(&others, 1, leg));
        for bar in 1..=kept {
            prop_assert_eq!(seen(&path, bar), seen(&second, bar));
        }
    }

    /// DEP-006: within a bar, what has not come yet cannot be seen either: the close changes
    /// nothing before the last leg.
    #[test]
    fn the_close_is_not_seen_ahead(open in 900_i64..1100, close in 900_i64..1100, leg in legs()) {
        let bar = |close| ground(&[CALM, [open, 1100, 900, close]]);
        let (one, two) = (bar(close), bar(1000));
        let (markets, others) = ([one.market()], [two.market()]);
        let (path, second) = (Path::of(&markets, 1, leg), Path::of(&others, 1, leg));
        prop_assert_eq!(&seen(&path, 1)[..9], &seen(&second, 1)[..9]);
    }

    /// EXC-008: every settlement after the start is due in exactly one bar.
    #[test]
    fn settlements_are_due_once(shapes in prop::collection::vec(shape(), 2..20), due in funding()) {
        let ground = Ground::of(draw(60_000, &shapes).history(&due));
        let market = [ground.market()];
        let path = Path::of(&market, 1, FirstLeg::Down);
        let mut next = ground.funding.before_open(1);
        for bar in path.bars() {
            let due = path.settlements(bar, 0);
            prop_assert_eq!(due.start, next);
            prop_assert!(due.clone().all(|k| ground.funding.bar_of(k) == Some(bar)));
            next = due.end;
        }
        prop_assert_eq!(next, ground.funding.through(ground.history.len()));
    }

    /// TIM-005: the last price found is between the two ends, and for a long never above a short's.
    #[test]
    fn the_last_price_stays_on_its_way(
        prices in prop::array::uniform5(1_i64..1_000_000), side in sides(),
    ) {
        let [a, b, c, d, level] = prices.map(Price::from_steps);
        let (from, to) = (Point { mark: a, last: b }, Point { mark: c, last: d });
        let found = last_at(side, from, to, level);
        prop_assert!((b.min(d)..=b.max(d)).contains(&found));
        let [long, short] = [Side::Long, Side::Short].map(|side| last_at(side, from, to, level));
        prop_assert!(long <= short);
    }
}
