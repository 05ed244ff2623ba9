//! How often a crash needs more than a fund has: the loss exceedance curve.

use plotters::style::RGBColor;

use super::Spacing;
use super::axes::{self, FOOT, Ticks};
use super::curve::{self, Point, Steps};
use super::today;
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Canvas, Rect, Stroke};
use crate::report::chart::color::{self, category};
use crate::report::chart::parts::{self, Swatch};
use crate::report::chart::tags::{self, Tag};
use crate::report::chart::unit::{self, amount};
use crate::report::chart::{Caption, ChartError, Picture, check, label};

/// What the exceedance curve shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    /// P(need > fund) by ascending fund, the first at 0: the share of scenarios that need a fund at
    /// all. Where the share is 0, `high` is the upper bound that no event leaves.
    pub curve: Vec<Point>,
    /// What the interval of the points is: `95 % of draws`.
    pub interval: String,
    /// A second interval.
    pub wide: Option<Wide>,
    /// Today's fund. P(ADL) is read off the curve: leave its point in where points are thinned.
    pub today: Option<f64>,
    /// At most [`LEVELS`], by ascending level.
    pub levels: Vec<Level>,
}

/// Another interval of the curve's points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wide {
    /// `95 % of crashes, resampled`.
    pub name: String,
    /// (low, high) of each point of the curve.
    pub ends: Vec<(f64, f64)>,
}

/// Value at risk at a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// A share of scenarios below 1: 0.999.
    pub level: f64,
    pub value: Quantile,
}

/// A quantile of the need, if the scenarios tell it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantile {
    /// `high` is `None` where the scenarios leave the upper end open.
    Known { fund: f64, low: f64, high: Option<f64> },
    /// How many scenarios are needed.
    TooFew { needed: u64 },
}

/// More levels than this are not told apart.
pub const LEVELS: usize = 8;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        curve::check(&self.curve)?;
        for pair in self.curve.windows(2) {
            let what = "share that rises with the fund";
            curve::ordered(what, pair[1].share, pair[0].share + 1e-12)?;
        }
        if let Some(wide) = &self.wide {
            check::same("second intervals", wide.ends.len(), self.curve.len())?;
            wide.ends.iter().try_for_each(|(low, high)| curve::interval(*low, *high))?;
        }
        self.today.map_or(Ok(0.0), |fund| check::amount("today's fund", fund))?;
        check::most("levels", self.levels.len(), LEVELS)?;
        let levels = self.levels.iter().map(|level| level.level);
        curve::ascending("level, which must rise", levels)?;
        self.levels.iter().try_for_each(Level::check)
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        match self.funds() {
            Some(funds) if self.curve[0].share > 0.0 => {
                let below = axes::head(canvas, plot, (TITLE, &self.key()))?;
                Plot::new(self, below, funds)?.draw(canvas)
            }
            _ => {
                let place = plot.inset(0.0, 60.0, 0.0, 60.0);
                let bound = label::fine_ceiling(self.curve[0].high);
                let text = format!("No scenario needs a fund; the upper bound is {bound}");
                parts::statement(canvas, place, &text)
            }
        }
    }
}

const TITLE: &str = "P(need > fund), share of scenarios, logarithmic";
const CURVE: RGBColor = category(0);
const WIDE: RGBColor = category(5);
/// Strengths of the colours of the bands.
const INNER: f64 = 0.3;
const OUTER: f64 = 0.2;
/// Height of the line on which today's fund is named.
const TODAY: f64 = 30.0;

impl Input {
    /// What the axis of funds spans.
    fn funds(&self) -> Option<(f64, f64)> {
        curve::reach(Spacing::Log, self.curve.iter().map(|point| point.fund), self.today)
    }

    fn key(&self) -> Vec<(Swatch, String)> {
        let mut key = vec![
            (Swatch::Line(stroke()), "share seen".to_owned()),
            (Swatch::Block(color::tint(CURVE, INNER)), self.interval.clone()),
        ];
        if let Some(wide) = &self.wide {
            key.push((
                Swatch::Hatched(color::tint(WIDE, OUTER), hatching().color),
                wide.name.clone(),
            ));
        }
        if self.curve.iter().any(|point| point.share == 0.0) {
            let text = "upper bound where no scenario needs more".to_owned();
            key.push((Swatch::Line(stroke().dashed(9.0, 6.0)), text));
        }
        let nothing = 1.0 - self.curve[0].share;
        if nothing > 0.0 {
            let share = label::fine_percent(nothing);
            key.push((Swatch::Nothing, format!("{share} of scenarios need no fund")));
        }
        if self.today == Some(0.0) {
            let share = label::fine_percent(self.curve[0].share);
            key.push((Swatch::Nothing, format!("there is no fund today: P(ADL) {share}")));
        }
        key
    }

    /// What stands at the right: the levels, and the bound beyond the largest need.
    fn tags(&self, y: &Axis) -> Vec<Tag> {
        let mut tags: Vec<Tag> =
            self.levels.iter().map(|level| level.tag(&self.asset, y)).collect();
        let last = self.curve[self.curve.len() - 1];
        if last.share == 0.0 {
            let text = format!("none seen: at most {}", label::fine_ceiling(last.high));
            tags.push(Tag { y: y.at(last.high), text, ink: CURVE });
        }
        tags
    }
}

/// The lines that tell the wider band from the other without its colour.
fn hatching() -> Stroke {
    Stroke::solid(color::tint(WIDE, 0.55), 1.4)
}

fn stroke() -> Stroke {
    Stroke::solid(CURVE, 3.0)
}

struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    /// What the axis of funds spans.
    reach: (f64, f64),
    steps: Steps<'a>,
    x: Axis,
    y: Axis,
    shares: Ticks,
    funds: (Ticks, String),
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect, reach: (f64, f64)) -> Result<Self, ChartError> {
        let known = input.levels.iter().filter(|level| level.fund().is_some());
        let levels = known.map(|level| 1.0 - level.level);
        let seen = input.curve.iter().flat_map(|point| {
            if point.share > 0.0 { [point.share, 1.0] } else { [point.high, 1.0] }
        });
        let shares = (curve::depth(seen.chain(levels)), 1.0);
        let tick = |share: f64| (share, label::fine_tick(share));
        let ticks: Ticks = Axis::log(shares, (0.0, 1.0)).ticks(11).into_iter().map(tick).collect();
        let tags = input.tags(&Axis::log(shares, (1.0, 0.0)));
        let right = tags::room(tags.iter().map(|tag| tag.text.as_str()))?;
        let place = plot.inset(axes::room(&ticks)?, TODAY, right, FOOT);
        let (x, y) = (
            Axis::log(reach, (place.left, place.right)),
            Axis::log(shares, (place.bottom, place.top)),
        );
        let steps = Steps { points: &input.curve, x, y, right: place.right };
        let funds = axes::amounts((Spacing::Log, reach), &input.asset);
        Ok(Self { input, place, reach, steps, x, y, shares: ticks, funds })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.bands(canvas)?;
        axes::beside(canvas, (self.place, &self.y), &self.shares)?;
        let name = format!("Fund, {}", self.funds.1);
        axes::below(canvas, (self.place, &self.x), (&self.funds.0, &name))?;
        self.wide_ends(canvas)?;
        self.guides(canvas)?;
        self.steps.estimate(canvas, stroke())?;
        self.rings(canvas)?;
        tags::draw(canvas, self.place, &self.input.tags(&self.y))?;
        self.today(canvas)
    }

    fn bands(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        if let Some(wide) = &self.input.wide {
            let ends = || wide.ends.iter().copied();
            self.steps.band(canvas, ends(), color::tint(WIDE, OUTER))?;
            self.steps.hatch(canvas, ends(), (self.place, hatching()))?;
        }
        let own = self.input.curve.iter().map(|point| (point.low, point.high));
        self.steps.band(canvas, own, color::tint(CURVE, INNER))
    }

    /// The ends of the second interval, which the first may hide.
    fn wide_ends(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Some(wide) = &self.input.wide else { return Ok(()) };
        let edge = Stroke::solid(WIDE, 1.8).dashed(4.0, 4.0);
        let above = |end: f64| (end > 0.0).then_some(end);
        self.steps.line(canvas, wide.ends.iter().map(|(low, _)| above(*low)), edge)?;
        self.steps.line(canvas, wide.ends.iter().map(|(_, high)| above(*high)), edge)
    }

    /// Where the levels that are known and can be seen meet the curve.
    fn met(&self) -> impl Iterator<Item = (f64, f64)> {
        let levels = self.input.levels.iter();
        let known = levels.filter_map(|level| Some((level.fund()?, 1.0 - level.level)));
        let seen = known.filter(|(fund, _)| *fund >= self.reach.0);
        seen.map(|(fund, share)| (self.x.at(fund), self.y.at(share)))
    }

    fn guides(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let guide = Stroke::solid(color::MUTED, 1.4).dashed(2.0, 4.0);
        self.met().try_for_each(|at| canvas.line(at, (self.place.right, at.1), guide))
    }

    fn rings(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.met().try_for_each(|at| canvas.ring(at, 6.0, Stroke::solid(color::INK, 3.0)))
    }

    fn today(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Some(fund) = self.input.today.filter(|fund| *fund > 0.0) else { return Ok(()) };
        let point = curve::reading(&self.input.curve, fund);
        let seen = point.share > 0.0;
        let at = (self.x.at(fund), self.y.at(if seen { point.share } else { point.high }));
        today::line(canvas, (self.place, at.0), &amount(fund, &self.input.asset))?;
        let lines = match seen {
            true => self.reading(point),
            false => {
                let bound = label::fine_ceiling(point.high);
                vec![format!("P(ADL) ≤ {bound}"), "no scenario needs more".to_owned()]
            }
        };
        today::reading(canvas, (self.place, at), &lines, |left, right| self.cover(left, right))
    }

    /// The share at today's fund, and its intervals.
    fn reading(&self, point: Point) -> Vec<String> {
        let range = label::fine_range(point.low, point.high);
        let mut lines = vec![
            format!("P(ADL) {}", label::fine_percent(point.share)),
            format!("{range}, {}", self.input.interval),
        ];
        if let Some(wide) = &self.input.wide {
            let (low, high) = wide.ends[curve::at(&self.input.curve, point.fund)];
            lines.push(format!("{}, {}", label::fine_range(low, high), wide.name));
        }
        lines
    }

    /// The highest and the lowest pixel of both bands between two columns.
    fn cover(&self, left: f64, right: f64) -> (f64, f64) {
        let own = self.input.curve.iter().map(|point| (point.low, point.high));
        let own = self.steps.cover((left, right), own);
        let Some(wide) = &self.input.wide else { return own };
        let wide = self.steps.cover((left, right), wide.ends.iter().copied());
        (own.0.min(wide.0), own.1.max(wide.1))
    }
}

impl Level {
    fn check(&self) -> Result<(), ChartError> {
        if check::share("level", self.level)? == 1.0 {
            return Err(check::bad_number("level", self.level));
        }
        let Quantile::Known { fund, low, high } = self.value else { return Ok(()) };
        check::amount("value at risk", fund)?;
        check::amount("lower end of a value at risk", low)?;
        let Some(high) = high else { return Ok(()) };
        check::amount("upper end of a value at risk", high)?;
        curve::ordered("upper end below the lower end of a value at risk", low, high)
    }

    fn fund(&self) -> Option<f64> {
        match self.value {
            Quantile::Known { fund, .. } => Some(fund),
            Quantile::TooFew { .. } => None,
        }
    }

    fn tag(&self, asset: &str, y: &Axis) -> Tag {
        let name = label::fine_tick(self.level);
        let height = y.at(1.0 - self.level);
        match self.value {
            Quantile::Known { fund, low, high } => {
                let ends = match high {
                    Some(high) => unit::range(low, high, asset),
                    None => amount(low, asset),
                };
                let ends = ends.trim_end_matches(asset).trim_end();
                let open = if high.is_none() { " or more" } else { "" };
                let text = format!("VaR {name}: {} ({ends}{open})", amount(fund, asset));
                Tag { y: height, text, ink: color::INK }
            }
            Quantile::TooFew { needed } => {
                let text = format!("VaR {name}: needs {} scenarios", label::count(needed));
                Tag { y: height, text, ink: color::MUTED }
            }
        }
    }
}
