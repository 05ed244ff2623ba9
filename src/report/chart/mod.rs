//! The pictures of a study: plain numbers in, PNG bytes out.
//!
//! Every chart is a pure function of its input: no clock, no system font, no file. Drawn with
//! plotters at three times the size and averaged down ([`canvas`]), because plotters' bitmap
//! backend leaves the edges of lines jagged.

mod axis;
mod canvas;
mod check;
mod color;
pub mod exchange;
mod font;
mod frame;
pub mod heatmap;
mod isoline;
pub mod label;
pub mod owed;
mod parts;
mod payer;
mod picture;
mod place;
pub mod population;
mod prices;
pub mod replay;
pub mod sizing;
pub mod story;
pub mod survival;
mod tags;
mod thin;
mod time;
mod unit;

pub use canvas::Text;
use check::{bad_number, positive, share};
pub use frame::Caption;
pub use picture::{Picture, render, render_with_texts};
pub use prices::{Bar, Entry, Prices};

/// Size of every picture, in pixels.
pub const WIDTH: u32 = 1600;
/// Size of every picture, in pixels.
pub const HEIGHT: u32 = 1000;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// The input holds nothing to draw.
    #[error("nothing to draw: {0}")]
    NoData(&'static str),
    /// NaN, an infinity, or a number outside its range.
    #[error("cannot draw {what}: {value}")]
    BadNumber { what: &'static str, value: String },
    /// The input's parts do not fit together.
    #[error("{what}: {found} where {wanted} are needed")]
    Shape { what: &'static str, found: usize, wanted: usize },
    /// More than a picture has room for.
    #[error("{found} {what}: at most {most} can be read")]
    TooMany { what: &'static str, found: usize, most: usize },
    #[error("the embedded font cannot be read")]
    Font,
    #[error("drawing failed: {0}")]
    Draw(String),
    #[error("writing the PNG failed: {0}")]
    Png(String),
}
