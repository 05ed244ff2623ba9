//! Random symbols, accounts and paths.

use crate::market;
use crate::market::shapes::{POINT, exact_tiers, tier_rows};
use deleverage::engine::{Law, Position};
use deleverage::exchange::{Kind, Way};
use deleverage::money::{Cash, Price, PriceScale, Quantity, Rate};
use deleverage::scenario::Side;
use deleverage::venue::{Contract, Edge, Lookup, Tiers};
use proptest::prelude::*;
use proptest::sample::select;

/// What happens in a symbol. Moves are in basis points of the mark.
#[derive(Debug, Clone, Copy)]
pub enum Move {
    Slide(i64),
    Jump(i64),
    /// A settlement in hundredths of a basis point.
    Fund(i64),
    /// An account trades: so many per cent of size and of margin are left or added.
    Trade(u32, i64, i64),
    Forget(u32),
    Await(u32, Kind, Way, i64),
    /// Cooldowns end.
    Resume,
}

/// An account: side, entry in basis points of the first mark, size in units, turns of leverage.
pub type Holder = (Side, i64, i64, i64);

#[derive(Debug, Clone)]
pub struct Case {
    pub contract: Contract,
    pub edge: Edge,
    pub tiers: Tiers,
    pub closing_fee: Rate,
    pub scale: PriceScale,
    /// Price steps.
    pub mark: i64,
    pub holders: Vec<Holder>,
    pub moves: Vec<Move>,
}

impl Case {
    pub fn law(&self) -> Law<'_> {
        Law {
            contract: self.contract,
            face: Quantity::from_lots(self.lots(1, self.mark)),
            tiers: &self.tiers,
            closing_fee: self.closing_fee,
            edge: self.edge,
            scale: self.scale,
        }
    }

    pub fn positions(&self) -> Vec<Position> {
        self.holders.iter().map(|holder| self.position(holder)).collect()
    }

    fn position(&self, &(side, entry, units, turns): &Holder) -> Position {
        let entry = (self.mark * entry / 10_000).max(1);
        let quantity = Quantity::from_lots(self.lots(units, entry));
        let entry = Price::from_steps(entry);
        let value = self.law().notional(quantity, entry).atoms();
        Position { side, quantity, entry, margin: Cash::from_atoms(value / turns) }
    }

    /// A size that is worth so many units of the settlement asset.
    fn lots(&self, units: i64, at: i64) -> i64 {
        let (atoms, scale) = (i128::from(units) * 100_000_000, self.scale.steps_per_unit());
        let lots = match self.contract {
            Contract::Linear => atoms * scale / i128::from(at),
            Contract::Inverse => atoms * i128::from(at) / scale,
        };
        lots.max(1) as i64
    }
}

fn moves() -> impl Strategy<Value = Move> {
    let far = || prop_oneof![4 => -150_i64..150, 1 => -1_500_i64..1_500];
    let account = || 0_u32..8;
    let kind = select(vec![Kind::Stop, Kind::TakeProfit, Kind::Alert]);
    let way = select(vec![Way::Falls, Way::Rises]);
    prop_oneof![
        8 => far().prop_map(Move::Slide),
        3 => far().prop_map(Move::Jump),
        2 => prop_oneof![-300_i64..300, -20_000_i64..20_000].prop_map(Move::Fund),
        1 => (account(), 10_i64..200, -10_i64..200).prop_map(|(a, s, m)| Move::Trade(a, s, m)),
        1 => account().prop_map(Move::Forget),
        1 => (account(), kind, way, far()).prop_map(|(a, k, w, f)| Move::Await(a, k, w, f)),
        1 => Just(Move::Resume),
    ]
}

fn holders() -> impl Strategy<Value = Vec<Holder>> {
    let size = prop_oneof![1_i64..50, 50_i64..3_000];
    let one = (select(vec![Side::Long, Side::Short]), 9_000_i64..11_000, size, 1_i64..80);
    // Twins share an edge.
    prop::collection::vec((one, 1_usize..3), 1..6).prop_map(|all| {
        all.into_iter().flat_map(|(holder, twins)| vec![holder; twins]).take(8).collect()
    })
}

fn tiers(lookups: &'static [Lookup]) -> impl Strategy<Value = Tiers> {
    (select(lookups), tier_rows(), 1_i64..200).prop_map(|(lookup, rows, slope)| {
        let mut tiers = market::tiers(&exact_tiers(&rows));
        tiers.lookup = lookup;
        if lookup != Lookup::Marginal {
            tiers.steps.iter_mut().for_each(|tier| tier.deduction = Cash::ZERO);
        }
        if lookup == Lookup::LinearInSize {
            tiers.steps.truncate(1);
            tiers.slope = Rate::from_steps(slope);
        }
        tiers
    })
}

/// Cases whose first mark lies at so many steps of a price grid.
pub fn cases(
    lookups: &'static [Lookup],
    marks: impl Strategy<Value = i64>,
    decimals: u32,
) -> impl Strategy<Value = Case> {
    let contract = select(vec![Contract::Linear, Contract::Inverse]);
    let edge = select(vec![Edge::AtOrBelow, Edge::Below]);
    let venue = (contract, edge, tiers(lookups), prop_oneof![Just(0), 0_i64..20]);
    let life = (holders(), prop::collection::vec(moves(), 1..24));
    (venue, marks, life).prop_map(move |(venue, mark, (holders, moves))| {
        let (contract, edge, tiers, fee) = venue;
        let closing_fee = Rate::from_steps(fee * POINT);
        let scale = PriceScale::holding(decimals).unwrap();
        Case { contract, edge, tiers, closing_fee, scale, mark, holders, moves }
    })
}
