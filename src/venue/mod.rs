//! A venue is data: rules with a date and a source, resolved for one symbol on one day.
//!
//! `data/venues/<name>/<valid-from>.toml` is a timeline: the folder is embedded, [`resolve`]
//! picks the file of a day, lays a scenario's overrides over it, checks it and hands out
//! [`VenueRules`].

mod brackets;
mod by_symbol;
mod close_out;
mod fees;
mod file;
mod funding;
mod ladder;
mod library;
mod loss;
mod number;
mod origin;
mod overrides;
mod payload;
mod raw;
mod resolve;
mod rules;
mod sources;
mod tiers;
mod view;
mod vocabulary;
mod volatility;
mod words;

pub use resolve::{ResolveRequest, VenueFile, VenueInfo, check_file, resolve, rules_on, venues};
pub use rules::{Confidence, Fees, FundingRules, LossRules, OpenInterestScale, Source, VenueRules};
pub use tiers::{Lookup, Tier, Tiers};
pub use vocabulary::{
    AdlPrice, AdlRank, AdlStart, CloseOut, Contract, Edge, FundScope, FundingCap, FundingPays,
    FundingPrice, LastRung, NegativeBalance, OrderPrice, Residual, TriggerFee, TriggerPrice,
    Volatility, VolatilityScope,
};
pub use words::{Choice, percent, word};
