//! Every life ends, soon, and to the atom: random venues at the edges of the closed vocabulary,
//! and every shipped venue, on random minutes.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod edges;
mod ledger;
#[path = "../market/mod.rs"]
mod market;
mod shipped;

use deleverage::engine::{
    Conditions, Event, Exposure, Law, Market, Outcome, Position, Scene, simulate_with,
};
use deleverage::history::History;
use deleverage::money::{Cash, Leverage, Price, Quantity, Rate};
use deleverage::passage::Passage;
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Contract, FundingPays, VenueRules};
use market::shapes::{Shape, draw, funding, shape};
use proptest::prelude::*;
use proptest::sample::select;
use std::time::{Duration, Instant};

/// One position in a market, under rules that are chosen apart.
#[derive(Debug, Clone)]
pub struct Case {
    start_cents: i64,
    shapes: Vec<Shape>,
    funding: Vec<(i64, i64)>,
    side: Side,
    leverage: u32,
    /// Margin in per cent of an isolated one: above 100 a wallet.
    backing: i64,
    path: BarPath,
    slippage: Slippage,
}

/// What became of it.
pub struct Life {
    pub contract: Contract,
    pub pays: FundingPays,
    pub position: Position,
    pub outcome: Outcome,
    pub events: Vec<Event>,
    pub bars: usize,
}

impl Case {
    fn history(&self) -> History {
        draw(self.start_cents, &self.shapes).history(&self.funding)
    }

    /// Without funding, in a market that stands where this one begins.
    pub fn still(&self) -> Self {
        let shapes = vec![Shape::STILL; self.shapes.len()];
        Self { shapes, funding: Vec::new(), ..self.clone() }
    }

    /// `None`: the product refuses it.
    pub fn opened(&self, rules: &VenueRules, notional: Cash) -> Option<Position> {
        let history = self.history();
        let law = Law::of(rules, history.scale);
        let leverage = Leverage::parse(&format!("{}", self.leverage)).unwrap();
        let position = law.open(self.side, notional, history.trade.open[0], leverage)?;
        let margin = i128::from(position.margin.atoms()) * i128::from(self.backing) / 100;
        let position = Position { margin: Cash::from_atoms(margin as i64), ..position };
        let lowest = history.trade.low.iter().chain(&history.mark.low).min()?;
        let highest = history.trade.high.iter().chain(&history.mark.high).max()?;
        let low = Price::from_steps((lowest.steps() / 20).max(1));
        let high = Price::from_steps(highest.steps() * 2);
        law.holds(&position, low, high).then_some(position)
    }

    pub fn live(&self, rules: &VenueRules, position: Position) -> Life {
        let history = self.history();
        let conditions = Conditions::under(rules, &history);
        let market = Market {
            history: &history,
            funding: &conditions.funding,
            law: Law::of(rules, history.scale),
            raised: conditions.raised.as_ref(),
            path: self.path,
            passage: Passage::Scan(&history.mark),
        };
        let scene = Scene { market: &market, rules, slippage: &self.slippage };
        let (bars, mut events) = (history.len(), Vec::new());
        let exposure = Exposure { first: 0, bars };
        let started = Instant::now();
        let outcome = simulate_with(scene, &position, exposure, &mut events);
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        let (contract, pays) = (rules.contract, rules.funding.pays);
        Life { contract, pays, position, outcome, events, bars }
    }
}

fn slippage() -> impl Strategy<Value = Slippage> {
    let curve = (
        select(vec!["0.00000001", "5", "5000", "250000", "185000000"]),
        select(vec!["0.01", "0.4", "0.75", "1"]),
        select(vec!["0.01%", "0.5%", "10%", "100%"]),
    );
    let depth = curve.prop_map(|(depth, beta, reach)| {
        SlippageModel::Depth(DepthCurve {
            depth: market::cash(depth),
            beta: market::rate(beta),
            multiplier: Rate::from_steps(Rate::ONE),
            reach: market::rate(reach),
        })
    });
    let fixed = select(vec!["0.000000000001", "0.1%", "0.5%", "5%", "95%"]);
    let model = prop_oneof![
        1 => Just(SlippageModel::None),
        1 => fixed.prop_map(|rate| SlippageModel::Fixed(market::rate(rate))),
        3 => depth,
    ];
    let base = select(vec![FillBase::Last, FillBase::Mark]);
    (model, base).prop_map(|(model, base)| Slippage { model, base })
}

prop_compose! {
    pub fn case()(
        start_cents in prop_oneof![1_000_i64..100_000, 100_000_i64..10_000_000],
        shapes in prop::collection::vec(shape(), 1..30),
        funding in funding(),
        side in select(vec![Side::Long, Side::Short]),
        leverage in select(vec![1_u32, 3, 10, 20, 50, 100]),
        backing in prop_oneof![4 => Just(100), 1 => 20_i64..100, 1 => 100_i64..400],
        path in select(vec![BarPath::OpenLowHighClose, BarPath::OpenHighLowClose]),
        slippage in slippage(),
    ) -> Case {
        Case { start_cents, shapes, funding, side, leverage, backing, path, slippage }
    }
}

/// LIQ-013: no more steps than this, whatever the venue.
pub fn most_steps(bars: usize) -> u32 {
    4_096 + 4 * bars as u32
}

/// What holds of every life under every venue.
pub fn check(life: &Life) {
    let Life { position, outcome, bars, .. } = life;
    let Some(end) = outcome.liquidation else { return };
    assert!((1..=most_steps(*bars)).contains(&end.steps), "{end:?}");
    assert!(end.closed > Quantity::ZERO && end.closed <= position.quantity, "{end:?}");
    assert_eq!(end.closed == position.quantity, end.last_bar.is_some(), "{end:?}");
    assert!((1..=*bars).contains(&end.first_bar), "{end:?}");
    assert!(end.last_bar.is_none_or(|last| (end.first_bar..=*bars).contains(&last)), "{end:?}");
    let sums = end.settlement;
    for amount in [sums.fee, sums.kept, sums.returned, sums.deficit, sums.slippage] {
        assert!(amount >= Cash::ZERO, "{end:?}");
    }
    let kept_or_owed = sums.returned + sums.kept == Cash::ZERO || sums.deficit == Cash::ZERO;
    assert!(kept_or_owed, "{end:?}");
    assert!(sums.fill.steps() > 0, "{end:?}");
    ledger::balances(life);
}
