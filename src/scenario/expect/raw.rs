//! `[[expect]]` as written.

use crate::scenario::{List, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A figure of the run beside what is known of it from elsewhere; `deleverage validate` compares
/// the two, and nothing else looks at it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawExpectation {
    /// Rung of the validation ladder, "V1" to "V8".
    pub step: Text,
    /// A figure of the run, such as "fund.end"; `scenarios/README.md` lists them.
    pub figure: Text,
    /// Figures of the study `leverage`: "long" or "short".
    pub side: Option<Text>,
    /// What the figure is taken at: a time of "fund.cash", a leverage of "liquidated.share", a
    /// share of "leverage".
    pub at: Option<Text>,
    /// What is known: a number, two of them from lowest to highest, or an end such as "> 0.9".
    pub truth: List,
    /// How far beside it a result still agrees: an amount, or a part of the truth such as "50%".
    /// Default: not at all.
    pub band: Option<Text>,
    /// Where the band comes from; needed beside a band.
    pub band_from: Option<Text>,
    /// For readers: "XBT", "USD".
    pub unit: Option<String>,
    /// "predicted" or, where a knob of this scenario was set by it, "calibrated".
    pub role: Text,
    /// Who published it, or what it follows from.
    pub source: String,
    /// "A" recomputed from records, "B" reported, "C" reported once, "exact" arithmetic.
    pub grade: Text,
}
