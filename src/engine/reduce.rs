//! How much of a position must go until the rest can stand.

use crate::money::Cash;
use crate::venue::Tiers;
use rust_decimal::Decimal;

/// Just enough: each unit that goes frees `price·rate` of requirement, `rate` being the maintenance
/// rate with its buffer less the fees of the close-out; so `shortage / (price · rate)` must go
/// (Drift; Deribit's procedure). Not rounded: an order rounds it up to the lot. `None`: closing
/// frees nothing, and all of it goes.
pub fn restore(shortage: Decimal, price: Decimal, rate: Decimal) -> Option<Decimal> {
    let freed = price.checked_mul(rate)?;
    (freed > Decimal::ZERO).then(|| shortage.checked_div(freed)).flatten()
}

/// What of a size, measured as the tiers are (notional, or number of contracts), lies above the
/// top of a tier, 0 being the lowest; zero where the tier has no top.
pub fn above(tiers: &Tiers, size: Cash, tier: usize) -> Cash {
    let next = tiers.steps.get(tier + 1).map(|next| next.floor);
    next.map_or(Cash::ZERO, |top| (size - top).gain())
}
