//! Who paid, crash by crash: one stacked bar each.

use super::axes::{self, FOOT, Ticks};
use super::{Spacing, rows};
use crate::report::chart::axis::Axis;
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Type};
use crate::report::chart::color;
use crate::report::chart::frame::{MARGIN, NAME, TICK};
use crate::report::chart::parts::{SMALL, Swatch};
use crate::report::chart::payer::{MARGIN as OWN, Payer, RUNGS};
use crate::report::chart::unit::amount;
use crate::report::chart::{Caption, ChartError, Picture, WIDTH, check, label};

/// What the waterfalls of several crashes show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    /// What amounts are counted in: `USDT`, `BTC`.
    pub asset: String,
    pub count: Count,
    /// Top to bottom, at most [`CRASHES`].
    pub crashes: Vec<Crash>,
}

/// What the length of a bar is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Count {
    /// All bars are of one length: who pays which part.
    #[default]
    Shares,
    Amounts,
}

/// One crash.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Crash {
    pub name: String,
    /// `None` where the crash was not run.
    pub paid: Option<Paid>,
}

/// What each rung of the waterfall paid, in units of the asset.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Paid {
    /// What the liquidated traders lost of their own.
    pub margin: f64,
    pub fund: f64,
    pub adl: f64,
    pub socialised: f64,
    pub owed: f64,
    pub injected: f64,
    pub bad_debt: f64,
}

/// More crashes than this cannot be read.
pub const CRASHES: usize = 14;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.crashes.iter().all(|crash| crash.paid.is_none()) {
            return Err(ChartError::NoData("no crash was run"));
        }
        check::most("crashes", self.crashes.len(), CRASHES)?;
        let paid = self.crashes.iter().filter_map(|crash| crash.paid);
        let mut amounts = paid.flat_map(|paid| paid.amounts());
        amounts.try_for_each(|amount| check::amount("amount paid", amount).map(|_| ()))
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        let title = match self.count {
            Count::Shares => {
                "Who paid for what liquidated positions lost, share of each crash's loss"
            }
            Count::Amounts => "Who paid for what liquidated positions lost",
        };
        let below = axes::head(canvas, plot, (title, &self.key()))?;
        Plot::new(self, below)?.draw(canvas)
    }
}

/// Pixels for the names of the crashes.
const NAMES: f64 = 340.0;
/// Height of the tallest row.
const ROW: f64 = 96.0;
/// Height of the line above the bars.
const HEAD: f64 = 28.0;

impl Input {
    /// Those who paid anything in any crash.
    fn key(&self) -> Vec<(Swatch, String)> {
        let all = self.crashes.iter().filter_map(|crash| crash.paid);
        let some = |i: usize| all.clone().any(|paid| paid.amounts()[i] > 0.0);
        let payers = payers().enumerate().filter(|(i, _)| some(*i));
        payers.map(|(_, payer)| (Swatch::Block(payer.ink), payer.name.to_owned())).collect()
    }

    fn most(&self) -> f64 {
        let totals = self.crashes.iter().filter_map(|crash| crash.paid).map(|paid| paid.total());
        totals.fold(0.0, f64::max)
    }
}

fn payers() -> impl Iterator<Item = &'static Payer> {
    std::iter::once(&OWN).chain(&RUNGS)
}

struct Plot<'a> {
    input: &'a Input,
    place: Rect,
    x: Axis,
    row: f64,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let count = input.crashes.len() as f64;
        let row = ((plot.height() - HEAD - FOOT) / count).min(ROW);
        let face = Type::new(TICK).bold();
        let mut right = face.width(LOST)?;
        for paid in input.crashes.iter().filter_map(|crash| crash.paid) {
            right = right.max(face.width(&amount(paid.total(), &input.asset))?);
        }
        let place = plot.inset(NAMES, HEAD, right + 20.0, 0.0);
        let place = Rect { bottom: place.top + row * count, ..place };
        let most = match input.count {
            Count::Amounts if input.most() > 0.0 => input.most(),
            _ => 1.0,
        };
        let x = Axis::linear((0.0, most), (place.left, place.right));
        Ok(Self { input, place, x, row })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        let (ticks, name) = self.ticks();
        axes::below(canvas, (self.place, &self.x), (&ticks, &name))?;
        let face = Type::new(NAME).color(color::MUTED).anchor(Anchor::End);
        canvas.text((self.edge(), self.place.top - 14.0), LOST, face)?;
        let room = (NAMES - 20.0, self.row);
        let names = self.input.crashes.iter().map(|crash| crash.name.as_str());
        let names = rows::face(names, room)?.anchor(Anchor::End);
        for (i, crash) in self.input.crashes.iter().enumerate() {
            let top = self.place.top + self.row * i as f64;
            let place = Rect { top, bottom: top + self.row, ..self.place };
            let at = (self.place.left - 16.0, place.middle().1);
            rows::name(canvas, (at, names), (&crash.name, room))?;
            match crash.paid {
                Some(paid) if paid.total() > 0.0 => self.crash(canvas, paid, place)?,
                Some(_) => self.words(canvas, "nobody lost anything by a liquidation", place)?,
                None => self.words(canvas, "not run", place)?,
            }
        }
        Ok(())
    }

    fn edge(&self) -> f64 {
        f64::from(WIDTH) - MARGIN
    }

    fn ticks(&self) -> (Ticks, String) {
        match self.input.count {
            Count::Shares => {
                let tick = |share: f64| (share, label::percent_tick(share));
                ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0].map(tick).into(), "share of the loss".to_owned())
            }
            Count::Amounts => {
                axes::amounts((Spacing::Linear, (0.0, self.input.most())), &self.input.asset)
            }
        }
    }

    fn words(&self, canvas: &Canvas<'_>, text: &str, place: Rect) -> Result<(), ChartError> {
        let face = Type::new(SMALL).color(color::MUTED);
        canvas.text((place.left + 12.0, place.middle().1), text, face)
    }

    /// The bar, the whole loss at its right, and the amounts below it.
    fn crash(&self, canvas: &Canvas<'_>, paid: Paid, place: Rect) -> Result<(), ChartError> {
        let total = paid.total();
        let size = (self.row * 0.3).clamp(12.0, 16.0);
        let (bottom, below) = (place.bottom - size * 1.25 - 3.0, place.bottom - size * 0.75);
        let top = place.top + (self.row * 0.12).min(10.0);
        let scale = match self.input.count {
            Count::Shares => 1.0 / total,
            Count::Amounts => 1.0,
        };
        let mut before = 0.0;
        for (amount, payer) in paid.amounts().into_iter().zip(payers()) {
            let (left, right) = (self.x.at(before * scale), self.x.at((before + amount) * scale));
            if amount > 0.0 {
                let right = right.max(left + 1.5);
                canvas.rect(Rect { left, right, top, bottom }, payer.ink)?;
            }
            before += amount;
        }
        let face = Type::new(TICK).bold().anchor(Anchor::End);
        let middle = (top + bottom) / 2.0;
        canvas.text((self.edge(), middle), &amount(total, &self.input.asset), face)?;
        let face = Type::new(size).color(color::MUTED);
        let text = face.cut(&self.list(paid), self.place.width())?;
        canvas.text((self.place.left + 2.0, below), &text, face)
    }

    /// `margins 188 M · fund 17.0 M USDT`: all who paid.
    fn list(&self, paid: Paid) -> String {
        let asset = &self.input.asset;
        let some = paid.amounts().into_iter().zip(payers()).filter(|(paid, _)| *paid > 0.0);
        let told = some.map(|(paid, payer)| {
            let amount = amount(paid, asset);
            format!("{} {}", payer.short, amount.trim_end_matches(asset.as_str()).trim_end())
        });
        format!("{} {asset}", told.collect::<Vec<_>>().join(" · "))
    }
}

/// What stands above the whole losses.
const LOST: &str = "lost in all";

impl Paid {
    /// The margins, then the rungs in the order in which they pay.
    fn amounts(&self) -> [f64; 7] {
        let Self { margin, fund, adl, socialised, owed, injected, bad_debt } = *self;
        [margin, fund, adl, socialised, owed, injected, bad_debt]
    }

    fn total(&self) -> f64 {
        self.amounts().iter().sum()
    }
}
