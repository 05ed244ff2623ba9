//! Laws of the margin predicate and of a position's life, on random inputs.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod market;

use deleverage::engine::{Exposure, FundingBook, FundingPerUnit, Law, Outcome, Position, simulate};
use deleverage::history::History;
use deleverage::money::{Cash, Leverage, Price, PriceScale, Quantity, Rate, Round};
use deleverage::scenario::{BarPath, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Edge, Fees, Tiers, VenueRules};
use market::shapes::{CENT, POINT, Shape, draw, exact_tiers, funding, shape, tier_rows};
use market::{MINUTE, NO_FEES, cash, leverage, price, rate};
use proptest::prelude::*;
use proptest::sample::select;

const ONE: i128 = Rate::ONE as i128;

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

fn sides() -> impl Strategy<Value = Side> {
    select(vec![Side::Long, Side::Short])
}

fn edges() -> impl Strategy<Value = Edge> {
    select(vec![Edge::AtOrBelow, Edge::Below])
}

/// Positions from dust to whales, at prices from 0.001 to 100,000.
fn positions() -> impl Strategy<Value = Position> {
    let digits = prop_oneof![100_000_i64..10_000_000_000, 10_000_000_000_i64..10_000_000_000_000];
    let size = prop_oneof![1_i64..100_000, 100_000_i64..20_000_000];
    let hundredths = 100_u32..12_600;
    (sides(), digits, size, hundredths).prop_filter_map("no lot", |(side, entry, size, turns)| {
        let turns = Leverage::parse(&format!("{}.{:02}", turns / 100, turns % 100)).unwrap();
        let notional = Cash::from_atoms(size * 100_000_000);
        Position::open(side, notional, Price::from_steps(entry), turns, PriceScale::USUAL)
    })
}

/// Funding per unit of up to so many thousandths of the entry price, paid or received.
fn paid(position: &Position, thousandths: i64) -> FundingPerUnit {
    FundingPerUnit::settlement(Rate::from_steps(thousandths * 10 * POINT), position.entry)
}

fn law(tiers: &Tiers, edge: Edge) -> Law<'_> {
    Law::linear(tiers, edge, PriceScale::USUAL)
}

/// One price step from the fatal side into the safe one.
fn inside(side: Side, at: Price) -> Price {
    Price::from_steps(at.steps() + side.sign() as i64)
}

proptest! {
    #![proptest_config(cases(20_000))]

    /// MRG-008, MRG-009, MRG-011: true at the liquidation price and beyond, false one step inside
    /// and from there on; false everywhere where there is none.
    #[test]
    fn the_liquidation_price_is_the_exact_edge(
        position in positions(), rows in tier_rows(), edge in edges(),
        thousandths in -100_i64..100, probes in prop::collection::vec(1_i64..20_000, 6),
    ) {
        let tiers = market::tiers(&exact_tiers(&rows));
        let (law, paid) = (law(&tiers, edge), paid(&position, thousandths));
        let fatal = |at: Price| law.is_liquidatable(&position, paid, at);
        let edge = law.liquidation_price(&position, paid);
        if let Some(at) = edge {
            prop_assert!(fatal(at));
            let spared = inside(position.side, at);
            prop_assert!(spared.steps() == 0 || !fatal(spared));
        }
        for per_10k in probes {
            let at = Price::from_steps((position.entry.steps() / 10_000 * per_10k).max(1));
            let beyond = |edge: Price| match position.side {
                Side::Long => at <= edge,
                Side::Short => at >= edge,
            };
            prop_assert_eq!(fatal(at), edge.is_some_and(beyond));
        }
    }

    /// MRG-009: a long whose margin covers its whole value cannot die of the price.
    #[test]
    fn a_fully_paid_long_is_never_liquidated(position in positions(), rows in tier_rows()) {
        let margin = position.margin.max(cash("20000000"));
        let long = Position { side: Side::Long, margin, ..position };
        let tiers = market::tiers(&exact_tiers(&rows));
        let law = law(&tiers, Edge::AtOrBelow);
        prop_assert_eq!(law.liquidation_price(&long, FundingPerUnit::NONE), None);
        prop_assert!(!law.is_liquidatable(&long, FundingPerUnit::NONE, Price::from_steps(1)));
    }

    /// MRG-013: what a long pays, and a short receives, raises the liquidation price of both.
    #[test]
    fn funding_paid_by_longs_raises_the_liquidation_price(
        position in positions(), rows in tier_rows(), less in -100_i64..100, more in 0_i64..100,
    ) {
        let tiers = market::tiers(&exact_tiers(&rows));
        let law = law(&tiers, Edge::AtOrBelow);
        let at = |thousandths| law.liquidation_price(&position, paid(&position, thousandths));
        prop_assert!(at(less) <= at(less + more));
    }

    /// MRG-010: at the bankruptcy price the equity is zero, up to the grid: at or above it for the
    /// venue, below it one step further. Maintenance comes first.
    #[test]
    fn the_bankruptcy_price_lies_behind_the_liquidation_price(
        position in positions(), rows in tier_rows(),
    ) {
        let tiers = market::tiers(&exact_tiers(&rows));
        let (law, none) = (law(&tiers, Edge::AtOrBelow), FundingPerUnit::NONE);
        let Some(at) = law.bankruptcy_price(&position, none) else { return Ok(()) };
        let further = Price::from_steps(at.steps() - position.side.sign() as i64);
        let equity = |mark: Price| law.cash_floor(law.equity(&position, none, mark));
        prop_assert!(equity(at) >= Cash::ZERO && equity(further) < Cash::ZERO);
        let edge = law.liquidation_price(&position, none).unwrap();
        match position.side {
            Side::Long => prop_assert!(edge.steps() >= at.steps() - 1),
            Side::Short => prop_assert!(edge.steps() <= at.steps() + 1),
        }
    }

    /// Scaling, exactly: a price ten times smaller on a grid ten times finer, and a quantity ten
    /// times larger, is the same position in the same steps.
    #[test]
    fn prices_over_ten_to_the_k_and_sizes_times_it_are_the_same(
        position in positions(), rows in tier_rows(), k in 1_u32..4, thousandths in -50_i64..50,
    ) {
        let tiers = market::tiers(&exact_tiers(&rows));
        let paid = paid(&position, thousandths);
        let wide = law(&tiers, Edge::AtOrBelow);
        let fine = Law { scale: PriceScale::holding(8 + k).unwrap(), ..wide };
        let lots = position.quantity.lots().checked_mul(10_i64.pow(k));
        let Some(lots) = lots else { return Ok(()) };
        let scaled = Position { quantity: Quantity::from_lots(lots), ..position };
        if !fine.holds(&scaled, position.entry, position.entry) {
            return Ok(());
        }
        let edge = |law: &Law, position: &Position| law.liquidation_price(position, paid);
        prop_assert_eq!(edge(&wide, &position), edge(&fine, &scaled));
        prop_assert_eq!(
            wide.bankruptcy_price(&position, paid), fine.bankruptcy_price(&scaled, paid));
        let owed = |law: &Law, position: &Position| {
            let half = Price::from_steps(position.entry.steps() / 2);
            law.cash_floor(law.equity(position, paid, half))
        };
        prop_assert_eq!(owed(&wide, &position), owed(&fine, &scaled));
    }
}

/// A random market and a position in it.
#[derive(Debug, Clone)]
struct Game {
    shapes: Vec<Shape>,
    funding: Vec<(i64, i64)>,
    rules: VenueRules,
    slippage: Slippage,
    path: BarPath,
    side: Side,
    leverage: Leverage,
    notional: Cash,
}

prop_compose! {
    fn game()(
        shapes in prop::collection::vec(shape(), 2..20),
        funding in funding(),
        rows in tier_rows(),
        fixed in 0_i64..200,
        base in select(vec![FillBase::Last, FillBase::Mark]),
        path in select(vec![BarPath::OpenLowHighClose, BarPath::OpenHighLowClose]),
        side in sides(),
        turns in 1_u32..125,
        size in 100_i64..3_000_000,
        fee in 0_i64..150,
    ) -> Game {
        let fees = Fees { taker: Rate::ZERO, liquidation: Rate::from_steps(fee * POINT) };
        let tiers = market::tiers(&exact_tiers(&rows));
        Game {
            shapes, funding, path, side,
            rules: market::rules(tiers, Edge::AtOrBelow, fees),
            slippage: Slippage {
                model: SlippageModel::Fixed(Rate::from_steps(fixed * POINT)),
                base,
            },
            leverage: leverage(&turns.to_string()),
            notional: Cash::from_atoms(size * 100_000_000),
        }
    }
}

impl Game {
    fn history(&self) -> History {
        draw(4_000_000, &self.shapes).history(&self.funding)
    }

    fn position(&self, history: &History) -> Position {
        let entry = history.trade.open[0];
        Position::open(self.side, self.notional, entry, self.leverage, history.scale).unwrap()
    }

    fn play(&self, history: &History, position: &Position, bars: usize) -> Outcome {
        let funding = FundingBook::of(history);
        let market = market::market(history, &funding, &self.rules, self.path);
        let exposure = Exposure { first: 0, bars };
        simulate(&market, &self.rules, &self.slippage, position, exposure)
    }
}

/// FND-001 to FND-004 in a plain sum: what a long entered at the first open has paid by a bar.
fn paid_by(history: &History, last: usize) -> i128 {
    let due = |bar: usize| -> i128 {
        let open = history.time[bar];
        let rates = history.funding.iter().filter(|settlement| {
            let into = settlement.time - open;
            (0..MINUTE).contains(&into) && (bar > 0 || into > 15_000)
        });
        rates.map(|due| i128::from(due.rate.steps())).sum::<i128>()
            * i128::from(history.mark.open[bar].steps())
    };
    (0..=last).map(due).sum()
}

proptest! {
    #![proptest_config(cases(4_000))]

    /// CLO-009: margin + profit at the fill − funding = returned + liquidation fee − deficit, up
    /// to one rounding down; and never both something returned and a deficit.
    #[test]
    fn a_close_out_creates_and_loses_nothing(game in game()) {
        let history = game.history();
        let position = game.position(&history);
        let outcome = game.play(&history, &position, history.len());
        let last = outcome.liquidation.map_or(history.len() - 1, |end| end.trigger.bar);
        let lots = position.side.sign() * i128::from(position.quantity.lots());
        let (atom, paid) = (100_000_000 * ONE, lots * paid_by(&history, last));
        prop_assert_eq!(i128::from(outcome.funding.atoms()), Round::Ceil.div(paid, atom));
        let Some(end) = outcome.liquidation else { return Ok(()) };
        let left = end.settlement;
        let moved = i128::from(left.fill.steps() - position.entry.steps());
        let equity = i128::from(position.margin.atoms()) * atom + lots * moved * ONE - paid;
        let booked = left.returned + left.fee - left.deficit;
        prop_assert_eq!(i128::from(booked.atoms()), Round::Floor.div(equity, atom));
        prop_assert!(left.returned >= Cash::ZERO && left.deficit >= Cash::ZERO);
        prop_assert!(left.returned == Cash::ZERO || left.deficit == Cash::ZERO);
        prop_assert_eq!(outcome.fees, left.fee);
    }

    /// CLO-005: filled from the mark, without funding, nobody gets back more than was put in.
    #[test]
    fn a_liquidation_returns_at_most_the_margin(game in game()) {
        let slippage = Slippage { base: FillBase::Mark, ..game.slippage };
        let game = Game { funding: Vec::new(), slippage, ..game };
        let history = game.history();
        let position = game.position(&history);
        let law = market::law(&game.rules, history.scale);
        if law.is_liquidatable(&position, FundingPerUnit::NONE, position.entry) {
            return Ok(());
        }
        let outcome = game.play(&history, &position, history.len());
        let Some(end) = outcome.liquidation else { return Ok(()) };
        prop_assert!(end.settlement.returned <= position.margin);
    }

    /// TIM-007: bars after the liquidation cannot change how it ended.
    #[test]
    fn the_future_changes_nothing(game in game(), later in prop::collection::vec(shape(), 1..9)) {
        let history = game.history();
        let position = game.position(&history);
        let outcome = game.play(&history, &position, history.len());
        let Some(end) = outcome.liquidation else { return Ok(()) };
        let shapes = [&game.shapes[..=end.trigger.bar], &later[..]].concat();
        let closes = draw(4_000_000, &game.shapes).time[end.trigger.bar] + MINUTE;
        let settled = game.funding.iter().filter(|(time, _)| *time < closes).copied();
        let other = Game { shapes, funding: settled.collect(), ..game.clone() };
        let changed = other.history();
        prop_assert_eq!(other.play(&changed, &position, changed.len()), outcome);
    }

    /// TIM-001: who is liquidated within a horizon is liquidated within every longer one, at the
    /// same bar and in the same way; within a shorter one that ends before, not.
    #[test]
    fn horizons_agree_with_each_other(game in game()) {
        let history = game.history();
        let position = game.position(&history);
        let longest = game.play(&history, &position, history.len());
        for bars in 1..history.len() {
            let outcome = game.play(&history, &position, bars);
            match longest.liquidation.filter(|end| end.first_bar <= bars) {
                Some(_) => prop_assert_eq!(outcome, longest),
                None => prop_assert_eq!(outcome.liquidation, None),
            }
        }
    }

    /// A position of n equal parts under one tier dies with its parts, and its money is n times
    /// theirs up to one rounding per part.
    #[test]
    fn the_parts_of_a_position_add_up(game in game(), parts in 2_i64..50) {
        let flat = Tiers::flat(rate("0.8%"), rate("1"), Cash::ZERO);
        let game = Game { rules: VenueRules { tiers: flat, ..game.rules.clone() }, ..game };
        let history = game.history();
        let part = game.position(&history);
        let whole = Position {
            quantity: Quantity::from_lots(part.quantity.lots() * parts),
            margin: Cash::from_atoms(part.margin.atoms() * parts),
            ..part
        };
        let play = |position: &Position| game.play(&history, position, history.len());
        let (one, all) = (play(&part), play(&whole));
        prop_assert_eq!(one.liquidation_price, all.liquidation_price);
        let trigger = |outcome: &Outcome| outcome.liquidation.map(|end| end.trigger);
        prop_assert_eq!(trigger(&one), trigger(&all));
        let near = |one: Cash, all: Cash| (one.atoms() * parts - all.atoms()).abs() <= 2 * parts;
        prop_assert!(near(one.funding, all.funding));
        if let (Some(one), Some(all)) = (one.liquidation, all.liquidation) {
            prop_assert_eq!(one.settlement.fill, all.settlement.fill);
            prop_assert!(near(one.settlement.returned, all.settlement.returned));
            prop_assert!(near(one.settlement.fee, all.settlement.fee));
            prop_assert!(near(one.settlement.deficit, all.settlement.deficit));
        }
    }

    /// Where the price stands still, nothing is due and nothing is charged, nothing happens.
    #[test]
    fn a_still_market_does_nothing(game in game(), cents in 1_000_i64..10_000_000) {
        let rules = VenueRules { fees: NO_FEES, ..game.rules.clone() };
        let game = Game { rules, ..game };
        let still = vec![[cents * CENT; 4]; 30];
        let history = market::history(market::minutes(30), &still, &still, Vec::new());
        let position = game.position(&history);
        let law = market::law(&game.rules, history.scale);
        if law.is_liquidatable(&position, FundingPerUnit::NONE, position.entry) {
            return Ok(());
        }
        let outcome = game.play(&history, &position, 30);
        prop_assert_eq!(outcome.liquidation, None);
        prop_assert_eq!((outcome.funding, outcome.fees), (Cash::ZERO, Cash::ZERO));
        prop_assert_eq!(outcome.mae, Rate::ZERO);
    }

    /// FND-005: with one rate, funding needs no moving barrier. For every entry, the engine's
    /// first liquidation is the first bar whose transformed extreme reaches a fixed level:
    /// long `(1−m)·Low_j − F_j ≤ EP(1 − 1/L) − F_i`,
    /// short `(1+m)·High_j − F_j ≥ EP(1 + 1/L) − F_i`.
    #[test]
    fn the_transformed_series_gives_the_same_bar(
        game in game(), turns in select(vec![1_i64, 2, 4, 5, 10, 20, 25, 50, 100, 125]),
        points in 10_i64..400, first in 0_usize..20,
    ) {
        let flat = Tiers::flat(Rate::from_steps(points * POINT), rate("1"), Cash::ZERO);
        let game = Game { rules: VenueRules { tiers: flat, ..game.rules.clone() }, ..game };
        let history = game.history();
        let first = first % history.len();
        let entry = history.trade.open[first];
        let unit = Cash::from_atoms(entry.steps());
        let position =
            Position::open(game.side, unit, entry, leverage(&turns.to_string()), history.scale);
        let position = position.unwrap();
        prop_assert_eq!(position.quantity.to_string(), "1");
        let funding = FundingBook::of(&history);
        let market = market::market(&history, &funding, &game.rules, game.path);
        let exposure = Exposure { first, bars: history.len() - first };
        let outcome = simulate(&market, &game.rules, &game.slippage, &position, exposure);
        let found = outcome.liquidation.map(|end| end.trigger.bar);
        prop_assert_eq!(found, transformed(&history, game.side, (turns, points), first));
    }
}

/// Running sums and one comparison per bar; all sides times 1e12 and the leverage.
fn transformed(
    history: &History,
    side: Side,
    (turns, points): (i64, i64),
    first: usize,
) -> Option<usize> {
    let (sign, turns) = (side.sign(), i128::from(turns));
    let kept = ONE - sign * i128::from(points * POINT);
    let (opens, marks) = (&history.time, &history.mark.open);
    let sums = |before: i64| -> i128 {
        let due = history.funding.iter().filter(|due| due.time < before);
        due.filter_map(|due| {
            let bar = opens.iter().rposition(|open| *open <= due.time)?;
            let exposed = due.time < opens[bar] + MINUTE;
            exposed.then(|| i128::from(due.rate.steps()) * i128::from(marks[bar].steps()))
        })
        .sum()
    };
    let entry = i128::from(history.trade.open[first].steps());
    let barrier = entry * ONE * (turns - sign) - turns * sums(opens[first] + 15_001);
    (first..history.len()).find(|&bar| {
        let extreme = match side {
            Side::Long => history.mark.low[bar],
            Side::Short => history.mark.high[bar],
        };
        let level = turns * (kept * i128::from(extreme.steps()) - sums(opens[bar] + MINUTE));
        sign * level <= sign * barrier
    })
}

/// The arithmetic that traders quote: ten times 1,000 at 60,000 is a notional of 10,000, and a
/// 20× long with a maintenance rate of 0.5 % dies at −4.52 %, not at −5 %.
#[test]
fn what_traders_quote() {
    let flat = Tiers::flat(rate("0.5%"), rate("0.8%"), Cash::ZERO);
    let law = law(&flat, Edge::AtOrBelow);
    let entry = price("60000");
    let open = |turns| {
        Position::open(Side::Long, cash("10000"), entry, leverage(turns), PriceScale::USUAL)
            .unwrap()
    };
    assert_eq!(open("10").margin, cash("1000"));
    assert_eq!(open("10").quantity.to_string(), "0.16666666");
    let dies = law.liquidation_price(&open("20"), FundingPerUnit::NONE).unwrap();
    let fall = 1.0 - dies.steps() as f64 / entry.steps() as f64;
    assert!((fall - 0.0452).abs() < 0.00005, "{fall}");
}

/// One settlement can cost a short more than its margin and all that its sale brought: then every
/// price liquidates it, and none of them is its bankruptcy price.
#[test]
fn a_short_that_funding_has_emptied_dies_at_the_open() {
    let rules =
        market::rules(Tiers::flat(rate("1%"), rate("10%"), Cash::ZERO), Edge::AtOrBelow, NO_FEES);
    let (calm, leap) = ([price("100").steps(); 4], [price("150").steps(); 4]);
    let due = deleverage::history::Funding { time: MINUTE, rate: rate("-0.8") };
    let history = market::history(market::minutes(2), &[calm, leap], &[calm, leap], vec![due]);
    let position =
        Position::open(Side::Short, cash("100"), price("100"), leverage("10"), history.scale)
            .unwrap();
    let law = market::law(&rules, history.scale);
    let paid = FundingPerUnit::settlement(due.rate, price("150"));
    assert!(law.is_liquidatable(&position, paid, Price::from_steps(1)));
    assert_eq!(law.liquidation_price(&position, paid), Some(Price::from_steps(1)));
    let funding = FundingBook::of(&history);
    let market = market::market(&history, &funding, &rules, BarPath::OpenLowHighClose);
    let slippage = Slippage { model: SlippageModel::None, base: FillBase::Mark };
    let exposure = Exposure { first: 0, bars: 2 };
    let outcome = simulate(&market, &rules, &slippage, &position, exposure);
    let end = outcome.liquidation.unwrap();
    assert_eq!((end.first_bar, end.trigger.mark), (2, price("150")));
    assert_eq!(end.settlement.deficit, cash("160"));
}
