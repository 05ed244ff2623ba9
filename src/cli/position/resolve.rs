//! What was typed, completed by the venue's rules.

use super::{Contract, Mode, PositionArgs};
use crate::fault::{Fault, Place, Result};
use crate::money::Rate;
use crate::venue::{self, ResolveRequest, Tiers, VenueRules};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A position with everything resolved.
pub(super) struct Resolved {
    pub rules: Option<VenueRules>,
    pub tiers: Tiers,
    pub leverage: Decimal,
    pub margin: Decimal,
    pub quantity: Decimal,
    pub fee: Option<Decimal>,
    pub initial_margin: Decimal,
}

pub(super) fn wrong(problem: &str) -> Fault {
    Fault::new(Place::file("position"), problem)
}

pub(super) fn resolve(args: &PositionArgs) -> Result<Resolved> {
    let (Mode::Isolated, Contract::Linear) = (args.mode, args.contract);
    let rules = rules(args)?;
    let tiers = match (args.maintenance, &rules) {
        (Some(rate), _) => flat(args, rate),
        (None, Some(rules)) => rules.tiers.clone(),
        (None, None) => {
            return Err(wrong("no rules are named")
                .accepted("--venue NAME --symbol SYMBOL, or --maintenance RATE")
                .into());
        }
    };
    let (quantity, margin) = size(args)?;
    let notional = quantity * args.entry;
    let leverage = args.leverage.unwrap_or_else(|| (notional / margin).round_dp(12));
    let initial_margin = match args.initial {
        Some(rate) => notional * rate.to_decimal(),
        None => notional / leverage,
    };
    let venue_fee = rules.as_ref().map(|rules| rules.fees.taker);
    Ok(Resolved {
        fee: args.fee.or(venue_fee).map(Rate::to_decimal),
        margin: margin + args.extra_margin.unwrap_or_default(),
        rules,
        tiers,
        leverage,
        quantity,
        initial_margin: initial_margin.round_dp(12),
    })
}

fn rules(args: &PositionArgs) -> Result<Option<VenueRules>> {
    let (Some(name), Some(symbol)) = (&args.venue, &args.symbol) else {
        return match (&args.venue, args.maintenance) {
            (Some(_), None) => {
                Err(wrong("no instrument is named").accepted("--symbol BTCUSDT").into())
            }
            _ => Ok(None),
        };
    };
    let request = ResolveRequest {
        name,
        symbol,
        as_of: args.date.unwrap_or(Date::MAX),
        overrides: &toml::Table::new(),
        folder: None,
    };
    venue::resolve(&request).map(Some)
}

fn flat(args: &PositionArgs, maintenance: Rate) -> Tiers {
    let initial = args.initial.unwrap_or(Rate::from_steps(Rate::ONE));
    Tiers::flat(maintenance, initial, args.deduction.unwrap_or_default())
}

/// Quantity and margin from whichever two of margin, leverage and quantity were typed.
fn size(args: &PositionArgs) -> Result<(Decimal, Decimal)> {
    let too_large = || wrong("these numbers have too many digits");
    let quantity = match (args.quantity, args.margin, args.leverage) {
        (Some(quantity), _, _) => quantity,
        (None, Some(margin), Some(leverage)) => margin
            .checked_mul(leverage)
            .and_then(|notional| notional.checked_div(args.entry))
            .ok_or_else(too_large)?,
        _ => Decimal::ONE,
    };
    let notional = quantity.checked_mul(args.entry).ok_or_else(too_large)?;
    let margin = match (args.margin, args.leverage) {
        (Some(margin), _) => margin,
        (None, Some(leverage)) => notional.checked_div(leverage).ok_or_else(too_large)?,
        (None, None) => {
            return Err(wrong("no size is given").accepted("--margin or --leverage").into());
        }
    };
    Ok((quantity, margin))
}
