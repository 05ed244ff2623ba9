//! One row of a table, through the engine.

use super::super::market::{self, MINUTE, Ohlc, cash, price, rate};
use deleverage::engine::{
    Exposure, Fill, ForcedOrder, FundingBook, FundingPerUnit, Law, Outcome, Position, Settlement,
    fill, settle, simulate,
};
use deleverage::history::Funding;
use deleverage::money::{Price, PriceScale, Quantity, Rate};
use deleverage::scenario::{BarPath, DepthCurve, FillBase, Side, Slippage, SlippageModel};
use deleverage::tally::{Block, Estimate, LogHistogram, estimate};
use deleverage::venue::{Edge, Fees, VenueRules};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const NONE: &str = "none";

/// Inputs by the name of their column.
pub struct Case(pub BTreeMap<String, String>);

impl Case {
    /// A result by the name of its column, as text.
    pub fn result(&self, name: &str) -> String {
        let has = |column: &str| self.0.contains_key(column);
        if has("bars") {
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

    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or(NONE, String::as_str)
    }

    fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| *text != NONE)
    }

    fn side(&self) -> Side {
        if self.text("side") == "short" { Side::Short } else { Side::Long }
    }

    fn position(&self) -> Position {
        if let (Some(notional), Some(turns)) = (self.given("notional"), self.given("leverage")) {
            let (entry, turns) = (price(self.text("entry")), market::leverage(turns));
            let opened =
                Position::open(self.side(), cash(notional), entry, turns, PriceScale::USUAL);
            return opened.unwrap();
        }
        Position {
            side: self.side(),
            quantity: Quantity::parse(self.given("quantity").unwrap_or("1")).unwrap(),
            entry: price(self.given("entry").unwrap_or("100")),
            margin: cash(self.given("margin").unwrap_or("0")),
        }
    }

    /// `0:0.4% 50000:0.5%` under a liquidation fee.
    fn rules(&self) -> VenueRules {
        let rows: Vec<_> = self.given("tiers").unwrap_or("0:0.5%").split(' ').collect();
        let row = |text: &&str| {
            let (floor, maintenance) = text.split_once(':').unwrap();
            (cash(floor), rate(maintenance))
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        let edge = match self.text("edge") {
            "equity < maintenance" => Edge::Below,
            _ => Edge::AtOrBelow,
        };
        let liquidation = self.given("fee").map_or(Rate::ZERO, rate);
        market::rules(market::tiers(&rows), edge, Fees { taker: Rate::ZERO, liquidation })
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
            _ => panic!("no such result: {name}"),
        }
    }

    /// One unit, entered at the first trade open, through all bars.
    fn outcome(&self) -> Outcome {
        let marks = ohlc(self.text("bars"));
        let trades = self.given("trades").map_or_else(|| marks.clone(), ohlc);
        let time = market::minutes(marks.len());
        let history = market::history(time, &trades, &marks, self.settlements());
        let (rules, funding) = (self.rules(), FundingBook::of(&history));
        let market = market::market(&history, &funding, &rules, self.path());
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
        match name {
            "fill" => shown(Some(left.fill)),
            "slippage" => left.slippage.to_string(),
            "fee taken" => left.fee.to_string(),
            "returned" => left.returned.to_string(),
            "deficit" => left.deficit.to_string(),
            _ => panic!("no such result: {name}"),
        }
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

fn whole(text: &str) -> Vec<u64> {
    text.split(' ').map(|number| number.parse().unwrap()).collect()
}

/// `100/101/95/99 …`: open, high, low, close of each bar.
fn ohlc(text: &str) -> Vec<Ohlc> {
    let steps = |text: &str| price(text).steps();
    let bar = |bar: &str| bar.split('/').map(steps).collect::<Vec<_>>().try_into().unwrap();
    text.split(' ').map(bar).collect()
}

fn answer(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}

fn shown(price: Option<Price>) -> String {
    price.map_or(NONE.into(), |price| PriceScale::USUAL.to_decimal(price).to_string())
}
