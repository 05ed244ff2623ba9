//! Who paid: from the whole loss down through the margins, the fund, auto-deleveraging and the last
//! rungs.

use plotters::style::RGBColor;

use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::{NAME, TICK};
use crate::report::chart::parts::{self, SMALL};
use crate::report::chart::payer::{MARGIN, Payer, RUNGS};
use crate::report::chart::unit::{self, Unit, amount};
use crate::report::chart::{Caption, ChartError, Picture, check, label};

/// What the waterfall shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    /// What the liquidated traders lost of their own.
    pub margin: Payment,
    pub fund: Payment,
    pub adl: Payment,
    pub socialised: Payment,
    pub owed: Payment,
    pub injected: Payment,
    pub bad_debt: Payment,
    /// The sum of all payments of each world, over the worlds; `None` where there is one.
    pub total: Option<Spread>,
    /// The sum of all payments but the margins, likewise.
    pub beyond: Option<Spread>,
}

/// What one rung pays.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Payment {
    /// In the picked world.
    pub amount: f64,
    /// Over all worlds; `None` where there is one.
    pub worlds: Option<Spread>,
}

/// Mean and quantiles over the worlds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    pub mean: f64,
    pub p5: f64,
    pub p95: f64,
}

/// Pixels left of the bars for names, and right of them for numbers.
const NAMES: f64 = 300.0;
const NUMBERS: f64 = 400.0;
/// Height of a section's title and of its axis.
const TITLE: f64 = 42.0;
const FOOT: f64 = 50.0;
/// Height of what stands in place of a section.
const STATEMENT: f64 = 140.0;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        for row in self.whole().into_iter().chain(self.rest()) {
            check::amount("amount paid", row.payment.amount)?;
            if let Some(spread) = row.payment.worlds {
                check::amount("mean amount paid", spread.mean)?;
                check::amount("amount paid in 5 % of worlds", spread.p5)?;
                check::amount("amount paid in 95 % of worlds", spread.p95)?;
            }
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let (whole, rest) = (self.whole(), self.rest());
        if whole.iter().all(Row::is_nothing) {
            let place = plot.inset(0.0, 60.0, 0.0, 60.0);
            return parts::statement(canvas, place, "Nobody lost anything by a liquidation");
        }
        let row = (plot.height() - 2.0 * (TITLE + FOOT)) / (whole.len() + rest.len()) as f64;
        let section = |title, rows: &[Row], top: f64| {
            let bottom = top + TITLE + FOOT + row * rows.len() as f64;
            Section::new(self, title, Rect { top, bottom, ..plot }).draw(canvas, rows)
        };
        let first = section("Loss of all liquidated positions", &whole, plot.top)?;
        if whole.iter().any(|row| row.payment.worlds.is_some()) {
            let face = Type::new(SMALL).color(color::MUTED).anchor(Anchor::End);
            let text = "bar: the picked world; dot and line: mean and 5–95 % of all worlds";
            canvas.text((plot.right, plot.top + TITLE / 2.0), text, face)?;
        }
        if rest.iter().all(Row::is_nothing) {
            let place = Rect { top: first + 24.0, bottom: first + 24.0 + STATEMENT, ..plot };
            let text = "The margins were enough: nobody else paid anything";
            return parts::statement(canvas, place, text);
        }
        section("What was beyond the margins, enlarged", &rest, first).map(|_| ())
    }
}

/// A bar, and where on the stair it stands.
struct Row {
    name: &'static str,
    payment: Payment,
    from: f64,
    ink: RGBColor,
}

impl Row {
    fn is_nothing(&self) -> bool {
        self.payment.amount == 0.0 && self.payment.worlds.is_none_or(|worlds| worlds.mean == 0.0)
    }

    /// The furthest point that the row reaches.
    fn reach(&self) -> f64 {
        let high = self.payment.worlds.map_or(0.0, |worlds| worlds.p95.max(worlds.mean));
        self.from + self.payment.amount.max(high)
    }
}

impl Input {
    /// What the rungs pay, in the order of [`RUNGS`].
    fn rungs(&self) -> [Payment; 6] {
        [self.fund, self.adl, self.socialised, self.owed, self.injected, self.bad_debt]
    }

    fn beyond(&self) -> Payment {
        let amount = self.rungs().iter().map(|payment| payment.amount).sum();
        Payment { amount, worlds: self.beyond }
    }

    fn total(&self) -> Payment {
        Payment { amount: self.margin.amount + self.beyond().amount, worlds: self.total }
    }

    fn whole(&self) -> [Row; 3] {
        let row = |name, payment, from, ink| Row { name, payment, from, ink };
        [
            row("Whole loss", self.total(), 0.0, category(9)),
            row(MARGIN.name, self.margin, 0.0, MARGIN.ink),
            row("Beyond the margins", self.beyond(), self.margin.amount, category(1)),
        ]
    }

    fn rest(&self) -> Vec<Row> {
        let mut from = 0.0;
        let row = |(payer, payment): (&Payer, Payment)| {
            let row = Row { name: payer.name, payment, from, ink: payer.ink };
            from += payment.amount;
            row
        };
        RUNGS.iter().zip(self.rungs()).map(row).collect()
    }
}

/// Rows over one axis.
struct Section<'a> {
    input: &'a Input,
    title: &'static str,
    place: Rect,
}

impl<'a> Section<'a> {
    fn new(input: &'a Input, title: &'static str, place: Rect) -> Self {
        Self { input, title, place }
    }

    /// Returns where the next section begins.
    fn draw(&self, canvas: &Canvas<'_>, rows: &[Row]) -> Result<f64, ChartError> {
        let reach = rows.iter().map(Row::reach).fold(0.0, f64::max);
        let inner = self.place.inset(NAMES, TITLE, NUMBERS, FOOT);
        let x = Axis::linear((0.0, reach), (inner.left, inner.right));
        let unit = Unit::of(&self.input.asset, reach);
        let title = format!("{}, {}", self.title, unit.name());
        let face = Type::new(NAME).bold();
        canvas.text((self.place.left, self.place.top + TITLE / 2.0), &title, face)?;
        for tick in x.ticks(6) {
            let at = x.at(tick);
            let (ink, width) = if tick == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
            let stroke = Stroke::solid(ink, width);
            canvas.line((at, inner.top), (at, inner.bottom + 5.0), stroke)?;
            let face = Type::new(TICK).anchor(Anchor::Middle);
            canvas.text((at, inner.bottom + 21.0), &unit.tick(tick, round_step(reach, 6)), face)?;
        }
        let height = inner.height() / rows.len() as f64;
        let mut above = None;
        for (i, row) in rows.iter().enumerate() {
            let top = inner.top + height * i as f64;
            let place = Rect { top, bottom: top + height, ..inner };
            let (head, foot) = (place.middle().1 - half(height), place.middle().1 + half(height));
            if let Some(from) = above.filter(|_| row.from > 0.0 && !row.is_nothing()) {
                let stroke = Stroke::solid(color::MUTED, 1.4).dashed(3.0, 3.0);
                canvas.line((x.at(row.from), from), (x.at(row.from), head), stroke)?;
            }
            above = if row.is_nothing() { above } else { Some(foot) };
            self.row(canvas, row, (place, x))?;
        }
        Ok(self.place.bottom)
    }

    fn row(
        &self,
        canvas: &Canvas<'_>,
        row: &Row,
        (place, x): (Rect, Axis),
    ) -> Result<(), ChartError> {
        let y = place.middle().1;
        let face = Type::new(TICK);
        canvas.text((place.left - 16.0, y), row.name, face.anchor(Anchor::End))?;
        let half = half(place.height());
        let (left, right) = (x.at(row.from), x.at(row.from + row.payment.amount));
        if row.payment.amount > 0.0 {
            let bar = Rect { left, top: y - half, right: right.max(left + 1.5), bottom: y + half };
            canvas.rect(bar, row.ink)?;
        }
        if let Some(worlds) = row.payment.worlds.filter(|worlds| worlds.mean > 0.0) {
            let at = |value: f64| x.at(row.from + value);
            parts::whisker(canvas, (at(worlds.p5), at(worlds.mean), at(worlds.p95)), y)?;
        }
        self.numbers(canvas, row, (place.right + 24.0, y))
    }

    fn numbers(
        &self,
        canvas: &Canvas<'_>,
        row: &Row,
        (x, y): (f64, f64),
    ) -> Result<(), ChartError> {
        let Payment { amount: paid, worlds } = row.payment;
        let asset = &self.input.asset;
        let total = self.input.total().amount;
        let share = if total > 0.0 { label::percent(paid / total) } else { "0 %".to_owned() };
        let text = format!("{} · {share}", amount(paid, asset));
        let face = Type::new(TICK).bold();
        let face = if paid == 0.0 { face.color(color::MUTED) } else { face };
        let Some(Spread { mean, p5, p95 }) = worlds else {
            return canvas.text((x, y), &text, face);
        };
        canvas.text((x, y - 11.0), &text, face)?;
        let text = match p95 == 0.0 && mean == 0.0 {
            true => "nothing in any world".to_owned(),
            false => {
                let mean = amount(mean, asset);
                let mean = mean.trim_end_matches(asset).trim_end();
                format!("mean {mean}, 5–95 % {}", unit::range(p5, p95, asset))
            }
        };
        canvas.text((x, y + 12.0), &text, Type::new(SMALL).color(color::MUTED))
    }
}

/// Half the height of a bar in a row.
fn half(row: f64) -> f64 {
    (row * 0.3).min(17.0)
}
