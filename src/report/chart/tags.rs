//! Names at the right ends of lines.

use plotters::style::RGBColor;

use super::canvas::{Canvas, Rect, Stroke, Type};
use super::parts::SMALL;
use super::{ChartError, color, label};

/// Distance between two tags, in pixels.
pub const PITCH: f64 = 21.0;
/// Pixels from the end of the panel to the text.
const LEADER: f64 = 27.0;

/// A name, and the height of what it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    pub y: f64,
    pub text: String,
    pub ink: RGBColor,
}

fn face() -> Type {
    Type::new(SMALL).bold()
}

/// Pixels that must be free beside the panel.
pub fn room<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<f64, ChartError> {
    let mut widest: f64 = 0.0;
    for text in texts {
        widest = widest.max(face().width(text)?);
    }
    Ok(widest + LEADER)
}

/// Draws tags beside a panel, moved apart where they want one place. Colours too light for
/// text are shown by the leader.
pub fn draw(canvas: &Canvas<'_>, place: Rect, tags: &[Tag]) -> Result<(), ChartError> {
    let wanted: Vec<f64> = tags.iter().map(|tag| tag.y).collect();
    let placed = label::spread(&wanted, PITCH, place.top - 6.0, place.bottom + 6.0);
    let x = place.right;
    for (tag, y) in tags.iter().zip(placed) {
        let light = color::text_on(tag.ink) == color::INK;
        let (ink, width) = if light { (color::INK, 3.0) } else { (tag.ink, 1.5) };
        let leader = Stroke::solid(color::tint(tag.ink, if light { 1.0 } else { 0.6 }), width);
        let elbow = [(x + 2.0, tag.y), (x + 6.0, tag.y), (x + 18.0, y), (x + 22.0, y)];
        canvas.path(&elbow, leader)?;
        canvas.text((x + LEADER, y), &tag.text, face().color(ink))?;
    }
    Ok(())
}
