//! Who holds what at the start: open interest by leverage, and what is liquidated how far from the
//! mark.

use super::axis::{Axis, round_step};
use super::canvas::{Anchor, Canvas, Rect, Stroke, Type, paint};
use super::frame::{self, Caption, NAME, TICK};
use super::{ChartError, check, color, label, positive, share};

/// What the picture of a population shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// Unit of the values, `USDT`.
    pub quote: String,
    pub bands: Vec<Band>,
    /// Width of a bin of the densities, as a fraction of the mark.
    pub bin: f64,
    /// Value of longs that is liquidated in each bin below the mark, nearest first.
    pub longs: Vec<f64>,
    /// The same of shorts, above the mark.
    pub shorts: Vec<f64>,
    /// Share of the longs and of the shorts that lies beyond the bins, 0 to 1.
    pub beyond: [f64; 2],
}

/// Shares of a band of leverage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Band {
    /// `3–5x`.
    pub name: String,
    /// Of the longs' value, 0 to 1.
    pub long: f64,
    /// Of the shorts' value, 0 to 1.
    pub short: f64,
}

const LONG: usize = 0;
const SHORT: usize = 1;
/// Room for a panel's title and key, for its ticks, and beside it.
const HEAD: f64 = 84.0;
const FOOT: f64 = 78.0;
const SIDE: f64 = 92.0;
const GAP: f64 = 76.0;
/// Part of the width that the first panel takes.
const FIRST: f64 = 0.4;

/// Draws the picture.
///
/// # Errors
/// [`ChartError::NoData`] without bands or bins; [`ChartError::BadNumber`] for shares outside 0 to
/// 1 and values below 0.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let plot = frame::draw(canvas, &input.caption)?;
        let middle = plot.left + plot.width() * FIRST;
        leverage(canvas, input, Rect { right: middle - GAP / 2.0, ..plot })?;
        Density::new(input, Rect { left: middle + GAP / 2.0, ..plot }).draw(canvas, input)
    })
}

fn check(input: &Input) -> Result<(), ChartError> {
    if input.bands.is_empty() || input.longs.is_empty() || input.shorts.is_empty() {
        return Err(ChartError::NoData("nobody holds anything"));
    }
    let bins = input.longs.len();
    check::amounts("value of longs to be liquidated", &input.longs, bins)?;
    check::amounts("value of shorts to be liquidated", &input.shorts, bins)?;
    positive("width of a bin", input.bin)?;
    for band in &input.bands {
        share("share of longs", band.long)?;
        share("share of shorts", band.short)?;
    }
    for part in input.beyond {
        share("share beyond the bins", part)?;
    }
    Ok(())
}

/// A panel's title, and what its colours mean.
fn head(canvas: &Canvas<'_>, place: Rect, title: &str) -> Result<(), ChartError> {
    canvas.text((place.left, place.top + 12.0), title, Type::new(NAME).bold())?;
    let face = Type::new(17.0).color(color::MUTED);
    let mut x = place.left;
    for (side, name) in [(LONG, "longs"), (SHORT, "shorts")] {
        let y = place.top + 44.0;
        let square = Rect { left: x, top: y - 7.0, right: x + 14.0, bottom: y + 7.0 };
        canvas.rect(square, color::category(side))?;
        canvas.text((x + 22.0, y), name, face)?;
        x += 22.0 + face.width(name)? + 28.0;
    }
    Ok(())
}

/// Bars of both sides, band by band, from the lowest leverage down.
fn leverage(canvas: &Canvas<'_>, input: &Input, place: Rect) -> Result<(), ChartError> {
    head(canvas, place, "Share of open interest by leverage")?;
    let plot = place.inset(SIDE, HEAD, 64.0, FOOT);
    let most = input.bands.iter().map(|band| band.long.max(band.short)).fold(0.01, f64::max);
    let axis = Axis::linear((0.0, ceiling(most)), (plot.left, plot.right));
    for tick in axis.ticks(5) {
        let x = axis.at(tick);
        let stroke = if tick == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
        canvas.line((x, plot.top), (x, plot.bottom), Stroke::solid(stroke.0, stroke.1))?;
        let face = Type::new(TICK).anchor(Anchor::Middle).color(color::MUTED);
        canvas.text((x, plot.bottom + 22.0), &label::percent_tick(tick), face)?;
    }
    let row = plot.height() / input.bands.len() as f64;
    let half = (row * 0.36).min(26.0);
    for (number, band) in input.bands.iter().enumerate() {
        let y = plot.top + row * (number as f64 + 0.5);
        let face = Type::new(TICK).anchor(Anchor::End);
        canvas.text((plot.left - 14.0, y), &band.name, face)?;
        for (side, part, top) in [(LONG, band.long, y - half), (SHORT, band.short, y + 1.0)] {
            let end = axis.at(part);
            let bar = Rect { left: plot.left, top, right: end, bottom: top + half - 1.0 };
            canvas.rect(bar, color::category(side))?;
            let face = Type::new((half * 0.9).clamp(12.0, 17.0)).color(color::MUTED);
            canvas.text((end + 8.0, top + half / 2.0), &label::percent(part), face)?;
        }
    }
    Ok(())
}

/// Columns of value on both sides of the mark.
struct Density {
    place: Rect,
    plot: Rect,
    distance: Axis,
    value: Axis,
    step: f64,
    unit: Unit,
}

/// What values are counted in.
#[derive(Clone, Copy)]
struct Unit {
    size: f64,
    name: &'static str,
}

const UNITS: [Unit; 4] = [
    Unit { size: 1e9, name: "bn " },
    Unit { size: 1e6, name: "M " },
    Unit { size: 1e3, name: "k " },
    Unit { size: 1.0, name: "" },
];

impl Density {
    fn new(input: &Input, place: Rect) -> Self {
        let plot = place.inset(SIDE, HEAD, 30.0, FOOT);
        let reach = input.bin * input.longs.len() as f64;
        let most = input.longs.iter().chain(&input.shorts).copied().fold(0.0, f64::max);
        let unit = UNITS.into_iter().find(|unit| most >= unit.size).unwrap_or(UNITS[3]);
        let most = ceiling(if most > 0.0 { most / unit.size } else { 1.0 });
        Self {
            place,
            plot,
            distance: Axis::linear((-reach, reach), (plot.left, plot.right)),
            value: Axis::linear((0.0, most), (plot.bottom, plot.top)),
            step: reach,
            unit,
        }
    }

    fn draw(&self, canvas: &Canvas<'_>, input: &Input) -> Result<(), ChartError> {
        let title = "Open interest to be liquidated, by distance from the mark";
        head(canvas, self.place, title)?;
        self.grid(canvas, input)?;
        for (side, sign, values) in [(LONG, -1.0, &input.longs), (SHORT, 1.0, &input.shorts)] {
            for (bin, value) in values.iter().enumerate() {
                let ends =
                    [bin, bin + 1].map(|end| self.distance.at(sign * input.bin * end as f64));
                let top = self.value.at(value / self.unit.size);
                let (left, right) = (ends[0].min(ends[1]) + 0.7, ends[0].max(ends[1]) - 0.7);
                let column = Rect { left, top, right, bottom: self.plot.bottom };
                canvas.rect(column, color::category(side))?;
            }
        }
        self.mark(canvas)?;
        self.beyond(canvas, input)
    }

    fn grid(&self, canvas: &Canvas<'_>, input: &Input) -> Result<(), ChartError> {
        let face = Type::new(TICK).color(color::MUTED);
        for tick in self.value.ticks(6) {
            let y = self.value.at(tick);
            let stroke = if tick == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
            let stroke = Stroke::solid(stroke.0, stroke.1);
            canvas.line((self.plot.left, y), (self.plot.right, y), stroke)?;
            let text = format!("{}", (tick * 1e6).round() / 1e6);
            canvas.text((self.plot.left - 10.0, y), &text, face.anchor(Anchor::End))?;
        }
        let unit =
            format!("{}{} in each {}", self.unit.name, input.quote, label::percent_tick(input.bin));
        let at = (self.plot.right, self.place.top + 44.0);
        canvas.text(at, &unit, Type::new(17.0).color(color::MUTED).anchor(Anchor::End))?;
        for tick in self.distance.ticks(10) {
            let sign = if tick > 0.0 { "+" } else { "" };
            let text = format!("{sign}{}", label::percent_tick(tick)).replace('-', "−");
            let at = (self.distance.at(tick), self.plot.bottom + 22.0);
            canvas.text(at, &text, face.anchor(Anchor::Middle))?;
        }
        Ok(())
    }

    fn mark(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let x = self.distance.at(0.0);
        let stroke = Stroke::solid(color::INK, 1.6).dashed(5.0, 4.0);
        canvas.line((x, self.plot.top), (x, self.plot.bottom), stroke)
    }

    /// What the columns leave out, at the end where it would stand.
    fn beyond(&self, canvas: &Canvas<'_>, input: &Input) -> Result<(), ChartError> {
        let y = self.plot.bottom + 52.0;
        let face = Type::new(17.0).color(color::MUTED);
        let [long, short] = input.beyond.map(label::percent);
        let reach = label::percent_tick(self.step);
        let text = format!("← {long} of longs beyond {reach}, or never");
        canvas.text((self.plot.left, y), &text, face)?;
        let text = format!("{short} of shorts beyond {reach}, or never →");
        canvas.text((self.plot.right, y), &text, face.anchor(Anchor::End))
    }
}

/// The first round value at or above `value`.
fn ceiling(value: f64) -> f64 {
    let step = round_step(value, 5);
    (value / step - 1e-9).ceil() * step
}
