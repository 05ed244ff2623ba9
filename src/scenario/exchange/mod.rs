//! The study "exchange": a balanced book of accounts, their market, a fund.

mod choices;
mod fund;
mod liquidity;
mod population;
mod presets;
mod raw;
mod resolve;
mod shape;
mod study;

pub use choices::{
    AdlChoice, Band, Driver, FundChoice, FundMeasure, Hazard, LeverageTable, LiquidityChoice,
    PathOrder, Pick, PopulationChoice, Preset, Settlement, SymbolBook, TopUp, Tranche,
};
pub use raw::{
    RawBand, RawBook, RawDistance, RawExchange, RawExchangeScenario, RawFund, RawPopulation,
    RawReaction, RawTopUp, RawTranche,
};
pub use shape::{Either, OneOrMany, RawLiquidity};
pub use study::ExchangeStudy;
