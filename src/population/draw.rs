//! The draw of a population: `(ground, world) → Population`. Rules `POP-001` to `POP-007`.
//!
//! Every purpose has a stream of its own, and every account its own place in it, so that a change
//! of one choice leaves the draws of the others alone.

use super::book::{Holding, Mode, Population, Trader, TraderKind};
use super::entries::Ticket;
use super::ground::{Ground, Instrument};
use super::makers::{self, Stand};
use super::plans::Plans;
use super::ranked::Ranked;
use super::sizes::{SizeLaw, cap};
use super::{leverage, normal};
use crate::money::{Leverage, Quantity};
use crate::scenario::Side;
use crate::scenario::draws::{Stream, below};
use std::ops::Range;

/// Memory that draws use again.
#[derive(Debug, Default)]
pub struct Scratch {
    /// All positions of users, in the order of their accounts.
    stakes: Vec<Stake>,
    /// Numbers of the stakes of one symbol and side, in its order.
    members: Vec<u32>,
    weights: Vec<f64>,
    /// Of one symbol and side: scores, with their stakes.
    scores: Vec<Ranked>,
    /// What was drawn before and is not needed any more.
    spent: Population,
}

/// One position of a user before it is opened.
#[derive(Debug, Clone, Copy)]
struct Stake {
    account: u32,
    symbol: u16,
    side: Side,
    is_first: bool,
    mode: Mode,
    /// Uniform draws of the size, and of what the size does not say about the leverage.
    size: f64,
    appetite: f64,
    lots: i64,
    leverage: Leverage,
}

/// What draws are for; the high half of a stream's number, the world is the low one.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Size = 1,
    SecondSize,
    Leverage,
    SecondLeverage,
    Entry,
    SecondEntry,
    Mode,
    SecondPlace,
    Stop,
    TakeProfit,
    Reaction,
}

/// Draws the population of one world.
pub fn draw(ground: &Ground, world: u32, scratch: &mut Scratch) -> Population {
    scratch.seat(ground, world);
    for instrument in &ground.instruments {
        for side in [Side::Long, Side::Short] {
            scratch.gather(instrument.symbol, side);
            scratch.size(ground, instrument, side);
            scratch.lever(ground);
        }
    }
    let mut population = std::mem::take(&mut scratch.spent);
    population.traders.clear();
    population.holdings.clear();
    population.traders.reserve((ground.choice.accounts + ground.choice.makers) as usize);
    population.holdings.reserve(scratch.stakes.len() + ground.made());
    scratch.open(ground, world, &mut population);
    let choice = ground.choice;
    let stands: Vec<Stand> =
        ground.instruments.iter().map(|instrument| instrument.stand(choice.makers_side)).collect();
    makers::add(&mut population, &stands, choice.makers, choice.makers_leverage);
    population
}

impl Ground<'_> {
    fn stream(&self, purpose: Purpose, world: u32) -> Stream {
        Stream::new(self.seed, (purpose as u64) << 32 | u64::from(world))
    }

    /// Positions of market makers.
    fn made(&self) -> usize {
        self.choice.makers as usize * self.instruments.len()
    }
}

/// The streams of first or of second positions.
struct Sizes {
    sizes: Stream,
    appetites: Stream,
}

impl Sizes {
    fn of(ground: &Ground, world: u32, [sizes, appetites]: [Purpose; 2]) -> Self {
        let stream = |purpose| ground.stream(purpose, world);
        Self { sizes: stream(sizes), appetites: stream(appetites) }
    }

    /// The next account's, with nothing else said yet.
    fn next(&mut self) -> Stake {
        Stake {
            account: 0,
            symbol: 0,
            side: Side::Long,
            is_first: true,
            mode: Mode::Isolated,
            size: self.sizes.unit(),
            appetite: self.appetites.unit(),
            lots: 0,
            leverage: Leverage::clamped(Leverage::ONE),
        }
    }
}

/// Another symbol, each as likely, and a side, long as often as users are.
fn elsewhere(ground: &Ground, symbol: u16, places: &mut Stream) -> (u16, Side) {
    let symbols = ground.instruments.len();
    let step = 1 + below(places.bits(), symbols as u64 - 1) as usize;
    let is_long = places.unit() < ground.choice.longs.to_f64();
    let side = if is_long { Side::Long } else { Side::Short };
    (((usize::from(symbol) + step) % symbols) as u16, side)
}

impl Scratch {
    /// Takes the memory of a population that is not needed any more for the next one.
    pub fn reuse(&mut self, spent: Population) {
        self.spent = spent;
    }

    /// Says of every user where, on which side, in which mode it stands, and draws its sizes.
    fn seat(&mut self, ground: &Ground, world: u32) {
        let symbols = ground.instruments.len();
        let mut firsts = Sizes::of(ground, world, [Purpose::Size, Purpose::Leverage]);
        let mut seconds = Sizes::of(ground, world, [Purpose::SecondSize, Purpose::SecondLeverage]);
        let mut modes = ground.stream(Purpose::Mode, world);
        let mut places = ground.stream(Purpose::SecondPlace, world);
        let cross = ground.choice.cross.to_f64();
        self.stakes.clear();
        for account in 0..ground.choice.accounts {
            let instrument = &ground.instruments[account as usize % symbols];
            let side = instrument.side_of(account / symbols as u32);
            let mode = if modes.unit() < cross { Mode::Cross } else { Mode::Isolated };
            let first = Stake { account, symbol: instrument.symbol, side, mode, ..firsts.next() };
            self.stakes.push(first);
            if symbols > 1 {
                let (symbol, side) = elsewhere(ground, first.symbol, &mut places);
                let other = Stake { account, symbol, side, mode, ..seconds.next() };
                let second = Stake { is_first: false, ..other };
                self.stakes.extend((mode == Mode::Cross).then_some(second));
            }
        }
    }

    fn gather(&mut self, symbol: u16, side: Side) {
        self.members.clear();
        let here = |stake: &Stake| stake.symbol == symbol && stake.side == side;
        let members = self.stakes.iter().zip(0..).filter(|(stake, _)| here(stake));
        self.members.extend(members.map(|(_, number)| number));
    }

    /// Shares the users' lots of one side out: one to everybody, the rest by size, what rounding
    /// leaves to the largest.
    fn size(&mut self, ground: &Ground, instrument: &Instrument, side: Side) {
        let choice = ground.choice;
        let (count, largest) = (self.members.len(), choice.largest.to_f64());
        let law = SizeLaw::uncut(choice.sigma.to_f64(), choice.alpha.to_f64());
        let law = law.cut_for(count, largest);
        self.weights.clear();
        let stakes = &self.stakes;
        let sizes = self.members.iter().map(|stake| law.size(stakes[*stake as usize].size));
        self.weights.extend(sizes);
        cap(&mut self.weights, largest);
        let whole: f64 = self.weights.iter().sum();
        let lots = instrument.users_lots(choice, side);
        let rest = (lots - count as i64) as f64;
        let (mut left, mut top) = (lots, (0.0, 0));
        for (stake, weight) in self.members.iter().zip(&self.weights) {
            let lots = 1 + (rest * (weight / whole)) as i64;
            self.stakes[*stake as usize].lots = lots;
            left -= lots;
            if *weight > top.0 {
                top = (*weight, *stake);
            }
        }
        self.stakes[top.1 as usize].lots += left;
    }

    /// Orders one side by a score that correlates with the size, and goes through the table.
    fn lever(&mut self, ground: &Ground) {
        let rho = leverage::of_scores(ground.choice.correlation);
        let own = libm::sqrt((1.0 - rho * rho).max(0.0));
        let score = |stake: &Stake| {
            rho * normal::quantile(stake.size) + own * normal::quantile(stake.appetite)
        };
        self.scores.clear();
        let members = self.members.iter();
        self.scores.extend(
            members.map(|member| Ranked::new(score(&self.stakes[*member as usize]), *member)),
        );
        self.scores.sort_unstable();
        let lots = |stakes: &[Stake], member: usize| stakes[member].lots;
        let members = self.members.iter();
        let whole: i64 = members.map(|member| lots(&self.stakes, *member as usize)).sum();
        let mut before = 0;
        for score in &self.scores {
            let member = score.number();
            let own = lots(&self.stakes, member);
            let middle = (before as f64 + own as f64 / 2.0) / whole as f64;
            self.stakes[member].leverage = leverage::quantile(&ground.choice.leverage, middle);
            before += own;
        }
    }

    /// Opens all positions of users.
    fn open(&self, ground: &Ground, world: u32, population: &mut Population) {
        let stream = |purpose| ground.stream(purpose, world);
        let mut firsts = stream(Purpose::Entry);
        let mut plans = Plans {
            choice: ground.choice,
            stops: stream(Purpose::Stop),
            take_profits: stream(Purpose::TakeProfit),
            reactions: stream(Purpose::Reaction),
        };
        for stake in &self.stakes {
            let instrument = &ground.instruments[usize::from(stake.symbol)];
            let draw = match stake.is_first {
                true => firsts.bits(),
                false => stream(Purpose::SecondEntry).at(stake.account.into()).bits(),
            };
            let Stake { side, lots, leverage, mode, symbol, .. } = *stake;
            let quantity = Quantity::from_lots(lots);
            let position = instrument.enter(&Ticket { side, quantity, leverage }, draw);
            let holding = Holding { symbol, side, quantity, entry: position.entry };
            match population.traders.last_mut().filter(|_| !stake.is_first) {
                Some(trader) => {
                    trader.margin = trader.margin + position.margin;
                    trader.holdings.end += 1;
                }
                None => population.traders.push(Trader {
                    kind: TraderKind::User,
                    mode,
                    margin: position.margin,
                    plan: plans.next(&holding, instrument.start),
                    holdings: one_more(population.holdings.len()),
                }),
            }
            population.holdings.push(holding);
        }
    }
}

fn one_more(holdings: usize) -> Range<u32> {
    holdings as u32..holdings as u32 + 1
}

impl Instrument<'_> {
    /// Longs are spread evenly over the numbers of the users.
    fn side_of(&self, number: u32) -> Side {
        let longs = |users: u32| u64::from(users) * u64::from(self.longs) / u64::from(self.users);
        match longs(number + 1) > longs(number) {
            true => Side::Long,
            false => Side::Short,
        }
    }

    /// The market makers' part.
    fn stand(&self, side: Side) -> Stand<'_> {
        let Self { law, symbol, made: lots, start: entry, .. } = *self;
        Stand { law, symbol, side, lots, entry }
    }
}
