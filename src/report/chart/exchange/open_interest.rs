//! Open interest through the crash, and how positions were closed.

use super::ink;
use super::market::Market;
use super::scale::{Kind, Scale};
use super::series::{self, Band};
use super::stage::{Moment, Panel, Row, Shows, Stage};
use crate::report::chart::canvas::{Canvas, Point, Rect, Stroke};
use crate::report::chart::parts::Swatch;
use crate::report::chart::tags::{self, Tag};
use crate::report::chart::unit::{Unit, amount};
use crate::report::chart::{Caption, ChartError, Picture, check};
use plotters::style::RGBColor;

/// What the picture of the open interest shows. The picked world, unless a field says otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    pub market: Market,
    /// What amounts are counted in: `USDT`, `USD`.
    pub quote: String,
    /// Value of all longs at the start.
    pub start: f64,
    /// Value of all longs at the mark.
    pub open: Vec<f64>,
    /// The same over all worlds; `None` where there is one.
    pub worlds: Option<Band>,
    /// Liquidated within each bar, at the mark.
    pub liquidated: Vec<f64>,
    /// Deleveraged within each bar, at the mark.
    pub adl: Vec<f64>,
    /// Closed by the traders themselves within each bar, at the mark; `None` where it is unknown.
    pub own: Option<Vec<f64>>,
    pub first_adl: Option<i64>,
}

const PRICE: usize = 0;
const OPEN: usize = 1;
const CLOSED: usize = 2;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        let bars = self.market.check_with(self.first_adl)?;
        check::amount("open interest at the start", self.start)?;
        check::amounts("open interest", &self.open, bars)?;
        self.worlds.as_ref().map_or(Ok(()), |band| band.check(bars))?;
        for (_, values, _) in self.kinds() {
            check::amounts("closed amount", values, bars)?;
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let layers = self.layers();
        let rows = vec![self.market.row(0.24), self.open_row(), self.closed_row(&layers)];
        let names = self.market.names();
        let end = self.end();
        let ends = layers.iter().map(|layer| &layer.text).chain([&end]);
        let texts = names.iter().chain(ends).map(String::as_str);
        let right = tags::room(texts)?;
        let moment = self.first_adl.map(Moment::first_adl);
        let stage = Stage::new(rows, moment, (self.market.span(), plot), right)?;
        stage.ground(canvas)?;
        stage.on(PRICE, |panel| self.market.draw(canvas, panel))?;
        stage.on(OPEN, |panel| self.open(canvas, panel))?;
        stage.on(CLOSED, |panel| self.closed(canvas, panel, &layers))?;
        stage.mark(canvas)
    }
}

/// One kind of closing on top of those below it.
struct Layer {
    text: String,
    ink: RGBColor,
    /// Closed so far by this kind and those below.
    top: Vec<f64>,
    bottom: Vec<f64>,
}

impl Input {
    fn kinds(&self) -> Vec<(&'static str, &[f64], RGBColor)> {
        let own = self.own.iter().map(|own| ("by traders", &own[..], ink::OWN));
        let forced =
            [("liquidated", &self.liquidated[..], ink::LIQUIDATED), ("ADL", &self.adl, ink::ADL)];
        forced.into_iter().chain(own).collect()
    }

    fn layers(&self) -> Vec<Layer> {
        let mut bottom = vec![0.0; self.open.len()];
        let kinds = self.kinds().into_iter().map(|(name, values, ink)| {
            let mut sum = 0.0;
            let so_far = values.iter().map(|value| {
                sum += value;
                sum
            });
            let top: Vec<f64> = so_far.zip(&bottom).map(|(sum, below)| sum + below).collect();
            let text = format!("{name} {}", amount(sum, &self.quote));
            let below = std::mem::replace(&mut bottom, top.clone());
            Layer { text, ink, top, bottom: below }
        });
        kinds.collect()
    }

    fn end(&self) -> String {
        format!("open {}", amount(self.last(), &self.quote))
    }

    fn last(&self) -> f64 {
        self.open.last().copied().unwrap_or(self.start)
    }

    fn open_row(&self) -> Row {
        let band = self.worlds.iter().flat_map(Band::values);
        let values = series::reach(self.start, band.chain(self.open.iter().copied()));
        let unit = Unit::of(&self.quote, values.1);
        let title = format!("Open interest at the mark, {}", unit.name());
        let mut key = vec![(Swatch::Line(line()), "picked world".to_owned())];
        key.extend(self.worlds.iter().flat_map(|_| Band::key(ink::OPEN, "5–95 % of worlds")));
        let shows = Shows::Values(Scale { values, kind: Kind::Amount(unit) });
        Row { title, key, shows, height: 0.42 }
    }

    fn closed_row(&self, layers: &[Layer]) -> Row {
        let most = layers.last().and_then(|layer| layer.top.last()).copied().unwrap_or(0.0);
        let unit = Unit::of(&self.quote, most);
        let names = ["liquidated", "auto-deleveraged", "closed by the traders themselves"];
        let key = layers.iter().zip(names);
        let key = key.map(|(layer, name)| (Swatch::Block(layer.ink), name.to_owned())).collect();
        let scale = Scale { values: (0.0, most * 1.05), kind: Kind::Amount(unit.clone()) };
        let (key, shows) = match most > 0.0 {
            true => (key, Shows::Values(scale)),
            false => (Vec::new(), Shows::Statement("No position was closed")),
        };
        let title = format!("Closed so far, {}", unit.name());
        Row { title, key, shows, height: 0.34 }
    }

    fn open(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let on = (panel, &self.market);
        if let Some(band) = &self.worlds {
            band.draw(canvas, on, (self.start, ink::OPEN))?;
        }
        canvas.path(&series::points(on, (self.start, &self.open)), line())?;
        let tag = Tag { y: panel.y.at(self.last()), text: self.end(), ink: ink::OPEN };
        tags::draw(canvas, panel.place, &[tag])
    }

    fn closed(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel,
        layers: &[Layer],
    ) -> Result<(), ChartError> {
        let on = (panel, &self.market);
        for layer in layers {
            let mut outline: Vec<Point> = series::points(on, (0.0, &layer.top));
            outline.extend(series::points(on, (0.0, &layer.bottom)).into_iter().rev());
            canvas.polygon(&outline, layer.ink)?;
        }
        let tag = |layer: &Layer| {
            let ends = [&layer.top, &layer.bottom].map(|ends| ends.last().copied().unwrap_or(0.0));
            let y = panel.y.at((ends[0] + ends[1]) / 2.0);
            Tag { y, text: layer.text.clone(), ink: layer.ink }
        };
        let tags: Vec<Tag> = layers.iter().map(tag).collect();
        tags::draw(canvas, panel.place, &tags)
    }
}

fn line() -> Stroke {
    Stroke::solid(ink::OPEN, 3.2)
}
