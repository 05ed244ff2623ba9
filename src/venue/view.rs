//! Resolved rules for people and for the run's manifest.

use super::rules::{Confidence, OpenInterestScale, Source, VenueRules};
use super::tiers::Tier;
use super::vocabulary::{AdlStart, CloseOut, Contract, OrderPrice, Residual, Volatility};
use serde_json::{Value, json};
use std::fmt::Display;

impl VenueRules {
    /// What a price counts: the settlement asset, or dollars where that is the coin itself.
    pub fn price_unit(&self) -> &str {
        match self.contract {
            Contract::Linear => &self.settlement,
            Contract::Inverse => "USD",
        }
    }

    /// What a size counts: the coin that the instrument is named after, or dollars where that is
    /// what settles.
    pub fn size_unit(&self) -> &str {
        let coin = ["USDT", "USDC", "USD"].iter().find_map(|end| self.instrument.strip_suffix(end));
        match (self.contract, coin) {
            (Contract::Inverse, _) => "USD",
            (Contract::Linear, Some(coin)) => coin,
            (Contract::Linear, None) => "units",
        }
    }

    /// Every parameter group that was neither read in code nor in documentation, and whose value
    /// the scenario did not replace: `fees.liquidation (assumed): …`.
    pub fn assumptions(&self) -> Vec<String> {
        let weak = |source: &&Source| source.confidence > Confidence::Docs;
        let told = self.sources.iter().filter(weak).filter_map(|source| {
            let open: Vec<&str> = source
                .covers
                .iter()
                .map(String::as_str)
                .filter(|key| !self.replaced(key))
                .collect();
            let note = if source.note.is_empty() { &source.origin } else { &source.note };
            (!open.is_empty())
                .then(|| format!("{} ({}): {note}", open.join(", "), source.confidence.word()))
        });
        told.collect()
    }

    /// All rules with their sources; every number is decimal text, every choice a word.
    pub fn to_json(&self) -> Value {
        let overridden = self.overridden.iter().map(|(key, text)| (key.clone(), json!(text)));
        json!({
            "name": self.name,
            "symbol": self.symbol,
            "valid_from": self.valid_from.to_string(),
            "history": self.history,
            "instrument": self.instrument,
            "settlement": self.settlement,
            "contract": self.contract,
            "face": self.face.to_string(),
            "trigger": {
                "price": self.trigger_price,
                "when": self.edge,
                "closing_fee": self.trigger_fee,
            },
            "close_out": close_out(self),
            "fees": {
                "taker": self.fees.taker.to_string(),
                "liquidation": self.fees.liquidation.to_string(),
            },
            "funding": {
                "interval": self.funding.interval.to_string(),
                "price": self.funding.price,
                "pays": self.funding.pays,
                "cap": self.funding.cap.to_string(),
            },
            "volatility": self.volatility.map(volatility),
            "fund": { "scope": self.loss.fund },
            "adl": adl(self),
            "last_resort": { "rung": self.loss.last_rung },
            "protection": { "negative_balance": self.loss.negative_balance },
            "margin": brackets(self),
            "sources": self.sources.iter().map(source).collect::<Vec<_>>(),
            "overridden": Value::Object(overridden.collect()),
        })
    }

    /// Whether an override stands in for what a source says of a key.
    fn replaced(&self, key: &str) -> bool {
        let own = format!("margin.{}", self.symbol);
        let tiers = format!("{own}.tiers");
        self.overridden.iter().any(|(path, _)| {
            path == key || (key == own && [tiers.as_str(), "maintenance"].contains(&path.as_str()))
        })
    }
}

/// The words of three choices, and beside them the amounts of those that have any.
fn close_out(rules: &VenueRules) -> Value {
    let mut section = json!({ "style": rules.close_out.word() });
    match rules.close_out {
        CloseOut::Full | CloseOut::IocThenTakeover | CloseOut::LowerTier => {}
        CloseOut::TwoTiers { cooldown } | CloseOut::ToFirstTier { cooldown } => {
            section["cooldown"] = text(cooldown);
        }
        CloseOut::Fraction { share, above, cooldown } => {
            section["share"] = text(share);
            section["above"] = text(above);
            section["cooldown"] = text(cooldown);
        }
        CloseOut::Restore { buffer, least, cooldown } => {
            section["buffer"] = text(buffer);
            section["least"] = text(least);
            section["cooldown"] = text(cooldown);
        }
        CloseOut::BlockCap { share, least, most, cooldown } => {
            section["share"] = text(share);
            section["least"] = text(least);
            section["most"] = text(most);
            section["cooldown"] = text(cooldown);
        }
    }
    section["price"] = json!(rules.order.word());
    if let OrderPrice::FillableLimit { adjustment, spread } = rules.order {
        section["adjustment"] = text(adjustment);
        section["spread"] = text(spread);
    }
    section["residual"] = json!(rules.residual.word());
    if let Residual::Backstop { below } = rules.residual {
        section["backstop_below"] = text(below);
    }
    section
}

fn adl(rules: &VenueRules) -> Value {
    let mut section = json!({ "start": rules.loss.adl_start.word() });
    match rules.loss.adl_start {
        AdlStart::PeakDrawdown { start } => section["drawdown"] = text(start),
        AdlStart::SymbolDrawdown { start, stop } => {
            section["drawdown"] = text(start);
            section["until"] = text(stop);
        }
        AdlStart::FundEmpty | AdlStart::NegativeEquity | AdlStart::Never => {}
    }
    section["rank"] = json!(rules.loss.adl_rank);
    section["price"] = json!(rules.loss.adl_price);
    section
}

fn volatility(rule: Volatility) -> Value {
    json!({
        "slope": rule.slope.to_string(),
        "window": rule.window.to_string(),
        "reference": rule.reference.to_string(),
        "at_most": rule.at_most.to_string(),
        "lag": rule.lag.to_string(),
        "applies": rule.applies,
    })
}

fn text(value: impl Display) -> Value {
    Value::String(value.to_string())
}

fn brackets(rules: &VenueRules) -> Value {
    let tiers = &rules.tiers;
    json!({
        "lookup": tiers.lookup,
        "cap": tiers.cap.map(text),
        "slope": text(tiers.slope),
        "open_interest": rules.open_interest.map(open_interest),
        "tiers": tiers.steps.iter().map(bracket).collect::<Vec<_>>(),
    })
}

fn open_interest(scale: OpenInterestScale) -> Value {
    json!({ "lower": text(scale.lower), "upper": text(scale.upper) })
}

fn bracket(tier: &Tier) -> Value {
    json!({
        "floor": tier.floor.to_string(),
        "initial": tier.initial.to_string(),
        "maintenance": tier.maintenance.to_string(),
        "deduction": tier.deduction.to_string(),
    })
}

fn source(source: &Source) -> Value {
    json!({
        "covers": source.covers,
        "where": source.origin,
        "retrieved": source.retrieved.map(|day| day.to_string()),
        "confidence": source.confidence,
        "note": source.note,
    })
}
