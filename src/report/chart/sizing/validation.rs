//! How far the model agrees with history: the truth of each figure, the model's band, the verdict.

use plotters::style::RGBColor;

use super::axes::{self, FOOT, Ticks};
use super::curve;
use crate::report::chart::axis::{Axis, around};
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::MARGIN;
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::unit::{self, amount};
use crate::report::chart::{Caption, ChartError, Picture, WIDTH, check, label};

/// What the validation ladder shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// Top to bottom; at most [`LINES`] steps and figures together.
    pub steps: Vec<Step>,
}

/// A rung of the validation ladder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// `V4`.
    pub name: String,
    /// `BitMEX, 12 to 16 March 2020`.
    pub title: String,
    pub figures: Vec<Figure>,
}

/// One figure, as it was and as the model has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figure {
    pub name: String,
    /// `XBT`, `%`, `bp`; empty for a plain number.
    pub unit: String,
    pub truth: Truth,
    /// `None` where it was not run.
    pub model: Option<Band>,
    pub origin: Origin,
    pub verdict: Verdict,
}

/// What really happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truth {
    Exactly(f64),
    Between(f64, f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Default for Truth {
    fn default() -> Self {
        Self::Exactly(0.0)
    }
}

/// Quantiles of the model over its worlds; equal where there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Band {
    pub p5: f64,
    pub median: f64,
    pub p95: f64,
}

/// Whether the figure was used to set the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Predicted,
    Calibrated,
}

/// Where the model stands to the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Verdict {
    Inside,
    Higher,
    Lower,
    #[default]
    NotRun,
}

/// More lines than this cannot be read.
pub const LINES: usize = 44;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        let figures = || self.steps.iter().flat_map(|step| &step.figures);
        if figures().next().is_none() {
            return Err(ChartError::NoData("no figure to compare"));
        }
        check::most("steps and figures", self.steps.len() + figures().count(), LINES)?;
        figures().try_for_each(Figure::check)
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let below = axes::head(canvas, plot, (TITLE, &self.key()))?;
        Plot::new(self, below)?.draw(canvas)
    }
}

const TITLE: &str = "Each figure relative to its truth (a range: to its geometric mean)";
/// Pixels for the names of the figures.
const NAMES: f64 = 440.0;
/// Height of the tallest line.
const LINE: f64 = 40.0;
/// Height of the line that names the columns.
const HEAD: f64 = 26.0;
/// Between two columns.
const GAP: f64 = 26.0;
/// Pixels of the widest column of figures.
const FIGURES: f64 = 330.0;
/// Pixels of the column of verdicts.
const VERDICTS: f64 = 96.0;
/// What lies further from the truth than this ratio stands at the edge, as an arrow.
const FAR: f64 = 30.0;

const TRUTH: RGBColor = color::INK;
const PREDICTED: RGBColor = category(0);
const CALIBRATED: RGBColor = category(5);

impl Input {
    fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.steps.iter().flat_map(|step| &step.figures)
    }

    fn key(&self) -> Vec<(Swatch, String)> {
        let mut key = vec![(Swatch::Diamond(TRUTH), "truth".to_owned())];
        if self.figures().any(|figure| !matches!(figure.truth, Truth::Exactly(_))) {
            key.push((Swatch::Block(range_ink()), "range of the truth".to_owned()));
        }
        key.push((Swatch::Disc(PREDICTED), "predicted: median, 5–95 % of worlds".to_owned()));
        if self.figures().any(|figure| figure.origin == Origin::Calibrated) {
            key.push((Swatch::Ring(CALIBRATED), "calibrated: the model was set by it".to_owned()));
        }
        key
    }

    /// What the axis of ratios spans.
    fn reach(&self) -> (f64, f64) {
        let ratios = self.figures().flat_map(Figure::ratios);
        let seen = ratios.filter(|ratio| *ratio > 0.0).map(|ratio| ratio.clamp(1.0 / FAR, FAR));
        let (low, high) = seen
            .fold((0.6, 1.6), |(low, high): (f64, f64), ratio| (low.min(ratio), high.max(ratio)));
        around(low / 1.1, high * 1.1)
    }
}

fn range_ink() -> RGBColor {
    color::tint(color::AXIS, 0.6)
}

/// A figure in words: `2,606 XBT`.
fn told(value: f64, unit: &str) -> String {
    amount(value, unit).trim_end().to_owned()
}

impl Figure {
    /// What ratios are taken to; `None` where the truth is 0 or lies around it.
    fn reference(&self) -> Option<f64> {
        let reference = match self.truth.ends() {
            (Some(low), Some(high)) if low == high => low,
            (Some(low), Some(high)) if low * high > 0.0 => (low * high).sqrt().copysign(low),
            (Some(_), Some(_)) | (None, None) => return None,
            (Some(end), None) | (None, Some(end)) => end,
        };
        (reference != 0.0).then_some(reference)
    }

    /// All that has a place on the axis.
    fn ratios(&self) -> Vec<f64> {
        let Some(reference) = self.reference() else { return Vec::new() };
        let (low, high) = self.truth.ends();
        let band = self.model.map(|band| [band.p5, band.median, band.p95]);
        let values = band.into_iter().flatten().chain(low).chain(high);
        values.map(|value| value / reference).collect()
    }

    fn true_words(&self) -> String {
        let unit = &self.unit;
        match self.truth {
            Truth::Exactly(value) => told(value, unit),
            Truth::Between(low, high) => unit::range(low, high, unit).trim_end().to_owned(),
            Truth::AtLeast(low) => format!("≥ {}", told(low, unit)),
            Truth::AtMost(high) => format!("≤ {}", told(high, unit)),
        }
    }

    fn model_words(&self) -> String {
        let unit = &self.unit;
        match self.model {
            None => "–".to_owned(),
            Some(Band { p5, median, p95 }) if p5 == p95 => told(median, unit),
            Some(Band { p5, median, p95 }) => {
                let range = unit::range(p5, p95, unit);
                let range = range.trim_end().trim_end_matches(unit.as_str()).trim_end();
                format!("{} ({range})", told(median, unit))
            }
        }
    }

    fn name(&self) -> String {
        match self.origin {
            Origin::Predicted => self.name.clone(),
            Origin::Calibrated => format!("{} (calibrated)", self.name),
        }
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NotRun => "not run",
        }
    }

    fn mark(self, canvas: &Canvas<'_>, (x, y): Point, reach: f64) -> Result<(), ChartError> {
        let miss = category(1);
        let triangle = |up: f64| {
            let corners =
                [(x, y - up * reach), (x + reach, y + up * reach), (x - reach, y + up * reach)];
            canvas.polygon(&corners, miss)
        };
        match self {
            Self::Inside => canvas.disc((x, y), reach, category(2)),
            Self::Higher => triangle(1.0),
            Self::Lower => triangle(-1.0),
            Self::NotRun => {
                let dash = Stroke::solid(color::AXIS, 2.4);
                canvas.line((x - reach, y), (x + reach, y), dash)
            }
        }
    }
}

struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    x: Axis,
    line: f64,
    face: Type,
    /// Where the columns of the truth, the model and the verdict begin.
    columns: [f64; 3],
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let count = input.steps.len() + input.figures().count();
        let line = ((plot.height() - HEAD - FOOT) / count as f64).min(LINE);
        let face = Type::new((line * 0.62).clamp(10.5, SMALL));
        let widest = |of: fn(&Figure) -> String, title: &str| -> Result<f64, ChartError> {
            let mut widest = face.width(title)?;
            for figure in input.figures() {
                widest = widest.max(face.width(&of(figure))?);
            }
            Ok(widest.min(FIGURES))
        };
        let model = plot.right - VERDICTS - GAP - widest(Figure::model_words, MODEL)?;
        let truth = model - GAP - widest(Figure::true_words, "truth")?;
        let bottom = plot.top + HEAD + line * count as f64;
        let place =
            Rect { left: plot.left + NAMES, top: plot.top + HEAD, right: truth - GAP, bottom };
        let x = Axis::log(input.reach(), (place.left, place.right));
        Ok(Self { input, place, x, line, face, columns: [truth, model, plot.right - VERDICTS] })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let tick = |tick: f64| (tick, label::multiple(tick));
        let ticks: Ticks = self.x.ticks(9).into_iter().map(tick).collect();
        axes::below(canvas, (self.place, &self.x), (&ticks, "times the truth, logarithmic"))?;
        let one = Stroke::solid(color::AXIS, 2.0);
        canvas.line((self.x.at(1.0), self.place.top), (self.x.at(1.0), self.place.bottom), one)?;
        let head = self.face.color(color::MUTED);
        for (x, title) in self.columns.iter().zip(["truth", MODEL, "verdict"]) {
            canvas.text((*x, self.place.top - 12.0), title, head)?;
        }
        let mut y = self.place.top + self.line / 2.0;
        for step in &self.input.steps {
            self.step(canvas, step, y)?;
            y += self.line;
            for figure in &step.figures {
                self.figure(canvas, figure, y)?;
                y += self.line;
            }
        }
        Ok(())
    }

    fn step(&self, canvas: &Canvas<'_>, step: &Step, y: f64) -> Result<(), ChartError> {
        let left = self.place.left - NAMES;
        let edge = f64::from(WIDTH) - MARGIN;
        let top = y - self.line / 2.0;
        let plate = Rect { left, right: edge, top: top + 1.0, bottom: y + self.line / 2.0 - 1.0 };
        canvas.rect(plate, color::tint(color::NO_DATA, 0.6))?;
        let face = self.face.bold();
        canvas.text((left + 6.0, y), &step.name, face)?;
        let at = left + 6.0 + face.width(&step.name)? + 14.0;
        canvas.text((at, y), &self.face.cut(&step.title, edge - at)?, self.face)
    }

    fn figure(&self, canvas: &Canvas<'_>, figure: &Figure, y: f64) -> Result<(), ChartError> {
        let left = self.place.left - NAMES + 22.0;
        let name = self.face.cut(&figure.name(), NAMES - 22.0 - GAP)?;
        canvas.text((left, y), &name, self.face)?;
        match figure.reference() {
            Some(reference) => {
                self.truth(canvas, figure.truth, (reference, y))?;
                self.model(canvas, figure, (reference, y))?;
            }
            None => {
                let face = Type::new(self.face.size).color(color::MUTED).anchor(Anchor::Middle);
                let text = face.cut("no ratio to a truth around 0", self.place.width())?;
                let half = face.width(&text)? / 2.0 + 8.0;
                let middle =
                    (self.x.at(1.0).max(self.place.left + half)).min(self.place.right - half);
                let up = self.line / 2.0 - 2.0;
                let plate =
                    Rect { left: middle - half, right: middle + half, top: y - up, bottom: y + up };
                canvas.rect(plate, color::WHITE)?;
                canvas.text((middle, y), &text, face)?;
            }
        }
        let [truth, model, verdict] = self.columns;
        let texts = [(truth, figure.true_words()), (model, figure.model_words())];
        for (x, text) in texts {
            canvas.text((x, y), &self.face.cut(&text, FIGURES)?, self.face)?;
        }
        let reach = (self.line * 0.26).min(6.5);
        figure.verdict.mark(canvas, (verdict + reach, y), reach)?;
        let face = match figure.verdict {
            Verdict::NotRun => self.face.color(color::MUTED),
            _ => self.face.bold(),
        };
        canvas.text((verdict + 20.0, y), figure.verdict.word(), face)
    }

    fn half(&self) -> f64 {
        (self.line * 0.3).min(8.0)
    }

    fn truth(
        &self,
        canvas: &Canvas<'_>,
        truth: Truth,
        (reference, y): (f64, f64),
    ) -> Result<(), ChartError> {
        let half = self.half();
        if let Truth::Exactly(_) = truth {
            return parts::diamond(canvas, (self.x.at(1.0), y), (half + 1.0, TRUTH));
        }
        let (low, high) = truth.ends();
        let at = |end: f64| self.x.at(end / reference);
        // Of a negative figure the larger ratio is the lower value.
        let open = if reference > 0.0 {
            (self.place.left, self.place.right)
        } else {
            (self.place.right, self.place.left)
        };
        let (from, to) = (low.map_or(open.0, at), high.map_or(open.1, at));
        let (left, right) = (from.min(to), from.max(to));
        canvas.rect(Rect { left, right, top: y - half, bottom: y + half }, range_ink())?;
        for end in [low, high].into_iter().flatten().map(at) {
            canvas.line((end, y - half), (end, y + half), Stroke::solid(TRUTH, 2.2))?;
        }
        Ok(())
    }

    fn model(
        &self,
        canvas: &Canvas<'_>,
        figure: &Figure,
        (reference, y): (f64, f64),
    ) -> Result<(), ChartError> {
        let Some(band) = figure.model else { return Ok(()) };
        let ink = if figure.origin == Origin::Calibrated { CALIBRATED } else { PREDICTED };
        let ratio = |value: f64| value / reference;
        let at = |value: f64| self.x.at(ratio(value));
        let (from, to) = (at(band.p5), at(band.p95));
        for (ink, width) in [(color::WHITE, 6.0), (ink, 3.2)] {
            canvas.line((from, y), (to, y), Stroke::solid(ink, width))?;
        }
        let reach = self.half().min(6.0);
        for value in [band.p5, band.p95, band.median] {
            self.arrow(canvas, ratio(value), (y, ink))?;
        }
        if !self.holds(ratio(band.median)) {
            return Ok(());
        }
        let middle = (at(band.median), y);
        canvas.disc(middle, reach + 1.8, color::WHITE)?;
        match figure.origin {
            Origin::Predicted => canvas.disc(middle, reach, ink),
            Origin::Calibrated => canvas.ring(middle, reach - 1.0, Stroke::solid(ink, 2.6)),
        }
    }

    fn holds(&self, ratio: f64) -> bool {
        let (low, high) = self.input.reach();
        (low..=high).contains(&ratio)
    }

    /// Points out of the axis where a ratio lies beyond its end.
    fn arrow(
        &self,
        canvas: &Canvas<'_>,
        ratio: f64,
        (y, ink): (f64, RGBColor),
    ) -> Result<(), ChartError> {
        if self.holds(ratio) {
            return Ok(());
        }
        let (edge, way) = match ratio > 1.0 {
            true => (self.place.right, 1.0),
            false => (self.place.left, -1.0),
        };
        let up = self.half();
        let back = edge - way * 4.0;
        canvas.polygon(&[(edge + way * 8.0, y), (back, y - up), (back, y + up)], ink)
    }
}

const MODEL: &str = "model, 5 to 95 %";

impl Figure {
    fn check(&self) -> Result<(), ChartError> {
        let (low, high) = self.truth.ends();
        for end in [low, high].into_iter().flatten() {
            check::finite("true figure", end)?;
        }
        if let (Some(low), Some(high)) = (low, high) {
            curve::ordered("upper end below the lower end of a true range", low, high)?;
        }
        let run = usize::from(self.model.is_some());
        check::same("model's band behind a verdict", run, usize::from(self.is_judged()))?;
        let Some(Band { p5, median, p95 }) = self.model else { return Ok(()) };
        for quantile in [p5, median, p95] {
            check::finite("figure of the model", quantile)?;
        }
        curve::ordered("median of the model below its 5 %", p5, median)?;
        curve::ordered("95 % of the model below its median", median, p95)
    }

    fn is_judged(&self) -> bool {
        self.verdict != Verdict::NotRun
    }
}

impl Truth {
    /// `None` where it is open.
    fn ends(self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Exactly(value) => (Some(value), Some(value)),
            Self::Between(low, high) => (Some(low), Some(high)),
            Self::AtLeast(low) => (Some(low), None),
            Self::AtMost(high) => (None, Some(high)),
        }
    }
}
