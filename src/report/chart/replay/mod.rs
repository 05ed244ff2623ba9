//! A crash replayed: the price, the entry, and each leverage's liquidation level up to its hour
//! of death.

mod plot;

use super::canvas::paint;
use super::frame::{self, Caption};
use super::{ChartError, Prices, positive};

/// What the crash replay shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub caption: Caption,
    pub prices: Prices,
    /// By ascending leverage.
    pub levels: Vec<Level>,
}

/// One leverage's liquidation price and fate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Level {
    /// A multiple: 10 is ten times.
    pub leverage: f64,
    /// `None` where no price liquidates the position.
    pub price: Option<f64>,
    /// Open time of the bar that liquidated it, milliseconds since 1970 UTC; `None` if it
    /// survives.
    pub death: Option<i64>,
}

/// Draws the crash replay.
///
/// # Errors
/// [`ChartError::NoData`] without bars or with an interval not above 0;
/// [`ChartError::BadNumber`] for a price that is not finite and above 0, bars that run backwards,
/// and an entry or a death outside the bars.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let place = frame::draw(canvas, &input.caption)?;
        plot::Plot::new(input, place)?.draw(canvas)
    })
}

fn check(input: &Input) -> Result<(), ChartError> {
    let prices = &input.prices;
    prices.check()?;
    for level in &input.levels {
        positive("leverage", level.leverage)?;
        level.price.map_or(Ok(0.0), |price| positive("liquidation price", price))?;
        level.death.map_or(Ok(()), |time| prices.within("a death outside the bars", time))?;
    }
    Ok(())
}
