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

pub use resolve::{ResolveRequest, VenueFile, VenueInfo, check_file, resolve, venues};
pub use rules::{
    CloseOut, Confidence, Edge, Fees, NegativeBalance, Residual, Source, TriggerFee, TriggerPrice,
    VenueRules,
};
pub use tiers::{Lookup, Tier, Tiers};
