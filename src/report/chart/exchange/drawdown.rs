//! How far the fund falls, over the worlds: a histogram with its median, its 95 % and its worst,
//! and the size of the fund.

use plotters::style::RGBColor;

use super::ink;
use super::series::OUTER;
use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::frame::{MARGIN, NAME, TICK};
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::unit::{Unit, amount};
use crate::report::chart::{Caption, ChartError, Picture, check, color, label};

/// What the picture of the drawdowns shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What the fund is counted in: `USDT`, `BTC`.
    pub asset: String,
    /// Cash at the start; 0 where the venue has no fund.
    pub start: f64,
    /// The largest fall from an earlier peak in each world, inventory at cost.
    pub cash: Vec<f64>,
    /// The same, inventory at the marks.
    pub marked: Vec<f64>,
}

/// Most bars of the histogram.
const BINS: usize = 40;
/// From this share of the fund on, the axis reaches the whole of it.
const NEAR: f64 = 0.5;
/// Pixels left of the axis, for the names of the measures.
const NAMES: f64 = 164.0;
/// Height of a measure's strip of marks.
const STRIP: f64 = 66.0;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.cash.is_empty() {
            return Err(ChartError::NoData("no world"));
        }
        check::amount("fund at the start", self.start)?;
        check::amounts("drawdown of cash", &self.cash, self.cash.len())?;
        check::amounts("drawdown marked to market", &self.marked, self.cash.len())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let [marked, cash] = self.measures();
        if marked.worst() == 0.0 && cash.worst() == 0.0 {
            let text = "In no world did the fund fall below an earlier peak";
            return parts::statement(canvas, plot.inset(0.0, 60.0, 0.0, 60.0), text);
        }
        Plot::new(self, [marked, cash], plot).draw(canvas)
    }
}

impl Input {
    fn measures(&self) -> [Measure; 2] {
        [
            Measure::new("Marked to market", ink::MARKED, &self.marked),
            Measure::new("Cash", ink::CASH, &self.cash),
        ]
    }
}

/// The falls by one measure, ascending.
struct Measure {
    name: &'static str,
    ink: RGBColor,
    falls: Vec<f64>,
}

impl Measure {
    fn new(name: &'static str, ink: RGBColor, falls: &[f64]) -> Self {
        let mut falls = falls.to_vec();
        falls.sort_by(f64::total_cmp);
        Self { name, ink, falls }
    }

    /// The smallest fall that at least this share of the worlds do not exceed.
    fn quantile(&self, share: f64) -> f64 {
        let rank = (share * self.falls.len() as f64).ceil() as usize;
        self.falls[rank.clamp(1, self.falls.len()) - 1]
    }

    fn worst(&self) -> f64 {
        self.quantile(1.0)
    }

    /// Share of the worlds that fall by `size` or more.
    fn beyond(&self, size: f64) -> f64 {
        let within = self.falls.partition_point(|fall| *fall < size);
        1.0 - within as f64 / self.falls.len() as f64
    }

    /// Shares of the worlds by bins of `width`.
    fn shares(&self, bins: usize, width: f64) -> Vec<f64> {
        let mut shares = vec![0.0; bins];
        for fall in &self.falls {
            let bin = ((fall / width) as usize).min(bins - 1);
            shares[bin] += 1.0 / self.falls.len() as f64;
        }
        shares
    }

    fn marks(&self) -> Vec<(&'static str, f64)> {
        match self.falls.len() {
            1 => vec![("the only world", self.worst())],
            _ => vec![
                ("median", self.quantile(0.5)),
                ("19 of 20", self.quantile(0.95)),
                ("worst", self.worst()),
            ],
        }
    }
}

struct Plot<'a> {
    input: &'a Input,
    measures: [Measure; 2],
    inner: Rect,
    x: Axis,
    /// Width of a bin in money.
    bin: f64,
    bins: usize,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, measures: [Measure; 2], plot: Rect) -> Self {
        let inner = plot.inset(NAMES, 60.0 + 2.0 * STRIP, 24.0, 70.0);
        let worst = measures[0].worst().max(measures[1].worst());
        let whole = if input.start > 0.0 { input.start } else { 1.0 };
        let most = if worst > NEAR * whole { worst.max(input.start) } else { worst };
        let bin = round_step(most / whole, BINS) * whole;
        let bins = (most / bin * (1.0 + 1e-9)).floor() as usize + 1;
        let x = Axis::linear((0.0, bin * bins as f64), (inner.left, inner.right));
        Self { input, measures, inner, x, bin, bins }
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.amounts(canvas)?;
        self.loss_of_all(canvas)?;
        for (i, measure) in self.measures.iter().enumerate() {
            let top = self.inner.top - STRIP * (2.0 - i as f64);
            self.strip(canvas, measure, top)?;
        }
        match self.input.cash.len() {
            1 => parts::statement(canvas, self.inner, "One world has no distribution"),
            _ => self.histogram(canvas),
        }?;
        self.fund(canvas)
    }

    /// Grid, shares of the fund below and money above.
    fn amounts(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Input { start, asset, .. } = self.input;
        let right = self.bin * self.bins as f64;
        let (top, bottom) = (self.inner.top - 2.0 * STRIP, self.inner.bottom);
        let unit = Unit::of(asset, right);
        let face = Type::new(TICK).anchor(Anchor::Middle);
        let name = Type::new(NAME).bold();
        canvas.text((MARGIN, top - 48.0), &format!("Largest fall, {}", unit.name()), name)?;
        let step = round_step(right, 8);
        for money in Axis::linear((0.0, right), (0.0, 1.0)).ticks(8) {
            let x = self.x.at(money);
            canvas.line((x, top - 6.0), (x, top), Stroke::solid(color::AXIS, 1.5))?;
            canvas.text((x, top - 20.0), &unit.tick(money, step), face)?;
        }
        canvas.line((self.inner.left, top), (self.inner.right, top), axis())?;
        if *start == 0.0 {
            return Ok(());
        }
        for share in Axis::linear((0.0, right / start), (0.0, 1.0)).ticks(10) {
            let x = self.x.at(share * start);
            canvas.line((x, top), (x, bottom + 6.0), Stroke::solid(color::GRID, 1.0))?;
            canvas.text((x, bottom + 24.0), &label::percent_tick(share), face)?;
        }
        let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::Middle);
        let text = "Largest fall from an earlier peak, % of the fund at the start";
        canvas.text((self.inner.middle().0, bottom + 58.0), text, face)
    }

    /// How many worlds lose the whole fund.
    fn loss_of_all(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Input { start, asset, .. } = self.input;
        let share = |measure: &Measure| match measure.beyond(*start) {
            0.0 => "none".to_owned(),
            share => label::percent(share),
        };
        let [marked, cash] = &self.measures;
        let text = match *start > 0.0 {
            true => format!(
                "Worlds that lose the whole fund ({}): {} marked to market, {} in cash",
                amount(*start, asset),
                share(marked),
                share(cash)
            ),
            false => "The venue has no fund".to_owned(),
        };
        let face = Type::new(NAME).bold().anchor(Anchor::End);
        canvas.text((self.inner.right, self.inner.top - 2.0 * STRIP - 48.0), &text, face)
    }

    /// The size of the fund, where the axis reaches it.
    fn fund(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let start = self.input.start;
        let right = self.bin * self.bins as f64;
        if start == 0.0 || start > right {
            return Ok(());
        }
        let x = self.x.at(start);
        let line = Stroke::solid(color::INK, 2.2).dashed(8.0, 5.0);
        canvas.line((x, self.inner.top + 34.0), (x, self.inner.bottom), line)?;
        let face = Type::new(SMALL).bold();
        let text = "the whole fund";
        let fits = x + 10.0 + face.width(text)? < self.inner.right;
        let (x, anchor) = if fits { (x + 10.0, Anchor::Start) } else { (x - 10.0, Anchor::End) };
        canvas.text((x, self.inner.top + 47.0), text, face.anchor(anchor))
    }

    /// The median, the 95 % and the worst on a line of their own.
    fn strip(&self, canvas: &Canvas<'_>, measure: &Measure, top: f64) -> Result<(), ChartError> {
        let y = top + 46.0;
        let face = Type::new(SMALL).bold().color(measure.ink);
        canvas.text((MARGIN, y), measure.name, face)?;
        let marks = measure.marks();
        // A share below 0.1 % says less than the amount.
        let share = fall_share(self.input.start);
        let of = |fall: f64| match share(fall).filter(|share| *share >= 0.001) {
            Some(share) => label::percent(share),
            None => amount(fall, &self.input.asset),
        };
        let texts: Vec<String> =
            marks.iter().map(|(name, fall)| format!("{name}: {}", of(*fall))).collect();
        let xs: Vec<f64> = marks.iter().map(|(_, fall)| self.x.at(*fall)).collect();
        let from = (xs[0], y);
        canvas.line(from, (xs[xs.len() - 1], y), Stroke::solid(measure.ink, 3.0))?;
        let mut widest: f64 = 0.0;
        for text in &texts {
            widest = widest.max(face.width(text)?);
        }
        let half = widest / 2.0;
        let ends = (self.inner.left + half, self.inner.right - half);
        let placed = label::spread(&xs, widest + 18.0, ends.0, ends.1);
        for ((text, x), at) in texts.iter().zip(&xs).zip(placed) {
            let tick = Rect { left: x - 2.0, top: y - 8.0, right: x + 2.0, bottom: y + 8.0 };
            canvas.rect(tick, measure.ink)?;
            canvas.text((at, y - 22.0), text, face.anchor(Anchor::Middle))?;
        }
        Ok(())
    }

    fn histogram(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let shares = self.measures.each_ref().map(|one| one.shares(self.bins, self.bin));
        let most = shares.iter().flatten().copied().fold(0.0, f64::max);
        let y = Axis::linear((0.0, most * 1.05), (self.inner.bottom, self.inner.top + 62.0));
        self.counts(canvas, &y)?;
        let outlines = shares.each_ref().map(|shares| self.outline(shares, &y));
        canvas.polygon(&outlines[0], color::tint(ink::MARKED, 2.0 * OUTER))?;
        for (outline, measure) in outlines.iter().zip(&self.measures).rev() {
            let stroke = Stroke::solid(measure.ink, 2.6);
            canvas.path(outline, stroke)?;
        }
        Ok(())
    }

    fn counts(&self, canvas: &Canvas<'_>, y: &Axis) -> Result<(), ChartError> {
        let Rect { left, right, .. } = self.inner;
        let title = Type::new(NAME).bold();
        let name = "Share of worlds";
        let at = (MARGIN, self.inner.top + 22.0);
        canvas.text(at, name, title)?;
        let key = [
            (Swatch::Block(color::tint(ink::MARKED, 2.0 * OUTER)), "marked to market".to_owned()),
            (Swatch::Line(Stroke::solid(ink::CASH, 2.6)), "cash".to_owned()),
        ];
        parts::key(canvas, (at.0 + title.width(name)? + 28.0, at.1), &key)?;
        for share in y.ticks(6) {
            let at = y.at(share);
            let stroke = if share == 0.0 { axis() } else { Stroke::solid(color::GRID, 1.0) };
            canvas.line((left, at), (right, at), stroke)?;
            let face = Type::new(TICK).anchor(Anchor::End);
            canvas.text((left - 10.0, at), &label::percent_tick(share), face)?;
        }
        Ok(())
    }

    fn outline(&self, shares: &[f64], y: &Axis) -> Vec<Point> {
        let mut points = vec![(self.inner.left, y.at(0.0))];
        for (bin, share) in shares.iter().enumerate() {
            let (from, to) = (bin as f64 * self.bin, (bin + 1) as f64 * self.bin);
            points.extend([(self.x.at(from), y.at(*share)), (self.x.at(to), y.at(*share))]);
        }
        points.push((self.inner.right, y.at(0.0)));
        points
    }
}

/// Shares of a fund, where there is one.
fn fall_share(start: f64) -> impl Fn(f64) -> Option<f64> {
    move |fall| (start > 0.0).then(|| fall / start)
}

fn axis() -> Stroke {
    Stroke::solid(color::AXIS, 1.5)
}
