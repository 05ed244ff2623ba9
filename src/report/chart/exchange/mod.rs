//! The pictures of an exchange study: what a crash did to the fund, the book and the traders.
//!
//! Amounts are plain numbers of units (dollars or coins), times are milliseconds since 1970 UTC.
//! A series has one value a bar, at the end of the bar unless it says otherwise.

pub mod adl;
mod columns;
pub mod density;
pub mod drawdown;
pub mod fund;
mod ink;
mod market;
pub mod open_interest;
mod parts;
mod ratio;
mod scale;
mod series;
mod stage;
mod tags;
mod unit;
pub mod waterfall;

pub use market::{Market, Symbol};
pub use ratio::Ratio;
pub use series::Band;

pub use super::canvas::Text;
use super::canvas::{self, Canvas, Rect};
pub use super::prices::Bar;
use super::{Caption, ChartError, frame};

/// What can be drawn: the input of one of these modules.
pub trait Picture {
    fn caption(&self) -> &Caption;

    /// # Errors
    /// [`ChartError::NoData`] where there is nothing to draw, [`ChartError::BadNumber`] for a
    /// number outside its range, [`ChartError::Shape`] where series and bars do not match.
    fn check(&self) -> Result<(), ChartError>;

    /// # Errors
    /// [`ChartError::Draw`] where the page refuses.
    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError>;
}

/// The picture as PNG bytes.
///
/// # Errors
/// Those of [`Picture::check`] and [`Picture::draw`].
pub fn render(picture: &impl Picture) -> Result<Vec<u8>, ChartError> {
    render_with_texts(picture).map(|(png, _)| png)
}

/// The picture, and every text in it with the room that it takes: what a test needs to see that
/// none lies on another.
///
/// # Errors
/// As [`render`].
pub fn render_with_texts(picture: &impl Picture) -> Result<(Vec<u8>, Vec<Text>), ChartError> {
    picture.check()?;
    canvas::paint_with_texts(|canvas| {
        let plot = frame::draw(canvas, picture.caption())?;
        picture.draw(canvas, plot)
    })
}
