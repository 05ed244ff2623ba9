//! Leverage brackets: from text to exact tiers, every relation between the numbers checked.

use super::ladder;
use super::number::{self, Bounds, amount};
use super::origin::Origin;
use super::overrides::Overrides;
use super::raw::{RawMargin, RawTier, Text};
use super::tiers::{Lookup, Tier, Tiers};
use super::vocabulary::Contract;
use crate::fault::Result;
use crate::money::{Cash, Rate};
use std::ops::Range;
use toml::Spanned;

const MAINTENANCE: Bounds<Range<i64>> =
    Bounds { what: "a maintenance rate", range: 1..Rate::ONE, accepted: "a rate between 0 and 1" };
const SLOPE: Bounds<Range<i64>> =
    Bounds { what: "a slope", range: 0..Rate::ONE, accepted: "a rate from 0 to below 1" };

/// The tiers of one symbol.
///
/// # Errors
/// Unless floors rise from 0, maintenance rises, initial rates do not fall and lie above the
/// maintenance rates, published deductions equal the recomputed ones, the cap is above the last
/// floor, and the keys are those of the lookup.
pub(super) fn tiers(raw: &RawMargin, contract: Contract, origin: &Origin) -> Result<Tiers> {
    let mut steps: Vec<Tier> = Vec::with_capacity(raw.tiers.get_ref().len());
    for tier in raw.tiers.get_ref() {
        let next = next_tier(tier, (raw.lookup, steps.last()), origin)?;
        steps.push(next);
    }
    let Some(last) = steps.last() else {
        return Err(origin
            .fault(raw.tiers.span(), "no tiers")
            .accepted("at least one tier")
            .into());
    };
    let cap = raw.cap.as_ref().map(|cap| cap_above(cap, last.floor, origin)).transpose()?;
    keys_of_lookup(raw, origin)?;
    let slope = slope(raw, contract, origin)?;
    let cap = match &raw.then {
        Some(then) => ladder::climb(&mut steps, cap, then, origin)?,
        None => cap,
    };
    let tiers = Tiers { lookup: raw.lookup, steps, cap, slope };
    no_gain_liquidates(&tiers, raw, origin)?;
    Ok(tiers)
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
    let maintenance = MAINTENANCE.read(&text, origin)?;
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

/// Which keys each lookup has beside `tiers`.
fn keys_of_lookup(raw: &RawMargin, origin: &Origin) -> Result<()> {
    let single = matches!(raw.lookup, Lookup::RiskSteps | Lookup::LinearInSize);
    if single && raw.tiers.get_ref().len() > 1 {
        let fault = origin.fault(raw.tiers.span(), "this lookup has one tier").found("");
        return Err(fault.accepted("one tier; the rest follows from `then` or `slope`").into());
    }
    let stepped = matches!(raw.lookup, Lookup::WholeByNotional | Lookup::WholeByContracts);
    match &raw.then {
        None if raw.lookup == Lookup::RiskSteps => {
            let fault = origin.fault(raw.tiers.span(), "risk steps without `then`").found("");
            Err(fault.accepted(ladder::EXAMPLE).into())
        }
        Some(then) if !stepped && raw.lookup != Lookup::RiskSteps => {
            let fault = origin.fault(then.span(), "this lookup has no equal steps");
            Err(fault.accepted("`then` with risk-steps or a whole-position lookup").into())
        }
        _ if raw.lookup == Lookup::WholeByContracts && raw.face.is_none() => {
            let fault = origin.fault(raw.tiers.span(), "contracts without a size").found("");
            Err(fault.accepted("face = \"0.01\", the size of one contract").into())
        }
        _ => Ok(()),
    }
}

/// A size in quote units is no size in base units, so that an inverse contract has no slope.
fn slope(raw: &RawMargin, contract: Contract, origin: &Origin) -> Result<Rate> {
    let linear = raw.lookup == Lookup::LinearInSize;
    match &raw.slope {
        None if linear => {
            let fault = origin.fault(raw.tiers.span(), "linear in size without `slope`").found("");
            Err(fault.accepted("slope = \"0.005%\", what each unit of size adds").into())
        }
        None => Ok(Rate::ZERO),
        Some(text) if !linear => {
            let fault = origin.fault_at(text, "a slope belongs to the lookup linear-in-size");
            Err(fault.accepted("no `slope`").into())
        }
        Some(text) => match SLOPE.read(text, origin)? {
            slope if slope == Rate::ZERO || contract == Contract::Linear => Ok(slope),
            _ => Err(origin
                .fault_at(text, "an inverse contract has no size in base units")
                .accepted("0")
                .into()),
        },
    }
}

fn next_tier(
    raw: &Spanned<RawTier>,
    (lookup, below): (Lookup, Option<&Tier>),
    origin: &Origin,
) -> Result<Tier> {
    let text = raw.get_ref();
    let floor = floor_above(&text.floor, below, origin)?;
    let maintenance = MAINTENANCE.read(&text.maintenance, origin)?;
    if let Some(below) = below.filter(|below| below.maintenance >= maintenance) {
        return Err(origin
            .fault_at(&text.maintenance, "the maintenance rate does not rise from tier to tier")
            .accepted(format!("a rate above {}, that of the tier below", below.maintenance))
            .into());
    }
    let initial = initial(raw, maintenance, origin)?;
    if below.is_some_and(|below| below.initial > initial) {
        return Err(origin
            .fault(raw.span(), "the initial rate falls from tier to tier")
            .accepted("at most the leverage of the tier below")
            .into());
    }
    if lookup != Lookup::Marginal {
        no_deduction(text, origin)?;
        return Ok(Tier { floor, initial, maintenance, deduction: Cash::ZERO });
    }
    let deduction = next_deduction(floor, maintenance, below).ok_or_else(|| {
        origin.fault(raw.span(), "the deduction is no whole number of 1e-8 or does not fit")
    })?;
    if let Some(published) = &text.deduction {
        compare(published, deduction, origin)?;
    }
    Ok(Tier { floor, initial, maintenance, deduction })
}

fn no_deduction(text: &RawTier, origin: &Origin) -> Result<()> {
    let Some(deduction) = &text.deduction else { return Ok(()) };
    let fault = origin.fault_at(deduction, "only the lookup marginal has deductions");
    Err(fault.accepted("no `deduction`").into())
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

/// The initial rate of a tier, as a rate or by its highest leverage.
fn initial(raw: &Spanned<RawTier>, maintenance: Rate, origin: &Origin) -> Result<Rate> {
    let tier = raw.get_ref();
    let (text, initial) = match (&tier.max_leverage, &tier.initial) {
        (Some(text), None) => (text, number::initial_of_leverage(text, origin)?),
        (None, Some(text)) => return initial_rate(text, maintenance, origin),
        _ => {
            let fault = origin.fault(raw.span(), "a tier has one of `max_leverage` and `initial`");
            return Err(fault.accepted("max_leverage = \"125\" or initial = \"0.8%\"").into());
        }
    };
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
    let initial = number::quotient(text, origin)?;
    if initial > maintenance && initial.steps() <= Rate::ONE {
        return Ok(initial);
    }
    let accepted = format!("a rate above the maintenance rate {maintenance} and at most 1");
    Err(origin.fault_at(text, "not an initial margin rate").accepted(accepted).into())
}

fn cap_above(text: &Text, floor: Cash, origin: &Origin) -> Result<Cash> {
    let cap = amount(text, origin)?;
    if cap > floor {
        return Ok(cap);
    }
    let accepted = format!("an amount above the last floor {floor}, or no cap");
    Err(origin.fault_at(text, "the cap lies inside the tiers").accepted(accepted).into())
}

/// Where the value at mark picks the rate of the whole position, a gain can lift it into the next
/// tier: its maintenance rate must not exceed what the tier below asked for at the opening.
/// Contracts do not grow by a gain.
fn no_gain_liquidates(tiers: &Tiers, raw: &RawMargin, origin: &Origin) -> Result<()> {
    if !matches!(tiers.lookup, Lookup::WholeByNotional | Lookup::RiskSteps) {
        return Ok(());
    }
    let steep = |pair: &&[Tier]| pair[1].maintenance > pair[0].initial;
    let Some(pair) = tiers.steps.windows(2).find(steep) else { return Ok(()) };
    let problem = format!(
        "a gain would liquidate: above {} the maintenance rate is {}, and a position below it \
         opens with {}",
        pair[1].floor, pair[1].maintenance, pair[0].initial
    );
    let fault = origin.fault(raw.tiers.span(), problem).found("");
    Err(fault.accepted("maintenance rates of at most the initial rate of the tier below").into())
}
