//! What traders would owe without negative-balance protection: how often a position ends below
//! zero, and how much is then owed, by side and leverage.

use super::axis::{Axis, around, round_step};
use super::canvas::{Anchor, Canvas, Rect, Stroke, Type, paint};
use super::frame::{self, Caption, NAME, TICK, TITLE};
use super::{ChartError, color, label, positive, share};

/// What the chart of amounts owed shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// One or two sides.
    pub groups: Vec<Group>,
}

/// One side's rows, by ascending leverage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    /// `Long` or `Short`.
    pub title: String,
    pub rows: Vec<Row>,
}

/// One leverage.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Row {
    /// A multiple: 10 is ten times.
    pub leverage: f64,
    /// Positions simulated; with 0 the row says `no data`.
    pub positions: u64,
    /// Share of positions that end below zero, 0 to 1.
    pub share: f64,
    /// `None` where no position ends below zero.
    pub owed: Option<Owed>,
}

/// Amounts owed over the positions that end below zero, as fractions of their margin (0.25 is a
/// quarter of it, 2 is twice).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Owed {
    pub mean: f64,
    pub p99: f64,
    pub largest: f64,
}

/// Draws the chart of amounts owed; where nobody owes anything, a picture that says so.
///
/// # Errors
/// [`ChartError::NoData`] where no row has positions; [`ChartError::BadNumber`] for shares
/// outside 0 to 1, or amounts that are not above 0.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let plot = frame::draw(canvas, &input.caption)?;
        if rows(input).all(|row| row.share == 0.0 && row.owed.is_none()) {
            return nobody_owes(canvas, plot, input);
        }
        Plot::new(input, plot).draw(canvas, input)
    })
}

fn rows(input: &Input) -> impl Iterator<Item = &Row> {
    input.groups.iter().flat_map(|group| &group.rows)
}

fn check(input: &Input) -> Result<(), ChartError> {
    if rows(input).all(|row| row.positions == 0) {
        return Err(ChartError::NoData("no position was simulated"));
    }
    for row in rows(input) {
        positive("leverage", row.leverage)?;
        share("share of positions below zero", row.share)?;
        if let Some(owed) = row.owed {
            positive("mean amount owed", owed.mean)?;
            positive("99 % amount owed", owed.p99)?;
            positive("largest amount owed", owed.largest)?;
        }
    }
    Ok(())
}

/// Columns of the plot, shared by all sides.
struct Plot {
    place: Rect,
    row: f64,
    often: Axis,
    amount: Axis,
}

const HEADER: f64 = 72.0;
const FOOT: f64 = 44.0;
/// Height of a side's title, in pixels.
const TITLE_ROW: f64 = 44.0;
const BAR: usize = 0;
const AMOUNT: usize = 1;

impl Plot {
    fn new(input: &Input, place: Rect) -> Self {
        let count = rows(input).count() as f64;
        let titles = TITLE_ROW * input.groups.len() as f64;
        let room = place.height() - HEADER - FOOT - titles;
        let most = rows(input).map(|row| row.share).fold(0.0, f64::max).max(1e-4);
        let split = place.left + 92.0;
        Self {
            place,
            row: (room / count).min(72.0),
            often: Axis::linear((0.0, ceiling(most)), (split, split + 380.0)),
            amount: Axis::log(amounts(input), (split + 560.0, place.right - 104.0)),
        }
    }

    fn draw(&self, canvas: &Canvas<'_>, input: &Input) -> Result<(), ChartError> {
        let count = rows(input).count() as f64;
        let titles = TITLE_ROW * input.groups.len() as f64;
        let top = self.place.top + HEADER;
        let bottom = top + titles + count * self.row;
        self.header(canvas)?;
        self.grid(canvas, top, bottom)?;
        let mut y = top;
        for group in &input.groups {
            let face = Type::new(TITLE).bold();
            canvas.text((self.place.left, y + TITLE_ROW * 0.6), &group.title, face)?;
            y += TITLE_ROW;
            for row in &group.rows {
                self.leverage(canvas, row, y + self.row / 2.0)?;
                y += self.row;
            }
        }
        Ok(())
    }

    fn header(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (often, amount) = (self.often.at(0.0), self.amount.at(0.0));
        let y = self.place.top + 12.0;
        let face = Type::new(NAME).bold();
        canvas.text((often, y), "How often: positions that end below zero", face)?;
        canvas.text((amount, y), "How much: owed on top of the lost margin, % of margin", face)?;
        let face = Type::new(17.0).color(color::MUTED);
        let key = y + 30.0;
        let mut x = amount;
        for (name, mark) in [
            ("mean", Mark::Mean),
            ("99th percentile", Mark::P99),
            ("largest, over those positions", Mark::Largest),
        ] {
            mark.draw(canvas, (x + 8.0, key))?;
            canvas.text((x + 22.0, key), name, face)?;
            x += 22.0 + face.width(name)? + 26.0;
        }
        Ok(())
    }

    fn grid(&self, canvas: &Canvas<'_>, top: f64, bottom: f64) -> Result<(), ChartError> {
        let face = Type::new(TICK).anchor(Anchor::Middle);
        for (axis, most) in [(&self.often, 4), (&self.amount, 9)] {
            for tick in axis.ticks(most) {
                let x = axis.at(tick);
                let (ink, width) =
                    if tick == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
                let stroke = Stroke::solid(ink, width);
                canvas.line((x, top), (x, bottom + 6.0), stroke)?;
                canvas.text((x, bottom + 24.0), &label::percent_tick(tick), face)?;
            }
        }
        Ok(())
    }

    fn leverage(&self, canvas: &Canvas<'_>, row: &Row, y: f64) -> Result<(), ChartError> {
        let size = (self.row * 0.62).clamp(12.0, TICK);
        let face = Type::new(size);
        let zero = self.often.at(0.0);
        let name = label::leverage(row.leverage);
        canvas.text((zero - 14.0, y), &name, face.anchor(Anchor::End))?;
        if row.positions == 0 {
            return canvas.text((zero + 10.0, y), "no data", face.color(color::MUTED));
        }
        let half = (self.row * 0.32).min(13.0);
        let end = self.often.at(row.share);
        let bar = Rect { left: zero, top: y - half, right: end, bottom: y + half };
        canvas.rect(bar, color::category(BAR))?;
        canvas.text((end + 9.0, y), &label::percent(row.share), face)?;
        match row.owed {
            Some(owed) => self.amounts(canvas, &owed, (y, face)),
            None => {
                let at = (self.amount.at(0.0) + 10.0, y);
                let words = if row.share > 0.0 { "amounts unknown" } else { "nobody owes" };
                canvas.text(at, words, face.color(color::MUTED))
            }
        }
    }

    fn amounts(
        &self,
        canvas: &Canvas<'_>,
        owed: &Owed,
        (y, face): (f64, Type),
    ) -> Result<(), ChartError> {
        let at = |amount: f64| self.amount.at(amount);
        let span = Stroke::solid(color::tint(color::category(AMOUNT), 0.45), 4.0);
        canvas.line((at(owed.mean), y), (at(owed.largest), y), span)?;
        Mark::P99.draw(canvas, (at(owed.p99), y))?;
        Mark::Largest.draw(canvas, (at(owed.largest), y))?;
        Mark::Mean.draw(canvas, (at(owed.mean), y))?;
        canvas.text((at(owed.largest) + 16.0, y), &amount(owed.largest), face)?;
        let face = face.color(color::MUTED).anchor(Anchor::End);
        canvas.text((at(owed.mean) - 14.0, y), &amount(owed.mean), face)
    }
}

/// An amount as a percentage of the margin; whole percents above the margin.
fn amount(owed: f64) -> String {
    if owed > 1.0 {
        label::percent_tick((owed * 100.0).round() / 100.0)
    } else if owed < 0.001 {
        label::percent_tick(owed)
    } else {
        label::percent(owed)
    }
}

/// The first round value at or above `value`.
fn ceiling(value: f64) -> f64 {
    let step = round_step(value, 4);
    (value / step - 1e-9).ceil() * step
}

/// The stretch of the amounts' axis: from the smallest mean to the largest amount.
fn amounts(input: &Input) -> (f64, f64) {
    let owed = || rows(input).filter_map(|row| row.owed);
    let low = owed().map(|owed| owed.mean.min(owed.p99)).fold(f64::INFINITY, f64::min);
    let high = owed().map(|owed| owed.largest).fold(0.0, f64::max);
    if high == 0.0 {
        return (0.01, 1.0);
    }
    let low = low.min(high / 4.0);
    around(low, high)
}

/// The three marks of an amount.
#[derive(Clone, Copy)]
enum Mark {
    Mean,
    P99,
    Largest,
}

impl Mark {
    fn draw(self, canvas: &Canvas<'_>, (x, y): (f64, f64)) -> Result<(), ChartError> {
        let ink = color::category(AMOUNT);
        match self {
            Self::Mean => canvas.disc((x, y), 6.5, ink),
            Self::P99 => {
                let bar = Rect { left: x - 2.0, top: y - 9.0, right: x + 2.0, bottom: y + 9.0 };
                canvas.rect(bar, ink)
            }
            Self::Largest => {
                let reach = 8.5;
                let corners = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
                canvas.polygon(&corners, color::INK)
            }
        }
    }
}

/// A statement instead of empty axes.
fn nobody_owes(canvas: &Canvas<'_>, plot: Rect, input: &Input) -> Result<(), ChartError> {
    let (x, middle) = plot.middle();
    let plate = Rect { top: middle - 190.0, bottom: middle + 190.0, ..plot };
    canvas.rect(plate, color::tint(color::category(BAR), 0.07))?;
    let band = Rect { right: plate.left + 8.0, ..plate };
    canvas.rect(band, color::category(BAR))?;
    let big = Type::new(44.0).bold().anchor(Anchor::Middle);
    canvas.text((x, middle - 90.0), "No position ends below zero", big)?;
    let face = Type::new(24.0).anchor(Anchor::Middle);
    for (i, group) in input.groups.iter().enumerate() {
        let y = middle - 15.0 + 42.0 * i as f64;
        canvas.text((x, y), &statement(group), face)?;
    }
    let face = Type::new(NAME).anchor(Anchor::Middle).color(color::MUTED);
    let note = "None seen is not none possible: it holds for these prices and this fill model.";
    canvas.text((x, middle + 130.0), note, face)
}

fn statement(group: &Group) -> String {
    let positions: u64 = group.rows.iter().map(|row| row.positions).sum();
    let simulated = || group.rows.iter().filter(|row| row.positions > 0).map(|row| row.leverage);
    if positions == 0 {
        return format!("{}: no data", group.title);
    }
    let lowest = label::leverage(simulated().fold(f64::INFINITY, f64::min));
    let highest = label::leverage(simulated().fold(0.0, f64::max));
    let span = if lowest == highest { lowest } else { format!("{lowest} to {highest}") };
    format!("{}: 0 of {} positions, at {span}", group.title, label::count(positions))
}
