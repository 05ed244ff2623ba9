//! The drawing of a crash replay.

use plotters::style::RGBColor;

use super::{Input, Level};
use crate::report::chart::canvas::{Canvas, Rect, Stroke, Type};
use crate::report::chart::frame::TICK;
use crate::report::chart::prices::{Panel, price_range};
use crate::report::chart::time::Moment;
use crate::report::chart::{ChartError, color, label};
use crate::scenario::Side;

/// Distance between two labels at the right edge, in pixels.
const PITCH: f64 = 26.0;
/// Pixels from the right end of the plot to the labels.
const LABEL: f64 = 33.0;

pub struct Plot<'a> {
    input: &'a Input,
    panel: Panel<'a>,
}

impl<'a> Plot<'a> {
    pub fn new(input: &'a Input, place: Rect) -> Result<Self, ChartError> {
        let prices = &input.prices;
        let range = price_range(prices, input.levels.iter().filter_map(|level| level.price));
        let mut right: f64 = 48.0;
        for level in &input.levels {
            let fate = fate(level, range, prices.moment());
            let text = format!("{} · {fate}", label::leverage(level.leverage));
            right = right.max(Type::new(TICK).bold().width(&text)? + LABEL);
        }
        Ok(Self { input, panel: Panel::new(prices, place, range, right)? })
    }

    pub fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.panel.ground(canvas)?;
        self.key(canvas)?;
        for (i, level) in self.input.levels.iter().enumerate() {
            self.level(canvas, level, color::category(i))?;
        }
        self.panel.closes(canvas)?;
        for (i, level) in self.input.levels.iter().enumerate() {
            self.death(canvas, level, color::category(i))?;
        }
        self.panel.entry(canvas)?;
        self.labels(canvas)
    }

    fn key(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (x, y) = self.panel.key(canvas)?;
        if self.input.levels.iter().any(|level| level.death.is_some()) {
            canvas.ring((x + 8.0, y), 6.0, Stroke::solid(color::MUTED, 3.0))?;
            self.panel.key_text(canvas, (x + 22.0, y), "liquidated")?;
        }
        Ok(())
    }

    /// The middle of the bar that liquidated a position, or the right end.
    fn end(&self, level: &Level) -> f64 {
        let last = level.death.map(|time| self.panel.x(time + self.input.prices.interval / 2));
        last.unwrap_or(self.panel.inner.right)
    }

    fn level(&self, canvas: &Canvas<'_>, level: &Level, ink: RGBColor) -> Result<(), ChartError> {
        let Some(price) = level.price.filter(|&price| self.panel.in_sight(price)) else {
            return Ok(());
        };
        let (y, end) = (self.panel.y(price), self.end(level));
        let start = self.panel.x(self.input.prices.entry.time);
        canvas.line((start, y), (end, y), Stroke::solid(ink, 3.0))?;
        let after = Stroke::solid(color::tint(ink, 0.55), 1.4).dashed(2.0, 5.0);
        canvas.line((end, y), (self.panel.inner.right, y), after)
    }

    fn death(&self, canvas: &Canvas<'_>, level: &Level, ink: RGBColor) -> Result<(), ChartError> {
        match (level.price.filter(|&price| self.panel.in_sight(price)), level.death) {
            (Some(price), Some(_)) => {
                let at = (self.end(level), self.panel.y(price));
                canvas.ring(at, 7.0, Stroke::solid(ink, 3.4))
            }
            _ => Ok(()),
        }
    }

    fn labels(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let levels = &self.input.levels;
        let wanted: Vec<f64> = levels.iter().map(|level| self.label_height(level)).collect();
        let room = (self.panel.inner.top, self.panel.inner.bottom);
        let placed = label::spread(&wanted, PITCH, room.0, room.1);
        let x = self.panel.inner.right;
        for (i, (level, y)) in levels.iter().zip(placed).enumerate() {
            if let Some(price) = level.price.filter(|&price| self.panel.in_sight(price)) {
                let from = self.panel.y(price);
                let leader = Stroke::solid(color::tint(color::category(i), 0.6), 1.3);
                let elbow = [(x + 2.0, from), (x + 8.0, from), (x + 22.0, y), (x + 28.0, y)];
                canvas.path(&elbow, leader)?;
            }
            let face = Type::new(TICK).bold().color(color::category(i));
            let multiple = label::leverage(level.leverage);
            canvas.text((x + LABEL, y), &multiple, face)?;
            let after = x + LABEL + face.width(&multiple)?;
            canvas.text(
                (after, y),
                &format!(" · {}", fate(level, self.panel.prices, self.panel.moment)),
                Type::new(TICK),
            )?;
        }
        Ok(())
    }

    /// Levels out of sight want the edge they lie beyond; those without a price the edge that
    /// losses run towards.
    fn label_height(&self, level: &Level) -> f64 {
        let adverse = if self.input.prices.entry.side == Side::Short { 1.0 } else { -1.0 };
        // Ties are broken by leverage: the lower, the further from the entry.
        let tie = adverse / level.leverage * 1e-3;
        let beyond = if adverse > 0.0 { self.panel.inner.top } else { self.panel.inner.bottom };
        level.price.map_or(beyond, |price| self.panel.y(price)) - tie
    }
}

/// What became of a position, for its label.
fn fate(level: &Level, sight: (f64, f64), moment: Moment) -> String {
    match (level.death, level.price) {
        (Some(time), _) => moment(time),
        (None, None) => "never liquidated".to_owned(),
        (None, Some(price)) if price < sight.0 || price > sight.1 => {
            format!("survives, level {}", label::exact_price(price))
        }
        (None, Some(_)) => "survives".to_owned(),
    }
}
