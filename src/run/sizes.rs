//! What a study may ask for: sizes and wallets that exact arithmetic has room for.

use crate::engine::{Market, Position, opened};
use crate::fault::Result;
use crate::money::{Cash, Price, Quantity, Rate, Round};
use crate::scenario::{List, MarginMode, Plan, Study, Wanted};

/// Refuses, before anything is computed, what exact arithmetic has no room for, and what a wallet
/// cannot back.
pub(super) fn check_sizes(study: &Study, market: &Market, plan: &Plan) -> Result<()> {
    let prices = Prices::of(study, market, plan);
    check_wallet(study, market, plan, &prices)?;
    for (index, notional) in study.notionals.iter().enumerate() {
        if !all_hold(study, market, &prices, *notional) {
            let at = List::nth(study.raw.positions.notional.as_ref(), index);
            let problem = "positions.notional: cannot be held exactly at the history's prices";
            return Err(study
                .origin
                .fault(at, problem)
                .found(notional)
                .accepted(
                    "an amount that buys at least 1e-8 of the base, and whose products with \
                     prices, slippage and funding included, stay below 2^126 exact steps",
                )
                .into());
        }
    }
    Ok(())
}

/// Whether the positions of a notional fit at every entry: sizes and coins are the largest at the
/// lowest price, and whole lots the fewest at the highest. The lowest leverage has most margin;
/// sides make no difference.
fn all_hold(study: &Study, market: &Market, prices: &Prices, notional: Cash) -> bool {
    let funding = market.funding.widest();
    let Some(leverage) = study.leverages.iter().min().copied() else { return true };
    let (cell, side, bars) = (0, study.sides[0], 0);
    let wanted = Wanted { cell, side, leverage, notional, bars };
    prices.opened.iter().all(|entry| {
        let position = opened(study, &market.law, &wanted, *entry);
        position.zip(prices.filled).is_some_and(|(position, (lowest, highest))| {
            market.law.holds(&position, lowest, highest)
                && market.law.bears(&position, funding, highest)
        })
    })
}

/// Between which prices a study opens and fills.
struct Prices {
    /// The lowest and the highest entry; none where nothing is opened.
    opened: Vec<Price>,
    /// `None`: beyond the grid.
    filled: Option<(Price, Price)>,
}

impl Prices {
    fn of(study: &Study, market: &Market, plan: &Plan) -> Self {
        let opened = plan.entries.iter().filter(|entry| plan.open(entry).next().is_some());
        let entries = opened.map(|entry| entry.price);
        let opened = entries.clone().min().into_iter().chain(entries.max()).collect();
        Self { opened, filled: fills(study, market) }
    }
}

/// Whether there is room for a wallet behind the smallest of positions.
fn fits(study: &Study, market: &Market, prices: &Prices, wallet: Cash) -> bool {
    let (side, quantity) = (study.sides[0], Quantity::from_lots(1));
    prices.opened.iter().all(|entry| {
        let position = Position { side, quantity, entry: *entry, margin: wallet };
        prices.filled.is_some_and(|(lowest, highest)| market.law.holds(&position, lowest, highest))
    })
}

/// The lowest and the highest price that a position can be filled at; `None`: beyond the grid.
fn fills(study: &Study, market: &Market) -> Option<(Price, Price)> {
    let (trade, mark) = (&market.history.trade, &market.history.mark);
    let lowest = trade.low.iter().chain(&mark.low).min()?;
    let highest = trade.high.iter().chain(&mark.high).max()?;
    let (one, moved) = (i128::from(Rate::ONE), study.slippage.model.farthest().steps());
    let times = |price: &Price, factor: i128, round: Round| {
        let steps = round.div(i128::from(price.steps()) * factor, one);
        i64::try_from(steps.max(1)).ok().map(Price::from_steps)
    };
    let lowest = times(lowest, one - i128::from(moved), Round::Floor);
    lowest.zip(times(highest, one + i128::from(moved), Round::Ceil))
}

/// A wallet must hold the margin of every position that it is to back.
fn check_wallet(study: &Study, market: &Market, plan: &Plan, prices: &Prices) -> Result<()> {
    let MarginMode::Cross { wallet } = study.margin else { return Ok(()) };
    let fault = |problem: &str| {
        let text = study.raw.positions.wallet.as_ref();
        study.origin.fault(text, problem).found(wallet)
    };
    if !fits(study, market, prices, wallet) {
        let problem = "positions.wallet: cannot be held exactly at the history's prices";
        return Err(fault(problem).accepted("a smaller wallet").into());
    }
    let margin = |wanted: &Wanted, entry: Price| {
        let Wanted { side, notional, leverage, .. } = *wanted;
        market.law.open(side, notional, entry, leverage).map(|position| position.margin)
    };
    let margins = prices.opened.iter().flat_map(|entry| {
        plan.combinations(study).filter_map(move |wanted| margin(&wanted, *entry))
    });
    let Some(most) = margins.max().filter(|most| *most > wallet) else { return Ok(()) };
    let problem = "positions.wallet: below the initial margin of a position that it is to back";
    let accepted = format!("at least {most}, or a smaller notional or a higher leverage");
    Err(fault(problem).accepted(accepted).into())
}
