//! A map from the columns of a foreign table to ours.

use super::stamp::TimeUnit;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A column by the name in its header, or by its number from 1 in a table without header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ColumnRef {
    Number(usize),
    Name(String),
}

impl fmt::Display for ColumnRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// Which columns of a CSV hold what. Bars name `open`, `high` and `low`; a series of single
/// values (funding rate, index price) names `time` and `close` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Open of the bar or stamp of the value, UTC.
    pub time: ColumnRef,
    /// Unit of integer stamps; told by their magnitude where absent.
    #[serde(default)]
    pub unit: Option<TimeUnit>,
    #[serde(default)]
    pub open: Option<ColumnRef>,
    #[serde(default)]
    pub high: Option<ColumnRef>,
    #[serde(default)]
    pub low: Option<ColumnRef>,
    /// Close of the bar, or the single value.
    pub close: ColumnRef,
    #[serde(default)]
    pub volume: Option<ColumnRef>,
    /// One character between cells; `,` where absent.
    #[serde(default)]
    pub delimiter: Option<char>,
}
