//! Axes, bands, closes and the entry.

use super::candles::{Candles, LAST};
use super::scale::{price_axis, price_tick};
use super::{Entry, Prices};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::frame::{self, NAME, TICK};
use crate::report::chart::time::{Moment, Times};
use crate::report::chart::{ChartError, color, label};

/// Most ticks of the price axis.
const TICKS: usize = 8;

/// Prices laid over a stretch of the page.
pub struct Panel<'a> {
    input: &'a Prices,
    candles: Candles,
    pub inner: Rect,
    x: Times,
    y: Axis,
    /// With the year where the bars span more than one.
    pub moment: Moment,
    /// The ends of the price axis.
    pub prices: (f64, f64),
}

impl<'a> Panel<'a> {
    /// `prices` are the ends of the price axis; `right` pixels are left free for labels.
    pub fn new(
        input: &'a Prices,
        place: Rect,
        prices: (f64, f64),
        right: f64,
    ) -> Result<Self, ChartError> {
        let left = Type::new(TICK).width(&price_tick(prices.1, prices, TICKS))? + 18.0;
        let inner = place.inset(left, 80.0, right, 70.0);
        let x = (inner.left, inner.right);
        let y = price_axis(prices, (inner.bottom, inner.top));
        Ok(Self {
            input,
            candles: Candles::new((&input.bars, input.interval), x, y),
            inner,
            x: Times::new(input.span(), x),
            y,
            moment: input.moment(),
            prices,
        })
    }

    /// Axes and bands: what lies below everything else.
    pub fn ground(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.price_axis(canvas)?;
        self.x.draw(canvas, self.inner.bottom)?;
        self.candles.ranges(canvas)
    }

    pub fn x(&self, time: i64) -> f64 {
        self.x.at(time)
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
        for price in self.y.ticks(TICKS) {
            let y = self.y.at(price);
            let stroke = Stroke::solid(color::GRID, 1.0);
            canvas.line((left, y), (self.inner.right, y), stroke)?;
            let face = Type::new(TICK).anchor(Anchor::End);
            canvas.text((left - 10.0, y), &price_tick(price, self.prices, TICKS), face)?;
        }
        Ok(())
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

    /// The line of closes.
    pub fn closes(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.candles.closes(canvas, Stroke::solid(color::INK, 2.2))
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
