//! What moves the result: one bar a knob, the widest on top.

use plotters::style::RGBColor;

use super::axes::{self, FOOT};
use super::{Measure, Spacing, rows};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::frame::{MARGIN, NAME};
use crate::report::chart::parts::{SMALL, Swatch};
use crate::report::chart::{Caption, ChartError, Picture, WIDTH, check};

/// What the tornado shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What is measured: `Fund that covers 99.9 % of crashes`.
    pub result: String,
    pub measure: Measure,
    /// The result with every knob at its usual setting.
    pub base: f64,
    /// In any order, at most [`KNOBS`].
    pub knobs: Vec<Knob>,
}

/// A knob, turned down and up with all others as usual.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Knob {
    /// `depth of the market`.
    pub name: String,
    pub kind: Kind,
    pub low: End,
    pub high: End,
}

/// Whose the uncertainty is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The world may turn out so.
    #[default]
    World,
    /// The model could have been built so: driver, law of impact, order within bars, sub-steps.
    Model,
}

/// A setting, and the result there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct End {
    /// `×0.5`, `square root`.
    pub setting: String,
    /// `None` where there is no result: the limit is not reached, or not within the scenarios.
    pub result: Option<f64>,
}

/// More knobs than this cannot be read.
pub const KNOBS: usize = 18;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.knobs.is_empty() {
            return Err(ChartError::NoData("no knob was turned"));
        }
        check::most("knobs", self.knobs.len(), KNOBS)?;
        check::amount("result at the usual settings", self.base)?;
        for end in self.knobs.iter().flat_map(|knob| [&knob.low, &knob.high]) {
            end.result.map_or(Ok(0.0), |result| check::amount("result of a knob", result))?;
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let below = axes::head(canvas, plot, (&self.result, &self.key()))?;
        Plot::new(self, below)?.draw(canvas)
    }
}

/// Pixels for the names of the knobs.
const NAMES: f64 = 320.0;
/// Pixels of the longest setting.
const SETTING: f64 = 210.0;
/// Height of the line on which the base is named.
const BASE: f64 = 32.0;
/// Height of the tallest row.
const ROW: f64 = 64.0;
/// From a bar to the words at its end.
const GAP: f64 = 10.0;
/// An axis that reaches over more than this ratio is logarithmic.
const WIDE: f64 = 40.0;

impl Kind {
    fn ink(self) -> RGBColor {
        match self {
            Self::World => category(0),
            Self::Model => category(1),
        }
    }

    /// How a bar looks: paler at the low setting, hatched where the model is to choose.
    fn swatch(self, side: Side) -> Swatch {
        let fill = match side {
            Side::Low => color::tint(self.ink(), 0.4),
            Side::High => self.ink(),
        };
        match self {
            Self::World => Swatch::Block(fill),
            Self::Model => Swatch::Hatched(fill, color::WHITE),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Low,
    High,
}

impl Knob {
    fn ends(&self) -> [(Side, &End); 2] {
        [(Side::Low, &self.low), (Side::High, &self.high)]
    }

    /// How far the known results lie apart, the base among them; below 0 where none is known.
    fn width(&self, base: f64) -> f64 {
        let known = self.ends().into_iter().filter_map(|(_, end)| end.result);
        let (low, high) = known
            .clone()
            .fold((base, base), |(low, high), result| (low.min(result), high.max(result)));
        if known.count() == 0 { -1.0 } else { high - low }
    }

    /// Whether both results are known and lie on one side of the base.
    fn is_one_sided(&self, base: f64) -> bool {
        match (self.low.result, self.high.result) {
            (Some(low), Some(high)) => (low > base && high > base) || (low < base && high < base),
            _ => false,
        }
    }
}

impl Input {
    fn key(&self) -> Vec<(Swatch, String)> {
        let mut key = Vec::new();
        for (kind, name) in
            [(Kind::World, "knob of the world"), (Kind::Model, "choice of the model")]
        {
            if self.knobs.iter().any(|knob| knob.kind == kind) {
                key.push((kind.swatch(Side::Low), format!("{name}, first setting")));
                key.push((kind.swatch(Side::High), format!("{name}, second setting")));
            }
        }
        key
    }

    fn widest_first(&self) -> Vec<&Knob> {
        let mut knobs: Vec<&Knob> = self.knobs.iter().collect();
        knobs.sort_by(|one, other| other.width(self.base).total_cmp(&one.width(self.base)));
        knobs
    }

    /// The words at the end of a bar.
    fn text(&self, end: &End, face: Type) -> Result<String, ChartError> {
        let setting = face.cut(&end.setting, SETTING)?;
        Ok(match end.result {
            Some(result) => format!("{setting}: {}", self.measure.text(result)),
            None => format!("{setting}: no result"),
        })
    }

    /// What the axis spans.
    fn reach(&self) -> (Spacing, (f64, f64)) {
        let ends = self.knobs.iter().flat_map(|knob| [&knob.low, &knob.high]);
        let results = ends.filter_map(|end| end.result).chain([self.base]);
        let (low, high) = results.fold((f64::INFINITY, 0.0), |(low, high), result: f64| {
            (low.min(result), f64::max(high, result))
        });
        match (low > 0.0 && high / low > WIDE, high > 0.0) {
            (true, _) => (Spacing::Log, (low, high)),
            (false, false) => (Spacing::Linear, (0.0, 1.0)),
            (false, true) if high - low < high * 1e-6 => (Spacing::Linear, (low * 0.9, high * 1.1)),
            (false, true) => (Spacing::Linear, (low, high)),
        }
    }
}

struct Plot<'a> {
    input: &'a Input,
    knobs: Vec<&'a Knob>,
    place: Rect,
    x: Axis,
    face: Type,
    row: f64,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let knobs = input.widest_first();
        let row = ((plot.height() - BASE - FOOT) / knobs.len() as f64).min(ROW);
        let face = Type::new((row * 0.4).clamp(13.0, SMALL));
        let mut widest: f64 = 0.0;
        for (_, end) in knobs.iter().flat_map(|knob| knob.ends()) {
            widest = widest.max(face.width(&input.text(end, face)?)?);
        }
        let sides = widest + GAP + 4.0;
        let place = plot.inset(NAMES + sides, BASE, sides, 0.0);
        let bottom = place.top + row * knobs.len() as f64;
        let (spacing, values) = input.reach();
        let place = Rect { bottom, ..place };
        let x = Axis::spaced(spacing, values, (place.left, place.right));
        Ok(Self { input, knobs, place, x, face, row })
    }

    fn base(&self) -> f64 {
        self.x.at(self.input.base)
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (ticks, name) = self.input.measure.ticks(self.input.reach());
        axes::below(canvas, (self.place, &self.x), (&ticks, &name))?;
        let room = (NAMES - 14.0, self.row);
        let names = rows::face(self.knobs.iter().map(|knob| knob.name.as_str()), room)?;
        for (i, knob) in self.knobs.iter().enumerate() {
            let top = self.place.top + self.row * i as f64;
            let place = Rect { top, bottom: top + self.row, ..self.place };
            let at = (self.place.left - self.sides() - NAMES, place.middle().1);
            rows::name(canvas, (at, names), (&knob.name, room))?;
            self.knob(canvas, knob, place)?;
        }
        let stroke = Stroke::solid(color::INK, 2.2);
        canvas.line(
            (self.base(), self.place.top - 6.0),
            (self.base(), self.place.bottom),
            stroke,
        )?;
        let text = format!("usual settings: {}", self.input.measure.text(self.input.base));
        let face = Type::new(NAME).bold().anchor(Anchor::Middle);
        canvas.text((self.base(), self.place.top - 20.0), &text, face)
    }

    /// Room for the words at one side of the bars.
    fn sides(&self) -> f64 {
        f64::from(WIDTH) - MARGIN - self.place.right
    }

    fn knob(&self, canvas: &Canvas<'_>, knob: &Knob, place: Rect) -> Result<(), ChartError> {
        let (y, half) = (place.middle().1, (self.row * 0.32).min(15.0));
        if knob.is_one_sided(self.input.base) {
            let by = self.row / 4.0;
            for ((side, end), y) in knob.ends().into_iter().zip([y - by, y + by]) {
                self.bar(canvas, (knob.kind.swatch(side), end), (y, half * 0.62))?;
                self.words(canvas, (end, self.toward(end)), y)?;
            }
            return Ok(());
        }
        for (side, end) in knob.ends() {
            self.bar(canvas, (knob.kind.swatch(side), end), (y, half))?;
        }
        let toward = self.sides_of(knob);
        for ((_, end), way) in knob.ends().into_iter().zip(toward) {
            self.words(canvas, (end, way), y)?;
        }
        Ok(())
    }

    fn toward(&self, end: &End) -> Anchor {
        match end.result.is_some_and(|result| result >= self.input.base) {
            true => Anchor::Start,
            false => Anchor::End,
        }
    }

    /// On which side the words of the two ends stand: one each, the greater result at the right.
    fn sides_of(&self, knob: &Knob) -> [Anchor; 2] {
        let base = self.input.base;
        let first_right = match (knob.low.result, knob.high.result) {
            (Some(low), Some(high)) => low > high,
            (Some(low), None) => low > base,
            (None, Some(high)) => high < base,
            (None, None) => false,
        };
        if first_right { [Anchor::Start, Anchor::End] } else { [Anchor::End, Anchor::Start] }
    }

    fn bar(
        &self,
        canvas: &Canvas<'_>,
        (swatch, end): (Swatch, &End),
        (y, half): (f64, f64),
    ) -> Result<(), ChartError> {
        let Some(result) = end.result else { return Ok(()) };
        let (from, to) = (self.base(), self.x.at(result));
        let (left, right) = (from.min(to), from.max(to));
        swatch.fill(canvas, Rect { left, right, top: y - half, bottom: y + half })
    }

    fn words(
        &self,
        canvas: &Canvas<'_>,
        (end, anchor): (&End, Anchor),
        y: f64,
    ) -> Result<(), ChartError> {
        let at = end.result.map_or(self.base(), |result| self.x.at(result));
        let by = if anchor == Anchor::Start { GAP } else { -GAP };
        let face = self.face.anchor(anchor);
        let face = if end.result.is_some() { face } else { face.color(color::MUTED) };
        canvas.text((at + by, y), &self.input.text(end, self.face)?, face)
    }
}
