//! Share of positions not yet liquidated as time passes: one panel per side, one line per leverage.

use super::axis::{Axis, multiples, round_step};
use super::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type, paint};
use super::frame::{self, Caption, NAME, TICK, TITLE};
use super::{ChartError, color, label, positive, share};

/// What the survival chart shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// One or two sides.
    pub panels: Vec<Panel>,
}

/// One side's curves, by ascending leverage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    /// `Long` or `Short`.
    pub title: String,
    pub curves: Vec<Curve>,
}

/// One leverage's curve.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// A multiple: 10 is ten times.
    pub leverage: f64,
    /// (hours since entry, share not yet liquidated), by ascending hours. The share holds from
    /// its point to the next one. Begins with (0, 1); the last point ends the curve.
    pub steps: Vec<(f64, f64)>,
}

/// Distance between two labels at the line ends, in pixels.
const PITCH: f64 = 25.0;

/// Draws the survival curves.
///
/// # Errors
/// [`ChartError::NoData`] where no curve has two points; [`ChartError::BadNumber`] for shares
/// outside 0 to 1, or times that are not numbers or run backwards.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    let hours = check(input)?;
    paint(|canvas| {
        let plot = frame::draw(canvas, &input.caption)?;
        for (panel, place) in input.panels.iter().zip(plot.columns(input.panels.len(), 36.0)) {
            Plot::new(panel, place, hours).draw(canvas)?;
        }
        Ok(())
    })
}

/// The longest time of any curve, in hours.
fn check(input: &Input) -> Result<f64, ChartError> {
    let curves = || input.panels.iter().flat_map(|panel| &panel.curves);
    for curve in curves() {
        positive("leverage", curve.leverage)?;
        let mut before = 0.0;
        for &(hours, open) in &curve.steps {
            if !(hours.is_finite() && hours >= before) {
                return Err(super::bad_number("time of a survival curve", hours));
            }
            share("share not liquidated", open)?;
            before = hours;
        }
    }
    let hours = curves().filter_map(|curve| curve.steps.last()).map(|step| step.0);
    let longest = hours.fold(0.0, f64::max);
    if longest > 0.0 { Ok(longest) } else { Err(ChartError::NoData("no survival curve")) }
}

struct Plot<'a> {
    panel: &'a Panel,
    place: Rect,
    inner: Rect,
    x: Axis,
    y: Axis,
    hours: f64,
}

impl<'a> Plot<'a> {
    fn new(panel: &'a Panel, place: Rect, hours: f64) -> Self {
        let inner = place.inset(70.0, 72.0, 160.0, 76.0);
        Self {
            panel,
            place,
            inner,
            x: Axis::linear((0.0, hours), (inner.left, inner.right)),
            y: Axis::linear((0.0, 1.0), (inner.bottom, inner.top)),
            hours,
        }
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let title = Type::new(TITLE).bold();
        canvas.text((self.place.left, self.place.top + 14.0), &self.panel.title, title)?;
        self.shares(canvas)?;
        self.times(canvas)?;
        if self.panel.curves.iter().all(|curve| curve.steps.is_empty()) {
            let face = Type::new(TITLE).color(color::MUTED).anchor(Anchor::Middle);
            return canvas.text(self.inner.middle(), "no data", face);
        }
        // The highest leverage is drawn first, so that curves near the top stay on top.
        for (i, curve) in self.panel.curves.iter().enumerate().rev() {
            canvas.path(&self.steps(curve), stroke(i))?;
        }
        self.labels(canvas)
    }

    fn shares(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let name = Type::new(NAME).color(color::MUTED);
        let above = (self.place.left, self.inner.top - 28.0);
        canvas.text(above, "Positions not liquidated", name)?;
        for share in self.y.ticks(5) {
            let y = self.y.at(share);
            let line = if share == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
            let stroke = Stroke::solid(line.0, line.1);
            canvas.line((self.inner.left, y), (self.inner.right, y), stroke)?;
            let tick = Type::new(TICK).anchor(Anchor::End);
            canvas.text((self.inner.left - 12.0, y), &label::percent_tick(share), tick)?;
        }
        Ok(())
    }

    fn times(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let unit = Unit::of(self.hours);
        let span = self.hours / unit.hours;
        let y = self.inner.bottom;
        for tick in multiples(0.0, span, unit.step(span)) {
            let x = self.x.at(tick * unit.hours);
            canvas.line((x, y), (x, y + 7.0), Stroke::solid(color::AXIS, 1.5))?;
            let face = Type::new(TICK).anchor(Anchor::Middle);
            canvas.text((x, y + 26.0), &format!("{}", (tick * 100.0).round() / 100.0), face)?;
        }
        let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
        let name = format!("{} since entry", unit.name);
        canvas.text((self.inner.middle().0, y + 60.0), &name, face)
    }

    fn steps(&self, curve: &Curve) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::with_capacity(curve.steps.len() * 2);
        let last = curve.steps.len().saturating_sub(1);
        for (i, &(hours, open)) in curve.steps.iter().enumerate() {
            let (x, y) = (self.x.at(hours), self.y.at(open));
            // Steps closer than a pixel are drawn as one.
            if i < last && points.last().is_some_and(|point| x - point.0 < 1.0) {
                continue;
            }
            if let Some(&(_, level)) = points.last().filter(|last| last.1 != y) {
                points.push((x, level));
            }
            points.push((x, y));
        }
        points
    }

    fn labels(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let ends: Vec<(usize, &Curve, (f64, f64))> = self
            .panel
            .curves
            .iter()
            .enumerate()
            .filter_map(|(i, curve)| Some((i, curve, *curve.steps.last()?)))
            .collect();
        // A higher leverage goes below a lower one that ends at the same share.
        let wanted: Vec<f64> =
            ends.iter().map(|&(i, _, end)| self.y.at(end.1) + i as f64 * 1e-3).collect();
        let room = (self.inner.top - 10.0, self.inner.bottom + 10.0);
        let placed = label::spread(&wanted, PITCH, room.0, room.1);
        let x = self.inner.right;
        let mut widest: f64 = 0.0;
        for curve in &self.panel.curves {
            let multiple = label::leverage(curve.leverage);
            widest = widest.max(Type::new(TICK).bold().width(&multiple)?);
        }
        for ((i, curve, (hours, open)), y) in ends.into_iter().zip(placed) {
            let end = (self.x.at(hours), self.y.at(open));
            let leader = Stroke { dash: None, ..stroke(i) };
            let leader = Stroke { width: 1.3, color: color::tint(leader.color, 0.6), ..leader };
            canvas.path(&[end, (x + 5.0, end.1), (x + 19.0, y), (x + 25.0, y)], leader)?;
            let face = Type::new(TICK).bold().color(color::category(i));
            let multiple = label::leverage(curve.leverage);
            canvas.text((x + 30.0, y), &multiple, face)?;
            let after = x + 42.0 + widest;
            let face = Type::new(17.0).color(color::MUTED);
            canvas.text((after, y), &label::percent(open), face)?;
        }
        Ok(())
    }
}

fn stroke(index: usize) -> Stroke {
    let stroke = Stroke::solid(color::category(index), 3.0);
    if index < color::CATEGORY_COUNT { stroke } else { stroke.dashed(9.0, 6.0) }
}

/// The unit that the time axis counts in.
struct Unit {
    name: &'static str,
    hours: f64,
}

impl Unit {
    fn of(span_hours: f64) -> Self {
        if span_hours < 2.0 {
            Self { name: "Minutes", hours: 1.0 / 60.0 }
        } else if span_hours <= 72.0 {
            Self { name: "Hours", hours: 1.0 }
        } else {
            Self { name: "Days", hours: 24.0 }
        }
    }

    /// The first usual step of this unit that makes at most eight steps of `span`.
    fn step(&self, span: f64) -> f64 {
        let usual: &[f64] = match self.name {
            "Minutes" => &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0],
            "Hours" => &[0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0],
            _ => &[0.5, 1.0, 2.0, 5.0, 7.0, 14.0, 30.0, 60.0, 90.0],
        };
        let fits = usual.iter().copied().find(|step| span / step <= 8.0);
        fits.filter(|step| span / step >= 1.0).unwrap_or_else(|| round_step(span, 8))
    }
}
