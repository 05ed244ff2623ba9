//! Figures of independent positions.

use super::Measured;
use crate::money::Leverage;
use crate::money::decimal::parse_float;
use crate::scenario::Side;
use crate::scenario::expect::PositionFigure;
use crate::tally::{Cell, Estimate, Tally};
use rust_decimal::Decimal;

/// A figure of a study with one horizon; `None` where no position was opened.
pub fn of_positions(figure: PositionFigure, tally: &Tally) -> Option<Measured> {
    match figure {
        PositionFigure::Share(side, leverage) => {
            let is_it = |cell: &&Cell| cell.side == side && cell.leverage == leverage;
            of_share(&tally.cells().iter().find(is_it)?.share()?)
        }
        PositionFigure::Leverage(side, share) => of_leverage(side, share.to_f64(), tally),
    }
}

fn of_share(share: &Estimate) -> Option<Measured> {
    let number = |value: f64| parse_float(value).ok();
    let (value, low, high) = (number(share.share)?, number(share.low)?, number(share.high)?);
    Some(Measured { value, low, high, count: share.n })
}

/// The highest leverage whose share stays within what is allowed, and so do all lower ones; by the
/// high ends of the intervals that is the low end (1 where no leverage of the study is), and the
/// other way round. `None` where even the lowest leverage of the study is liquidated more often.
fn of_leverage(side: Side, allowed: f64, tally: &Tally) -> Option<Measured> {
    let of_side = tally.cells().iter().filter(|cell| cell.side == side);
    let mut shares: Vec<(Leverage, Estimate)> =
        of_side.filter_map(|cell| Some((cell.leverage, cell.share()?))).collect();
    shares.sort_by_key(|(leverage, _)| leverage.hundredths());
    let highest = |of: fn(&Estimate) -> f64| {
        let within = shares.iter().take_while(|(_, share)| of(share) <= allowed);
        within.last().map(|(leverage, _)| Decimal::new(leverage.hundredths().into(), 2))
    };
    let value = highest(|share| share.share)?;
    Some(Measured {
        value: value.normalize(),
        low: highest(|share| share.high).unwrap_or(Decimal::ONE).normalize(),
        high: highest(|share| share.low)?.normalize(),
        count: shares.first()?.1.n,
    })
}
