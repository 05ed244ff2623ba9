//! The venue of a row: every choice that its columns name, and the plain one where they do not.

use super::super::market::{self, cash, rate};
use super::case::Case;
use deleverage::history::Interval;
use deleverage::money::{Quantity, Rate};
use deleverage::venue::{
    CloseOut, Contract, Edge, Fees, FundingCap, FundingPays, FundingRules, Lookup, OrderPrice,
    Residual, Tiers, TriggerFee, VenueRules, Volatility, VolatilityScope,
};

fn length(text: &str) -> Interval {
    Interval::parse(text).unwrap()
}

impl Case {
    /// Tiers are written `0:0.4% 50000:0.5%`.
    pub fn rules(&self) -> VenueRules {
        let edge = match self.text("edge") {
            "equity < maintenance" => Edge::Below,
            _ => Edge::AtOrBelow,
        };
        let closing_fee = self.given("closing fee").map(rate);
        let fees = Fees {
            taker: closing_fee.unwrap_or(Rate::ZERO),
            liquidation: self.given("fee").map_or(Rate::ZERO, rate),
        };
        let plain = market::rules(self.tiers(), edge, fees);
        VenueRules {
            contract: self.contract(),
            face: Quantity::parse(self.given("face").unwrap_or("1")).unwrap(),
            trigger_fee: closing_fee.map_or(TriggerFee::Excluded, |_| TriggerFee::Included),
            close_out: self.close_out().unwrap_or(plain.close_out),
            order: self.order(),
            residual: self.residual(),
            funding: FundingRules { cap: self.cap(), pays: self.pays(), ..plain.funding },
            volatility: self.volatility(),
            ..plain
        }
    }

    pub fn contract(&self) -> Contract {
        if self.text("contract") == "inverse" { Contract::Inverse } else { Contract::Linear }
    }

    fn tiers(&self) -> Tiers {
        let row = |text: &str| {
            let (floor, maintenance) = text.split_once(':').unwrap();
            (cash(floor), rate(maintenance))
        };
        let rows: Vec<_> = self.given("tiers").unwrap_or("0:0.5%").split(' ').map(row).collect();
        let lookup = match self.given("lookup").unwrap_or("marginal") {
            "marginal" => Lookup::Marginal,
            "whole-by-notional" => Lookup::WholeByNotional,
            "whole-by-contracts" => Lookup::WholeByContracts,
            "risk-steps" => Lookup::RiskSteps,
            "linear-in-size" => Lookup::LinearInSize,
            other => panic!("no such lookup: {other}"),
        };
        let mut tiers = market::tiers(&rows);
        if lookup != Lookup::Marginal {
            tiers.steps.iter_mut().for_each(|tier| tier.deduction = cash("0"));
        }
        Tiers { lookup, slope: self.given("slope").map_or(Rate::ZERO, rate), ..tiers }
    }

    fn close_out(&self) -> Option<CloseOut> {
        let words: Vec<&str> = self.given("close-out")?.split(' ').collect();
        Some(match words[..] {
            ["full"] => CloseOut::Full,
            ["ioc-then-takeover"] => CloseOut::IocThenTakeover,
            ["lower-tier"] => CloseOut::LowerTier,
            ["two-tiers", wait] => CloseOut::TwoTiers { cooldown: length(wait) },
            ["to-first-tier", wait] => CloseOut::ToFirstTier { cooldown: length(wait) },
            ["fraction", share, above, wait] => CloseOut::Fraction {
                share: rate(share),
                above: cash(above),
                cooldown: length(wait),
            },
            ["restore", buffer, least, wait] => CloseOut::Restore {
                buffer: rate(buffer),
                least: rate(least),
                cooldown: length(wait),
            },
            ["block-cap", share, least, most, wait] => CloseOut::BlockCap {
                share: rate(share),
                least: cash(least),
                most: cash(most),
                cooldown: length(wait),
            },
            _ => panic!("no such close-out: {words:?}"),
        })
    }

    fn order(&self) -> OrderPrice {
        let words: Vec<&str> = self.given("order").unwrap_or("market").split(' ').collect();
        match words[..] {
            ["market"] => OrderPrice::Market,
            ["bankruptcy-limit"] => OrderPrice::BankruptcyLimit,
            ["transfer"] => OrderPrice::Transfer,
            ["fillable-limit", adjustment, spread] => {
                OrderPrice::FillableLimit { adjustment: rate(adjustment), spread: rate(spread) }
            }
            _ => panic!("no such order: {words:?}"),
        }
    }

    fn residual(&self) -> Residual {
        let words: Vec<&str> =
            self.given("residual").unwrap_or("fee-then-return").split(' ').collect();
        match words[..] {
            ["fund-keeps"] => Residual::FundKeeps,
            ["fee-then-return"] => Residual::FeeThenReturn,
            ["returned"] => Residual::Returned,
            ["backstop", below] => Residual::Backstop { below: rate(below) },
            _ => panic!("no such residual: {words:?}"),
        }
    }

    fn cap(&self) -> FundingCap {
        match self.given("cap").and_then(|cap| cap.split_once(' ')) {
            None => FundingCap::None,
            Some(("rate", cap)) => FundingCap::Rate(rate(cap)),
            Some(("maintenance", times)) => FundingCap::OfMaintenance(rate(times)),
            Some(("spread", times)) => FundingCap::OfSpread(rate(times)),
            Some(other) => panic!("no such cap: {other:?}"),
        }
    }

    fn pays(&self) -> FundingPays {
        if self.text("pays") == "wallet" { FundingPays::Wallet } else { FundingPays::Margin }
    }

    /// `slope window reference at_most lag scope`.
    fn volatility(&self) -> Option<Volatility> {
        let words: Vec<&str> = self.given("volatility")?.split(' ').collect();
        let [slope, window, reference, at_most, lag, scope] = words[..] else {
            panic!("not a rule of volatility: {words:?}")
        };
        let applies = match scope {
            "new-positions" => VolatilityScope::NewPositions,
            "all-positions" => VolatilityScope::AllPositions,
            other => panic!("no such scope: {other}"),
        };
        Some(Volatility {
            slope: rate(slope),
            window: length(window),
            reference: rate(reference),
            at_most: rate(at_most),
            lag: length(lag),
            applies,
        })
    }
}
