//! One row of a table, through the engine.

use super::super::market::{self, MINUTE, Ohlc, cash, price, rate};
use super::{adl, fund, funding_rate, liquidity, sizing};
use deleverage::engine::{
    Cause, Conditions, Exposure, Extent, Fill, ForcedOrder, FundingPerUnit, Holding, Law, Leg,
    Market, Outcome, Position, Progress, Settlement, Stricken, cross_margin, demand, fill, settle,
    simulate,
};
use deleverage::history::Funding;
use deleverage::money::{Cash, Price, PriceScale, Quantity};
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::tally::{Block, Estimate, LogHistogram, estimate};
use deleverage::venue::{Contract, VenueRules};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub const NONE: &str = "none";

/// Inputs by the name of their column.
pub struct Case(pub BTreeMap<String, String>);

impl Case {
    /// A result by the name of its column, as text.
    pub fn result(&self, name: &str) -> String {
        let by_name =
            [adl::result, funding_rate::result, fund::result, liquidity::result, sizing::result];
        if let Some(found) = by_name.iter().find_map(|result| result(self, name)) {
            return found;
        }
        let has = |column: &str| self.0.contains_key(column);
        if has("hedge") {
            self.of_account(name)
        } else if has("bars") {
            self.of_life(name)
        } else if has("blocks") {
            self.of_estimate(name)
        } else if has("values") {
            self.quantile().to_string()
        } else if has("entry") && has("model") {
            self.of_settlement(name)
        } else if has("model") {
            self.of_fill(name)
        } else {
            self.of_law(name)
        }
    }

    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or(NONE, String::as_str)
    }

    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| *text != NONE)
    }

    pub fn number(&self, name: &str) -> Decimal {
        self.text(name).parse().unwrap()
    }

    /// `8 4 0.5 -3`.
    pub fn amounts(&self, name: &str) -> Vec<Cash> {
        self.text(name).split(' ').map(cash).collect()
    }

    /// Of the side, contract and quantity.
    pub fn leg(&self, entry: Decimal) -> Leg {
        let contract = match self.text("contract") {
            "linear" => Contract::Linear,
            "inverse" => Contract::Inverse,
            contract => panic!("no such contract: {contract}"),
        };
        Leg { side: self.side(), contract, entry, quantity: self.number("quantity") }
    }

    pub fn side(&self) -> Side {
        side(self.text("side"))
    }

    fn position(&self) -> Position {
        if let (Some(notional), Some(turns)) = (self.given("notional"), self.given("leverage")) {
            let (entry, turns) = (price(self.text("entry")), market::leverage(turns));
            let rules = self.rules();
            let law = market::law(&rules, PriceScale::USUAL);
            return law.open(self.side(), cash(notional), entry, turns).unwrap();
        }
        Position {
            side: self.side(),
            quantity: Quantity::parse(self.given("quantity").unwrap_or("1")).unwrap(),
            entry: price(self.given("entry").unwrap_or("100")),
            margin: cash(self.given("margin").unwrap_or("0")),
        }
    }

    /// `0.1% of 60000`: one settlement.
    fn paid(&self) -> FundingPerUnit {
        self.given("funding").map_or(FundingPerUnit::NONE, |text| {
            let (share, mark) = text.split_once(" of ").unwrap();
            FundingPerUnit::settlement(rate(share), price(mark))
        })
    }

    fn of_law(&self, name: &str) -> String {
        let (rules, position, paid) = (self.rules(), self.position(), self.paid());
        let law = market::law(&rules, PriceScale::USUAL);
        let mark = price(self.given("mark").unwrap_or("1"));
        match name {
            "quantity" => position.quantity.to_string(),
            "margin" => position.margin.to_string(),
            "equity" => law.cash_floor(law.equity(&position, paid, mark)).to_string(),
            "tier" => (law.tier_index(&position, mark) + 1).to_string(),
            "maintenance" => law.cash_floor(law.maintenance(&position, mark)).to_string(),
            "liquidatable" => answer(law.is_liquidatable(&position, paid, mark)),
            "held exactly" => answer(law.holds(&position, mark, mark)),
            "liquidation price" => shown(law.liquidation_price(&position, paid)),
            "bankruptcy price" => shown(law.bankruptcy_price(&position, paid)),
            "to close" => to_close(&law, &rules, &position, mark),
            _ => panic!("no such result: {name}"),
        }
    }

    fn of_life(&self, name: &str) -> String {
        let outcome = self.outcome();
        let end = outcome.liquidation;
        match name {
            "dies in bar" => end.map_or("never".into(), |end| end.first_bar.to_string()),
            "at mark" => shown(end.map(|end| end.trigger.mark)),
            "last" => shown(end.map(|end| end.trigger.last)),
            "excursion" => outcome.mae.to_string(),
            "funding" => outcome.funding.to_string(),
            "cause" => end.map_or(NONE.into(), |end| match end.cause {
                Cause::Price => "price".to_owned(),
                Cause::RaisedMargin => "raised-margin".to_owned(),
            }),
            "steps" => end.map_or(0, |end| end.steps).to_string(),
            "size closed" => end.map_or(Quantity::ZERO, |end| end.closed).to_string(),
            "ends in bar" => {
                let last = end.and_then(|end| end.last_bar);
                last.map_or("never".into(), |bar| bar.to_string())
            }
            _ => of_money(&end.unwrap().settlement, name),
        }
    }

    /// What an account leaves of a position, and what it has for it.
    fn of_account(&self, name: &str) -> String {
        let rules = self.rules();
        let law = market::law(&rules, PriceScale::USUAL);
        let mut wallet = cash(self.text("wallet"));
        let mut rest = Some(self.position());
        if let Some(hedge) = self.given("hedge") {
            let words: Vec<&str> = hedge.split(' ').collect();
            let (own, hedge) = (self.position(), opened(&words));
            let (long, short) = if own.side == Side::Long { (own, hedge) } else { (hedge, own) };
            let netted = law.net(&long, &short);
            (rest, wallet) = (netted.rest, wallet + netted.locked);
        }
        let others: Vec<&str> =
            self.given("others").map_or(vec![], |others| others.split(' ').collect());
        let holding =
            |words: &[&str]| Holding { law, position: opened(words), mark: price(words[3]) };
        let others: Vec<Holding> = others.chunks(4).map(holding).collect();
        let margin = cross_margin(wallet, &others);
        let left = rest.map(|rest| Position { margin, ..rest });
        match name {
            "quantity left" => left.map_or(Quantity::ZERO, |left| left.quantity).to_string(),
            "margin" => margin.to_string(),
            "liquidation price" => {
                shown(left.and_then(|left| law.liquidation_price(&left, FundingPerUnit::NONE)))
            }
            _ => panic!("no such result: {name}"),
        }
    }

    /// One unit, entered at the first trade open, through all bars.
    fn outcome(&self) -> Outcome {
        let marks = ohlc(self.text("bars"));
        let trades = self.given("trades").map_or_else(|| marks.clone(), ohlc);
        let time = market::minutes(marks.len());
        let history = market::history(time, &trades, &marks, self.settlements());
        let rules = self.rules();
        let Conditions { funding, raised } = Conditions::under(&rules, &history);
        let market = market::market(&history, &funding, &rules, self.path());
        let market = Market { raised: raised.as_ref(), ..market };
        let position = Position { entry: history.trade.open[0], ..self.position() };
        let slippage = Slippage { model: SlippageModel::None, base: FillBase::Last };
        let exposure = Exposure { first: 0, bars: history.len() };
        simulate(&market, &rules, &slippage, &position, exposure)
    }

    /// `60s 0.1% 120s -2%`: seconds after the first open, and a rate.
    fn settlements(&self) -> Vec<Funding> {
        let words: Vec<&str> = self.given("settlements").unwrap_or("").split_whitespace().collect();
        let settle = |pair: &[&str]| {
            let seconds = pair[0].trim_end_matches('s').parse::<f64>().unwrap();
            Funding { time: (seconds / 60.0 * MINUTE as f64).round() as i64, rate: rate(pair[1]) }
        };
        words.chunks(2).map(settle).collect()
    }

    fn path(&self) -> BarPath {
        match self.text("path") {
            "open-low-high-close" => BarPath::OpenLowHighClose,
            "open-high-low-close" => BarPath::OpenHighLowClose,
            "worst-for-longs" => BarPath::WorstForLongs,
            "worst-for-shorts" => BarPath::WorstForShorts,
            path => panic!("no such path: {path}"),
        }
    }

    /// `none`, `fixed 1%` or `depth DEPTH BETA MULTIPLIER REACH`.
    fn model(&self) -> SlippageModel {
        let words: Vec<&str> = self.text("model").split(' ').collect();
        match words[..] {
            ["none"] => SlippageModel::None,
            ["fixed", share] => SlippageModel::Fixed(rate(share)),
            ["depth", depth, beta, multiplier, reach] => SlippageModel::Depth(DepthCurve {
                depth: cash(depth),
                beta: rate(beta),
                multiplier: rate(multiplier),
                reach: rate(reach),
            }),
            _ => panic!("no such model: {words:?}"),
        }
    }

    fn of_fill(&self, name: &str) -> String {
        let rules = self.rules();
        let law: Law = market::law(&rules, PriceScale::USUAL);
        let (base, quantity) = (price(self.text("base")), self.position().quantity);
        let order = ForcedOrder { side: self.side(), quantity, base, limit: None };
        let Fill { quantity, price } = fill(&law, &self.model(), order);
        match name {
            "filled" => quantity.to_string(),
            "fill" => shown(Some(price)),
            "cost in bp" => {
                let away = Decimal::from((price.steps() - base.steps()).abs());
                (away * Decimal::from(10_000) / Decimal::from(base.steps())).to_string()
            }
            _ => panic!("no such result: {name}"),
        }
    }

    fn of_settlement(&self, name: &str) -> String {
        let (rules, base) = (self.rules(), price(self.text("base")));
        let law = market::law(&rules, PriceScale::USUAL);
        let slippage = Slippage { model: self.model(), base: FillBase::Last };
        let at = (base, FundingPerUnit::NONE);
        let left: Settlement = settle(&law, &rules, &slippage, &self.position(), at);
        of_money(&left, name)
    }

    fn of_estimate(&self, name: &str) -> String {
        let number = |column: &str| self.text(column).parse::<usize>().unwrap();
        let hits: Vec<u64> = whole(self.text("liquidated, repeating"));
        let n = number("opened in each") as u64;
        let block = |b: usize| Block { n, hits: hits[b % hits.len()] };
        let blocks: Vec<Block> = (0..number("blocks")).map(block).collect();
        let Some(Estimate { share, low, high, n_eff, .. }) = estimate(&blocks) else {
            return NONE.to_owned();
        };
        match name {
            "share" => share.to_string(),
            "low" => low.to_string(),
            "high" => high.to_string(),
            "n_eff" => n_eff.to_string(),
            _ => panic!("no such result: {name}"),
        }
    }

    fn quantile(&self) -> u64 {
        let mut histogram = LogHistogram::default();
        whole(self.text("values")).into_iter().for_each(|value| histogram.add(value));
        histogram.quantile(self.text("at").parse().unwrap()).unwrap()
    }
}

fn of_money(left: &Settlement, name: &str) -> String {
    match name {
        "fill" => shown(Some(left.fill)),
        "slippage" => left.slippage.to_string(),
        "fee taken" => left.fee.to_string(),
        "kept" => left.kept.to_string(),
        "returned" => left.returned.to_string(),
        "deficit" => left.deficit.to_string(),
        _ => panic!("no such result: {name}"),
    }
}

/// `long 2 100`: side, quantity, entry.
fn opened(words: &[&str]) -> Position {
    Position {
        side: if words[0] == "short" { Side::Short } else { Side::Long },
        quantity: Quantity::parse(words[1]).unwrap(),
        entry: price(words[2]),
        margin: cash("0"),
    }
}

/// What the procedure asks for at a first trigger.
fn to_close(law: &Law, rules: &VenueRules, position: &Position, mark: Price) -> String {
    let at = Stricken { position, paid: FundingPerUnit::NONE, mark };
    let progress = Progress { first_size: position.quantity, steps: 0 };
    match demand(law, rules, at, progress).extent {
        Extent::Whole => position.quantity.to_string(),
        Extent::Takeover => "all, without an order".to_owned(),
        Extent::Backstop => "all, into the vault".to_owned(),
        Extent::Part(size) | Extent::FillOrKill(size) => size.to_string(),
    }
}

fn whole(text: &str) -> Vec<u64> {
    text.split(' ').map(|number| number.parse().unwrap()).collect()
}

/// `100/101/95/99 …`: open, high, low, close of each bar.
fn ohlc(text: &str) -> Vec<Ohlc> {
    let steps = |text: &str| price(text).steps();
    let bar = |bar: &str| bar.split('/').map(steps).collect::<Vec<_>>().try_into().unwrap();
    text.split(' ').map(bar).collect()
}

pub fn side(text: &str) -> Side {
    if text == "short" { Side::Short } else { Side::Long }
}

pub fn or_none(found: Option<impl ToString>) -> String {
    found.map_or(NONE.into(), |found| found.to_string())
}

/// Separated by spaces; `none` where there is nothing.
pub fn listed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { NONE.into() } else { parts.join(" ") }
}

pub fn answer(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}

fn shown(price: Option<Price>) -> String {
    price.map_or(NONE.into(), |price| PriceScale::USUAL.to_decimal(price).to_string())
}
