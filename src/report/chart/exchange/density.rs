//! Where liquidations rest by price and time, where they happened, and whether they would sustain
//! themselves.

use plotters::style::RGBColor;

use super::ink;
use super::market::{Market, Symbol};
use super::ratio::{self, Ratio};
use super::scale::{Kind, Scale};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::frame::{MARGIN, NAME};
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::prices::Candles;
use crate::report::chart::time::Times;
use crate::report::chart::unit::amount;
use crate::report::chart::{Caption, ChartError, Picture, check, color, positive};

/// What the heat map of liquidations shows: the picked world, one symbol.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// One symbol.
    pub market: Market,
    /// What amounts are counted in: `USDT`, `USD`.
    pub quote: String,
    /// The ends of the price levels, ascending: one more than there are levels.
    pub edges: Vec<f64>,
    /// By ascending time; the first at the start.
    pub columns: Vec<Column>,
    /// What was liquidated, when and at which mark.
    pub liquidations: Vec<Forced>,
    /// What was deleveraged.
    pub adl: Vec<Forced>,
    /// The full depth first; 1 to 4 are readable.
    pub ratios: Vec<Ratio>,
}

/// The liquidations that rest from a time on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    pub time: i64,
    /// Size of the positions whose liquidation price lies in each level.
    pub resting: Vec<f64>,
}

/// A forced trade.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Forced {
    pub time: i64,
    pub price: f64,
    pub amount: f64,
}

/// More columns than this are thinned.
const MOST_COLUMNS: usize = 240;
/// Height of the titles and keys above the map.
const HEAD: f64 = 88.0;
/// Width of the curves of R.
const CURVES: f64 = 250.0;
/// Between the map and the curves: half of the last date and half of the first tick of R.
const BETWEEN: f64 = 104.0;
/// How much further than the price went the map reaches, in lengths of its range.
const REACH: f64 = 0.45;
/// Forced trades within a cell of so many pixels are one mark.
const CELL: f64 = 26.0;
/// Neighbouring rectangles overlap by so much, so that no seam is seen.
const OVERLAP: f64 = 0.4;
/// Radius of the largest mark.
const LARGEST: f64 = 14.0;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        self.market.check()?;
        if self.edges.len() < 2 || self.columns.is_empty() || self.ratios.is_empty() {
            return Err(ChartError::NoData("no level, no column or no branching ratio"));
        }
        for &edge in &self.edges {
            positive("edge of a level", edge)?;
        }
        for column in &self.columns {
            self.market.within("a column outside the bars", column.time)?;
            check::amounts("resting amount", &column.resting, self.edges.len() - 1)?;
        }
        for forced in self.liquidations.iter().chain(&self.adl) {
            self.market.within("a forced trade outside the bars", forced.time)?;
            positive("price of a forced trade", forced.price)?;
            check::amount("size of a forced trade", forced.amount)?;
        }
        self.ratios.iter().try_for_each(Ratio::check)
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        Plot::new(self, plot)?.draw(canvas)
    }
}

struct Plot<'a> {
    input: &'a Input,
    symbol: &'a Symbol,
    map: Rect,
    curves: Rect,
    scale: Scale,
    x: Times,
    y: Axis,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let scale = Scale { values: input.sight(), kind: Kind::Price };
        let whole = plot.inset(0.0, HEAD, ratio::room(&input.ratios)?, 66.0);
        let left = whole.left + scale.width(whole)? + 14.0;
        let map = Rect { left, right: whole.right - CURVES - BETWEEN, ..whole };
        let curves = Rect { left: whole.right - CURVES, ..whole };
        Ok(Self {
            input,
            symbol: &input.market.symbols[0],
            map,
            curves,
            x: Times::new(input.market.span(), (map.left, map.right)),
            y: scale.axis(map),
            scale,
        })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.scale.draw(canvas, self.curves_ground())?;
        self.heat(canvas)?;
        self.x.draw(canvas, self.map.bottom)?;
        self.path(canvas, Stroke::solid(color::WHITE, 5.6))?;
        self.marks(canvas)?;
        self.path(canvas, Stroke::solid(color::INK, 2.2))?;
        self.header(canvas)?;
        let on = (self.curves, &self.y);
        ratio::draw(canvas, &self.input.ratios, on, self.scale.values)
    }

    /// The price axis goes through both pictures.
    fn curves_ground(&self) -> Rect {
        Rect { right: self.curves.right, ..self.map }
    }

    fn most(&self) -> f64 {
        let columns = self.input.columns.iter();
        columns.flat_map(|column| &column.resting).copied().fold(0.0, f64::max)
    }

    fn heat(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let most = self.most();
        let (low, high) = self.scale.values;
        let every = self.input.columns.len().div_ceil(MOST_COLUMNS);
        let columns: Vec<&Column> = self.input.columns.iter().step_by(every).collect();
        for (i, column) in columns.iter().enumerate() {
            let left = self.x.at(column.time);
            let right = columns.get(i + 1).map_or(self.map.right, |next| self.x.at(next.time));
            for (resting, ends) in column.resting.iter().zip(self.input.edges.windows(2)) {
                if *resting > 0.0 && ends[1] > low && ends[0] < high {
                    let (top, bottom) = (self.y.at(ends[1]), self.y.at(ends[0]));
                    let cell = Rect { left, top, right, bottom };
                    canvas.rect(cell.inset(0.0, 0.0, -OVERLAP, -OVERLAP), heat(resting / most))?;
                }
            }
        }
        Ok(())
    }

    fn path(&self, canvas: &Canvas<'_>, stroke: Stroke) -> Result<(), ChartError> {
        let bars = (&self.symbol.bars[..], self.input.market.interval);
        Candles::new(bars, (self.map.left, self.map.right), self.y).closes(canvas, stroke)
    }

    fn marks(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let most = self.largest();
        for (at, size) in self.gathered(&self.input.liquidations) {
            let radius = ((size / most).sqrt() * LARGEST).max(2.0);
            let at = self.inside(at, radius);
            canvas.disc(at, radius + 1.6, color::WHITE)?;
            canvas.disc(at, radius, ink::LIQUIDATED)?;
        }
        self.gathered(&self.input.adl).into_iter().try_for_each(|(at, size)| {
            let reach = ((size / most).sqrt() * LARGEST).max(4.0);
            parts::diamond(canvas, self.inside(at, reach), (reach, ink::ADL))
        })
    }

    /// Where a mark at the edge of the map does not lie on the ticks.
    fn inside(&self, (x, y): Point, reach: f64) -> Point {
        let Rect { left, top, right, bottom } = self.map;
        (x.clamp(left + reach, right - reach), y.clamp(top + reach, bottom - reach))
    }

    fn largest(&self) -> f64 {
        let all = [&self.input.liquidations, &self.input.adl];
        let sizes = all.into_iter().flat_map(|forced| self.gathered(forced));
        sizes.map(|(_, size)| size).fold(0.0, f64::max)
    }

    /// Forced trades near each other as one, at their mean place; the largest first.
    fn gathered(&self, forced: &[Forced]) -> Vec<(Point, f64)> {
        let place = |one: &Forced| (self.x.at(one.time), self.y.at(one.price));
        let cell = |(x, y): Point| ((x / CELL) as i64, (y / CELL) as i64);
        let mut all: Vec<(Point, f64)> =
            forced.iter().map(|one| (place(one), one.amount)).collect();
        all.retain(|(_, size)| *size > 0.0);
        all.sort_by_key(|(at, _)| cell(*at));
        let sums = all.chunk_by(|a, b| cell(a.0) == cell(b.0)).map(|near| {
            let size: f64 = near.iter().map(|(_, size)| size).sum();
            let mean = |of: fn(&Point) -> f64| {
                near.iter().map(|(at, part)| of(at) * part).sum::<f64>() / size
            };
            ((mean(|at| at.0), mean(|at| at.1)), size)
        });
        let mut sums: Vec<(Point, f64)> = sums.collect();
        sums.sort_by(|a, b| b.1.total_cmp(&a.1));
        sums
    }

    fn header(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Input { quote, market, liquidations, adl, .. } = self.input;
        let Symbol { name, quote: counted, .. } = self.symbol;
        let y = self.map.top - 58.0;
        let face = Type::new(NAME).bold();
        let title = format!("{name} {} price, {counted}", market.price_name);
        canvas.text((MARGIN, y), &title, face)?;
        let mut key = vec![(Swatch::Line(Stroke::solid(color::INK, 2.4)), "close".to_owned())];
        if !liquidations.is_empty() {
            let text = format!("liquidated, largest mark {}", amount(self.largest(), quote));
            key.push((Swatch::Disc(ink::LIQUIDATED), text));
        }
        key.push(match adl.is_empty() {
            true => (Swatch::Nothing, "no auto-deleveraging".to_owned()),
            false => (Swatch::Diamond(ink::ADL), "auto-deleveraged".to_owned()),
        });
        parts::key(canvas, (MARGIN + face.width(&title)? + 28.0, y), &key)?;
        self.color_bar(canvas, y + 30.0)
    }

    fn color_bar(&self, canvas: &Canvas<'_>, y: f64) -> Result<(), ChartError> {
        let face = Type::new(SMALL).color(color::MUTED);
        if self.most() == 0.0 {
            return canvas.text((MARGIN, y), "No liquidation rests at any price", face);
        }
        let title = "Liquidations at rest, size per price level: 0";
        canvas.text((MARGIN, y), title, face)?;
        let left = MARGIN + face.width(title)? + 8.0;
        let width = 3.0;
        for i in 0..60 {
            let left = left + width * f64::from(i);
            let right = left + width + OVERLAP;
            let slice = Rect { left, top: y - 8.0, right, bottom: y + 8.0 };
            let part = (f64::from(i) + 0.5) / 60.0;
            canvas.rect(slice, heat(part * part))?;
        }
        let most = amount(self.most(), &self.input.quote);
        canvas.text((left + 60.0 * width + 8.0, y), &most, face)
    }
}

/// Colour of a share of the largest amount; it follows the square root, so that small amounts are
/// seen.
fn heat(share: f64) -> RGBColor {
    color::tint(ink::RESTING, 0.06 + 0.74 * share.sqrt())
}

impl Input {
    /// The prices in sight: further than the price went, and where R reaches 1 if that is near.
    fn sight(&self) -> (f64, f64) {
        let (low, high) = self.market.reach();
        let by = (high - low) * REACH;
        let (far, near) = (low * 0.75, self.edges[0]);
        let firsts = self.ratios.iter().filter_map(|ratio| ratio.first);
        let first = firsts.filter(|price| *price > far).fold(low - by, f64::min);
        let bottom = (first - by * 0.1).max(near.min(low));
        let top = (high + by).min(self.edges[self.edges.len() - 1].max(high));
        (bottom, top)
    }
}
