//! Random venues over the whole closed vocabulary.

use super::draw::Draw;
use super::market;
use super::prices::POINT;
use deleverage::history::Interval;
use deleverage::money::{Cash, Quantity, Rate};
use deleverage::venue::{
    CloseOut, Contract, Edge, Fees, FundingCap, FundingPays, FundingPrice, FundingRules, Lookup,
    OrderPrice, Residual, Tier, Tiers, TriggerFee, VenueRules, Volatility, VolatilityScope,
};

const LOOKUPS: [Lookup; 5] = [
    Lookup::Marginal,
    Lookup::WholeByNotional,
    Lookup::WholeByContracts,
    Lookup::RiskSteps,
    Lookup::LinearInSize,
];

fn points(draw: &mut Draw, low: i64, high: i64) -> Rate {
    Rate::from_steps(draw.between(low, high) * POINT)
}

/// What a position is worth about, in the settlement asset, and its size.
#[derive(Clone, Copy)]
pub struct Around {
    pub value: i64,
    pub size: i64,
}

/// Rules whose floors, caps and limits lie about the size of a position.
pub fn rules(draw: &mut Draw, contract: Contract, around: Around) -> VenueRules {
    let face = Quantity::from_lots(draw.pick(&[100_000_000, 1_000_000, 10_000_000_000]));
    let tiers = tiers(draw, around, face);
    let edge = draw.pick(&[Edge::AtOrBelow, Edge::Below]);
    let fees = Fees { taker: points(draw, 0, 10), liquidation: points(draw, 0, 150) };
    VenueRules {
        contract,
        face,
        trigger_fee: draw.pick(&[TriggerFee::Excluded, TriggerFee::Included]),
        close_out: close_out(draw, around),
        order: order(draw),
        residual: residual(draw),
        funding: funding(draw),
        volatility: volatility(draw),
        ..market::rules(tiers, edge, fees)
    }
}

fn tiers(draw: &mut Draw, around: Around, face: Quantity) -> Tiers {
    let lookup = draw.pick(&LOOKUPS);
    let linear = lookup == Lookup::LinearInSize;
    let count = if linear { 1 } else { draw.between(1, 7) };
    // Atoms of cash, or of contracts: size over face.
    let middle = match lookup {
        Lookup::WholeByContracts => i128::from(around.size) * 100_000_000 / i128::from(face.lots()),
        _ => i128::from(around.value),
    };
    // Six tiers of up to 0.6 of it each stay within 64 bits.
    let middle = middle.min(i128::from(i64::MAX / 8)) as i64;
    let mut rows = vec![(Cash::ZERO, points(draw, 10, 120))];
    for at in 1..count {
        let (floor, rate) = rows[at as usize - 1];
        let wide = (middle / 100).max(1) * draw.between(5, 60);
        let floor = (floor.atoms() + wide + 9_999) / 10_000 * 10_000;
        let rise = draw.between(1, 250) * POINT;
        rows.push((Cash::from_atoms(floor), Rate::from_steps(rate.steps() + rise)));
    }
    let slope = match linear {
        true => Rate::from_steps(draw.between(0, 200) * POINT / (around.size / 100_000_000).max(1)),
        false => Rate::ZERO,
    };
    let marginal = market::tiers(&rows);
    let step = |tier: &Tier| Tier {
        initial: Rate::from_steps((tier.maintenance.steps() * 2).min(Rate::ONE)),
        deduction: if lookup == Lookup::Marginal { tier.deduction } else { Cash::ZERO },
        ..*tier
    };
    Tiers { lookup, steps: marginal.steps.iter().map(step).collect(), cap: None, slope }
}

fn close_out(draw: &mut Draw, around: Around) -> CloseOut {
    let length = draw.pick(&["1s", "15s", "30s", "1m", "5m", "3h"]);
    let cooldown = Interval::parse(length).unwrap();
    let part = |draw: &mut Draw, low, high| {
        Cash::from_atoms((around.value / 100).max(1) * draw.between(low, high))
    };
    match draw.between(0, 8) {
        0 => CloseOut::Full,
        1 => CloseOut::IocThenTakeover,
        2 => CloseOut::LowerTier,
        3 => CloseOut::TwoTiers { cooldown },
        4 => CloseOut::ToFirstTier { cooldown },
        5 => {
            let share = points(draw, 500, 9_000);
            CloseOut::Fraction { share, above: part(draw, 0, 130), cooldown }
        }
        6 => {
            let (buffer, least) = (points(draw, 10, 200), points(draw, 100, 4_000));
            CloseOut::Restore { buffer, least, cooldown }
        }
        _ => {
            let share = points(draw, 500, 5_000);
            let (least, most) = (part(draw, 1, 40), part(draw, 40, 120));
            CloseOut::BlockCap { share, least, most, cooldown }
        }
    }
}

fn order(draw: &mut Draw) -> OrderPrice {
    match draw.between(0, 4) {
        0 => OrderPrice::Market,
        1 => OrderPrice::BankruptcyLimit,
        2 => OrderPrice::Transfer,
        _ => {
            let (adjustment, spread) = (points(draw, 1_000, 30_000), points(draw, 1_000, 20_000));
            OrderPrice::FillableLimit { adjustment, spread }
        }
    }
}

fn residual(draw: &mut Draw) -> Residual {
    match draw.between(0, 4) {
        0 => Residual::FundKeeps,
        1 => Residual::FeeThenReturn,
        2 => Residual::Returned,
        _ => Residual::Backstop {
            below: Rate::from_steps(draw.pick(&[0, 4_000, 6_667, 9_000]) * POINT),
        },
    }
}

fn funding(draw: &mut Draw) -> FundingRules {
    FundingRules {
        interval: Interval::parse("8h").unwrap(),
        cap: match draw.between(0, 4) {
            0 => FundingCap::None,
            1 => FundingCap::Rate(points(draw, 1, 100)),
            2 => FundingCap::OfMaintenance(points(draw, 1_000, 20_000)),
            _ => FundingCap::OfSpread(points(draw, 10, 20_000)),
        },
        price: draw.pick(&[FundingPrice::Mark, FundingPrice::Oracle]),
        pays: draw.pick(&[FundingPays::Margin, FundingPays::Margin, FundingPays::Wallet]),
    }
}

fn volatility(draw: &mut Draw) -> Option<Volatility> {
    if !draw.one_in(4) {
        return None;
    }
    Some(Volatility {
        slope: points(draw, 5_000, 40_000),
        window: Interval::parse(draw.pick(&["30s", "3m", "10m", "2h"])).unwrap(),
        reference: points(draw, 5, 500),
        at_most: points(draw, 10_000, 60_000),
        lag: Interval::parse(draw.pick(&["1s", "1m", "5m"])).unwrap(),
        applies: draw.pick(&[VolatilityScope::NewPositions, VolatilityScope::AllPositions]),
    })
}
