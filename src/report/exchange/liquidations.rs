//! `liquidations.csv`: who was liquidated in the picked world, trigger by trigger.

use super::name::{account_name, extent};
use super::{Facts, in_quote};
use crate::fault::Result;
use crate::history::rfc3339;
use crate::report::tables;
use crate::tally::exchange::Forced;

/// One row a trigger. `notional` is what was held at the mark, in quote units; sizes say where it
/// went; what they leave stayed open.
pub fn table(facts: &Facts) -> Result<Vec<u8>> {
    let names = [
        "time",
        "symbol",
        "account",
        "bucket",
        "side",
        "mark",
        "held",
        "notional",
        "asked",
        "rule",
        "filled",
        "taken_over",
        "deleveraged",
        "remainder",
        "deficit",
    ];
    let row = |forced: &Forced| {
        let place = usize::from(forced.symbol);
        let (history, law) = (facts.symbols[place].history, &facts.scene.markets[place].law);
        let bucket = facts.told.bucket(forced.account);
        vec![
            rfc3339(forced.moment.time),
            history.symbol.clone(),
            account_name(forced.account),
            bucket.map_or(String::new(), |bucket| bucket.to_string()),
            forced.side.to_string(),
            history.scale.to_decimal(forced.mark).to_string(),
            forced.held.to_string(),
            in_quote(law, forced.held, forced.mark).to_string(),
            extent(forced.extent).to_owned(),
            forced.rule.to_owned(),
            forced.filled.to_string(),
            forced.taken_over.to_string(),
            forced.deleveraged.to_string(),
            forced.remainder.to_string(),
            forced.deficit.to_string(),
        ]
    };
    tables::table(&names, facts.told.liquidations.iter().map(row))
}
