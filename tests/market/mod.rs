//! Small markets made by hand, in the engine's own types.
#![allow(dead_code, clippy::unwrap_used, reason = "every test file takes the part it needs")]

pub mod shapes;

use deleverage::engine::{FundingBook, Law, Market};
use deleverage::history::{Bars, Funding, History, Interval, MarkSource, Segment};
use deleverage::money::{Cash, Leverage, Price, PriceScale, Quantity, Rate};
use deleverage::passage::Passage;
use deleverage::scenario::BarPath;
use deleverage::venue::{
    AdlPrice, AdlRank, AdlStart, CloseOut, Contract, Edge, Fees, FundScope, FundingCap,
    FundingPays, FundingPrice, FundingRules, LastRung, Lookup, LossRules, NegativeBalance,
    OrderPrice, Residual, Tier, Tiers, TriggerFee, TriggerPrice, VenueRules,
};
use jiff::civil::date;
use std::sync::Arc;

/// Open, high, low, close in price steps.
pub type Ohlc = [i64; 4];

pub const MINUTE: i64 = 60_000;

/// A history whose bars open at the given times; the mark is the trade unless given apart.
pub fn history(time: Vec<i64>, trade: &[Ohlc], mark: &[Ohlc], funding: Vec<Funding>) -> History {
    let segments = vec![Segment { first: 0, end: time.len() }];
    History {
        symbol: "TEST".into(),
        interval: Interval::from_millis(MINUTE).unwrap(),
        scale: PriceScale::USUAL,
        time,
        trade: Arc::new(bars(trade)),
        volume: None,
        mark: Arc::new(bars(mark)),
        mark_source: MarkSource::Recorded,
        index: None,
        funding,
        segments,
        missing: 0,
        moved_opens: 0,
    }
}

/// Opens of `count` bars without a gap.
pub fn minutes(count: usize) -> Vec<i64> {
    (0..count as i64).map(|bar| bar * MINUTE).collect()
}

pub fn bars(rows: &[Ohlc]) -> Bars {
    let column = |k: usize| rows.iter().map(|row| Price::from_steps(row[k])).collect();
    Bars { open: column(0), high: column(1), low: column(2), close: column(3) }
}

/// Marginal tiers from (floor, maintenance rate), with the deductions of MRG-006.
pub fn tiers(rows: &[(Cash, Rate)]) -> Tiers {
    let mut steps: Vec<Tier> = Vec::new();
    for &(floor, maintenance) in rows {
        let deduction = steps.last().map_or(Cash::ZERO, |below| {
            let rise = i128::from(maintenance.steps() - below.maintenance.steps());
            let product = i128::from(floor.atoms()) * rise;
            assert_eq!(product % i128::from(Rate::ONE), 0, "a deduction in whole atoms");
            below.deduction + Cash::from_atoms((product / i128::from(Rate::ONE)) as i64)
        });
        steps.push(Tier { floor, initial: Rate::from_steps(Rate::ONE), maintenance, deduction });
    }
    Tiers { lookup: Lookup::Marginal, steps, cap: None, slope: Rate::ZERO }
}

pub fn rules(tiers: Tiers, edge: Edge, fees: Fees) -> VenueRules {
    VenueRules {
        name: "test".into(),
        symbol: "TEST".into(),
        valid_from: date(2020, 1, 1),
        history: "test".into(),
        instrument: "TEST".into(),
        settlement: "USDT".into(),
        contract: Contract::Linear,
        face: Quantity::from_lots(100_000_000),
        tiers,
        open_interest: None,
        trigger_price: TriggerPrice::Mark,
        trigger_fee: TriggerFee::Excluded,
        edge,
        close_out: CloseOut::IocThenTakeover,
        order: OrderPrice::Market,
        residual: Residual::FeeThenReturn,
        fees,
        funding: FundingRules {
            interval: Interval::parse("8h").unwrap(),
            cap: FundingCap::None,
            price: FundingPrice::Mark,
            pays: FundingPays::Margin,
        },
        volatility: None,
        loss: LossRules {
            negative_balance: NegativeBalance::Protected,
            fund: FundScope::Global,
            adl_start: AdlStart::FundEmpty,
            adl_rank: AdlRank::Unranked,
            adl_price: AdlPrice::Bankruptcy,
            last_rung: LastRung::BadDebt,
        },
        sources: Vec::new(),
        overridden: Vec::new(),
    }
}

pub const NO_FEES: Fees = Fees { taker: Rate::ZERO, liquidation: Rate::ZERO };

pub fn law(rules: &VenueRules, scale: PriceScale) -> Law<'_> {
    Law::of(rules, scale)
}

pub fn market<'a>(
    history: &'a History,
    funding: &'a FundingBook,
    rules: &'a VenueRules,
    path: BarPath,
) -> Market<'a> {
    let (law, passage) = (law(rules, history.scale), Passage::Scan(&history.mark));
    Market { history, funding, law, raised: None, path, passage }
}

pub fn cash(text: &str) -> Cash {
    Cash::parse(text).unwrap()
}

pub fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

pub fn price(text: &str) -> Price {
    PriceScale::USUAL.parse(text).unwrap()
}

pub fn leverage(text: &str) -> Leverage {
    Leverage::parse(text).unwrap()
}
