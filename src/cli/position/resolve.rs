//! What was typed, completed by the venue's rules.

use super::PositionArgs;
use super::wallet::{Wallet, wallet};
use crate::engine::{Leg, Requirement};
use crate::fault::{Fault, Place, Result};
use crate::money::Rate;
use crate::venue::{self, Contract, Fees, ResolveRequest, Tiers, TriggerFee, VenueRules};
use jiff::civil::Date;
use rust_decimal::Decimal;
use toml::Table;

/// What one symbol must keep.
pub(super) struct Keeps {
    pub tiers: Tiers,
    pub face: Decimal,
    pub closing_fee: Decimal,
}

impl Keeps {
    /// Tiers under the rules of a venue, or under none.
    pub fn new(args: &PositionArgs, rules: Option<&VenueRules>, tiers: Tiers) -> Self {
        let included = rules.is_some_and(|rules| rules.trigger_fee == TriggerFee::Included);
        let fee = args.fee.or(rules.map(|rules| rules.fees.taker)).filter(|_| included);
        Self {
            tiers,
            face: rules.map_or(Decimal::ONE, |rules| rules.face.to_decimal()),
            closing_fee: fee.unwrap_or_default().to_decimal(),
        }
    }

    pub fn requirement(&self) -> Requirement<'_> {
        let Self { tiers, face, closing_fee } = self;
        Requirement { face: *face, closing_fee: *closing_fee, ..Requirement::by_value(tiers) }
    }
}

/// Why the initial margin is what it is.
#[derive(Clone, Copy)]
pub(super) enum Initial {
    Leverage,
    /// A rate as typed.
    Typed(Decimal),
    /// The rate that the open interest asks for, above what the others give.
    OpenInterest(Decimal),
}

/// A position with everything resolved.
pub(super) struct Resolved {
    /// With everything laid over them that was typed in place of it.
    pub rules: Option<VenueRules>,
    pub leg: Leg,
    pub keeps: Keeps,
    pub leverage: Decimal,
    /// Margin at entry and what was added.
    pub margin: Decimal,
    pub fee: Option<Decimal>,
    pub initial: Initial,
    pub initial_margin: Decimal,
    /// `None`: isolated.
    pub wallet: Option<Wallet>,
}

pub(super) fn wrong(problem: impl Into<String>) -> Fault {
    Fault::new(Place::file("position"), problem)
}

pub(super) fn too_large() -> Fault {
    wrong("these numbers have too many digits")
}

pub(super) fn resolve(args: &PositionArgs) -> Result<Resolved> {
    let rules = rules(args)?;
    let contract = contract(args, rules.as_ref())?;
    let keeps = Keeps::new(args, rules.as_ref(), tiers(args, rules.as_ref())?);
    let (leg, margin) = size(args, contract)?;
    let notional = leg.entry_value().ok_or_else(too_large)?;
    let leverage = match args.leverage {
        Some(leverage) => leverage,
        None => notional.checked_div(margin).ok_or_else(too_large)?.round_dp(12),
    };
    let (initial, initial_margin) = initial(args, rules.as_ref(), &leg, leverage)?;
    let wallet = wallet(args, rules.as_ref(), contract)?;
    let rules = rules.map(|rules| overridden(args, rules, contract, &keeps.tiers));
    let venue_fee = rules.as_ref().map(|rules| rules.fees.taker);
    Ok(Resolved {
        fee: args.fee.or(venue_fee).map(Rate::to_decimal),
        margin: margin + args.extra_margin.unwrap_or_default(),
        initial,
        initial_margin,
        wallet,
        rules,
        leg,
        keeps,
        leverage,
    })
}

fn overridden(
    args: &PositionArgs,
    rules: VenueRules,
    contract: Contract,
    tiers: &Tiers,
) -> VenueRules {
    let fees = Fees { taker: args.fee.unwrap_or(rules.fees.taker), ..rules.fees };
    VenueRules { contract, tiers: tiers.clone(), fees, ..rules }
}

fn rules(args: &PositionArgs) -> Result<Option<VenueRules>> {
    match (&args.venue, &args.symbol) {
        (Some(name), Some(symbol)) => rules_of(args, name, symbol).map(Some),
        (Some(_), None) if args.maintenance.is_none() => {
            Err(wrong("no instrument is named").accepted("--symbol BTCUSDT").into())
        }
        _ => Ok(None),
    }
}

pub(super) fn rules_of(args: &PositionArgs, name: &str, symbol: &str) -> Result<VenueRules> {
    let as_of = args.date.unwrap_or(Date::MAX);
    let overrides = &Table::new();
    venue::resolve(&ResolveRequest { name, symbol, as_of, overrides, folder: None })
}

/// The venue's own tiers are amounts of its settlement asset, so that they cannot be read for the
/// other kind of contract.
fn contract(args: &PositionArgs, rules: Option<&VenueRules>) -> Result<Contract> {
    let typed = args.contract.map(Contract::from);
    match (typed, rules) {
        (Some(typed), Some(rules)) if typed != rules.contract && args.maintenance.is_none() => {
            let word = if rules.contract == Contract::Linear { "linear" } else { "inverse" };
            let problem = format!("{} on {} is {word}", rules.symbol, rules.name);
            let accepted = format!("--contract {word}, or a --maintenance rate of your own");
            Err(wrong(problem).accepted(accepted).into())
        }
        (Some(typed), _) => Ok(typed),
        (None, Some(rules)) => Ok(rules.contract),
        (None, None) => Ok(Contract::Linear),
    }
}

/// A flat rate where one is typed, else the venue's tiers.
fn tiers(args: &PositionArgs, rules: Option<&VenueRules>) -> Result<Tiers> {
    match (args.maintenance, rules) {
        (Some(maintenance), _) => {
            let initial = args.initial.unwrap_or(Rate::from_steps(Rate::ONE));
            Ok(Tiers::flat(maintenance, initial, args.deduction.unwrap_or_default()))
        }
        (None, Some(rules)) => Ok(rules.tiers.clone()),
        (None, None) => Err(wrong("no rules are named")
            .accepted("--venue NAME --symbol SYMBOL, or --maintenance RATE")
            .into()),
    }
}

/// Size and margin from whichever two of margin, leverage and quantity were typed.
fn size(args: &PositionArgs, contract: Contract) -> Result<(Leg, Decimal)> {
    let of = |quantity| Leg { side: args.side, contract, entry: args.entry, quantity };
    let leg = match (args.quantity, args.margin, args.leverage) {
        (Some(quantity), _, _) => of(quantity),
        (None, Some(margin), Some(leverage)) => {
            let notional = margin.checked_mul(leverage);
            let bought = notional.and_then(|notional| match contract {
                Contract::Linear => notional.checked_div(args.entry),
                Contract::Inverse => notional.checked_mul(args.entry),
            });
            of(bought.filter(|quantity| !quantity.is_zero()).ok_or_else(too_large)?)
        }
        _ => of(Decimal::ONE),
    };
    let notional = leg.entry_value().filter(|value| !value.is_zero()).ok_or_else(too_large)?;
    match (args.margin, args.leverage) {
        (Some(margin), _) => Ok((leg, margin)),
        (None, Some(leverage)) => Ok((leg, notional.checked_div(leverage).ok_or_else(too_large)?)),
        (None, None) => Err(wrong("no size is given").accepted("--margin or --leverage").into()),
    }
}

fn initial(
    args: &PositionArgs,
    rules: Option<&VenueRules>,
    leg: &Leg,
    leverage: Decimal,
) -> Result<(Initial, Decimal)> {
    let notional = leg.entry_value().ok_or_else(too_large)?;
    let (chosen, asked) = match args.initial.map(Rate::to_decimal) {
        Some(rate) => (Initial::Typed(rate), notional.checked_mul(rate)),
        None => (Initial::Leverage, notional.checked_div(leverage)),
    };
    let asked = asked.ok_or_else(too_large)?.round_dp(12);
    let Some(rate) = scaled_initial(args, rules, leg)? else { return Ok((chosen, asked)) };
    match notional.checked_mul(rate).ok_or_else(too_large)?.round_dp(12) {
        scaled if scaled > asked => Ok((Initial::OpenInterest(rate), scaled)),
        _ => Ok((chosen, asked)),
    }
}

/// The tier's own rate at the lower bound of open interest, in a straight line to 1 at the upper.
fn scaled_initial(
    args: &PositionArgs,
    rules: Option<&VenueRules>,
    leg: &Leg,
) -> Result<Option<Decimal>> {
    let Some(open_interest) = args.open_interest else { return Ok(None) };
    let Some((rules, scale)) = rules.and_then(|rules| rules.open_interest.map(|it| (rules, it)))
    else {
        return Err(wrong("no rule here makes the initial margin follow the open interest")
            .accepted("--open-interest with a venue and symbol where it does, or nothing")
            .into());
    };
    let base = leg
        .entry_value()
        .and_then(|value| Requirement::of(rules).bracket(leg, value))
        .ok_or_else(too_large)?
        .initial;
    let (lower, upper) = (scale.lower.to_decimal(), scale.upper.to_decimal());
    let risen = (open_interest.clamp(lower, upper) - lower).checked_div(upper - lower);
    Ok(Some(base + (Decimal::ONE - base) * risen.unwrap_or(Decimal::ONE)))
}
