//! Share of positions liquidated, by leverage and horizon: one panel of cells per side.

use super::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type, paint};
use super::check::{positive, same, share};
use super::frame::{self, Caption, NAME, TICK, TITLE};
use super::isoline::{Edge, trace};
use super::{ChartError, color, label, parts};

/// What the heat map shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// Multiples (10 is ten times), ascending; one row of cells each. 1 to 12 are readable.
    pub leverages: Vec<f64>,
    /// Hours, ascending; one column of cells each. 1 to 6 are readable.
    pub horizons: Vec<f64>,
    /// One or two sides.
    pub panels: Vec<Panel>,
}

/// One side's cells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    /// `Long` or `Short`.
    pub title: String,
    /// `cells[leverage][horizon]`; `None` where nothing was simulated.
    pub cells: Vec<Vec<Option<Cell>>>,
}

/// A share of positions with its 95 % interval, all from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

const THRESHOLDS: [f64; 4] = [0.01, 0.05, 0.10, 0.50];
/// Pixels above and below the cells.
const TOP: f64 = 68.0;
const BOTTOM: f64 = 76.0;
/// Pixels between two cells.
const GAP: f64 = 2.0;
/// Text smaller than this cannot be read and is left out: the colour stays.
const SMALLEST: f64 = 7.0;
/// Pixels between two iso-lines that run along the same edge.
const LANE: f64 = 3.2;

/// Draws the heat map.
///
/// # Errors
/// [`ChartError::NoData`] without leverages, horizons or panels; [`ChartError::Shape`] where
/// cells do not match them; [`ChartError::BadNumber`] for shares outside 0 to 1.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let plot = frame::draw(canvas, &input.caption)?;
        let panels = Rect { right: plot.right - 116.0, ..plot }.columns(input.panels.len(), 8.0);
        for (panel, place) in input.panels.iter().zip(panels) {
            Plot::new(input, panel, place).draw(canvas)?;
        }
        color_bar(canvas, plot)
    })
}

fn check(input: &Input) -> Result<(), ChartError> {
    if input.leverages.is_empty() || input.horizons.is_empty() || input.panels.is_empty() {
        return Err(ChartError::NoData("no leverage, horizon or side"));
    }
    for &leverage in &input.leverages {
        positive("leverage", leverage)?;
    }
    for &horizon in &input.horizons {
        positive("horizon", horizon)?;
    }
    for panel in &input.panels {
        same("rows of cells", panel.cells.len(), input.leverages.len())?;
        for row in &panel.cells {
            same("cells in a row", row.len(), input.horizons.len())?;
            for cell in row.iter().flatten() {
                share("liquidated share", cell.share)?;
                share("lower end of an interval", cell.low)?;
                share("upper end of an interval", cell.high)?;
            }
        }
    }
    Ok(())
}

struct Plot<'a> {
    input: &'a Input,
    panel: &'a Panel,
    place: Rect,
    grid: Rect,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, panel: &'a Panel, place: Rect) -> Self {
        Self { input, panel, place, grid: place.inset(74.0, TOP, 62.0, BOTTOM) }
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let title = Type::new(TITLE).bold();
        let y = self.place.top + 14.0;
        canvas.text((self.place.left, y), &self.panel.title, title)?;
        let note = Type::new(16.0).color(color::MUTED).anchor(Anchor::End);
        canvas.text(
            (self.grid.right, y),
            "above a line: at least that share; small: 95 % interval",
            note,
        )?;
        for (row, cells) in self.panel.cells.iter().enumerate() {
            for (column, &cell) in cells.iter().enumerate() {
                draw_cell(canvas, self.cell(row, column), cell)?;
            }
        }
        self.axes(canvas)?;
        self.isolines(canvas)
    }

    /// A corner of the cells, counted from the bottom left.
    fn corner(&self, (column, row): (usize, usize)) -> Point {
        let (columns, rows) = (self.input.horizons.len(), self.input.leverages.len());
        (
            self.grid.left + self.grid.width() * column as f64 / columns as f64,
            self.grid.bottom - self.grid.height() * row as f64 / rows as f64,
        )
    }

    fn cell(&self, row: usize, column: usize) -> Rect {
        let (left, bottom) = self.corner((column, row));
        let (right, top) = self.corner((column + 1, row + 1));
        let half = GAP / 2.0;
        Rect { left, top, right, bottom }.inset(half, half, half, half)
    }

    fn axes(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let tick = Type::new(TICK);
        for (row, &leverage) in self.input.leverages.iter().enumerate() {
            let y = self.cell(row, 0).middle().1;
            let at = (self.grid.left - 12.0, y);
            canvas.text(at, &label::leverage(leverage), tick.anchor(Anchor::End))?;
        }
        for (column, &hours) in self.input.horizons.iter().enumerate() {
            let at = (self.cell(0, column).middle().0, self.grid.bottom + 24.0);
            canvas.text(at, &label::hours(hours), tick.anchor(Anchor::Middle))?;
        }
        let name = Type::new(NAME).color(color::MUTED);
        canvas.text((self.place.left, self.grid.top - 24.0), "Leverage", name)?;
        let below = (self.grid.middle().0, self.grid.bottom + 58.0);
        canvas.text(below, "Horizon: time since entry", name.anchor(Anchor::Middle))
    }

    fn isolines(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let shares: Vec<Vec<_>> = self
            .panel
            .cells
            .iter()
            .map(|row| row.iter().map(|c| c.map(|c| c.share)).collect())
            .collect();
        let lines: Vec<Isoline> = THRESHOLDS
            .into_iter()
            .map(|threshold| Isoline { threshold, edges: trace(&shares, threshold), shift: 0.0 })
            .filter(|line| !line.edges.is_empty())
            .collect();
        let lines = in_lanes(lines);
        for pass in [Stroke::solid(color::WHITE, 5.0), Stroke::solid(color::INK, 2.4)] {
            for line in &lines {
                self.trace_line(canvas, line, pass)?;
            }
        }
        self.isoline_labels(canvas, &lines)
    }

    /// A shifted line keeps its shape: higher thresholds lie further up and to the right.
    fn place_edge(&self, line: &Isoline, edge: Edge) -> (Point, Point) {
        let move_by = |(x, y): Point| ((x + line.shift).max(self.grid.left), y - line.shift);
        let (from, mut to) = (move_by(self.corner(edge.from)), move_by(self.corner(edge.to)));
        if edge.from.1 == edge.to.1 && edge.to.0 == self.input.horizons.len() {
            to.0 = self.grid.right + 10.0;
        }
        (from, to)
    }

    fn trace_line(
        &self,
        canvas: &Canvas<'_>,
        line: &Isoline,
        stroke: Stroke,
    ) -> Result<(), ChartError> {
        let cap = stroke.width / 2.0;
        for &edge in &line.edges {
            let (from, to) = self.place_edge(line, edge);
            let (from, to) = if from.1 == to.1 {
                ((from.0 - cap, from.1), (to.0 + cap, to.1))
            } else {
                ((from.0, from.1 + cap), (to.0, to.1 - cap))
            };
            canvas.line(from, to, stroke)?;
        }
        Ok(())
    }

    fn isoline_labels(&self, canvas: &Canvas<'_>, lines: &[Isoline]) -> Result<(), ChartError> {
        let ends: Vec<(f64, f64)> = lines
            .iter()
            .filter_map(|line| {
                let mut ends = line.edges.iter().map(|&edge| self.place_edge(line, edge).1);
                let end = ends.rfind(|end| end.0 > self.grid.right + 9.0)?;
                Some((line.threshold, end.1))
            })
            .collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
        let placed = label::spread(&wanted, 20.0, self.grid.top - 8.0, self.grid.bottom + 8.0);
        let face = Type::new(17.0).bold();
        for ((threshold, _), y) in ends.iter().zip(placed) {
            canvas.text((self.grid.right + 15.0, y), &label::percent_tick(*threshold), face)?;
        }
        Ok(())
    }
}

struct Isoline {
    threshold: f64,
    edges: Vec<Edge>,
    /// Pixels up and to the right of the cells' edges.
    shift: f64,
}

/// Lines that share an edge are drawn side by side instead of on top of each other.
fn in_lanes(mut lines: Vec<Isoline>) -> Vec<Isoline> {
    let mut edges: Vec<Edge> = lines.iter().flat_map(|line| line.edges.iter().copied()).collect();
    edges.sort_unstable();
    if edges.windows(2).any(|pair| pair[0] == pair[1]) {
        let middle = (lines.len() as f64 - 1.0) / 2.0;
        for (lane, line) in lines.iter_mut().enumerate() {
            line.shift = (lane as f64 - middle) * LANE;
        }
    }
    lines
}

fn draw_cell(canvas: &Canvas<'_>, place: Rect, cell: Option<Cell>) -> Result<(), ChartError> {
    let Some(cell) = cell else {
        return draw_no_data(canvas, place);
    };
    let fill = color::heat(cell.share);
    canvas.rect(place, fill)?;
    let text = color::text_on(fill);
    let (x, y) = place.middle();
    let size = (place.height() * 0.36).min(place.width() * 0.2).min(30.0);
    let face = Type::new(size).bold().color(text);
    fitted(canvas, (x, y - size * 0.48), (&label::percent(cell.share), place), face)?;
    let range = label::percent_range(cell.low, cell.high);
    let face = Type::new(size * 0.78).color(text);
    fitted(canvas, (x, y + size * 0.55), (&range, place), face)
}

/// Centred text, made smaller where it is wider than its cell leaves room for.
fn fitted(
    canvas: &Canvas<'_>,
    at: Point,
    (text, place): (&str, Rect),
    face: Type,
) -> Result<(), ChartError> {
    let room = (place.width() - 4.0 * LANE) / face.width(text)?;
    let face = Type { size: face.size * room.min(1.0), ..face };
    if face.size < SMALLEST {
        return Ok(());
    }
    canvas.text(at, text, face.anchor(Anchor::Middle))
}

/// Grey with diagonal lines, never a number.
fn draw_no_data(canvas: &Canvas<'_>, place: Rect) -> Result<(), ChartError> {
    canvas.rect(place, color::NO_DATA)?;
    parts::hatch(canvas, place, (Stroke::solid(color::HATCH, 1.2), 12.0))?;
    let face = Type::new(16.0).color(color::MUTED).anchor(Anchor::Middle);
    let (x, y) = place.middle();
    let half = face.width("no data")? / 2.0 + 6.0;
    let plate = Rect { left: x - half, top: y - 12.0, right: x + half, bottom: y + 12.0 };
    canvas.rect(plate, color::NO_DATA)?;
    canvas.text((x, y), "no data", face)
}

fn color_bar(canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
    let bar = Rect { left: plot.right - 92.0, right: plot.right - 68.0, ..plot };
    let bar = bar.inset(0.0, TOP, 0.0, BOTTOM);
    let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::End);
    canvas.text((plot.right, plot.top + TOP - 24.0), "Liquidated", face)?;
    let rows = bar.height() as usize;
    let y = |share: f64| bar.bottom - share.sqrt() * bar.height();
    for i in 0..rows {
        let part = (i as f64 + 0.5) / rows as f64;
        let top = bar.bottom - (i + 1) as f64 * bar.height() / rows as f64;
        let slice = Rect { top, bottom: top + bar.height() / rows as f64 + 1.0, ..bar };
        let slice = Rect { bottom: slice.bottom.min(bar.bottom), ..slice };
        canvas.rect(slice, color::heat(part * part))?;
    }
    for share in [0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0] {
        let from = (bar.right, y(share));
        canvas.line(from, (bar.right + 6.0, y(share)), Stroke::solid(color::AXIS, 1.5))?;
        canvas.text((bar.right + 11.0, y(share)), &label::percent_tick(share), Type::new(17.0))?;
    }
    Ok(())
}
