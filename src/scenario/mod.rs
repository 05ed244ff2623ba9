//! What is asked: a scenario file, checked and resolved into a [`Study`] of independent positions,
//! which is bound to a history and a venue as a [`Plan`], or into an [`ExchangeStudy`].

mod bracket;
mod choices;
pub mod draws;
pub mod exchange;
pub mod expect;
mod field;
pub mod fund;
mod leverages;
mod origin;
mod parse;
mod plan;
mod raw;
mod reader;
mod sample;
mod schema;
mod side;
mod study;

pub use bracket::Opening;
pub use choices::{
    BarPath, DepthCurve, EntryPrice, FillBase, FirstLeg, MarginMode, OutcomeFormat, Slippage,
    SlippageModel,
};
pub use exchange::{ExchangeStudy, RawExchangeScenario, SymbolBook};
pub use expect::RawExpectation;
pub use field::{List, Text};
pub use fund::FundStudy;
pub use leverages::LeverageGrid;
pub use origin::Origin;
pub use parse::{Scenario, Setting, from_text, read};
pub use plan::{Entry, Plan, Wanted};
pub use raw::{RawHistory, RawScenario, RawVenue};
pub use schema::schema;
pub use side::Side;
pub use study::{Entries, Horizon, Study, VenueChoice};
