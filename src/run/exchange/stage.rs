//! Worlds in parallel: batches merged in order, so that the bytes do not depend on the number of
//! threads.

use super::cast::Cast;
use crate::engine::Law;
use crate::exchange::{self, Journal, Market, Scene, Unread, World};
use crate::fault::Result;
use crate::population::{self, Population};
use crate::report::exchange::{Alternative, Context, Told};
use crate::run::{Cancel, MarketInputs, Progress};
use crate::scenario::Side;
use crate::tally::exchange::{Census, Record, resting_on};
use crate::tally::figures::Seen;
use crate::venue::{AdlRank, LossRules, VenueRules};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::RefCell;

/// Worlds between two merges: the size of a row group.
const BATCH: usize = 256;
/// Samples of timelines that are kept: the first worlds up to about a third of a gigabyte.
const SAMPLES: usize = 1 << 23;

/// What is done to a population between two worlds on the same draws.
pub type Change = fn(&[Market], &mut Population);

/// Memory that a thread uses again from world to world.
#[derive(Default)]
struct Scratch {
    cast: population::Scratch,
    world: exchange::Scratch,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// A study's scene and who will be cast into it.
pub struct Stage<'a> {
    pub scene: Scene<'a>,
    cast: Cast<'a>,
}

impl<'a> Stage<'a> {
    /// # Errors
    /// No population can be drawn as the study wants it, or read from its file.
    pub fn set(inputs: &'a MarketInputs, markets: &'a [Market<'a>]) -> Result<Self> {
        Ok(Self { scene: inputs.scene(markets), cast: Cast::of(inputs)? })
    }

    pub fn context(&self) -> Context {
        let scale = self.scene.markets[0].history.scale;
        Context { scale, path: self.scene.study.path }
    }

    /// What the accounts of a file are called there, one a trader.
    pub fn names(&self) -> &[String] {
        self.cast.names()
    }

    /// How many bars each world lives through.
    pub fn bars(&self) -> usize {
        self.scene.markets[0].history.len() - self.scene.first
    }

    /// Runs all worlds and hands them over in order, batch by batch. Of the first ones the
    /// timelines are kept, of the others not.
    ///
    /// # Errors
    /// What `take` returns, and Ctrl-C.
    pub fn live(
        &self,
        pool: &rayon::ThreadPool,
        (progress, cancel): (&dyn Progress, &Cancel),
        mut take: impl FnMut(&[World]) -> Result<()>,
    ) -> Result<Vec<World>> {
        let kept = (SAMPLES / self.bars().max(1)).max(1);
        let numbers: Vec<u32> = (0..self.scene.study.worlds).collect();
        let mut worlds = Vec::with_capacity(numbers.len());
        for batch in numbers.chunks(BATCH) {
            let lived = |number: &u32| {
                cancel.check()?;
                let mut world = self.world(*number);
                if *number as usize >= kept {
                    world.timeline = Vec::new();
                }
                progress.advance(1);
                Ok(world)
            };
            let lived: Vec<World> = pool
                .install(|| batch.par_iter().with_max_len(1).map(lived).collect::<Result<_>>())?;
            take(&lived)?;
            worlds.extend(lived);
        }
        Ok(worlds)
    }

    fn world(&self, number: u32) -> World {
        SCRATCH.with_borrow_mut(|scratch| {
            let population = self.cast.population(number, &mut scratch.cast);
            let world = lived((self.scene, &population), number, &mut scratch.world, &mut Unread);
            if let Cow::Owned(population) = population {
                scratch.cast.reuse(population);
            }
            world
        })
    }

    /// A world in bulk: the one that this number draws, and that world once more on the same draws
    /// with a population that was changed, if it is asked for.
    pub fn twice(&self, number: u32, change: Option<Change>) -> (World, Option<World>) {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut population = self.cast.population(number, &mut scratch.cast).into_owned();
            let mut run = |population: &Population| {
                exchange::simulate(self.scene, population, number, &mut scratch.world, &mut Unread)
            };
            let world = run(&population);
            let other = change.map(|change| {
                change(self.scene.markets, &mut population);
                run(&population)
            });
            scratch.cast.reuse(population);
            (world, other)
        })
    }

    /// Runs all worlds with a journal each, and keeps what it tells of them.
    fn seen(
        &self,
        pool: &rayon::ThreadPool,
        (progress, cancel): (&dyn Progress, &Cancel),
    ) -> Result<Vec<Seen>> {
        let read = |number: u32| {
            cancel.check()?;
            let population = self.cast.population(number, &mut population::Scratch::default());
            let (world, record) = replayed((self.scene, &population), number);
            progress.advance(1);
            Ok(Seen::of(self.scene, &population, (world, &record)))
        };
        let numbers = 0..self.scene.study.worlds;
        pool.install(|| numbers.into_par_iter().with_max_len(1).map(read).collect())
    }

    /// One world in detail.
    pub fn told(&self, number: u32) -> Told {
        let population =
            self.cast.population(number, &mut population::Scratch::default()).into_owned();
        let lived = replayed((self.scene, &population), number);
        Told::new(self.scene, population, lived)
    }

    /// The draws of a world with another way to choose who is deleveraged.
    pub fn alternative(&self, rank: AdlRank, told: &Told) -> Alternative {
        let rules: Vec<VenueRules> =
            self.scene.markets.iter().map(|market| ranked(market.rules, rank)).collect();
        let markets: Vec<Market> = self
            .scene
            .markets
            .iter()
            .zip(&rules)
            .map(|(market, rules)| under(market, rules))
            .collect();
        let scene = Scene { markets: &markets, ..self.scene };
        let lived = replayed((scene, &told.population), told.world.world);
        Alternative::new(rank, (scene, told.population.clone()), lived)
    }
}

/// All worlds of a study, each with what its journal tells.
///
/// # Errors
/// No population can be drawn as the study wants it, or read from its file; Ctrl-C.
pub fn observed(
    inputs: &MarketInputs,
    pool: &rayon::ThreadPool,
    watched: (&dyn Progress, &Cancel),
) -> Result<Vec<Seen>> {
    let markets = inputs.markets();
    let stage = Stage::set(inputs, &markets)?;
    watched.0.begin(u64::from(inputs.study.worlds));
    let seen = stage.seen(pool, watched);
    watched.0.end();
    seen
}

/// Runs a world, and says where its fall would feed itself at the depth of the scenario.
fn lived(
    (scene, population): (Scene, &Population),
    number: u32,
    scratch: &mut exchange::Scratch,
    journal: &mut impl Journal,
) -> World {
    let world = exchange::simulate(scene, population, number, scratch, journal);
    let laws: Vec<Law> = scene.markets.iter().map(|market| market.law).collect();
    let start = scene.markets[0].history.mark.close[scene.first - 1];
    let density = resting_on(Side::Long, Census { population, laws: &laws }, 0, start);
    let curve = &scene.markets[0].book.liquidity.curve;
    let first_r_price = density.first_self_sustaining(Side::Long, curve, curve.multiplier);
    World { first_r_price, ..world }
}

/// The same with a journal, on memory of its own.
fn replayed(cast: (Scene, &Population), number: u32) -> (World, Record) {
    let (mut scratch, mut record) = (exchange::Scratch::default(), Record::default());
    let world = lived(cast, number, &mut scratch, &mut record);
    (world, record)
}

fn ranked(rules: &VenueRules, rank: AdlRank) -> VenueRules {
    let loss = LossRules { adl_rank: rank, ..rules.loss };
    VenueRules { loss, ..rules.clone() }
}

fn under<'m>(market: &Market<'m>, rules: &'m VenueRules) -> Market<'m> {
    Market { rules, law: Law::of(rules, market.history.scale), ..*market }
}
