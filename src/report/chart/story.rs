//! One position's life: the price, its liquidation and bankruptcy price as they move with funding
//! and partial closes, and every trigger.

use plotters::style::RGBColor;

use super::canvas::{Anchor, Canvas, Point, Rect, Stroke, Type, paint};
use super::frame::{self, Caption, TICK};
use super::prices::{Panel, price_range};
use super::{ChartError, Prices, color, label, positive};
use crate::scenario::Side;

/// What the picture of one position shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub caption: Caption,
    pub prices: Prices,
    /// By ascending time; each holds up to the next, the last up to `end`.
    pub liquidation: Vec<Level>,
    /// As `liquidation`.
    pub bankruptcy: Vec<Level>,
    /// By ascending time.
    pub triggers: Vec<Trigger>,
    /// When the position ended, milliseconds since 1970 UTC.
    pub end: i64,
}

/// A price that holds from a time on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    /// `None`: no positive price does it.
    pub price: Option<f64>,
}

/// A moment at which the venue began to close.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    /// The mark that fired.
    pub price: f64,
    /// What was closed: `closed 31 %`.
    pub label: String,
}

/// Distance between two labels at the right edge, in pixels.
const PITCH: f64 = 27.0;
/// Pixels from the right end of the plot to the labels.
const LABEL: f64 = 33.0;
/// More triggers than this are counted, not named.
const MOST_NAMED: usize = 16;
/// Radius of a trigger's disc, in pixels.
const DISC: f64 = 11.0;

/// Draws the picture of one position.
///
/// # Errors
/// [`ChartError::NoData`] without bars; [`ChartError::BadNumber`] for a price that is not finite
/// and above 0, and a time outside the bars.
pub fn render(input: &Input) -> Result<Vec<u8>, ChartError> {
    check(input)?;
    paint(|canvas| {
        let place = frame::draw(canvas, &input.caption)?;
        Plot::new(input, place)?.draw(canvas)
    })
}

fn check(input: &Input) -> Result<(), ChartError> {
    let prices = &input.prices;
    prices.check()?;
    for level in input.liquidation.iter().chain(&input.bankruptcy) {
        level.price.map_or(Ok(0.0), |price| positive("level", price))?;
        prices.within("a level outside the bars", level.time)?;
    }
    for trigger in &input.triggers {
        positive("trigger", trigger.price)?;
        prices.within("a trigger outside the bars", trigger.time)?;
    }
    prices.within("an end outside the bars", input.end)
}

/// One of the two levels: its steps, its name and how it is drawn.
struct Line<'a> {
    levels: &'a [Level],
    name: &'static str,
    ink: RGBColor,
    stroke: Stroke,
}

/// A label at the right edge, and the point that it belongs to.
struct Tag {
    wanted: f64,
    /// `None`: what it names is out of sight.
    from: Option<f64>,
    number: Option<usize>,
    text: String,
    ink: RGBColor,
}

struct Plot<'a> {
    input: &'a Input,
    panel: Panel<'a>,
    lines: [Line<'a>; 2],
    tags: Vec<Tag>,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, place: Rect) -> Result<Self, ChartError> {
        let prices = &input.prices;
        let lines = lines(input);
        let levels = lines.iter().flat_map(|line| line.levels).filter_map(|level| level.price);
        let triggers = input.triggers.iter().map(|trigger| trigger.price);
        let range = price_range(prices, levels.chain(triggers));
        let mut right: f64 = 48.0;
        let face = Type::new(TICK);
        for text in texts(input, &lines) {
            right = right.max(face.width(&text)? + LABEL + 2.0 * DISC + 10.0);
        }
        let panel = Panel::new(prices, place, range, right)?;
        let tags = tags(input, &lines, &panel);
        Ok(Self { input, panel, lines, tags })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.panel.ground(canvas)?;
        self.key(canvas)?;
        self.lines.iter().try_for_each(|line| self.line(canvas, line))?;
        self.panel.closes(canvas)?;
        self.panel.entry(canvas)?;
        self.triggers(canvas)?;
        self.tags(canvas)
    }

    fn key(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (x, y) = self.panel.key(canvas)?;
        if self.input.triggers.is_empty() {
            return Ok(());
        }
        disc(canvas, (x + 9.0, y), None)?;
        self.panel.key_text(canvas, (x + 26.0, y), "liquidation step").map(|_| ())
    }

    /// A step line, broken where there is no such price or it is out of sight.
    fn line(&self, canvas: &Canvas<'_>, line: &Line) -> Result<(), ChartError> {
        let mut path: Vec<Point> = Vec::new();
        for (i, level) in line.levels.iter().enumerate() {
            let until = line.levels.get(i + 1).map_or(self.input.end, |next| next.time);
            match level.price.filter(|price| self.panel.in_sight(*price)) {
                Some(price) => {
                    let y = self.panel.y(price);
                    path.extend([(self.panel.x(level.time), y), (self.panel.x(until), y)]);
                }
                None => canvas.path(&std::mem::take(&mut path), line.stroke)?,
            }
        }
        if let Some(end) = path.last() {
            let after = Stroke::solid(color::tint(line.ink, 0.55), 1.4).dashed(2.0, 5.0);
            canvas.line(*end, (self.panel.inner.right, end.1), after)?;
        }
        canvas.path(&path, line.stroke)
    }

    /// Numbered where they are far enough apart; the numbered ones on top.
    fn triggers(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (mut numbered, mut others): (Vec<(Point, usize)>, Vec<Point>) =
            (Vec::new(), Vec::new());
        for (i, trigger) in self.input.triggers.iter().enumerate() {
            let at = self.place_of(trigger);
            let apart =
                |(other, _): &(Point, usize)| (at.0 - other.0).hypot(at.1 - other.1) > 2.0 * DISC;
            match i < MOST_NAMED && numbered.iter().all(apart) {
                true => numbered.push((at, i + 1)),
                false => others.push(at),
            }
        }
        others.into_iter().try_for_each(|at| disc(canvas, at, None))?;
        numbered.into_iter().try_for_each(|(at, number)| disc(canvas, at, Some(number)))
    }

    /// The middle of the trigger's bar, at the mark that fired.
    fn place_of(&self, trigger: &Trigger) -> Point {
        let x = self.panel.x(trigger.time + self.input.prices.interval / 2);
        (x, self.panel.y(trigger.price))
    }

    fn tags(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let inner = self.panel.inner;
        let wanted: Vec<f64> = self.tags.iter().map(|tag| tag.wanted).collect();
        let placed = label::spread(&wanted, PITCH, inner.top, inner.bottom);
        let x = inner.right;
        for (tag, y) in self.tags.iter().zip(placed) {
            if let Some(from) = tag.from {
                let leader = Stroke::solid(color::tint(tag.ink, 0.6), 1.3);
                let elbow = [(x + 2.0, from), (x + 8.0, from), (x + 22.0, y), (x + 28.0, y)];
                canvas.path(&elbow, leader)?;
            }
            let mut left = x + LABEL;
            if tag.number.is_some() {
                disc(canvas, (left + DISC, y), tag.number)?;
                left += 2.0 * DISC + 8.0;
            }
            canvas.text((left, y), &tag.text, Type::new(TICK).color(tag.ink))?;
        }
        Ok(())
    }
}

fn lines(input: &Input) -> [Line<'_>; 2] {
    let (liquidation, bankruptcy) = (color::category(1), color::category(0));
    [
        Line {
            levels: &input.liquidation,
            name: "liquidation",
            ink: liquidation,
            stroke: Stroke::solid(liquidation, 3.0),
        },
        Line {
            levels: &input.bankruptcy,
            name: "bankruptcy",
            ink: bankruptcy,
            stroke: Stroke::solid(bankruptcy, 2.6).dashed(9.0, 5.0),
        },
    ]
}

fn disc(canvas: &Canvas<'_>, at: Point, number: Option<usize>) -> Result<(), ChartError> {
    let radius = if number.is_some() { DISC } else { DISC * 0.7 };
    canvas.disc(at, radius + 1.5, color::WHITE)?;
    canvas.disc(at, radius, color::category(7))?;
    let face = Type::new(14.0).bold().color(color::WHITE).anchor(Anchor::Middle);
    number.map_or(Ok(()), |number| canvas.text(at, &number.to_string(), face))
}

/// Every text that will stand at the right edge, for its width.
fn texts(input: &Input, lines: &[Line]) -> Vec<String> {
    let moment = input.prices.moment();
    let named = input.triggers.iter().take(MOST_NAMED);
    let steps = named.map(|trigger| format!("{} · {}", moment(trigger.time), trigger.label));
    let more = input.triggers.len().saturating_sub(MOST_NAMED);
    let more = (more > 0).then(|| format!("and {more} more steps"));
    lines.iter().map(name_of).chain(steps).chain(more).collect()
}

/// A level's name with where it stands at the end.
fn name_of(line: &Line) -> String {
    match line.levels.last().and_then(|level| level.price) {
        Some(price) => format!("{} {}", line.name, label::exact_price(price)),
        None => format!("no {} price", line.name),
    }
}

fn tags(input: &Input, lines: &[Line], panel: &Panel) -> Vec<Tag> {
    let texts = texts(input, lines);
    let (beyond, arrow) = match input.prices.entry.side {
        Side::Long => (panel.inner.bottom, " ↓"),
        Side::Short => (panel.inner.top, " ↑"),
    };
    let of_line = lines.iter().map(|line| {
        let price = line.levels.last().and_then(|level| level.price);
        let from = price.filter(|price| panel.in_sight(*price)).map(|price| panel.y(price));
        let hidden = price.is_some() && from.is_none();
        Tag {
            wanted: from.unwrap_or(beyond),
            from,
            number: None,
            text: if hidden { arrow.to_owned() } else { String::new() },
            ink: line.ink,
        }
    });
    let steps = input.triggers.iter().take(MOST_NAMED + 1).enumerate();
    let of_step = steps.map(|(i, trigger)| Tag {
        // Later steps of one price stand below earlier ones.
        wanted: panel.y(trigger.price) + i as f64 * 1e-3,
        from: None,
        number: (i < MOST_NAMED).then_some(i + 1),
        text: String::new(),
        ink: color::INK,
    });
    let all = of_line.chain(of_step).zip(texts);
    all.map(|(tag, text)| Tag { text: text + &tag.text, ..tag }).collect()
}
