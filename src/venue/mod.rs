//! A venue is data: rules with a date and a source, resolved for one symbol on one day.

mod rules;
mod tiers;

pub use rules::{
    CloseOut, Confidence, Edge, Fees, NegativeBalance, Residual, Source, TriggerFee, TriggerPrice,
    VenueRules,
};
pub use tiers::{Lookup, Tier, Tiers};
