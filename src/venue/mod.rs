//! A venue is data: rules with a date and a source, resolved for one symbol on one day.
//!
//! `data/venues/<name>/<valid-from>.toml` is a timeline: the folder is embedded, [`resolve`]
//! picks the file of a day, lays a scenario's overrides over it, checks it and hands out
//! [`VenueRules`].

mod brackets;
mod fees;
mod library;
mod origin;
mod overrides;
mod raw;
mod resolve;
mod rules;
mod sources;
mod tiers;
mod view;
mod vocabulary;

pub use resolve::{ResolveRequest, VenueFile, VenueInfo, check_file, resolve, venues};
pub use rules::{Confidence, Fees, FundingRules, LossRules, OpenInterestScale, Source, VenueRules};
pub use tiers::{Lookup, Tier, Tiers};
pub use vocabulary::{
    AdlPrice, AdlRank, AdlStart, CloseOut, Contract, Edge, FundScope, FundingCap, FundingPays,
    FundingPrice, LastRung, NegativeBalance, OrderPrice, Residual, TriggerFee, TriggerPrice,
    Volatility, VolatilityScope,
};
