//! Leverage brackets: from text to exact tiers, every relation between the numbers checked.

use super::origin::Origin;
use super::overrides::Overrides;
use super::raw::{RawMargin, RawTier, Text};
use super::tiers::{Tier, Tiers};
use crate::fault::Result;
use crate::money::{Cash, Leverage, Rate, Round};
use toml::Spanned;

/// The tiers of one symbol.
///
/// # Errors
/// Unless floors rise from 0, maintenance rises, the initial rate is above the maintenance rate
/// in every tier, published deductions equal the recomputed ones and the cap is above the last
/// floor.
pub(super) fn tiers(raw: &RawMargin, origin: &Origin) -> Result<Tiers> {
    let mut steps: Vec<Tier> = Vec::with_capacity(raw.tiers.get_ref().len());
    for tier in raw.tiers.get_ref() {
        let next = next_tier(tier, steps.last(), origin)?;
        steps.push(next);
    }
    let Some(last) = steps.last() else {
        return Err(origin
            .fault(raw.tiers.span(), "no tiers")
            .accepted("at least one tier")
            .into());
    };
    let cap = raw.cap.as_ref().map(|cap| cap_above(cap, last.floor, origin)).transpose()?;
    Ok(Tiers { lookup: raw.lookup, steps, cap, slope: Rate::ZERO })
}

/// One rate for every notional, where the overrides ask for it.
///
/// Without an `initial` rate, leverage is bounded by the maintenance rate alone.
pub(super) fn flat(overrides: &Overrides, origin: &Origin) -> Result<Option<Tiers>> {
    let initial = overrides.flat("initial", origin)?;
    let deduction = overrides.flat("deduction", origin)?;
    let Some(text) = overrides.flat("maintenance", origin)? else {
        return match initial.or(deduction) {
            Some(alone) => Err(origin
                .fault_at(&alone, "a flat rate needs `maintenance` beside it")
                .accepted("maintenance = \"0.4%\"")
                .into()),
            None => Ok(None),
        };
    };
    let maintenance = maintenance_rate(&text, origin)?;
    let initial = match initial {
        Some(text) => initial_rate(&text, maintenance, origin)?,
        None => Rate::from_steps(maintenance.steps() + 1),
    };
    let deduction = match deduction {
        Some(text) => amount(&text, origin)?,
        None => Cash::ZERO,
    };
    Ok(Some(Tiers::flat(maintenance, initial, deduction)))
}

fn next_tier(raw: &Spanned<RawTier>, below: Option<&Tier>, origin: &Origin) -> Result<Tier> {
    let text = raw.get_ref();
    let floor = floor_above(&text.floor, below, origin)?;
    let maintenance = maintenance_rate(&text.maintenance, origin)?;
    if let Some(below) = below.filter(|below| below.maintenance >= maintenance) {
        return Err(origin
            .fault_at(&text.maintenance, "the maintenance rate does not rise from tier to tier")
            .accepted(format!("a rate above {}, that of the tier below", below.maintenance))
            .into());
    }
    let initial = initial_of_leverage(&text.max_leverage, maintenance, origin)?;
    let deduction = next_deduction(floor, maintenance, below).ok_or_else(|| {
        origin.fault(raw.span(), "the deduction is no whole number of 1e-8 or does not fit")
    })?;
    if let Some(published) = &text.deduction {
        compare(published, deduction, origin)?;
    }
    Ok(Tier { floor, initial, maintenance, deduction })
}

fn floor_above(text: &Text, below: Option<&Tier>, origin: &Origin) -> Result<Cash> {
    let floor = amount(text, origin)?;
    match below {
        None if floor != Cash::ZERO => {
            Err(origin.fault_at(text, "the first tier does not start at 0").accepted("0").into())
        }
        Some(below) if floor <= below.floor => Err(origin
            .fault_at(text, "floors do not rise from tier to tier")
            .accepted(format!("an amount above {}, the floor of the tier below", below.floor))
            .into()),
        _ => Ok(floor),
    }
}

/// `c_n = c_(n−1) + floor_n · (m_n − m_(n−1))`, exactly; `None` where it is no multiple of 1e-8.
fn next_deduction(floor: Cash, maintenance: Rate, below: Option<&Tier>) -> Option<Cash> {
    let Some(below) = below else { return Some(Cash::ZERO) };
    let rise = i128::from(maintenance.steps()) - i128::from(below.maintenance.steps());
    let product = i128::from(floor.atoms()) * rise;
    let one = i128::from(Rate::ONE);
    let step = (product % one == 0).then_some(product / one)?;
    i64::try_from(i128::from(below.deduction.atoms()) + step).ok().map(Cash::from_atoms)
}

fn compare(published: &Text, recomputed: Cash, origin: &Origin) -> Result<()> {
    if amount(published, origin)? == recomputed {
        return Ok(());
    }
    Err(origin
        .fault_at(published, "the published deduction is not the recomputed one")
        .accepted(format!("{recomputed}, so that the requirement is continuous at the floor"))
        .into())
}

/// 1 / highest leverage, rounded up: against the trader.
fn initial_of_leverage(text: &Text, maintenance: Rate, origin: &Origin) -> Result<Rate> {
    let leverage = Leverage::parse(text.get_ref())
        .map_err(|_| origin.fault_at(text, "not a leverage").accepted(Leverage::ACCEPTED))?;
    let one = i128::from(Rate::ONE) * i128::from(Leverage::ONE);
    let steps = Round::Ceil.div(one, i128::from(leverage.hundredths()));
    let initial = Rate::from_steps(i64::try_from(steps).unwrap_or(Rate::ONE));
    if initial > maintenance {
        return Ok(initial);
    }
    let problem = format!(
        "the initial rate {initial} of the highest leverage is not above the maintenance rate \
         {maintenance}: a position would be liquidated as it opens"
    );
    Err(origin.fault_at(text, problem).accepted("a leverage below 1 / maintenance").into())
}

fn initial_rate(text: &Text, maintenance: Rate, origin: &Origin) -> Result<Rate> {
    let initial = parse_rate(text, origin)?;
    if initial > maintenance && initial.steps() <= Rate::ONE {
        return Ok(initial);
    }
    let accepted = format!("a rate above the maintenance rate {maintenance} and at most 1");
    Err(origin.fault_at(text, "not an initial margin rate").accepted(accepted).into())
}

fn maintenance_rate(text: &Text, origin: &Origin) -> Result<Rate> {
    let rate = parse_rate(text, origin)?;
    if (1..Rate::ONE).contains(&rate.steps()) {
        return Ok(rate);
    }
    Err(origin.fault_at(text, "not a maintenance rate").accepted("a rate between 0 and 1").into())
}

pub(super) fn parse_rate(text: &Text, origin: &Origin) -> Result<Rate> {
    Rate::parse(text.get_ref())
        .map_err(|bad| origin.fault_at(text, bad.to_string()).accepted(Rate::ACCEPTED).into())
}

/// An amount of the settlement asset, at least 0.
fn amount(text: &Text, origin: &Origin) -> Result<Cash> {
    let accepted = "an amount of at least 0 with at most 8 decimals";
    match Cash::parse(text.get_ref()) {
        Ok(amount) if amount >= Cash::ZERO => Ok(amount),
        Ok(_) => Err(origin.fault_at(text, "below 0").accepted(accepted).into()),
        Err(bad) => Err(origin.fault_at(text, bad.to_string()).accepted(accepted).into()),
    }
}

fn cap_above(text: &Text, floor: Cash, origin: &Origin) -> Result<Cash> {
    let cap = amount(text, origin)?;
    if cap > floor {
        return Ok(cap);
    }
    let accepted = format!("an amount above the last floor {floor}, or no cap");
    Err(origin.fault_at(text, "the cap lies inside the tiers").accepted(accepted).into())
}
