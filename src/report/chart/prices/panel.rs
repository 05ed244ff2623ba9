//! Axes, bands, closes and the entry.

use super::scale::{DAY, condense, time_step};
use super::{Bar, Entry, Prices};
use crate::report::chart::axis::{Axis, multiples, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::frame::{self, NAME, TICK};
use crate::report::chart::{ChartError, color, label};

/// From this ratio of highest to lowest price on, the price axis is logarithmic.
const LOG_FROM: f64 = 3.0;
/// Strength of the band of last prices; the other band has twice as much.
const LAST: f64 = 0.22;

/// Writes a moment.
pub type Moment = fn(i64) -> String;

/// Prices laid over a stretch of the page.
pub struct Panel<'a> {
    input: Prices<'a>,
    /// Bars as drawn, and the milliseconds each spans.
    bars: Vec<Bar>,
    span: i64,
    pub inner: Rect,
    x: Axis,
    y: Axis,
    times: (i64, i64),
    /// With the year where the bars span more than one.
    pub moment: Moment,
    /// The ends of the price axis.
    pub prices: (f64, f64),
    step: f64,
}

impl<'a> Panel<'a> {
    /// `prices` are the ends of the price axis; `right` pixels are left free for labels.
    pub fn new(
        input: Prices<'a>,
        place: Rect,
        prices: (f64, f64),
        right: f64,
    ) -> Result<Self, ChartError> {
        let step = round_step(prices.1 - prices.0, 8);
        let times = input.span();
        let left = Type::new(TICK).width(&label::price(prices.1, step))? + 18.0;
        let inner = place.inset(left, 80.0, right, 70.0);
        let pixels = (inner.bottom, inner.top);
        let log = prices.1 / prices.0 > LOG_FROM;
        let (bars, span) = condense(input.bars, input.interval);
        Ok(Self {
            input,
            bars,
            span,
            inner,
            x: Axis::linear((0.0, (times.1 - times.0) as f64), (inner.left, inner.right)),
            y: if log { Axis::log(prices, pixels) } else { Axis::linear(prices, pixels) },
            times,
            moment: input.moment(),
            prices,
            step,
        })
    }

    /// Axes and bands: what lies below everything else.
    pub fn ground(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.price_axis(canvas)?;
        self.time_axis(canvas)?;
        self.ranges(canvas)
    }

    pub fn x(&self, time: i64) -> f64 {
        self.x.at((time - self.times.0) as f64)
    }

    pub fn y(&self, price: f64) -> f64 {
        self.y.at(price)
    }

    /// Whether a price lies within the axis.
    pub fn in_sight(&self, price: f64) -> bool {
        (self.prices.0..=self.prices.1).contains(&price)
    }

    fn price_axis(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let left = self.inner.left;
        let name = format!("Price, {}", self.input.quote);
        let face = Type::new(NAME).color(color::MUTED);
        canvas.text((frame::MARGIN, self.inner.top - 66.0), &name, face)?;
        for price in self.y.ticks(8) {
            let y = self.y.at(price);
            let stroke = Stroke::solid(color::GRID, 1.0);
            canvas.line((left, y), (self.inner.right, y), stroke)?;
            let step = if self.prices.1 / self.prices.0 > LOG_FROM { price } else { self.step };
            let face = Type::new(TICK).anchor(Anchor::End);
            canvas.text((left - 10.0, y), &label::price(price, step), face)?;
        }
        Ok(())
    }

    fn time_axis(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let y = self.inner.bottom;
        let axis = Stroke::solid(color::AXIS, 1.5);
        canvas.line((self.inner.left, y), (self.inner.right, y), axis)?;
        let most = (self.inner.width() / 170.0) as i64;
        let step = time_step(self.times.1 - self.times.0, most.max(2));
        let (from, to) = (label::year(self.times.0), label::year(self.times.1 - 1));
        for tick in multiples(self.times.0 as f64, self.times.1 as f64, step as f64) {
            let time = tick as i64;
            let x = self.x(time);
            canvas.line((x, y), (x, y + 7.0), axis)?;
            let text = match (step >= DAY, from == to) {
                (false, _) => label::moment(time),
                (true, true) => label::day(time),
                (true, false) => label::date(time),
            };
            canvas.text((x, y + 26.0), &text, Type::new(TICK).anchor(Anchor::Middle))?;
        }
        let years = if from == to { from } else { format!("{from} to {to}") };
        let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
        canvas.text((self.inner.middle().0, y + 58.0), &format!("Time, UTC, {years}"), face)
    }

    /// What the line and the bands are; returns where the picture's own entries begin.
    pub fn key(&self, canvas: &Canvas<'_>) -> Result<Point, ChartError> {
        let y = self.inner.top - 66.0;
        let has_last = self.input.bars.iter().any(|bar| bar.last.is_some());
        let mut x = self.inner.left + 120.0;
        let name = &self.input.name;
        canvas.line((x, y), (x + 30.0, y), Stroke::solid(color::INK, 2.4))?;
        x = self.key_text(canvas, (x + 38.0, y), &format!("{name} price, close"))?;
        let swatch = |x: f64, strength: f64| {
            let rect = Rect { left: x, top: y - 9.0, right: x + 22.0, bottom: y + 9.0 };
            canvas.rect(rect, color::tint(color::INK, strength))
        };
        swatch(x, 2.0 * LAST)?;
        x = self.key_text(canvas, (x + 30.0, y), &format!("{name} price, low to high"))?;
        if has_last {
            swatch(x, LAST)?;
            x = self.key_text(canvas, (x + 30.0, y), "last price, low to high")?;
        }
        Ok((x, y))
    }

    /// Sets one entry of the key; returns where the next begins.
    pub fn key_text(&self, canvas: &Canvas<'_>, at: Point, text: &str) -> Result<f64, ChartError> {
        let face = Type::new(17.0).color(color::MUTED);
        canvas.text(at, text, face)?;
        Ok(at.0 + face.width(text)? + 26.0)
    }

    /// The left and right edge of a bar, at least a pixel apart.
    fn bar_edges(&self, bar: &Bar) -> (f64, f64) {
        let (left, right) = (self.x(bar.time), self.x(bar.time + self.span));
        let pad = if right - left < 3.0 { 0.0 } else { ((right - left) * 0.18).min(3.0) };
        (left + pad, (right - pad).max(left + 1.0))
    }

    fn ranges(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let band = |bar: &Bar, (low, high): (f64, f64), strength: f64| {
            let (left, right) = self.bar_edges(bar);
            let rect = Rect { left, top: self.y.at(high), right, bottom: self.y.at(low) };
            canvas.rect(rect, color::tint(color::INK, strength))
        };
        for bar in &self.bars {
            bar.last.map_or(Ok(()), |last| band(bar, last, LAST))?;
        }
        self.bars.iter().try_for_each(|bar| band(bar, (bar.low, bar.high), 2.0 * LAST))
    }

    /// The line of closes, broken where bars are missing; a lone bar's close is a dash.
    pub fn closes(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let joined = |a: &Bar, b: &Bar| b.time - a.time <= self.span;
        for run in self.bars.chunk_by(joined) {
            let at = |bar: &Bar| (self.x(bar.time + self.span), self.y.at(bar.close));
            let mut points: Vec<Point> = run.iter().map(at).collect();
            if let [end] = points[..] {
                points.insert(0, (self.x(run[0].time), end.1));
            }
            canvas.path(&points, Stroke::solid(color::INK, 2.2))?;
        }
        Ok(())
    }

    /// Where, when and how the position was opened.
    pub fn entry(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Entry { time, price, side } = self.input.entry;
        let (x, y) = (self.x(time), self.y.at(price));
        let line = Stroke::solid(color::MUTED, 1.5).dashed(6.0, 4.0);
        canvas.line((x, self.inner.top - 12.0), (x, self.inner.bottom), line)?;
        canvas.disc((x, y), 8.0, color::WHITE)?;
        canvas.disc((x, y), 6.0, color::INK)?;
        let price = label::exact_price(price);
        let text = format!("Entry {} at {price} · {}", side.name(), (self.moment)(time));
        let face = Type::new(NAME).bold();
        let left = x.min(self.inner.right - face.width(&text)?);
        canvas.text((left, self.inner.top - 24.0), &text, face)
    }
}

impl Prices<'_> {
    /// How moments are written: with the year where the bars span more than one.
    pub fn moment(&self) -> Moment {
        let (first, end) = self.span();
        if label::year(first) == label::year(end - 1) { label::moment } else { label::dated_moment }
    }
}
