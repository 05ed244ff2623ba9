//! One random position, in a random market, under the rules of a venue.

use super::draw::Draw;
use super::prices::{Climate, POINT, history};
use super::reference::{Ask, Ending, Exact, GRID, World, account, price, sized};
use super::vocabulary::Around;
use super::{engine, market, vocabulary};
use deleverage::history::History;
use deleverage::money::{Cash, Leverage, Price, Quantity, Rate};
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::venue::{Contract, Lookup, VenueRules};

/// Whether a position stands alone or shares its wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Isolated,
    Cross,
}

/// Another position of the account.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    pub side: Side,
    pub size: Quantity,
    pub entry: Price,
    pub mark: Price,
}

/// What shares the balance with the position.
#[derive(Debug, Clone)]
pub struct Shared {
    pub wallet: Cash,
    /// In other symbols, under the same rules.
    pub others: Vec<Other>,
    /// A smaller leg of the other side in the same symbol.
    pub hedge: Option<Other>,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub history: History,
    pub rules: VenueRules,
    pub slippage: Slippage,
    pub path: BarPath,
    pub side: Side,
    /// Of the settlement asset, or quote units of an inverse contract.
    pub notional: Cash,
    pub leverage: Leverage,
    /// `None`: isolated.
    pub shared: Option<Shared>,
    pub first: usize,
    pub bars: usize,
}

/// Where the rules of a case come from.
pub enum Venue<'a> {
    Shipped(&'a [VenueRules]),
    Random(Contract),
}

impl Case {
    pub fn draw(draw: &mut Draw, venue: &Venue, side: Side, mode: Mode) -> Self {
        let climate = Climate::draw(draw);
        let history = history(draw, &climate);
        let first = draw.between(0, history.len() as i64 * 2 / 3) as usize;
        let entry = history.trade.open[first];
        let (rules, notional) = match venue {
            Venue::Shipped(files) => {
                let rules = files[draw.between(0, files.len() as i64) as usize].clone();
                let notional = near_a_floor(draw, &rules, entry);
                (rules, notional)
            }
            Venue::Random(contract) => {
                let notional = Cash::from_atoms(draw.magnitude(1_000, 3_000_000_000_000) * 10_000);
                let around = around(*contract, notional, entry);
                (vocabulary::rules(draw, *contract, around), notional)
            }
        };
        let leverage = leverage(draw, climate.wild);
        let path = draw.pick(&[BarPath::OpenLowHighClose, BarPath::OpenHighLowClose]);
        let slippage = slippage(draw, notional);
        let bars = history.len() - first;
        let shared = None;
        let mut case =
            Self { history, rules, slippage, path, side, notional, leverage, shared, first, bars };
        while !engine::holds(&case) {
            case.notional = Cash::from_atoms(case.notional.atoms() / 10);
        }
        if mode == Mode::Cross {
            case.shared = Some(case.company(draw));
        }
        case
    }

    pub fn entry(&self) -> Price {
        self.history.trade.open[self.first]
    }

    /// A wallet around what an isolated position would need, and other positions.
    fn company(&self, draw: &mut Draw) -> Shared {
        let (size, margin) = self.sized();
        let per_cent = draw.between(30, 300);
        let other = |draw: &mut Draw, largest: i64| {
            let entry = self.entry().steps();
            let away = |draw: &mut Draw| entry + entry / 10_000 * draw.between(-900, 900);
            Other {
                side: draw.pick(&[Side::Long, Side::Short]),
                size: Quantity::from_lots((size / 100 * draw.between(1, largest)).max(1)),
                entry: Price::from_steps(away(draw)),
                mark: Price::from_steps(away(draw)),
            }
        };
        let others = (0..draw.between(0, 3)).map(|_| other(draw, 100)).collect();
        let hedge = draw.one_in(3).then(|| Other { side: opposite(self.side), ..other(draw, 99) });
        Shared { wallet: Cash::from_atoms(margin / 100 * per_cent), others, hedge }
    }

    /// Size and isolated margin, in steps.
    fn sized(&self) -> (i64, i64) {
        let leverage = Exact::new(self.leverage.hundredths().into(), 2);
        let notional = Exact::new(self.notional.atoms().into(), GRID);
        let (size, margin) = sized(&self.rules, notional, leverage, price(self.entry()));
        (size.steps(GRID), margin.steps(GRID))
    }

    /// Size that pays maintenance, and margin, as the reference has them.
    pub fn asked(&self) -> Ask {
        let (size, margin) = self.sized();
        let exact = |steps: i64| Exact::new(steps.into(), GRID);
        let mut ask = Ask {
            side: self.side,
            size: exact(size),
            entry: price(self.entry()),
            margin: exact(margin),
            first: self.first,
            bars: self.bars,
        };
        let Some(shared) = &self.shared else { return ask };
        let leg = |other: &Other| account::Leg {
            rules: &self.rules,
            side: other.side,
            size: exact(other.size.lots()),
            entry: price(other.entry),
            mark: price(other.mark),
        };
        let others: Vec<account::Leg> = shared.others.iter().map(leg).collect();
        let mut locked = Vec::new();
        if let Some(hedge) = &shared.hedge {
            let (side, size, entry) = (self.side, ask.size, ask.entry);
            let own = account::Leg { rules: &self.rules, side, size, entry, mark: entry };
            let (profit, rest) = account::net(own, leg(hedge));
            locked.push(profit);
            ask.size = rest.unwrap().size;
        }
        ask.margin = account::margin(exact(shared.wallet.atoms()), &locked, &others);
        ask
    }

    pub fn expected(&self) -> Ending {
        let world = World {
            history: &self.history,
            rules: &self.rules,
            slippage: &self.slippage,
            path: self.path,
        };
        world.run(&self.asked())
    }
}

pub fn opposite(side: Side) -> Side {
    if side == Side::Long { Side::Short } else { Side::Long }
}

/// Value in the settlement asset and size of a notional.
fn around(contract: Contract, notional: Cash, entry: Price) -> Around {
    let over = i128::from(notional.atoms()) * 100_000_000 / i128::from(entry.steps());
    match contract {
        Contract::Linear => Around { value: notional.atoms(), size: over as i64 },
        Contract::Inverse => Around { value: over as i64, size: notional.atoms() },
    }
}

/// A notional around one of the floors of a venue, or of any magnitude.
fn near_a_floor(draw: &mut Draw, rules: &VenueRules, entry: Price) -> Cash {
    let steps = &rules.tiers.steps;
    let floor = steps[draw.between(0, steps.len() as i64) as usize].floor.atoms();
    let share = i128::from(draw.between(20, 160));
    let (one, price) = (100_000_000_i128, i128::from(entry.steps()));
    let value = match (rules.tiers.lookup, rules.contract) {
        _ if floor == 0 || draw.one_in(3) => {
            i128::from(draw.magnitude(100_000, 100_000_000_000)) * one / 1_000
        }
        (Lookup::WholeByContracts, Contract::Linear) => {
            i128::from(floor) * i128::from(rules.face.lots()) / one * price / one
        }
        (Lookup::WholeByContracts, Contract::Inverse) => {
            i128::from(floor) * i128::from(rules.face.lots()) / one
        }
        (_, Contract::Linear) => i128::from(floor),
        (_, Contract::Inverse) => i128::from(floor) * price / one,
    };
    let atoms = (value * share / 100).clamp(100 * one, 900_000_000 * one);
    Cash::from_atoms(atoms as i64)
}

/// Such that the moves of the history matter.
fn leverage(draw: &mut Draw, wild: i64) -> Leverage {
    let about = (1_000_000 / (wild * 4)).clamp(200, 12_500);
    let hundredths = draw.magnitude(about / 4, about * 4).clamp(100, 12_500);
    Leverage::parse(&format!("{}.{:02}", hundredths / 100, hundredths % 100)).unwrap()
}

fn slippage(draw: &mut Draw, notional: Cash) -> Slippage {
    let base = draw.pick(&[FillBase::Last, FillBase::Mark]);
    let model = match draw.between(0, 4) {
        0 => SlippageModel::None,
        1 => SlippageModel::Fixed(Rate::from_steps(draw.between(0, 400) * POINT)),
        _ => SlippageModel::Depth(DepthCurve {
            depth: Cash::from_atoms(notional.atoms() / 1_000 * draw.magnitude(10, 30_000)),
            beta: market::rate(draw.pick(&["0.4", "0.75", "1"])),
            multiplier: market::rate(draw.pick(&["1", "0.25", "0.05", "0.01"])),
            reach: market::rate(draw.pick(&["0.5%", "10%", "60%"])),
        }),
    };
    Slippage { model, base }
}
