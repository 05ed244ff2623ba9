//! Panels one below the other over one time axis.

use plotters::style::RGBColor;

use super::ink;
use super::scale::Scale;
use crate::report::chart::ChartError;
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::color;
use crate::report::chart::frame::{MARGIN, NAME};
use crate::report::chart::parts::{self, Swatch};
use crate::report::chart::time::{self, Times};

/// Height of a panel's title line.
const TITLE: f64 = 50.0;
/// Height of the time axis.
const FOOT: f64 = 66.0;
/// Height of the line on which the moment of all panels is named.
const HEAD: f64 = 26.0;

/// A panel before it has a place.
pub struct Row {
    pub title: String,
    pub key: Vec<(Swatch, String)>,
    pub shows: Shows,
    /// Relative to the others.
    pub height: f64,
}

/// What stands in a panel.
pub enum Shows {
    Values(Scale),
    /// In place of empty axes.
    Statement(&'static str),
}

/// A moment marked through all panels: `First ADL 10 Oct 21:14`.
pub struct Moment {
    pub what: &'static str,
    pub time: i64,
    pub ink: RGBColor,
}

/// A panel on the page.
pub struct Panel {
    pub place: Rect,
    pub times: Times,
    pub y: Axis,
}

impl Moment {
    pub fn first_adl(time: i64) -> Self {
        Self { what: "First ADL", time, ink: ink::ADL }
    }
}

pub struct Stage {
    rows: Vec<Row>,
    places: Vec<Rect>,
    times: Times,
    span: (i64, i64),
    moment: Option<Moment>,
}

impl Stage {
    /// Leaves `right` pixels free for labels.
    pub fn new(
        rows: Vec<Row>,
        moment: Option<Moment>,
        (span, plot): ((i64, i64), Rect),
        right: f64,
    ) -> Result<Self, ChartError> {
        let heights: f64 = rows.iter().map(|row| row.height).sum();
        let head = if moment.is_some() { HEAD } else { 0.0 };
        let room = plot.height() - head - FOOT - TITLE * rows.len() as f64;
        let mut top = plot.top + head;
        let mut places: Vec<Rect> = Vec::new();
        let mut left: f64 = 0.0;
        for row in &rows {
            top += TITLE;
            let place = Rect { top, bottom: top + room * row.height / heights, ..plot };
            if let Shows::Values(scale) = &row.shows {
                left = left.max(scale.width(place)? + 14.0);
            }
            places.push(place);
            top = place.bottom;
        }
        let places: Vec<Rect> =
            places.into_iter().map(|place| place.inset(left, 0.0, right, 0.0)).collect();
        let times = Times::new(span, (plot.left + left, plot.right - right));
        Ok(Self { rows, places, times, span, moment })
    }

    /// The number of the lowest panel.
    pub fn last(&self) -> usize {
        self.rows.len() - 1
    }

    /// Draws into a panel that shows values.
    pub fn on(
        &self,
        row: usize,
        draw: impl FnOnce(&Panel) -> Result<(), ChartError>,
    ) -> Result<(), ChartError> {
        let place = self.places[row];
        match &self.rows[row].shows {
            Shows::Values(scale) => draw(&Panel { place, times: self.times, y: scale.axis(place) }),
            Shows::Statement(_) => Ok(()),
        }
    }

    /// Axes, grids, titles, keys and statements: what lies below everything else.
    pub fn ground(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        for (row, place) in self.rows.iter().zip(&self.places) {
            match &row.shows {
                Shows::Values(scale) => {
                    self.grid(canvas, *place)?;
                    scale.draw(canvas, *place)?;
                }
                Shows::Statement(text) => parts::statement(canvas, *place, text)?,
            }
            let y = place.top - TITLE / 2.0 - 1.0;
            let face = Type::new(NAME).bold();
            canvas.text((MARGIN, y), &row.title, face)?;
            parts::key(canvas, (MARGIN + face.width(&row.title)? + 28.0, y), &row.key)?;
        }
        let foot = self.places.last().map_or(0.0, |place| place.bottom);
        self.times.draw(canvas, foot)
    }

    fn grid(&self, canvas: &Canvas<'_>, place: Rect) -> Result<(), ChartError> {
        self.times.ticks().0.into_iter().try_for_each(|time| {
            let x = self.times.at(time);
            canvas.line((x, place.top), (x, place.bottom), Stroke::solid(color::GRID, 1.0))
        })
    }

    /// The marked moment, above everything else.
    pub fn mark(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (Some(moment), Some(first)) = (&self.moment, self.places.first()) else {
            return Ok(());
        };
        let x = self.times.at(moment.time);
        for place in &self.places {
            let line = Stroke::solid(moment.ink, 1.6).dashed(5.0, 4.0);
            canvas.line((x, place.top - 6.0), (x, place.bottom), line)?;
        }
        let y = first.top - TITLE - HEAD / 2.0;
        let text = format!("{} {}", moment.what, time::moment(self.span)(moment.time));
        let face = Type::new(NAME).bold().color(moment.ink).anchor(Anchor::Middle);
        let half = face.width(&text)? / 2.0;
        canvas.line((x, y + 10.0), (x, y + 16.0), Stroke::solid(moment.ink, 1.6))?;
        canvas.text((x.clamp(first.left + half, first.right - half), y), &text, face)
    }
}
