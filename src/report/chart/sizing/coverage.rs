//! What share of scenarios a fund covers, by its size: shares in nines.

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
use crate::report::chart::unit::amount;
use crate::report::chart::{Caption, ChartError, Picture, check, label};

/// What the coverage curves show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    /// How the funds are spaced.
    pub spacing: Spacing,
    /// At most [`CURVES`]; the first is the one that the targets are told of.
    pub curves: Vec<Curve>,
    /// What the interval of the points is: `95 % of draws`.
    pub interval: String,
    /// Today's fund. Coverage is read off the curves: leave its point in where they are thinned.
    pub today: Option<f64>,
    /// By ascending share, at most [`TARGETS`].
    pub targets: Vec<Target>,
}

/// What one way of counting covers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// `marked to market`, `without the largest account`.
    pub name: String,
    /// Share of scenarios that need no more than the fund, by ascending fund, the first at 0. Where
    /// the share is 1, `low` is what is sure.
    pub points: Vec<Point>,
}

/// A share of scenarios that a fund is to cover.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Target {
    /// Below 1: 0.999.
    pub share: f64,
    /// The fund that covers it; `None` where the scenarios cannot tell.
    pub fund: Option<f64>,
}

/// More curves than this are not told apart.
pub const CURVES: usize = 4;
/// More targets than this are not told apart.
pub const TARGETS: usize = 8;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.curves.is_empty() {
            return Err(ChartError::NoData("no coverage curve"));
        }
        check::most("coverage curves", self.curves.len(), CURVES)?;
        self.curves.iter().try_for_each(|curve| curve::check(&curve.points))?;
        for pair in self.curves.iter().flat_map(|curve| curve.points.windows(2)) {
            curve::ordered("coverage that falls", pair[0].share, pair[1].share + 1e-12)?;
        }
        self.today.map_or(Ok(0.0), |fund| check::amount("today's fund", fund))?;
        check::most("targets", self.targets.len(), TARGETS)?;
        let targets = self.targets.iter().map(|target| target.share);
        curve::ascending("target, which must rise", targets)?;
        for target in &self.targets {
            if check::share("target", target.share)? == 1.0 {
                return Err(check::bad_number("target", target.share));
            }
            target.fund.map_or(Ok(0.0), |fund| check::amount("fund of a target", fund))?;
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let Some(funds) = self.funds() else {
            let place = plot.inset(0.0, 60.0, 0.0, 60.0);
            let least = label::fine_floor(self.curves[0].points[0].low);
            let text = format!("Every scenario is covered without a fund; at least {least} are");
            return parts::statement(canvas, place, &text);
        };
        let below = axes::head(canvas, plot, (TITLE, &self.key()))?;
        Plot::new(self, below, funds)?.draw(canvas)
    }
}

const TITLE: &str = "Share of scenarios covered, in nines";
/// Strength of the band's colour.
const BAND: f64 = 0.26;
/// Height of the line on which today's fund is named.
const TODAY: f64 = 30.0;

fn ink(index: usize) -> RGBColor {
    category([0, 1, 2, 6][index % CURVES])
}

fn stroke(index: usize) -> Stroke {
    Stroke::solid(ink(index), if index == 0 { 3.2 } else { 2.2 })
}

impl Input {
    /// What the axis of funds spans.
    fn funds(&self) -> Option<(f64, f64)> {
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        let targets = self.targets.iter().filter_map(|target| target.fund);
        curve::reach(self.spacing, points.map(|point| point.fund).chain(targets), self.today)
    }

    fn key(&self) -> Vec<(Swatch, String)> {
        let mut key = Vec::new();
        for (i, curve) in self.curves.iter().enumerate() {
            let today = self.today.map(|fund| curve::reading(&curve.points, fund));
            let name = match today {
                Some(point) if i > 0 || point.fund == 0.0 => {
                    format!("{}: today {}", curve.name, covered(point))
                }
                _ => curve.name.clone(),
            };
            key.push((Swatch::Line(stroke(i)), name));
        }
        key.insert(1, (Swatch::Block(color::tint(ink(0), BAND)), self.interval.clone()));
        let sure = self.curves.iter().flat_map(|curve| &curve.points);
        if sure.clone().any(|point| point.share == 1.0) {
            let dashes = Stroke::solid(color::MUTED, 2.4).dashed(9.0, 6.0);
            key.push((
                Swatch::Line(dashes),
                "at least, where every scenario is covered".to_owned(),
            ));
        }
        let free = self.curves[0].points[0].share;
        if self.spacing == Spacing::Log && free > 0.0 {
            let text = format!("{} covered without a fund", label::fine_percent(free));
            key.push((Swatch::Nothing, text));
        }
        key
    }

    fn tags(&self, y: &Axis) -> Vec<Tag> {
        self.targets.iter().map(|target| target.tag(&self.asset, y)).collect()
    }
}

/// `99.58 %`, or what is sure where no scenario is left uncovered.
fn covered(point: Point) -> String {
    match point.share < 1.0 {
        true => label::fine_percent(point.share),
        false => format!("≥ {}", label::fine_floor(point.low)),
    }
}

impl Target {
    fn tag(&self, asset: &str, y: &Axis) -> Tag {
        let name = label::fine_tick(self.share);
        let text = match self.fund {
            Some(fund) => format!("{name}: {}", amount(fund, asset)),
            None => format!("{name}: too few scenarios"),
        };
        let ink = if self.fund.is_some() { color::INK } else { color::MUTED };
        Tag { y: y.at(1.0 - self.share), text, ink }
    }
}

struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    /// What each curve leaves uncovered.
    rests: Vec<Vec<Point>>,
    /// The smallest fund on the axis.
    least: f64,
    x: Axis,
    /// Of the share that is not covered: the less, the higher.
    y: Axis,
    shares: Ticks,
    funds: (Ticks, String),
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect, reach: (f64, f64)) -> Result<Self, ChartError> {
        let rest = |curve: &Curve| curve.points.iter().map(|point| point.rest()).collect();
        let rests: Vec<Vec<Point>> = input.curves.iter().map(rest).collect();
        let seen = rests.iter().flatten();
        let seen = seen.map(|point| if point.share > 0.0 { point.share } else { point.high });
        let targets = input.targets.iter().map(|target| 1.0 - target.share);
        let shares = (curve::depth(seen.chain(targets)), 1.0);
        let tick = |rest: f64| (rest, label::fine_tick(1.0 - rest));
        let ticks: Ticks = Axis::log(shares, (0.0, 1.0)).ticks(11).into_iter().map(tick).collect();
        let funds = axes::amounts((input.spacing, reach), &input.asset);
        let tags: Vec<Tag> = input.tags(&Axis::log(shares, (0.0, 1.0)));
        let right = tags::room(tags.iter().map(|tag| tag.text.as_str()))?;
        let place = plot.inset(axes::room(&ticks)?, TODAY, right, FOOT);
        Ok(Self {
            input,
            place,
            rests,
            least: reach.0,
            x: Axis::spaced(input.spacing, reach, (place.left, place.right)),
            y: Axis::log(shares, (place.top, place.bottom)),
            shares: ticks,
            funds,
        })
    }

    fn steps(&self, index: usize) -> Steps<'_> {
        Steps { points: &self.rests[index], x: self.x, y: self.y, right: self.place.right }
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let own = self.rests[0].iter().map(|point| (point.low, point.high));
        self.steps(0).band(canvas, own, color::tint(ink(0), BAND))?;
        axes::beside(canvas, (self.place, &self.y), &self.shares)?;
        let name = format!("Fund, {}", self.funds.1);
        axes::below(canvas, (self.place, &self.x), (&self.funds.0, &name))?;
        self.targets(canvas)?;
        for i in (0..self.rests.len()).rev() {
            self.curve(canvas, i)?;
        }
        tags::draw(canvas, self.place, &self.input.tags(&self.y))?;
        self.rings(canvas)?;
        self.today(canvas)
    }

    /// A curve; thin lines for the ends of its interval where it has no band.
    fn curve(&self, canvas: &Canvas<'_>, index: usize) -> Result<(), ChartError> {
        let steps = self.steps(index);
        if index > 0 {
            let edge = Stroke::solid(color::tint(ink(index), 0.6), 1.2).dashed(3.0, 3.0);
            let rest = &self.rests[index];
            let above = |end: f64| (end > 0.0).then_some(end);
            steps.line(canvas, rest.iter().map(|point| above(point.low)), edge)?;
            steps.line(canvas, rest.iter().map(|point| above(point.high)), edge)?;
        }
        steps.estimate(canvas, stroke(index))
    }

    fn targets(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let level = Stroke::solid(color::MUTED, 1.6).dashed(7.0, 5.0);
        self.input.targets.iter().try_for_each(|target| {
            let y = self.y.at(1.0 - target.share);
            canvas.line((self.place.left, y), (self.place.right, y), level)
        })
    }

    /// Where the first curve reaches the targets.
    fn rings(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let reached = self
            .input
            .targets
            .iter()
            .filter(|target| target.fund.is_some_and(|fund| fund >= self.least));
        reached.into_iter().try_for_each(|target| {
            let at = (self.x.at(target.fund.unwrap_or(0.0)), self.y.at(1.0 - target.share));
            canvas.ring(at, 6.0, Stroke::solid(color::INK, 3.0))
        })
    }

    fn today(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let Some(fund) = self.input.today.filter(|fund| *fund > 0.0) else { return Ok(()) };
        today::line(canvas, (self.place, self.x.at(fund)), &amount(fund, &self.input.asset))?;
        let height = |point: Point| {
            let rest = point.rest();
            self.y.at(if rest.share > 0.0 { rest.share } else { rest.high })
        };
        for (i, curve) in self.input.curves.iter().enumerate().skip(1) {
            let at = (self.x.at(fund), height(curve::reading(&curve.points, fund)));
            canvas.ring(at, 6.0, Stroke::solid(ink(i), 3.0))?;
        }
        let point = curve::reading(&self.input.curves[0].points, fund);
        let lines = match point.share < 1.0 {
            true => {
                let range = label::fine_range(point.low, point.high);
                vec![format!("{} covered", covered(point)), range, self.input.interval.clone()]
            }
            false => vec![format!("{} covered", covered(point)), "all scenarios are".to_owned()],
        };
        let at = (self.x.at(fund), height(point));
        today::reading(canvas, (self.place, at), &lines, |left, right| self.cover(left, right))
    }

    /// The highest and the lowest pixel of all intervals between two columns.
    fn cover(&self, left: f64, right: f64) -> (f64, f64) {
        let all = self.rests.iter().enumerate().map(|(i, rest)| {
            let intervals = rest.iter().map(|point| (point.low, point.high));
            self.steps(i).cover((left, right), intervals)
        });
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), (high, low)| {
            (top.min(high), bottom.max(low))
        })
    }
}
