//! Which shocks, at which depth of the market, break a limit: the frontier of a reverse stress.

use plotters::style::RGBColor;

use super::axes::{self, FOOT, Ticks};
use super::{Spacing, curve};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Canvas, Rect, Stroke, Type};
use crate::report::chart::color::{self, category};
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::place::{Places, nearest};
use crate::report::chart::{Caption, ChartError, Picture, check, label, positive};

/// What the frontier shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What is reached beyond the frontier: `the fund is exhausted`.
    pub limit: String,
    /// What a shock of 1 is: `1 = the fall of 10 October 2025`. May be empty.
    pub shock: String,
    /// What a depth of 1 is. May be empty.
    pub depth: String,
    /// Shock scales of the grid, ascending.
    pub shocks: Vec<f64>,
    /// Depth multipliers of the grid, ascending.
    pub depths: Vec<f64>,
    /// `cells[depth][shock]`: share of seeds in which the limit is reached; `None` where it was not
    /// evaluated.
    pub cells: Vec<Vec<Option<f64>>>,
    /// By ascending depth. May be empty.
    pub line: Vec<Crossing>,
    /// At most [`CRASHES`].
    pub crashes: Vec<Crash>,
}

/// The smallest shock that reaches the limit at one depth, over the seeds. `None` where that
/// quantile lies beyond the largest shock.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Crossing {
    pub depth: f64,
    pub p25: Option<f64>,
    pub median: Option<f64>,
    pub p75: Option<f64>,
}

/// A crash that happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crash {
    pub name: String,
    pub shock: f64,
    pub depth: f64,
}

/// More crashes than this cannot all be named.
pub const CRASHES: usize = 24;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.cells.iter().flatten().all(Option::is_none) {
            return Err(ChartError::NoData("no cell of the grid was evaluated"));
        }
        for (what, values) in [("shock scale", &self.shocks), ("depth multiplier", &self.depths)] {
            values.iter().try_for_each(|value| positive(what, *value).map(|_| ()))?;
            curve::ascending(what, values.iter().copied())?;
        }
        check::same("rows of cells", self.cells.len(), self.depths.len())?;
        for row in &self.cells {
            check::same("cells in a row", row.len(), self.shocks.len())?;
            for cell in row.iter().flatten() {
                check::share("share of seeds", *cell)?;
            }
        }
        curve::ascending("depth of a crossing", self.line.iter().map(|crossing| crossing.depth))?;
        self.line.iter().try_for_each(Crossing::check)?;
        check::most("crashes", self.crashes.len(), CRASHES)?;
        for crash in &self.crashes {
            positive("shock of a crash", crash.shock)?;
            positive("depth of a crash", crash.depth)?;
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let title = format!("Depth of the market{}", told(&self.depth));
        let below = axes::head(canvas, plot, (&title, &self.key()))?;
        Plot::new(self, below)?.draw(canvas)
    }
}

/// Colour of cells in which the limit is reached.
const REACHED: RGBColor = category(1);
/// How strong the colour is where no seed reaches the limit, and where all do.
const PALE: f64 = 0.07;
const FULL: f64 = 0.8;
/// Neighbouring cells overlap by so much, so that no seam is seen.
const OVERLAP: f64 = 0.4;
/// Pixels of the largest name of a crash.
const NAME: f64 = 440.0;
const CRASH: RGBColor = category(0);
/// Pieces of the frontier between two depths that names keep off.
const PIECES: u32 = 16;
/// Radius of a crash's mark.
const MARK: f64 = 7.5;

fn told(what: &str) -> String {
    if what.is_empty() { String::new() } else { format!(", {what}") }
}

fn heat(share: f64) -> RGBColor {
    color::tint(REACHED, PALE + (FULL - PALE) * share)
}

fn nothing() -> Swatch {
    Swatch::Hatched(color::NO_DATA, color::HATCH)
}

impl Input {
    fn key(&self) -> Vec<(Swatch, String)> {
        let name = |share: f64| match share {
            0.0 => format!("{} in 0 % of seeds", self.limit),
            _ => label::percent_tick(share),
        };
        let shades = [0.0, 0.25, 0.5, 0.75, 1.0];
        let mut key: Vec<_> =
            shades.into_iter().map(|share| (Swatch::Block(heat(share)), name(share))).collect();
        if self.cells.iter().flatten().any(Option::is_none) {
            key.push((nothing(), "not evaluated".to_owned()));
        }
        if !self.line.is_empty() {
            let line = Swatch::Line(Stroke::solid(color::INK, 2.4));
            key.push((line, "frontier: median and middle half of the seeds".to_owned()));
        }
        if !self.crashes.is_empty() {
            key.push((Swatch::Disc(CRASH), "a crash that happened".to_owned()));
        }
        key
    }

    /// What the axes span: the cells, and every crash and crossing.
    fn reach(&self) -> ((f64, f64), (f64, f64)) {
        let crossed = self.line.iter().flat_map(|at| [at.p25, at.median, at.p75]).flatten();
        let shocks = self.crashes.iter().map(|crash| crash.shock).chain(crossed);
        let at_depths = self.line.iter().map(|crossing| crossing.depth);
        let depths = self.crashes.iter().map(|crash| crash.depth).chain(at_depths);
        let (x, y) = (edges(&self.shocks, Spacing::Linear), edges(&self.depths, Spacing::Log));
        let wider = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let x = shocks.fold((x[0], x[x.len() - 1]), |ends, shock| {
            let margin = (x[x.len() - 1] - x[0]) * 0.03;
            wider(wider(ends, (shock - margin).max(0.0)), shock + margin)
        });
        let y = depths.fold((y[0], y[y.len() - 1]), |ends, depth| {
            wider(wider(ends, depth / 1.08), depth * 1.08)
        });
        (x, y)
    }
}

/// Where the cells around values begin and end: half-way to the next, as the axis counts.
fn edges(values: &[f64], spacing: Spacing) -> Vec<f64> {
    let is_log = spacing == Spacing::Log;
    let from = |place: f64| if is_log { place.exp() } else { place };
    let to = |value: &f64| if is_log { value.ln() } else { *value };
    let at: Vec<f64> = values.iter().map(to).collect();
    let last = at.len() - 1;
    let alone = if is_log { 0.5 } else { at[0] / 2.0 };
    let (first_half, last_half) = match last {
        0 => (alone, alone),
        _ => ((at[1] - at[0]) / 2.0, (at[last] - at[last - 1]) / 2.0),
    };
    let inner = at.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
    let first = std::iter::once(at[0] - first_half);
    let ends = first.chain(inner).chain(std::iter::once(at[last] + last_half));
    ends.map(from).collect()
}

struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    x: Axis,
    y: Axis,
    shocks: Ticks,
    depths: Ticks,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let ticks = |values: &[f64]| -> Ticks {
            values.iter().map(|value| (*value, label::multiple(*value))).collect()
        };
        let (shocks, depths) = (ticks(&input.shocks), ticks(&input.depths));
        let place = plot.inset(axes::room(&depths)?, 0.0, 30.0, FOOT);
        let (across, up) = input.reach();
        let x = Axis::linear(across, (place.left, place.right));
        let y = Axis::log(up, (place.bottom, place.top));
        Ok(Self { input, place, x, y, shocks, depths })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        canvas.rect(self.place, color::NO_DATA)?;
        parts::hatch(canvas, self.place, (Stroke::solid(color::HATCH, 1.2), 12.0))?;
        self.cells(canvas)?;
        axes::beside(canvas, (self.place, &self.y), &self.depths)?;
        let name = format!("Shock scale{}", told(&self.input.shock));
        axes::below(canvas, (self.place, &self.x), (&self.shocks, &name))?;
        self.line(canvas)?;
        self.crashes(canvas)
    }

    fn cells(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let across = edges(&self.input.shocks, Spacing::Linear);
        let up = edges(&self.input.depths, Spacing::Log);
        for (cells, depth) in self.input.cells.iter().zip(up.windows(2)) {
            for (cell, shock) in cells.iter().zip(across.windows(2)) {
                let Some(share) = cell else { continue };
                let (left, right) = (self.x.at(shock[0]), self.x.at(shock[1]));
                let (top, bottom) = (self.y.at(depth[1]), self.y.at(depth[0]));
                let place = Rect { left, top, right, bottom };
                canvas.rect(place.inset(0.0, 0.0, -OVERLAP, -OVERLAP), heat(*share))?;
            }
        }
        Ok(())
    }

    fn line(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let line = &self.input.line;
        for stroke in [Stroke::solid(color::WHITE, 6.0), Stroke::solid(color::INK, 2.6)] {
            // Where the median lies beyond the largest shock the line is broken.
            for run in line.split(|crossing| crossing.median.is_none()) {
                let at = |crossing: &Crossing| {
                    let shock = crossing.median.unwrap_or(f64::INFINITY);
                    (self.x.at(shock), self.y.at(crossing.depth))
                };
                canvas.path(&run.iter().map(at).collect::<Vec<_>>(), stroke)?;
            }
        }
        line.iter().try_for_each(|crossing| self.crossing(canvas, crossing))
    }

    fn crossing(&self, canvas: &Canvas<'_>, crossing: &Crossing) -> Result<(), ChartError> {
        let Some(low) = crossing.p25 else { return Ok(()) };
        let y = self.y.at(crossing.depth);
        let at = |shock: f64| self.x.at(shock);
        match (crossing.median, crossing.p75) {
            (Some(median), Some(high)) => {
                parts::whisker(canvas, (at(low), at(median), at(high)), y)
            }
            (median, _) => {
                parts::open_span(canvas, (at(low), self.place.right), y)?;
                let Some(median) = median else { return Ok(()) };
                parts::dot(canvas, (at(median), y))
            }
        }
    }

    /// No name on the frontier or its whiskers.
    fn keep_off_line(&self, places: &mut Places) {
        let mut take = |(left, right): (f64, f64), y: f64| {
            places.take(Rect { left, right, top: y - MARK, bottom: y + MARK });
        };
        let x = |shock: Option<f64>| shock.map_or(self.place.right, |shock| self.x.at(shock));
        for crossing in self.input.line.iter().filter(|crossing| crossing.p25.is_some()) {
            take((x(crossing.p25), x(crossing.p75)), self.y.at(crossing.depth));
        }
        for pair in self.input.line.windows(2) {
            let [Some(from), Some(to)] = [pair[0].median, pair[1].median] else { continue };
            let (from, to) = (self.x.at(from), self.x.at(to));
            let (first, last) = (self.y.at(pair[0].depth), self.y.at(pair[1].depth));
            for part in (0..=PIECES).map(|i| f64::from(i) / f64::from(PIECES)) {
                let middle = from + (to - from) * part;
                take((middle - MARK, middle + MARK), first + (last - first) * part);
            }
        }
    }

    fn crashes(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let at = |crash: &Crash| (self.x.at(crash.shock), self.y.at(crash.depth));
        let mut places = Places::new(self.place.inset(4.0, 4.0, 4.0, 4.0));
        for (x, y) in self.input.crashes.iter().map(at) {
            places.take(Rect { left: x - MARK, top: y - MARK, right: x + MARK, bottom: y + MARK });
        }
        self.keep_off_line(&mut places);
        let face = Type::new(SMALL).bold();
        let mut names = Vec::new();
        for crash in &self.input.crashes {
            let name = face.cut(&crash.name, NAME)?;
            let size = (face.width(&name)? + 8.0, 22.0);
            names.push((places.near(at(crash), size), name, at(crash)));
        }
        for (place, _, at) in &names {
            if let Some(place) = place {
                canvas.line(*at, nearest(place, *at), Stroke::solid(CRASH, 1.6))?;
            }
        }
        for (place, name, at) in &names {
            canvas.disc(*at, MARK + 2.0, color::WHITE)?;
            canvas.disc(*at, MARK, CRASH)?;
            if let Some(place) = place {
                canvas.rect(*place, color::WHITE)?;
                canvas.text((place.left + 4.0, place.middle().1), name, face)?;
            }
        }
        Ok(())
    }
}

impl Crossing {
    fn check(&self) -> Result<(), ChartError> {
        positive("depth of a crossing", self.depth)?;
        let mut before = 0.0;
        for shock in [self.p25, self.median, self.p75].map(|shock| shock.unwrap_or(f64::INFINITY)) {
            if shock <= 0.0 || shock.is_nan() {
                return Err(check::bad_number("shock of a crossing", shock));
            }
            curve::ordered("quantile of the shock below a lower one", before, shock)?;
            before = shock;
        }
        Ok(())
    }
}
