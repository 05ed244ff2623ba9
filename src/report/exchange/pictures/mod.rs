//! From facts to the inputs of the charts.

mod density;
mod market;
mod payments;

use super::{Facts, sentences};
use crate::exchange::Sample;
use crate::fault::Result;
use crate::money::Cash;
use crate::report::chart::exchange::{Band, adl, drawdown, fund, open_interest};
use crate::report::{drawn, units};
use crate::tally::exchange::{Bands, Bucket};
use market::{caption, caption_of_all, market};

/// All pictures of a run: file name and PNG. The heat map is drawn once a symbol.
pub fn draw(facts: &Facts) -> Result<Vec<(String, Vec<u8>)>> {
    let mut pictures = vec![
        drawn("fund.png", &of_fund(facts))?,
        drawn("drawdown.png", &of_drawdown(facts))?,
        drawn("waterfall.png", &payments::waterfall(facts))?,
        drawn("adl.png", &of_adl(facts))?,
        drawn("open_interest.png", &of_open_interest(facts))?,
    ];
    for (number, symbol) in facts.symbols.iter().enumerate() {
        let name = match number {
            0 => "liquidations.png".to_owned(),
            _ => format!("liquidations-{}.png", symbol.history.symbol),
        };
        pictures.push(drawn(&name, &density::density(facts, number))?);
    }
    Ok(pictures)
}

/// A balance of the fund without what is too small for anybody to be paid.
fn balances(facts: &Facts, of: fn(&Sample) -> Cash) -> Vec<f64> {
    let least = sentences::least(facts.rules()).atoms();
    let seen = |cash: Cash| if cash.atoms().abs() < least { 0.0 } else { units(cash) };
    facts.told.world.timeline.iter().map(of).map(seen).collect()
}

/// A series of the picked world.
fn series(facts: &Facts, of: fn(&Sample) -> Cash) -> Vec<f64> {
    facts.told.world.timeline.iter().map(of).map(units).collect()
}

/// What was added to a running sum within each bar.
fn within(facts: &Facts, of: fn(&Sample) -> Cash) -> Vec<f64> {
    let sums = facts.told.world.timeline.iter().map(of);
    let before = std::iter::once(Cash::ZERO).chain(facts.told.world.timeline.iter().map(of));
    sums.zip(before).map(|(sum, before)| units(sum - before)).collect()
}

/// Quantiles over worlds of a series, by its place among those of a timeline.
fn band(facts: &Facts, place: usize) -> Option<Band> {
    let quantile = |which: usize| {
        let of = |bands: &Bands| units(bands.series[place].quantiles[which]);
        facts.timeline.bands.iter().map(of).collect()
    };
    (facts.timeline.worlds > 1).then(|| Band {
        p5: quantile(0),
        p25: quantile(1),
        p75: quantile(3),
        p95: quantile(4),
    })
}

fn of_fund(facts: &Facts) -> fund::Input {
    fund::Input {
        caption: caption(facts, sentences::fund_headline(facts)),
        market: market(facts),
        asset: facts.rules().settlement.clone(),
        start: units(facts.worlds.fund_start()),
        cash: balances(facts, |sample| sample.fund_cash),
        marked: balances(facts, |sample| sample.fund_mtm),
        deepest: units(facts.told.world.fund_drawdown_mtm),
        worlds: band(facts, 1),
        quote: facts.rules().price_unit().to_owned(),
        liquidated: within(facts, |sample| sample.liquidated),
        adl: within(facts, |sample| sample.adl),
        first_adl: facts.told.world.first_adl,
    }
}

fn of_drawdown(facts: &Facts) -> drawdown::Input {
    let worlds = facts.worlds.list();
    drawdown::Input {
        caption: caption_of_all(facts, sentences::drawdown_headline(facts)),
        asset: facts.rules().settlement.clone(),
        start: units(facts.worlds.fund_start()),
        cash: worlds.iter().map(|world| units(world.fund_drawdown)).collect(),
        marked: worlds.iter().map(|world| units(world.fund_drawdown_mtm)).collect(),
    }
}

fn of_adl(facts: &Facts) -> adl::Input {
    let bars = facts.told.world.timeline.len();
    let held = market::held_by_bucket(facts);
    let bucket = |(place, bucket): (usize, &Bucket)| {
        let mut sums = vec![0.0; bars];
        for event in facts.told.deleveragings.iter().filter(|e| e.bucket == Some(*bucket)) {
            if let Some(sum) = sums.get_mut(event.moment.bar - facts.scene.first) {
                *sum += units(event.notional);
            }
        }
        adl::Bucket { name: bucket.to_string(), adl: sums, open_interest: held[place] }
    };
    adl::Input {
        caption: caption(facts, sentences::adl_headline(facts)),
        market: market(facts),
        quote: facts.rules().price_unit().to_owned(),
        buckets: Bucket::ALL.iter().enumerate().map(bucket).collect(),
        first_adl: facts.told.world.first_adl,
    }
}

fn of_open_interest(facts: &Facts) -> open_interest::Input {
    open_interest::Input {
        caption: caption(facts, sentences::open_interest_headline(facts)),
        market: market(facts),
        quote: facts.rules().price_unit().to_owned(),
        start: units(facts.open_interest()),
        open: series(facts, |sample| sample.open_interest),
        worlds: band(facts, 4),
        liquidated: within(facts, |sample| sample.liquidated),
        adl: within(facts, |sample| sample.adl),
        own: None,
        first_adl: facts.told.world.first_adl,
    }
}
