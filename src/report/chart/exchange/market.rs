//! The price above everything else: one symbol's bars, or the changes of several.

use plotters::style::RGBColor;

use super::scale::{Kind, Scale};
use super::stage::{Panel, Row, Shows};
use crate::report::chart::axis::widen;
use crate::report::chart::canvas::{Canvas, Stroke};
use crate::report::chart::parts::Swatch;
use crate::report::chart::prices::{self, Bar, Candles};
use crate::report::chart::tags::{self, Tag};
use crate::report::chart::{ChartError, check, color, label};

/// More symbols than this are counted, not named.
const MOST_NAMED: usize = 5;

/// The prices of a study; all symbols have bars at the same times.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Market {
    /// What [`Bar::close`] is: `mark`, or `last` where the history has no mark.
    pub price_name: String,
    /// Milliseconds from one bar's open to the next.
    pub interval: i64,
    /// In the order of the scenario.
    pub symbols: Vec<Symbol>,
}

/// One symbol's bars.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Symbol {
    pub name: String,
    /// What prices are counted in: `USDT`.
    pub quote: String,
    /// By ascending time.
    pub bars: Vec<Bar>,
}

impl Market {
    /// How many bars there are.
    ///
    /// # Errors
    /// [`ChartError::NoData`] without symbols or bars, [`ChartError::Shape`] where symbols have
    /// different ones, [`ChartError::BadNumber`] for a price that is not above 0.
    pub fn check(&self) -> Result<usize, ChartError> {
        if self.symbols.is_empty() {
            return Err(ChartError::NoData("no symbol"));
        }
        let wanted = self.bars().len();
        for symbol in &self.symbols {
            prices::check(&symbol.bars, self.interval)?;
            check::same("bars of a symbol", symbol.bars.len(), wanted)?;
        }
        Ok(wanted)
    }

    /// [`Self::check`], and that auto-deleveraging begins within the bars, if it does.
    ///
    /// # Errors
    /// Those of [`Self::check`], and [`ChartError::BadNumber`] for a moment outside the bars.
    pub fn check_with(&self, first_adl: Option<i64>) -> Result<usize, ChartError> {
        let bars = self.check()?;
        let within = |time| self.within("a first ADL outside the bars", time);
        first_adl.map_or(Ok(()), within).map(|()| bars)
    }

    /// The first symbol's bars.
    pub fn bars(&self) -> &[Bar] {
        &self.symbols[0].bars
    }

    /// From the first open to the end of the last bar.
    pub fn span(&self) -> (i64, i64) {
        prices::span(self.bars(), self.interval)
    }

    /// What the price axis of the first symbol spans.
    pub fn reach(&self) -> (f64, f64) {
        let bars = self.bars().iter();
        let low = bars.clone().map(|bar| bar.low.min(bar.close)).fold(f64::INFINITY, f64::min);
        let high = bars.map(|bar| bar.high.max(bar.close)).fold(0.0, f64::max);
        let wide = widen((low, high), 0.05);
        (if wide.0 > 0.0 { wide.0 } else { low * 0.9 }, wide.1)
    }

    /// The ends of the bars.
    pub fn ends(&self) -> impl Iterator<Item = i64> {
        self.bars().iter().map(|bar| bar.time + self.interval)
    }

    /// # Errors
    /// [`ChartError::BadNumber`] for a time outside the bars.
    pub fn within(&self, what: &'static str, time: i64) -> Result<(), ChartError> {
        prices::within((what, time), self.span())
    }

    pub fn row(&self, height: f64) -> Row {
        let [symbol] = &self.symbols[..] else { return self.changes(height) };
        let name = &self.price_name;
        let stroke = Stroke::solid(color::INK, 2.2);
        Row {
            title: format!("{} {name} price, {}", symbol.name, symbol.quote),
            key: vec![
                (Swatch::Line(stroke), "close".to_owned()),
                (Swatch::Block(color::tint(color::INK, 0.44)), "low to high".to_owned()),
            ],
            shows: Shows::Values(Scale { values: self.reach(), kind: Kind::Price }),
            height,
        }
    }

    fn changes(&self, height: f64) -> Row {
        let all = || self.symbols.iter().flat_map(changes).map(|bar| bar.close);
        let values = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
        Row {
            title: format!("Change of {} prices since the start", self.price_name),
            key: Vec::new(),
            shows: Shows::Values(Scale { values: widen(values, 0.06), kind: Kind::Change }),
            height,
        }
    }

    /// What stands beside the lines of several symbols.
    pub fn names(&self) -> Vec<String> {
        if self.symbols.len() == 1 {
            return Vec::new();
        }
        let named = self.symbols.iter().take(MOST_NAMED).map(name);
        let more = self.symbols.len().saturating_sub(MOST_NAMED);
        named.chain((more > 0).then(|| format!("and {more} more"))).collect()
    }

    pub fn draw(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let x = (panel.place.left, panel.place.right);
        let candles = |bars: &[Bar]| Candles::new((bars, self.interval), x, panel.y);
        if let [symbol] = &self.symbols[..] {
            let candles = candles(&symbol.bars);
            candles.ranges(canvas)?;
            return candles.closes(canvas, Stroke::solid(color::INK, 2.2));
        }
        for (i, symbol) in self.symbols.iter().enumerate().rev() {
            candles(&changes(symbol)).closes(canvas, Stroke::solid(ink(i), 2.2))?;
        }
        let last = |symbol: &Symbol| changes(symbol).last().map_or(0.0, |bar| bar.close);
        let ends = self.symbols.iter().map(|symbol| panel.y.at(last(symbol)));
        let tags = self.names().into_iter().zip(ends).enumerate();
        let tags: Vec<Tag> = tags.map(|(i, (text, y))| Tag { y, text, ink: ink(i) }).collect();
        tags::draw(canvas, panel.place, &tags)
    }
}

fn ink(symbol: usize) -> RGBColor {
    if symbol < MOST_NAMED { color::category(symbol) } else { color::AXIS }
}

/// `BTCUSDT −14.2 %`.
fn name(symbol: &Symbol) -> String {
    let change = changes(symbol).last().map_or(0.0, |bar| bar.close);
    let sign = if change < 0.0 { "−" } else { "+" };
    format!("{} {sign}{}", symbol.name, label::percent(change.abs()))
}

/// The bars with their closes as changes since the first close.
fn changes(symbol: &Symbol) -> Vec<Bar> {
    let first = symbol.bars[0].close;
    let change = |bar: &Bar| Bar { close: bar.close / first - 1.0, ..*bar };
    symbol.bars.iter().map(change).collect()
}
