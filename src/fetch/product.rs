//! The kinds of files that the archive holds.

use crate::fault::{Fault, Place, Result};

/// A kind of file in the archive of USDT-margined perpetuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// Trade bars with volume.
    Klines,
    /// Mark-price bars.
    Mark,
    /// Index-price bars.
    Index,
    /// Funding rates: monthly files only.
    Funding,
    /// Open interest and ratios: daily files only.
    Metrics,
}

impl Product {
    pub const ALL: [Self; 5] =
        [Self::Klines, Self::Mark, Self::Index, Self::Funding, Self::Metrics];

    /// As typed after `--kind`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Klines => "klines",
            Self::Mark => "mark",
            Self::Index => "index",
            Self::Funding => "funding",
            Self::Metrics => "metrics",
        }
    }

    /// As the key of a scenario's `[history]`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Klines => "trade",
            _ => self.name(),
        }
    }

    /// # Errors
    /// A name that no product has.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|product| product.name() == text).ok_or_else(|| {
            Fault::new(Place::default(), "no such kind of file")
                .found(text)
                .accepted(Self::ALL.map(Self::name).join(", "))
                .into()
        })
    }

    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Klines => "klines",
            Self::Mark => "markPriceKlines",
            Self::Index => "indexPriceKlines",
            Self::Funding => "fundingRate",
            Self::Metrics => "metrics",
        }
    }

    pub(super) const fn is_bars(self) -> bool {
        matches!(self, Self::Klines | Self::Mark | Self::Index)
    }
}
