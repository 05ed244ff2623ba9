//! `adl.csv`: who was deleveraged in the picked world, event by event.

use super::Facts;
use super::name::account_name;
use crate::fault::Result;
use crate::history::rfc3339;
use crate::report::tables;
use crate::tally::exchange::Deleveraging;

/// One row a counterparty. `notional` is in quote units at the mark, `gap` what the counterparty
/// gave up in the settlement asset.
pub fn table(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "time", "symbol", "account", "bucket", "side", "lots", "price", "mark", "rank", "gap",
        "notional", "against",
    ];
    let row = |event: &Deleveraging| {
        let history = facts.symbols[usize::from(event.symbol)].history;
        let price = |price| history.scale.to_decimal(price).to_string();
        vec![
            rfc3339(event.moment.time),
            history.symbol.clone(),
            account_name(event.account),
            event.bucket.map_or(String::new(), |bucket| bucket.to_string()),
            event.side.to_string(),
            event.quantity.to_string(),
            price(event.price),
            price(event.mark),
            event.rank.to_string(),
            event.gap.to_string(),
            event.notional.to_string(),
            account_name(event.bankrupt),
        ]
    };
    tables::table(&names, facts.told.deleveragings.iter().map(row))
}
