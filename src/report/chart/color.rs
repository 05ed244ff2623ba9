//! Colours: colour-blind-safe categories, one sequential map, greys.

use plotters::style::RGBColor;

pub const WHITE: RGBColor = RGBColor(255, 255, 255);
pub const INK: RGBColor = RGBColor(26, 28, 33);
pub const MUTED: RGBColor = RGBColor(92, 97, 107);
pub const GRID: RGBColor = RGBColor(226, 229, 233);
pub const AXIS: RGBColor = RGBColor(140, 145, 154);
pub const NO_DATA: RGBColor = RGBColor(232, 233, 236);
pub const HATCH: RGBColor = RGBColor(196, 199, 205);

/// Okabe and Ito's palette (2008) without its yellow, which is lost on white, and its black, which
/// is the price's; then indigo, wine, olive and grey of Paul Tol's "muted" scheme (2021).
const CATEGORIES: [RGBColor; 10] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(51, 34, 136),
    RGBColor(136, 34, 85),
    RGBColor(153, 153, 51),
    RGBColor(119, 119, 119),
];

/// Number of categories that have a colour of their own; later ones repeat it, dashed.
pub const CATEGORY_COUNT: usize = CATEGORIES.len();

pub const fn category(index: usize) -> RGBColor {
    CATEGORIES[index % CATEGORIES.len()]
}

/// Knots of a pale-to-dark map whose lightness falls evenly (matplotlib's inferno, reversed and
/// cut where it turns black).
const HEAT: [(u8, u8, u8); 8] = [
    (252, 255, 164),
    (247, 209, 61),
    (251, 155, 6),
    (237, 105, 37),
    (207, 68, 70),
    (165, 44, 96),
    (120, 28, 109),
    (74, 12, 107),
];

/// Colour of a share of 0 to 1. The map follows the square root of the share, so that 1 %, 5 %
/// and 10 % are told apart.
pub fn heat(share: f64) -> RGBColor {
    let place = share.clamp(0.0, 1.0).sqrt() * (HEAT.len() - 1) as f64;
    let knot = (place.floor() as usize).min(HEAT.len() - 2);
    let (from, to) = (HEAT[knot], HEAT[knot + 1]);
    let part = place - knot as f64;
    RGBColor(mix(from.0, to.0, part), mix(from.1, to.1, part), mix(from.2, to.2, part))
}

/// Text colour that can be read on `background` (relative luminance, ITU-R BT.709).
pub fn text_on(background: RGBColor) -> RGBColor {
    let RGBColor(r, g, b) = background;
    let luminance = 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
    if luminance > 125.0 { INK } else { WHITE }
}

/// `color` thinned towards white: `strength` 1 leaves it as it is, 0 is white.
pub fn tint(color: RGBColor, strength: f64) -> RGBColor {
    let RGBColor(r, g, b) = color;
    RGBColor(mix(255, r, strength), mix(255, g, strength), mix(255, b, strength))
}

fn mix(from: u8, to: u8, part: f64) -> u8 {
    (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8
}
