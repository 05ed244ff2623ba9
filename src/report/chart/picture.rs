//! From the input of a picture to its PNG.

use super::canvas::{self, Canvas, Rect, Text};
use super::{Caption, ChartError, frame};

/// What can be drawn.
pub trait Picture {
    fn caption(&self) -> &Caption;

    /// # Errors
    /// [`ChartError::NoData`] where there is nothing to draw, [`ChartError::BadNumber`] for a
    /// number outside its range, [`ChartError::Shape`] where the parts do not fit together.
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
