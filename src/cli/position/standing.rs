//! What follows from a resolved position.

use super::resolve::{Resolved, too_large, wrong};
use crate::engine::{Backing, Leg, Quote, Terms};
use crate::fault::Result;
use rust_decimal::Decimal;

/// A position with its prices.
pub(super) struct Standing {
    /// Of the position, or of what remains of it netted with its hedges.
    pub quote: Quote,
    /// What the quote is of. `None`: fully hedged.
    pub net: Option<Leg>,
    /// `None`: isolated.
    pub backing: Option<Backing>,
    /// The position's own margin, or what the account has for it.
    pub margin: Decimal,
    /// At the mark, of the position or of the whole account.
    pub equity: Decimal,
    /// Whether it would be liquidated at the mark.
    pub liquidatable: bool,
}

pub(super) fn of(resolved: &Resolved, mark: Decimal) -> Result<Standing> {
    let backing = match &resolved.wallet {
        Some(wallet) => Some(wallet.account().backing(resolved.leg).ok_or_else(too_large)?),
        None => None,
    };
    let margin = backing.map_or(resolved.margin, |backing| backing.margin);
    let net = backing.map_or(Some(resolved.leg), |backing| backing.net);
    let kept = backing.map_or(Decimal::ZERO, |backing| backing.maintenance);
    let requirement = resolved.keeps.requirement();
    let leg = net.unwrap_or(resolved.leg);
    let terms = Terms { leg, margin, requirement, fee: resolved.fee };
    let quote = terms.quote().ok_or_else(too_large)?;
    rates_leave_a_price(&quote, resolved.keeps.closing_fee)?;
    if net.is_none() {
        let (equity, liquidatable) = (margin + kept, margin <= Decimal::ZERO);
        return Ok(Standing { quote: hedged(quote), net, backing, margin, equity, liquidatable });
    }
    let equity = terms.equity(mark).ok_or_else(too_large)? + kept;
    let liquidatable = terms.is_liquidatable(mark).ok_or_else(too_large)?;
    Ok(Standing { quote, net, backing, margin, equity, liquidatable })
}

/// Legs that cancel keep nothing, and no price moves them.
fn hedged(quote: Quote) -> Quote {
    Quote {
        maintenance_margin: Decimal::ZERO,
        bracket_at_liquidation: None,
        liquidation_price: None,
        jump: None,
        bankruptcy_price: None,
        bankruptcy_price_with_fee: None,
        ..quote
    }
}

/// At a rate of 1 and more a position must keep more than it is worth.
fn rates_leave_a_price(quote: &Quote, closing_fee: Decimal) -> Result<()> {
    let at = quote.bracket_at_liquidation.unwrap_or(quote.bracket);
    let rate = at.maintenance.max(quote.bracket.maintenance) + closing_fee;
    if rate < Decimal::ONE {
        return Ok(());
    }
    let problem = format!("at this size the maintenance rate and closing fee together are {rate}");
    Err(wrong(problem).accepted("a smaller position, or rates below 1 together").into())
}
