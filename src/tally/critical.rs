//! How the critical leverage is distributed over entries, and which leverage was safe.
//!
//! Entries come in the order of time. Of a calendar block nothing is kept once its neighbour is
//! full but sums over pairs of blocks, so that the memory is that of the grid of leverages, however
//! many blocks and positions there are.

use super::interval::{Estimate, Sums};
use crate::money::Leverage;
use crate::scenario::{LeverageGrid, Plan, Side, Study};

/// The distributions of a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criticals {
    grid: LeverageGrid,
    /// In the order side × horizon.
    all: Vec<Distribution>,
}

/// Of one side and horizon, over all entries and notionals, the smallest leverage that is
/// liquidated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    pub side: Side,
    /// As written in the scenario.
    pub horizon: String,
    /// In bars.
    pub bars: usize,
    /// UTC milliseconds of the first entry, and the length of a block.
    start: i64,
    length: i64,
    blocks: u64,
    n: u64,
    inhabited: u64,
    n_squared: i128,
    /// What changes at a level of the grid: the sums at a level are those up to it.
    steps: Vec<Step>,
    before: Full,
    open: Open,
}

/// What a level adds to the sums at the levels below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Step {
    hits: u64,
    hits_by_n: i128,
    hits_squared: i128,
}

/// A block that is counted: its hits by rising level.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Full {
    number: u64,
    n: u64,
    hits: Vec<(u32, u64)>,
}

/// A block that is being counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Open {
    number: u64,
    n: u64,
    hits: Vec<u64>,
    /// Levels with hits.
    touched: Vec<u32>,
}

/// The largest leverage at which no more than a share of entries was liquidated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Safe {
    /// The share, `alpha`.
    pub at_most: f64,
    /// `None`: more of them were at the lowest leverage already.
    pub leverage: Option<Leverage>,
    /// Ends of the 95 % interval; `None`: no leverage is so low.
    pub low: Option<Leverage>,
    pub high: Option<Leverage>,
    /// At the leverage itself; `None` where there is none.
    pub share: Option<Estimate>,
}

impl Criticals {
    pub fn new(study: &Study, plan: &Plan, grid: LeverageGrid) -> Self {
        let start = plan.entries.first().map_or(0, |entry| entry.time);
        let last = plan.entries.last().map_or(0, |entry| entry.time);
        let levels = grid.levels().len();
        let horizons = || study.horizons.iter().zip(&plan.horizons);
        let sides = study.sides.iter();
        let all = sides.flat_map(|side| horizons().map(move |horizon| (*side, horizon)));
        let all = all.map(|(side, (horizon, bars))| {
            let length = horizon.length.millis();
            Distribution {
                side,
                horizon: horizon.label.clone(),
                bars: *bars,
                start,
                length,
                blocks: ((last - start) / length + 1) as u64,
                n: 0,
                inhabited: 0,
                n_squared: 0,
                steps: vec![Step::default(); levels],
                before: Full::default(),
                open: Open { hits: vec![0; levels], ..Open::default() },
            }
        });
        Self { all: all.collect(), grid }
    }

    pub fn grid(&self) -> &LeverageGrid {
        &self.grid
    }

    /// In the order side × horizon.
    pub fn all(&self) -> &[Distribution] {
        &self.all
    }

    pub fn all_mut(&mut self) -> &mut [Distribution] {
        &mut self.all
    }

    /// The share that is liquidated at each level; empty where nothing was opened.
    pub fn shares(&self, of: &Distribution) -> Vec<(Leverage, Estimate)> {
        let levels = self.grid.levels().iter().copied();
        levels.zip(of.sums()).filter_map(|(level, sums)| Some((level, sums.estimate()?))).collect()
    }

    /// For each of some shares the leverage up to which no more than it was liquidated, and the
    /// leverages up to which the upper and the lower end of its interval do not exceed it. Empty
    /// where nothing was opened. Rules `CRT-006` and `CRT-007`.
    pub fn safe(&self, of: &Distribution, shares: &[f64]) -> Vec<Safe> {
        let levels = self.shares(of);
        let at_most = shares.iter().filter(|_| !levels.is_empty());
        at_most.map(|at_most| Safe::among(&levels, *at_most)).collect()
    }
}

impl Safe {
    /// Of the shares of rising leverages.
    fn among(levels: &[(Leverage, Estimate)], at_most: f64) -> Self {
        let up_to = |end: fn(&Estimate) -> f64| {
            let within = |(_, share): &&(Leverage, Estimate)| end(share) <= at_most;
            levels.iter().take_while(within).last()
        };
        let safe = up_to(|share| share.share);
        let high = levels.iter().rev().find(|(_, share)| share.low <= at_most);
        Self {
            at_most,
            leverage: safe.map(|(level, _)| *level),
            low: up_to(|share| share.high).map(|(level, _)| *level),
            high: high.map(|(level, _)| *level),
            share: safe.map(|(_, share)| *share),
        }
    }
}

impl Distribution {
    /// Counts the positions of one entry, which comes after all others: of each the number of the
    /// first level of the grid that is liquidated, or how many levels there are.
    pub fn add(&mut self, entered: i64, levels: &[u32]) {
        let number = ((entered - self.start) / self.length) as u64;
        if number != self.open.number {
            self.close();
            self.open.number = number;
        }
        self.open.n += levels.len() as u64;
        for level in levels {
            if let Some(hits) = self.open.hits.get_mut(*level as usize) {
                if *hits == 0 {
                    self.open.touched.push(*level);
                }
                *hits += 1;
            }
        }
    }

    /// Counts the last block; nothing is added after it.
    pub fn finish(&mut self) {
        self.close();
        // A pair of the last inhabited block and an empty one.
        if self.before.number + 1 < self.blocks {
            let empty = Full { number: self.before.number + 1, ..Full::default() };
            self.pair(&empty);
        }
    }

    /// Moves on to another block: what lies between them is empty.
    fn close(&mut self) {
        let full = self.open.drain();
        self.n += full.n;
        self.inhabited += u64::from(full.n > 0);
        full.hits.iter().for_each(|(level, hits)| self.steps[*level as usize].hits += hits);
        if full.number > self.before.number + 1 {
            self.pair(&Full { number: self.before.number + 1, ..Full::default() });
            self.before = Full { number: full.number - 1, ..Full::default() };
        }
        if full.number > self.before.number {
            self.pair(&full);
        }
        self.before = full;
    }

    /// Adds a block and its neighbour to the sums: they rise at every level at which one of them
    /// has hits.
    fn pair(&mut self, next: &Full) {
        let n = i128::from(self.before.n + next.n);
        self.n_squared += n * n;
        let (mut one, mut other) = (self.before.hits.as_slice(), next.hits.as_slice());
        let mut sum = 0_i128;
        while let Some(level) = first(one).into_iter().chain(first(other)).min() {
            let more = i128::from(taken(&mut one, level) + taken(&mut other, level));
            let step = &mut self.steps[level as usize];
            step.hits_by_n += more * n;
            step.hits_squared += more * (2 * sum + more);
            sum += more;
        }
    }

    /// Positions that were counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Of each level: the sums over the positions that are liquidated at it.
    fn sums(&self) -> impl Iterator<Item = Sums> + '_ {
        let Self { n, blocks, inhabited, n_squared, .. } = *self;
        let none = Sums { n, blocks, inhabited, n_squared, ..Sums::default() };
        self.steps.iter().scan(none, |sums, step| {
            sums.hits += step.hits;
            sums.hits_by_n += step.hits_by_n;
            sums.hits_squared += step.hits_squared;
            Some(*sums)
        })
    }
}

impl Open {
    fn drain(&mut self) -> Full {
        self.touched.sort_unstable();
        let hits = &mut self.hits;
        let counted = |level: u32| (level, std::mem::take(&mut hits[level as usize]));
        let counted = self.touched.drain(..).map(counted).collect();
        Full { number: self.number, n: std::mem::take(&mut self.n), hits: counted }
    }
}

fn first(hits: &[(u32, u64)]) -> Option<u32> {
    hits.first().map(|(level, _)| *level)
}

/// The hits at a level, which is not above the first.
fn taken(hits: &mut &[(u32, u64)], level: u32) -> u64 {
    match hits.split_first() {
        Some(((at, count), rest)) if *at == level => {
            *hits = rest;
            *count
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{Block, estimate};
    use proptest::prelude::*;

    const LEVELS: u32 = 12;

    fn distribution(blocks: u64, length: i64) -> Distribution {
        Distribution {
            side: Side::Long,
            horizon: String::new(),
            bars: 1,
            start: 1_000,
            length,
            blocks,
            n: 0,
            inhabited: 0,
            n_squared: 0,
            steps: vec![Step::default(); LEVELS as usize],
            before: Full::default(),
            open: Open { hits: vec![0; LEVELS as usize], ..Open::default() },
        }
    }

    proptest! {
        /// CRT-005: at every level the interval of the streamed sums is that of the blocks, kept.
        #[test]
        fn sums_over_pairs_are_those_of_the_blocks(
            waits in prop::collection::vec(0_i64..70, 1..120),
            drawn in prop::collection::vec((0..=LEVELS, 0..=LEVELS), 120),
            after in 0_u64..4,
        ) {
            let length = 20;
            let times: Vec<i64> = waits.iter().scan(1_000, |time, wait| {
                *time += if *wait > 60 { 5 * length } else { wait / 10 };
                Some(*time)
            }).collect();
            let number = |time: i64| ((time - times[0]) / length) as usize;
            let blocks = number(*times.last().unwrap()) as u64 + 1 + after;
            let mut streamed = Distribution { start: times[0], ..distribution(blocks, length) };
            for (time, (one, other)) in times.iter().zip(&drawn) {
                streamed.add(*time, &[*one, *other]);
            }
            streamed.finish();
            for (level, sums) in streamed.sums().enumerate() {
                let mut kept = vec![Block::default(); blocks as usize];
                for (time, (one, other)) in times.iter().zip(&drawn) {
                    let hits = [one, other].iter().filter(|at| ***at <= level as u32).count();
                    kept[number(*time)].merge(Block { n: 2, hits: hits as u64 });
                }
                prop_assert_eq!(sums.estimate(), estimate(&kept));
            }
        }
    }
}
