//! What changes for a position over a history although nothing is traded.

use super::funding::FundingBook;
use super::volatility::Raised;
use crate::history::History;
use crate::venue::VenueRules;

/// Funding and requirements of a venue over one history.
#[derive(Debug, Clone)]
pub struct Conditions {
    pub funding: FundingBook,
    /// `None`: the requirement never changes.
    pub raised: Option<Raised>,
}

impl Conditions {
    pub fn under(rules: &VenueRules, history: &History) -> Self {
        Self { funding: FundingBook::under(rules, history), raised: Raised::of(rules, history) }
    }
}
