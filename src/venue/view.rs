//! Resolved rules for people and for the run's manifest.

use super::rules::{Confidence, Source, VenueRules};
use super::tiers::{Tier, Tiers};
use serde_json::{Value, json};

impl VenueRules {
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

    /// All rules with their sources; every number is decimal text.
    pub fn to_json(&self) -> Value {
        let overridden = self.overridden.iter().map(|(key, text)| (key.clone(), json!(text)));
        json!({
            "name": self.name,
            "symbol": self.symbol,
            "valid_from": self.valid_from.to_string(),
            "history": self.history,
            "settlement": self.settlement,
            "trigger": {
                "price": self.trigger_price,
                "when": self.edge,
                "closing_fee": self.trigger_fee,
            },
            "close_out": { "style": format!("{:?}", self.close_out), "residual": format!("{:?}", self.residual) },
            "fees": {
                "taker": self.fees.taker.to_string(),
                "liquidation": self.fees.liquidation.to_string(),
            },
            "funding": { "interval": self.funding.interval.to_string() },
            "protection": { "negative_balance": self.loss.negative_balance },
            "margin": brackets(&self.tiers),
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

fn brackets(tiers: &Tiers) -> Value {
    json!({
        "lookup": tiers.lookup,
        "cap": tiers.cap.map(|cap| cap.to_string()),
        "tiers": tiers.steps.iter().map(bracket).collect::<Vec<_>>(),
    })
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
