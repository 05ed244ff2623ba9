//! The venues of the tables.

use super::about::{Contract, Market};
use super::source::Name;
use crate::fault::{Fault, Place, Result};
use std::path::Path;

/// What a venue of the tables is, and who publishes its figures.
#[derive(Debug)]
pub(super) struct Publisher {
    pub venue: &'static str,
    pub name: &'static str,
    pub contract: Contract,
    pub kind: Market,
    pub opens: Opens,
}

/// What a publisher calls the open of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opens {
    /// The first price of the bar.
    First,
    /// The close of the bar before, which may lie outside the bar's own range.
    CloseBefore,
}

const fn linear(venue: &'static str, name: &'static str, kind: Market) -> Publisher {
    Publisher { venue, name, contract: Contract::Linear, kind, opens: Opens::First }
}

const PUBLISHERS: [Publisher; 6] = [
    linear("binance-spot", "Binance spot", Market::Spot),
    linear("binance-um", "Binance USD-M futures", Market::Perpetual),
    Publisher {
        venue: "bitmex",
        name: "BitMEX",
        contract: Contract::Inverse,
        kind: Market::Perpetual,
        opens: Opens::CloseBefore,
    },
    linear("bybit-linear", "Bybit linear perpetuals", Market::Perpetual),
    linear("gateio-swap", "Gate perpetuals", Market::Perpetual),
    linear("okx-swap", "OKX perpetual swaps", Market::Perpetual),
];

/// The venue that the name of a source file states.
pub(super) fn of(name: &Name, file: &Path) -> Result<&'static Publisher> {
    PUBLISHERS.iter().find(|known| known.venue == name.venue).ok_or_else(|| {
        let known: Vec<&str> = PUBLISHERS.iter().map(|known| known.venue).collect();
        Fault::new(Place::file(file), "unknown venue in the name of a source series")
            .found(&name.venue)
            .accepted(known.join(", "))
            .into()
    })
}
