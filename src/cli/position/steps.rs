//! What the venue would close at each trigger, if every order were filled at the mark that fires.

use super::standing::Standing;
use crate::engine::{Law, Leg, Position, Quote, RehearsedStep, rehearse};
use crate::money::{Cash, PriceScale, Quantity, Rate, decimal};
use crate::venue::VenueRules;
use rust_decimal::{Decimal, RoundingStrategy};

/// More are cut off.
const MOST: usize = 20;

/// The steps of a liquidation on the price grid of a history.
pub(super) struct Steps {
    pub scale: PriceScale,
    /// At most twenty.
    pub shown: Vec<RehearsedStep>,
    pub after: After,
}

/// What follows the steps that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Nothing,
    MoreSteps,
}

/// `None` where the sizes are beyond exact money; no steps where nothing is ever liquidated.
pub(super) fn steps(rules: &VenueRules, standing: &Standing) -> Option<Steps> {
    let Some(leg) = standing.net else {
        let scale = PriceScale::USUAL;
        return Some(Steps { scale, shown: Vec::new(), after: After::Nothing });
    };
    let decimals = leg.entry.normalize().scale().min(PriceScale::FINEST.decimals());
    let law = Law::of(rules, PriceScale::holding(decimals)?);
    let position = on_the_grid(&leg, standing.margin, law.scale)?;
    if !(margin_fits(&law, &position) && is_exact(&law, &position, &leg, &standing.quote)) {
        return None;
    }
    let mut shown = rehearse(&law, rules, &position, MOST + 1);
    let after = if shown.len() > MOST { After::MoreSteps } else { After::Nothing };
    shown.truncate(MOST);
    Some(Steps { scale: law.scale, shown, after })
}

/// Entry to the nearest price of the grid, size and margin down.
fn on_the_grid(leg: &Leg, margin: Decimal, scale: PriceScale) -> Option<Position> {
    let down = |value: Decimal, decimals| {
        let cut = value.round_dp_with_strategy(decimals, RoundingStrategy::ToNegativeInfinity);
        decimal::to_scaled(cut, decimals).ok()
    };
    let lots = down(leg.quantity, Quantity::DECIMALS).filter(|lots| *lots > 0)?;
    let entry = scale.of(leg.entry.round_dp(scale.decimals())).ok();
    Some(Position {
        side: leg.side,
        quantity: Quantity::from_lots(lots),
        entry: entry.filter(|entry| entry.steps() > 0)?,
        margin: Cash::from_atoms(down(margin, Cash::DECIMALS)?),
    })
}

/// Whether the margin, which may be a wallet far above the position, fits the finest money.
fn margin_fits(law: &Law<'_>, position: &Position) -> bool {
    i128::from(position.margin.atoms())
        .checked_mul(law.scale.steps_per_unit())
        .and_then(|fine| fine.checked_mul(4 * i128::from(Rate::ONE)))
        .is_some()
}

/// Whether all products and amounts fit, up to the prices at which the value is twice what it can
/// become: no step raises it above value and margin at entry.
fn is_exact(law: &Law<'_>, position: &Position, leg: &Leg, quote: &Quote) -> bool {
    let met = || [quote.liquidation_price, quote.bankruptcy_price].into_iter().flatten();
    let low = met().fold(leg.entry, Decimal::min) / Decimal::TWO;
    let high = met().fold(leg.entry, Decimal::max).saturating_mul(Decimal::TWO);
    let is_cash = |price| {
        let value = leg.value(price).map(|value| value.round_dp(Cash::DECIMALS));
        value.is_some_and(|value| decimal::to_scaled(value, Cash::DECIMALS).is_ok())
    };
    let grid = |price: Decimal| law.scale.of(price.round_dp(law.scale.decimals())).ok();
    match (grid(low).filter(|low| low.steps() > 0), grid(high)) {
        (Some(at_low), Some(at_high)) => {
            is_cash(low) && is_cash(high) && law.holds(position, at_low, at_high)
        }
        _ => false,
    }
}
