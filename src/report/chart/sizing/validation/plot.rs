//! The rows of the validation ladder on the page.

use plotters::style::RGBColor;

use super::{Figure, Input, Origin, Step, Truth, Verdict};
use crate::report::chart::axis::{Axis, around};
use crate::report::chart::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::MARGIN;
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::sizing::axes::{self, FOOT, Ticks};
use crate::report::chart::{ChartError, WIDTH, label};

pub const TITLE: &str =
    "Each figure relative to its truth; where that is a range, to the geometric mean of its ends";
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
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.steps.iter().flat_map(|step| &step.figures)
    }

    pub fn key(&self) -> Vec<(Swatch, String)> {
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

pub struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    x: Axis,
    line: f64,
    face: Type,
    /// Where the columns of the truth, the model and the verdict begin.
    columns: [f64; 3],
}

impl<'a> Plot<'a> {
    pub fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
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

    pub fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
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
            return parts::diamond(canvas, (self.x.at(1.0), y), (half + 2.0, TRUTH));
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
        let reach = (self.half() * 0.66).min(5.0);
        for value in [band.p5, band.p95, band.median] {
            self.arrow(canvas, ratio(value), (y, ink))?;
        }
        if !self.holds(ratio(band.median)) {
            return Ok(());
        }
        let middle = (at(band.median), y);
        canvas.disc(middle, reach + 1.2, color::WHITE)?;
        match figure.origin {
            Origin::Predicted => canvas.disc(middle, reach, ink),
            Origin::Calibrated => canvas.ring(middle, reach, Stroke::solid(ink, 2.4)),
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
