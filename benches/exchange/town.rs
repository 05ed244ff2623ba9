//! An exchange in a market, and everything that a world of it is made of.

use crate::endless::endless;
use crate::market::{BEFORE, Weather, history};
use deleverage::engine::{FundingBook, Law};
use deleverage::exchange::{Journal, Market, Path, Scene, Scratch, World, first_leg, simulate};
use deleverage::history::History;
use deleverage::population::{Ground, Listing, Population, draw};
use deleverage::scenario::exchange::{Driver, ExchangeStudy, PathOrder};
use deleverage::scenario::from_text;
use deleverage::venue::{ResolveRequest, VenueRules, resolve};
use std::path;

/// Binance's perpetual before the fall of October 2025, and preset leverages.
const STUDY: &str = r#"
study = "exchange"
seed = 1
[history]
event = "2025-10-10"
symbol = "BTCUSDT"
[population]
open_interest = 16000000000
leverage = "hyperliquid-2025"
[liquidity]
depth = "185000000"
[fund]
balance = "1230000000"
"#;

/// What forced orders do to the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Book {
    /// Nothing: the mark is the recorded one, and the book takes every order at its first price.
    Endless,
    /// They thin the book out, and the mark follows.
    Thinning,
}

/// Owns what a scene borrows.
#[derive(Debug)]
pub struct Town {
    study: ExchangeStudy,
    rules: VenueRules,
    history: History,
}

impl Town {
    pub fn new(weather: Weather, bars: usize, accounts: usize, book: Book) -> Self {
        let mut study =
            from_text(STUDY, "bench.toml", path::Path::new("."), &[]).unwrap().exchange().unwrap();
        study.population.accounts = u32::try_from(accounts).unwrap();
        study.path = PathOrder::LowFirst;
        if book == Book::Endless {
            study.driver = Driver::Replay;
            study.books[0].liquidity = endless();
        }
        let as_of = jiff::civil::date(2025, 10, 10);
        let (name, symbol, overrides) = ("binance-usdm", "BTCUSDT", &toml::Table::new());
        let request = ResolveRequest { name, symbol, as_of, overrides, folder: None };
        Self { study, rules: resolve(&request).unwrap(), history: history(weather, bars) }
    }

    pub fn listing(&self) -> Listing<'_> {
        let open_interest = self.study.books[0].open_interest;
        let law = Law::of(&self.rules, self.history.scale);
        Listing { history: &self.history, rules: &self.rules, law, open_interest }
    }

    pub fn ground<'a>(&'a self, listing: &'a Listing<'a>) -> Ground<'a> {
        Ground::new(&self.study, std::slice::from_ref(listing), BEFORE).unwrap()
    }

    pub fn population(&self) -> Population {
        draw(&self.ground(&self.listing()), 0, &mut deleverage::population::Scratch::default())
    }

    /// Hands out the scene, which borrows.
    pub fn scene<R>(&self, act: impl FnOnce(Scene) -> R) -> R {
        let market = Market {
            history: &self.history,
            rules: &self.rules,
            law: Law::of(&self.rules, self.history.scale),
            funding: &FundingBook::under(&self.rules, &self.history),
            book: self.study.books[0],
        };
        act(Scene { study: &self.study, markets: &[market], first: BEFORE })
    }

    pub fn live(&self, people: &Population, on: &mut Scratch, to: &mut impl Journal) -> World {
        self.scene(|scene| simulate(scene, people, 0, on, to))
    }
}

/// The way that a world goes through its bars.
pub fn path<'a>(scene: &Scene<'a>) -> Path<'a> {
    Path::of(scene.markets, scene.first, first_leg(scene.study.path, 0))
}
