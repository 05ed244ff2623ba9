//! The study "exchange": a balanced book of accounts, their market, a fund.

mod choices;
mod presets;
mod study;

pub use choices::{
    AdlChoice, Band, Driver, FundChoice, FundMeasure, Hazard, LeverageTable, LiquidityChoice,
    PathOrder, Pick, PopulationChoice, Preset, Settlement, SymbolBook, TopUp, Tranche,
};
pub use study::ExchangeStudy;
