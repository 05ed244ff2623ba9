//! `safe.csv`: the leverage up to which at most a share of entries was liquidated.

use super::tables::{self, fraction};
use crate::fault::Result;
use crate::money::Leverage;
use crate::tally::{Criticals, Distribution, Safe};
use serde_json::{Value, json};

/// Shares of entries that may be liquidated.
pub const AT_MOST: [f64; 3] = [0.01, 0.05, 0.10];

/// One row for each side, horizon and share. An empty field where no leverage is so low, or
/// nothing was opened.
pub fn table(criticals: &Criticals) -> Result<Vec<u8>> {
    let names = ["side", "horizon", "n", "alpha", "leverage", "low", "high", "n_eff"];
    let leverage = |leverage: Option<Leverage>| leverage.map_or(String::new(), |of| of.to_string());
    let row = |(of, at_most, safe): (&Distribution, f64, Option<Safe>)| {
        let ends = safe.map_or([None; 3], |safe| [safe.leverage, safe.low, safe.high]);
        let n_eff = safe.and_then(|safe| safe.share).map(|share| fraction(share.n_eff));
        let key = [of.side.to_string(), of.horizon.clone(), of.n().to_string()];
        let [safest, low, high] = ends.map(leverage);
        let rest = [at_most.to_string(), safest, low, high, n_eff.unwrap_or_default()];
        [key.to_vec(), rest.to_vec()].concat()
    };
    tables::table(&names, each(criticals).map(row))
}

/// The same rows as JSON; `null` for an empty field.
pub fn rows(criticals: &Criticals) -> Value {
    let leverage = |leverage: Option<Leverage>| leverage.map(|leverage| leverage.to_string());
    let row = |(of, at_most, safe): (&Distribution, f64, Option<Safe>)| {
        json!({
            "side": of.side,
            "horizon": of.horizon,
            "n": of.n(),
            "alpha": at_most,
            "leverage": leverage(safe.and_then(|safe| safe.leverage)),
            "low": leverage(safe.and_then(|safe| safe.low)),
            "high": leverage(safe.and_then(|safe| safe.high)),
            "n_eff": safe.and_then(|safe| safe.share).map(|share| share.n_eff),
        })
    };
    each(criticals).map(row).collect()
}

fn each(criticals: &Criticals) -> impl Iterator<Item = (&Distribution, f64, Option<Safe>)> {
    let all = criticals.all().iter();
    all.flat_map(move |of| {
        let safe = criticals.safe(of, &AT_MOST);
        AT_MOST
            .into_iter()
            .enumerate()
            .map(move |(number, at_most)| (of, at_most, safe.get(number).copied()))
    })
}
