//! Random venues at the edges of the vocabulary: hairs, tiny blocks, floors side by side.

use super::{Case, case, check, market};
use deleverage::engine::{
    Event, Exposure, FundingBook, FundingPerUnit, Law, Position, rehearse, simulate,
};
use deleverage::history::{History, Interval};
use deleverage::money::{Cash, Price, PriceScale, Quantity, Rate};
use deleverage::scenario::{BarPath, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{
    CloseOut, Contract, Edge, Fees, FundingCap, FundingPays, FundingPrice, FundingRules, Lookup,
    OrderPrice, Residual, Tier, Tiers, TriggerFee, VenueRules, Volatility, VolatilityScope,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const POINT: i64 = 100_000_000;

fn rate(texts: &'static [&str]) -> impl Strategy<Value = Rate> {
    select(texts).prop_map(market::rate)
}

fn cash(texts: &'static [&str]) -> impl Strategy<Value = Cash> {
    select(texts).prop_map(market::cash)
}

fn close_out() -> impl Strategy<Value = CloseOut> {
    let cooldown = select(vec!["1s", "20s", "40s", "5m"]).prop_map(interval);
    let share = || rate(&["0.000000000001", "0.01%", "10%", "50%", "99.9999999999%"]);
    let buffer = rate(&["0", "0.000000000001", "0.0001%", "1%", "50%"]);
    let least = rate(&["0.000000000001", "0", "12.5%", "100%"]);
    let block = || cash(&["0", "0.00000001", "1", "1000", "10000000"]);
    (0..8, cooldown, share(), (buffer, least), (block(), block())).prop_map(
        |(style, cooldown, share, (buffer, least), (one, other))| match style {
            0 => CloseOut::Full,
            1 => CloseOut::IocThenTakeover,
            2 => CloseOut::LowerTier,
            3 => CloseOut::TwoTiers { cooldown },
            4 => CloseOut::ToFirstTier { cooldown },
            5 => CloseOut::Fraction { share, above: one, cooldown },
            6 => CloseOut::Restore { buffer, least, cooldown },
            _ => {
                let most = one.max(other).max(Cash::from_atoms(1));
                CloseOut::BlockCap { share, least: one.min(other), most, cooldown }
            }
        },
    )
}

fn interval(text: &str) -> Interval {
    Interval::parse(text).unwrap()
}

fn order() -> impl Strategy<Value = OrderPrice> {
    let factor = || rate(&["0.000000000001", "0.1", "1", "1000"]);
    let fillable = (factor(), factor())
        .prop_map(|(adjustment, spread)| OrderPrice::FillableLimit { adjustment, spread });
    prop_oneof![
        1 => Just(OrderPrice::Market),
        1 => Just(OrderPrice::BankruptcyLimit),
        1 => Just(OrderPrice::Transfer),
        2 => fillable,
    ]
}

fn residual() -> impl Strategy<Value = Residual> {
    let below = rate(&["0.000000000001", "2e-1", "100%"]);
    prop_oneof![
        Just(Residual::FundKeeps),
        Just(Residual::FeeThenReturn),
        Just(Residual::Returned),
        below.prop_map(|below| Residual::Backstop { below }),
    ]
}

/// Floors from a hair apart to far apart, around what positions are worth.
fn tiers() -> impl Strategy<Value = Tiers> {
    let lookups = [
        Lookup::Marginal,
        Lookup::WholeByNotional,
        Lookup::WholeByContracts,
        Lookup::RiskSteps,
        Lookup::LinearInSize,
    ];
    let apart = select(vec![10_000_i64, 1_000_000, 10_000_000_000, 1_000_000_000_000]);
    let from = select(vec![10_000_i64, 100_000_000_000, 950_000_000_000, 990_000_000_000]);
    (select(lookups.to_vec()), 1..300_usize, from, apart, 1..100_i64).prop_map(
        |(lookup, count, from, apart, rise)| {
            let count = if lookup == Lookup::LinearInSize { 1 } else { count };
            let floor = |at: usize| match at {
                0 => 0,
                at => from + (at as i64 - 1) * apart,
            };
            let row = |at: usize| {
                let points = 40 + at as i64 * rise.min(9_000 / count as i64);
                (Cash::from_atoms(floor(at)), Rate::from_steps(points * POINT))
            };
            let rows: Vec<_> = (0..count).map(row).collect();
            let slope = match lookup {
                Lookup::LinearInSize => Rate::from_steps(rise * POINT / 100),
                _ => Rate::ZERO,
            };
            shaped(lookup, &rows, slope)
        },
    )
}

fn shaped(lookup: Lookup, rows: &[(Cash, Rate)], slope: Rate) -> Tiers {
    let marginal = market::tiers(rows);
    let deduct = |tier: &Tier| match lookup {
        Lookup::Marginal => *tier,
        _ => Tier { deduction: Cash::ZERO, ..*tier },
    };
    Tiers { lookup, steps: marginal.steps.iter().map(deduct).collect(), cap: None, slope }
}

fn volatility() -> impl Strategy<Value = Option<Volatility>> {
    let scope = select(vec![VolatilityScope::NewPositions, VolatilityScope::AllPositions]);
    let rule = (rate(&["0.1", "1", "1000"]), rate(&["0.000000000001", "0.1%", "1"]), scope);
    prop::option::weighted(
        0.3,
        rule.prop_map(|(slope, reference, applies)| Volatility {
            slope,
            window: interval("1m"),
            reference,
            at_most: market::rate("1000"),
            lag: interval("1s"),
            applies,
        }),
    )
}

fn venue() -> impl Strategy<Value = VenueRules> {
    let choices = (
        select(vec![Contract::Linear, Contract::Inverse]),
        select(vec![Edge::AtOrBelow, Edge::Below]),
        select(vec![TriggerFee::Excluded, TriggerFee::Included]),
        select(vec![FundingPays::Margin, FundingPays::Wallet]),
        select(vec![1_i64, 1_000_000, 100_000_000]),
    );
    let fees = (rate(&["0", "0.05%"]), rate(&["0", "0.5%", "5%", "99%"]));
    (tiers(), close_out(), order(), residual(), choices, fees, volatility()).prop_map(
        |(tiers, close_out, order, residual, choices, (taker, liquidation), volatility)| {
            let (contract, edge, trigger_fee, pays, face) = choices;
            let base = market::rules(tiers, edge, Fees { taker, liquidation });
            let funding = FundingRules {
                interval: interval("8h"),
                cap: FundingCap::None,
                price: FundingPrice::Mark,
                pays,
            };
            let face = Quantity::from_lots(face);
            VenueRules {
                contract,
                face,
                trigger_fee,
                close_out,
                order,
                residual,
                funding,
                volatility,
                ..base
            }
        },
    )
}

/// Worth about 10,000 of the settlement asset.
fn notional(rules: &VenueRules, case: &Case) -> Cash {
    match rules.contract {
        Contract::Linear => market::cash("10000"),
        Contract::Inverse => Cash::from_atoms(case.start_cents * 1_000_000 * 10),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// LIQ-013, CLO-009: every life ends, in a bounded number of steps, and its money adds up.
    #[test]
    fn every_life_ends(rules in venue(), case in case()) {
        let Some(position) = case.opened(&rules, notional(&rules, &case)) else { return Ok(()) };
        check(&case.live(&rules, position));
    }

    /// A rehearsal closes more with every step, and never more than there is.
    #[test]
    fn every_rehearsal_ends(rules in venue(), case in case()) {
        let Some(position) = case.opened(&rules, notional(&rules, &case)) else { return Ok(()) };
        let law = Law::of(&rules, PriceScale::USUAL);
        let steps = rehearse(&law, &rules, &position, 64);
        prop_assert!(steps.len() <= 64);
        let mut left = position.quantity;
        for step in steps {
            prop_assert!(step.closes > Quantity::ZERO && step.trigger > Price::from_steps(0));
            prop_assert_eq!(left.lots() - step.closes.lots(), step.leaves.lots());
            left = step.leaves;
        }
    }

    /// MRG-023: what the search skips are bars in which nothing liquidates.
    #[test]
    fn no_fatal_mark_is_passed_over(rules in venue(), case in case()) {
        let rules = VenueRules { volatility: None, ..rules };
        let case = Case { funding: Vec::new(), ..case };
        let Some(position) = case.opened(&rules, notional(&rules, &case)) else { return Ok(()) };
        let history = case.history();
        let law = Law::of(&rules, history.scale);
        let fatal = |mark: &Price| law.is_liquidatable(&position, FundingPerUnit::NONE, *mark);
        let life = case.live(&rules, position);
        let told = life.events.iter().find_map(|event| match event {
            Event::Trigger { bar, mark, .. } => Some((*bar, *mark)),
            _ => None,
        });
        prop_assert!(told.is_none_or(|(_, mark)| fatal(&mark)));
        let at = |bar: &usize| looked_at(&case, &history, *bar).iter().any(fatal);
        let plain = (0..history.len()).find(at).unwrap_or(usize::MAX);
        let told = told.map_or(usize::MAX, |(bar, _)| bar);
        match rules.tiers.lookup {
            Lookup::WholeByNotional | Lookup::RiskSteps => prop_assert!(told <= plain),
            _ => prop_assert_eq!(told, plain),
        }
    }
}

/// The open, and where the legs end that go against the position.
fn looked_at(case: &Case, history: &History, bar: usize) -> Vec<Price> {
    let mark = &history.mark;
    let (open, close) = (mark.open[bar], mark.close[bar]);
    let (extreme, last) = match case.side {
        Side::Long => (mark.low[bar], BarPath::OpenLowHighClose),
        Side::Short => (mark.high[bar], BarPath::OpenHighLowClose),
    };
    if case.path == last { vec![open, extreme, close] } else { vec![open, extreme] }
}

/// LIQ-013: a buffer of nothing would cut a lot at every price step of a slide; the slide of a bar
/// has four waypoints.
#[test]
fn a_tiny_buffer_cuts_once_at_a_waypoint() {
    let tiers = market::tiers(&[(Cash::ZERO, market::rate("1%"))]);
    let close_out = CloseOut::Restore {
        buffer: Rate::from_steps(1),
        least: Rate::ZERO,
        cooldown: interval("1s"),
    };
    let rules = VenueRules { close_out, ..market::rules(tiers, Edge::AtOrBelow, market::NO_FEES) };
    let bars = [[100, 100, 95, 95], [95, 95, 89, 89]].map(|bar| bar.map(|unit| unit * 100_000_000));
    let history = market::history(market::minutes(2), &bars, &bars, Vec::new());
    let funding = FundingBook::of(&history);
    let market = market::market(&history, &funding, &rules, BarPath::OpenLowHighClose);
    let position = Position {
        side: Side::Long,
        quantity: Quantity::from_lots(100_000_000_000),
        entry: Price::from_steps(10_000_000_000),
        margin: market::cash("10000"),
    };
    let free = Slippage { model: SlippageModel::None, base: FillBase::Last };
    let exposure = Exposure { first: 0, bars: 2 };
    let end = simulate(&market, &rules, &free, &position, exposure).liquidation.unwrap();
    assert!((1..=8).contains(&end.steps), "{end:?}");
}

/// What the random lives are worth: parts, hairs, ends and survivors are all among them.
#[test]
fn the_random_lives_are_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    let mut seen = [0_u32; 5];
    for _ in 0..2_000 {
        let (rules, case) = (venue(), case()).new_tree(&mut runner).unwrap().current();
        let Some(position) = case.opened(&rules, notional(&rules, &case)) else { continue };
        let life = case.live(&rules, position);
        let kind = match life.outcome.liquidation {
            None => 0,
            Some(end) if end.steps == 1 && end.is_full() => 1,
            Some(end) if !end.is_full() => 2,
            Some(end) if end.steps < 10 => 3,
            Some(_) => 4,
        };
        seen[kind] += 1;
    }
    println!("alive, at once, in part, in steps, in many: {seen:?}");
    assert!(seen.iter().all(|count| *count >= 10), "{seen:?}");
}
