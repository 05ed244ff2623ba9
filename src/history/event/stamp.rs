//! UTC milliseconds ↔ RFC 3339 text.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer, de};

/// `2021-05-19T13:00:00Z`, with a fraction only where the milliseconds are not zero. Times beyond
/// the calendar (years −9999 … 9999) print as their number of milliseconds.
pub fn rfc3339(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |at| at.to_string())
}

pub(super) fn parse(text: &str) -> Option<i64> {
    text.parse().ok().map(Timestamp::as_millisecond)
}

pub(super) fn serialize<S: Serializer>(millis: &i64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&rfc3339(*millis))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not an RFC 3339 time")))
}
