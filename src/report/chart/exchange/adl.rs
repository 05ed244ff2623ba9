//! Auto-deleveraging over time by the size of the accounts that it closed, and how their part of
//! it compares with their part of the open interest.

use plotters::style::RGBColor;

use super::columns::Columns;
use super::ink;
use super::market::Market;
use super::scale::{Kind, Scale};
use super::stage::{Moment, Panel, Row, Shows, Stage};
use crate::report::chart::axis::{Axis, round_step};
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::frame::{NAME, TICK};
use crate::report::chart::parts::{self, SMALL, Swatch};
use crate::report::chart::tags;
use crate::report::chart::unit::{Unit, amount};
use crate::report::chart::{Caption, ChartError, Picture, check, color, label, share};

/// What the picture of the auto-deleveraging shows: the picked world.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    pub market: Market,
    /// What amounts are counted in: `USDT`, `USD`.
    pub quote: String,
    /// The largest accounts first; 1 to 5 are readable.
    pub buckets: Vec<Bucket>,
    pub first_adl: Option<i64>,
}

/// Accounts of like size.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bucket {
    /// `top 1 %`.
    pub name: String,
    /// Deleveraged within each bar, at the mark.
    pub adl: Vec<f64>,
    /// Their share of the open interest at the start, 0 to 1.
    pub open_interest: f64,
}

const PRICE: usize = 0;
const ADL: usize = 1;
/// Width of the comparison at the right.
const COMPARISON: f64 = 400.0;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        let bars = self.market.check_with(self.first_adl)?;
        if self.buckets.is_empty() {
            return Err(ChartError::NoData("no bucket of accounts"));
        }
        for bucket in &self.buckets {
            check::amounts("deleveraged amount", &bucket.adl, bars)?;
            share("share of the open interest", bucket.open_interest)?;
        }
        Ok(())
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let columns = Columns::new(&self.market);
        let left = Rect { right: plot.right - COMPARISON - 44.0, ..plot };
        let rows = vec![self.market.row(0.36), self.adl_row(&columns)];
        let names = self.market.names();
        let room = match names.is_empty() {
            true => 0.0,
            false => tags::room(names.iter().map(String::as_str))?,
        };
        let moment = self.first_adl.map(Moment::first_adl);
        let stage = Stage::new(rows, moment, (self.market.span(), left), room)?;
        stage.ground(canvas)?;
        stage.on(PRICE, |panel| self.market.draw(canvas, panel))?;
        stage.on(ADL, |panel| self.bars(canvas, panel, &columns))?;
        stage.mark(canvas)?;
        self.comparison(canvas, Rect { left: plot.right - COMPARISON, ..plot })
    }
}

impl Input {
    /// The larger the accounts, the darker.
    fn ink(&self, bucket: usize) -> RGBColor {
        let part = bucket as f64 / (self.buckets.len() as f64 - 1.0).max(1.0);
        color::tint(ink::ADL, 1.0 - 0.78 * part)
    }

    fn total(&self) -> f64 {
        self.buckets.iter().flat_map(|bucket| &bucket.adl).sum()
    }

    fn adl_row(&self, columns: &Columns) -> Row {
        let sums: Vec<Vec<f64>> =
            self.buckets.iter().map(|bucket| columns.sums(&bucket.adl)).collect();
        let of_column = |column: usize| sums.iter().map(|sums| sums[column]).sum::<f64>();
        let most = (0..columns.count()).map(of_column).fold(0.0, f64::max);
        let unit = Unit::of(&self.quote, most);
        let hours = label::hours(columns.hours());
        let title = format!("Auto-deleveraged per {hours}, {}", unit.name());
        let height = 0.64;
        if most == 0.0 {
            let shows = Shows::Statement("No auto-deleveraging in this world");
            return Row { title, key: Vec::new(), shows, height };
        }
        let names = self.buckets.iter().map(|bucket| bucket.name.clone()).enumerate();
        let key = names.map(|(i, name)| (Swatch::Block(self.ink(i)), name)).collect();
        let kind = Kind::Amount(unit);
        let shows = Shows::Values(Scale { values: (0.0, most * 1.05), kind });
        Row { title, key, shows, height }
    }

    fn bars(&self, canvas: &Canvas<'_>, panel: &Panel, on: &Columns) -> Result<(), ChartError> {
        let mut bottoms = vec![0.0; on.count()];
        for (i, bucket) in self.buckets.iter().enumerate() {
            for (column, sum) in on.sums(&bucket.adl).into_iter().enumerate() {
                let (left, right) = on.edges(&panel.times, column);
                let (low, high) = (bottoms[column], bottoms[column] + sum);
                let bar = Rect { left, top: panel.y.at(high), right, bottom: panel.y.at(low) };
                canvas.rect(bar, self.ink(i))?;
                bottoms[column] = high;
            }
        }
        Ok(())
    }

    /// Two bars a bucket: its part of what was deleveraged, and of the open interest.
    fn comparison(&self, canvas: &Canvas<'_>, place: Rect) -> Result<(), ChartError> {
        let head = if self.first_adl.is_some() { 26.0 } else { 0.0 };
        let y = place.top + head + 24.0;
        let total = self.total();
        self.comparison_title(canvas, place, (y, total))?;
        let shares: Vec<f64> = self.buckets.iter().map(|bucket| part(bucket, total)).collect();
        let most = self.buckets.iter().map(|bucket| bucket.open_interest);
        let most = most.chain(shares.iter().copied()).fold(0.01, f64::max);
        let bars = Rect { top: y + 58.0, bottom: place.bottom - 66.0, ..place };
        let x = Axis::linear((0.0, most), (bars.left, bars.right - 80.0));
        axis(canvas, bars, (x, most))?;
        let height = bars.height() / self.buckets.len() as f64;
        for (i, share) in shares.into_iter().enumerate() {
            let top = bars.top + height * i as f64;
            self.bucket(canvas, (i, share), (Rect { top, bottom: top + height, ..bars }, x))?;
        }
        Ok(())
    }

    fn comparison_title(
        &self,
        canvas: &Canvas<'_>,
        place: Rect,
        (y, total): (f64, f64),
    ) -> Result<(), ChartError> {
        let title = Type::new(NAME).bold();
        let open = (Swatch::Block(color::HATCH), "of open interest".to_owned());
        if total == 0.0 {
            canvas.text((place.left, y), "Who holds what", title)?;
            return parts::key(canvas, (place.left, y + 32.0), &[open]);
        }
        canvas.text((place.left, y), "Who was deleveraged", title)?;
        let sum = format!("{} in all", amount(total, &self.quote));
        let face = Type::new(SMALL).color(color::MUTED).anchor(Anchor::End);
        canvas.text((place.right, y), &sum, face)?;
        let key = [(Swatch::Block(ink::ADL), "of ADL".to_owned()), open];
        parts::key(canvas, (place.left, y + 32.0), &key)
    }

    fn bucket(
        &self,
        canvas: &Canvas<'_>,
        (i, share): (usize, f64),
        (place, x): (Rect, Axis),
    ) -> Result<(), ChartError> {
        let bucket = &self.buckets[i];
        let thick = (place.height() * 0.2).min(24.0);
        let top = place.middle().1 - thick - 2.0 + 12.0;
        let face = Type::new(TICK).bold();
        canvas.text((place.left + 8.0, top - 16.0), &bucket.name, face)?;
        let open = (bucket.open_interest, color::HATCH);
        let of_adl = (self.total() > 0.0).then_some((share, self.ink(i)));
        for (row, (share, ink)) in of_adl.into_iter().chain([open]).enumerate() {
            let top = top + row as f64 * (thick + 3.0);
            let bar = Rect { top, bottom: top + thick, right: x.at(share), ..place };
            canvas.rect(bar, ink)?;
            let at = (x.at(share) + 9.0, bar.middle().1);
            let face = Type::new(SMALL);
            let face = if ink == open.1 { face.color(color::MUTED) } else { face.bold() };
            canvas.text(at, &label::percent(share), face)?;
        }
        Ok(())
    }
}

/// A bucket's part of what was deleveraged.
fn part(bucket: &Bucket, total: f64) -> f64 {
    if total > 0.0 { bucket.adl.iter().sum::<f64>() / total } else { 0.0 }
}

fn axis(canvas: &Canvas<'_>, bars: Rect, (x, most): (Axis, f64)) -> Result<(), ChartError> {
    let step = round_step(most, 4);
    for share in x.ticks(4) {
        let at = x.at(share);
        let (ink, width) = if share == 0.0 { (color::AXIS, 1.5) } else { (color::GRID, 1.0) };
        canvas.line((at, bars.top), (at, bars.bottom + 5.0), Stroke::solid(ink, width))?;
        let face = Type::new(TICK).anchor(Anchor::Middle);
        let text = label::percent_tick((share / step).round() * step);
        canvas.text((at, bars.bottom + 26.0), &text, face)?;
    }
    Ok(())
}
