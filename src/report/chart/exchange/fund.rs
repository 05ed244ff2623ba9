//! The insurance fund through the crash: price, fund, its fall from the peak, and what was
//! liquidated and deleveraged, over one time axis.

use super::columns::Columns;
use super::ink;
use super::market::Market;
use super::scale::{Kind, Scale};
use super::series::{self, Band, INNER};
use super::stage::{Moment, Panel, Row, Shows, Stage};
use crate::report::chart::canvas::{Anchor, Canvas, Rect, Stroke, Type};
use crate::report::chart::parts::{self, Swatch};
use crate::report::chart::tags::{self, Tag};
use crate::report::chart::unit::{Unit, amount};
use crate::report::chart::{Caption, ChartError, Picture, check, color, label, time};

/// What the picture of the fund shows. The picked world, unless a field says otherwise.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub caption: Caption,
    pub market: Market,
    /// What the fund is counted in: `USDT`, `BTC`.
    pub asset: String,
    /// Cash at the start; 0 where the venue has no fund.
    pub start: f64,
    /// Inventory at cost.
    pub cash: Vec<f64>,
    /// Inventory at the marks.
    pub marked: Vec<f64>,
    /// The deepest fall from an earlier peak, marked to market, at any moment: within bars, too.
    pub deepest: f64,
    /// Marked to market, over all worlds; `None` where there is one world.
    pub worlds: Option<Band>,
    /// What liquidated and deleveraged amounts are counted in: `USDT`, `USD`.
    pub quote: String,
    /// Liquidated within each bar.
    pub liquidated: Vec<f64>,
    /// Deleveraged within each bar.
    pub adl: Vec<f64>,
    pub first_adl: Option<i64>,
}

const PRICE: usize = 0;
const FUND: usize = 1;
const FALL: usize = 2;

impl Picture for Input {
    fn caption(&self) -> &Caption {
        &self.caption
    }

    fn check(&self) -> Result<(), ChartError> {
        let bars = self.market.check_with(self.first_adl)?;
        check::amount("fund at the start", self.start)?;
        check::amount("deepest fall of the fund", self.deepest)?;
        check::series("cash of the fund", &self.cash, bars)?;
        check::series("fund marked to market", &self.marked, bars)?;
        self.worlds.as_ref().map_or(Ok(()), |band| band.check(bars))?;
        check::amounts("liquidated amount", &self.liquidated, bars)?;
        check::amounts("deleveraged amount", &self.adl, bars)
    }

    fn draw(&self, canvas: &Canvas<'_>, plot: Rect) -> Result<(), ChartError> {
        Plot::new(self, plot)?.draw(canvas)
    }
}

struct Plot<'a> {
    input: &'a Input,
    columns: Columns,
    falls: Vec<f64>,
    stage: Stage,
}

impl<'a> Plot<'a> {
    fn new(input: &'a Input, plot: Rect) -> Result<Self, ChartError> {
        let columns = Columns::new(&input.market);
        let falls = input.falls();
        let mut rows = vec![input.market.row(0.24), input.fund_row()];
        rows.extend(input.has_fund().then(|| input.fall_row(&falls)));
        rows.push(input.forced_row(&columns));
        let names = input.market.names();
        let names = names.iter().map(String::as_str);
        let [(marked, ..), (cash, ..)] = input.ends();
        let ends = [marked, cash, input.fall(input.at_ends(&falls))];
        let ends = ends.iter().filter(|_| input.has_fund()).map(String::as_str);
        let right = tags::room(names.chain(ends))?;
        let moment = input.first_adl.map(Moment::first_adl);
        let stage = Stage::new(rows, moment, (input.market.span(), plot), right)?;
        Ok(Self { input, columns, falls, stage })
    }

    fn draw(&self, canvas: &Canvas<'_>) -> Result<(), ChartError> {
        self.stage.ground(canvas)?;
        self.stage.on(PRICE, |panel| self.input.market.draw(canvas, panel))?;
        self.stage.on(FUND, |panel| self.fund(canvas, panel))?;
        if self.input.has_fund() {
            self.stage.on(FALL, |panel| self.fall(canvas, panel))?;
        }
        self.stage.on(self.stage.last(), |panel| self.forced(canvas, panel))?;
        self.stage.mark(canvas)
    }

    fn fund(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let Input { market, start, cash, marked, worlds, .. } = self.input;
        let on = (panel, market);
        if let Some(band) = worlds {
            band.draw(canvas, on, (*start, ink::MARKED))?;
        }
        let (left, right, y) = (panel.place.left, panel.place.right, panel.y.at(*start));
        canvas.line((left, y), (right, y), level())?;
        canvas.path(&series::points(on, (*start, marked)), marked_line())?;
        canvas.path(&series::points(on, (*start, cash)), cash_line())?;
        self.exhausted(canvas, panel)?;
        let tag = |(text, value, ink)| Tag { y: panel.y.at(value), text, ink };
        tags::draw(canvas, panel.place, &self.input.ends().map(tag))
    }

    /// Where cash first is nothing.
    fn exhausted(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let Input { market, start, cash, .. } = self.input;
        let empty = market.ends().zip(cash).find(|(_, cash)| **cash <= 0.0);
        let Some((when, _)) = empty.filter(|_| *start > 0.0) else { return Ok(()) };
        let (x, y) = (panel.times.at(when), panel.y.at(0.0));
        canvas.ring((x, y), 6.0, Stroke::solid(ink::CASH, 3.0))?;
        let text = format!("cash exhausted {}", time::moment(market.span())(when));
        let face = Type::new(parts::SMALL).bold().color(ink::CASH);
        let fits = x + 14.0 + face.width(&text)? < panel.place.right;
        let (x, anchor) = if fits { (x + 14.0, Anchor::Start) } else { (x - 14.0, Anchor::End) };
        canvas.text((x, y - 14.0), &text, face.anchor(anchor))
    }

    fn fall(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let line = series::points((panel, &self.input.market), (0.0, &self.falls));
        let zero = panel.y.at(0.0);
        let mut area = vec![(panel.place.left, zero)];
        area.extend(&line);
        area.push((line.last().map_or(panel.place.left, |end| end.0), zero));
        canvas.polygon(&area, color::tint(ink::MARKED, INNER))?;
        canvas.path(&line, Stroke::solid(ink::MARKED, 2.0))?;
        let deepest = line.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        let (x, y) = deepest.unwrap_or((panel.place.left, zero));
        canvas.disc((x, y), 5.0, ink::MARKED)?;
        let text = self.input.fall(self.input.at_ends(&self.falls));
        tags::draw(canvas, panel.place, &[Tag { y, text, ink: ink::MARKED }])
    }

    fn forced(&self, canvas: &Canvas<'_>, panel: &Panel) -> Result<(), ChartError> {
        let Input { liquidated, adl, .. } = self.input;
        let zero = panel.y.at(0.0);
        let sums = (self.columns.sums(liquidated), self.columns.sums(adl));
        for column in 0..self.columns.count() {
            let (left, right) = self.columns.edges(&panel.times, column);
            let up = Rect { left, top: panel.y.at(sums.0[column]), right, bottom: zero };
            canvas.rect(up, ink::LIQUIDATED)?;
            let down = Rect { left, top: zero, right, bottom: panel.y.at(-sums.1[column]) };
            canvas.rect(down, ink::ADL)?;
        }
        if nothing(adl) {
            let below = Rect { top: zero, ..panel.place };
            return parts::note(canvas, below, "No auto-deleveraging");
        }
        Ok(())
    }
}

fn level() -> Stroke {
    Stroke::solid(color::MUTED, 1.6).dashed(7.0, 5.0)
}

fn marked_line() -> Stroke {
    Stroke::solid(ink::MARKED, 3.2)
}

fn cash_line() -> Stroke {
    Stroke::solid(ink::CASH, 2.2)
}

impl Input {
    /// The fall of the fund from its peak so far, as a share of the start (an amount where the
    /// start is nothing); 0 or below.
    fn falls(&self) -> Vec<f64> {
        let whole = if self.start > 0.0 { self.start } else { 1.0 };
        let mut peak = self.start;
        let fall = |value: &f64| {
            peak = peak.max(*value);
            (value - peak) / whole
        };
        self.marked.iter().map(fall).collect()
    }

    /// The deepest fall at the end of a bar, an amount.
    fn at_ends(&self, falls: &[f64]) -> f64 {
        let whole = if self.start > 0.0 { self.start } else { 1.0 };
        -falls.iter().copied().fold(0.0, f64::min) * whole
    }

    /// A fall in words.
    fn fall(&self, fall: f64) -> String {
        let amount = amount(fall, &self.asset);
        match self.start > 0.0 {
            true => format!("−{}, {amount}", label::percent(fall / self.start)),
            false => format!("−{amount}"),
        }
    }

    /// What stands at the ends of the lines.
    fn ends(&self) -> [(String, f64, plotters::style::RGBColor); 2] {
        let end = |values: &[f64]| values.last().copied().unwrap_or(self.start);
        let (cash, marked) = (end(&self.cash), end(&self.marked));
        let text = |name, value| format!("{name} {}", amount(value, &self.asset));
        [(text("marked", marked), marked, ink::MARKED), (text("cash", cash), cash, ink::CASH)]
    }

    fn has_fund(&self) -> bool {
        self.start > 0.0 || !nothing(&self.cash) || !nothing(&self.marked)
    }

    fn fund_row(&self) -> Row {
        let height = 0.34;
        if !self.has_fund() {
            let shows = Shows::Statement("The venue has no insurance fund");
            return Row { title: "Insurance fund".to_owned(), key: Vec::new(), shows, height };
        }
        let band = self.worlds.iter().flat_map(Band::values);
        let all = band.chain(self.cash.iter().chain(&self.marked).copied());
        let values = series::reach(self.start, all);
        let unit = Unit::of(&self.asset, values.1.max(-values.0));
        let title = format!("Insurance fund, {}", unit.name());
        let scale = Scale { values, kind: Kind::Amount(unit) };
        Row { title, key: self.fund_key(), shows: Shows::Values(scale), height }
    }

    fn fund_key(&self) -> Vec<(Swatch, String)> {
        let mut key = vec![
            (Swatch::Line(marked_line()), "marked to market".to_owned()),
            (Swatch::Line(cash_line()), "cash".to_owned()),
            (Swatch::Line(level()), "start".to_owned()),
        ];
        let outer = "5–95 % of worlds, marked to market";
        key.extend(self.worlds.iter().flat_map(|_| Band::key(ink::MARKED, outer)));
        key
    }

    fn fall_row(&self, falls: &[f64]) -> Row {
        let deepest = falls.iter().copied().fold(0.0, f64::min) * 1.08;
        let unit = Unit::of(&self.asset, -deepest);
        let (of, kind) = match self.start > 0.0 {
            true => ("% of the fund at the start".to_owned(), Kind::Change),
            false => (unit.name(), Kind::Amount(unit)),
        };
        let shows = match deepest < 0.0 {
            true => Shows::Values(Scale { values: (deepest, 0.0), kind }),
            false => Shows::Statement("Never below an earlier peak"),
        };
        let title = format!("Fall from its peak at the ends of bars, marked to market, {of}");
        let is_deeper = self.deepest > self.at_ends(falls) * 1.005;
        let within = is_deeper.then(|| format!("within a bar {}", self.fall(self.deepest)));
        let key = within.into_iter().map(|text| (Swatch::Nothing, text)).collect();
        Row { title, key, shows, height: 0.15 }
    }

    fn forced_row(&self, columns: &Columns) -> Row {
        let most = |values: &[f64]| columns.sums(values).into_iter().fold(0.0, f64::max);
        let (up, down) = (most(&self.liquidated), most(&self.adl));
        let unit = Unit::of(&self.quote, up.max(down));
        let hours = label::hours(columns.hours());
        let title = format!("Forced trades per {hours}, {}", unit.name());
        let height = 0.26;
        if up == 0.0 && down == 0.0 {
            let shows = Shows::Statement("Nobody was liquidated or deleveraged");
            return Row { title, key: Vec::new(), shows, height };
        }
        // Room for the words where one of the two is missing.
        let (up, down) = (up.max(down * 0.25), down.max(up * 0.3));
        let key = vec![
            (Swatch::Block(ink::LIQUIDATED), "liquidated, up".to_owned()),
            (Swatch::Block(ink::ADL), "auto-deleveraged, down".to_owned()),
        ];
        let kind = Kind::Mirrored(unit);
        let shows = Shows::Values(Scale { values: (-down * 1.05, up * 1.05), kind });
        Row { title, key, shows, height }
    }
}

fn nothing(values: &[f64]) -> bool {
    values.iter().all(|value| *value == 0.0)
}
