//! Stamps of time: which unit they are in, and what they are in UTC milliseconds.

use std::fmt;

/// Unit of an integer stamp.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl TimeUnit {
    pub const ALL: &[Self] = &[Self::Seconds, Self::Millis, Self::Micros, Self::Nanos];

    /// The unit in which `stamp` lies between 1973 and 5138.
    pub fn of(stamp: i64) -> Option<Self> {
        match stamp {
            100_000_000..100_000_000_000 => Some(Self::Seconds),
            100_000_000_000..100_000_000_000_000 => Some(Self::Millis),
            100_000_000_000_000..100_000_000_000_000_000 => Some(Self::Micros),
            100_000_000_000_000_000.. => Some(Self::Nanos),
            _ => None,
        }
    }

    /// `None` where the stamp is finer than a millisecond.
    fn to_millis(self, stamp: i64) -> Option<i64> {
        let exact = |unit: i64| (stamp % unit == 0).then_some(stamp / unit);
        match self {
            Self::Seconds => stamp.checked_mul(1_000),
            Self::Millis => Some(stamp),
            Self::Micros => exact(1_000),
            Self::Nanos => exact(1_000_000),
        }
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Seconds => "seconds",
            Self::Millis => "milliseconds",
            Self::Micros => "microseconds",
            Self::Nanos => "nanoseconds",
        })
    }
}

/// Why a cell is not a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadStamp {
    pub problem: String,
    pub accepted: String,
}

/// Reads the stamps of one file: all in one unit.
#[derive(Debug, Clone)]
pub struct Clock {
    accepted: &'static [TimeUnit],
    unit: Option<TimeUnit>,
}

impl Clock {
    pub fn new(accepted: &'static [TimeUnit]) -> Self {
        Self { accepted, unit: None }
    }

    /// The unit of the integer stamps so far.
    pub fn unit(&self) -> Option<TimeUnit> {
        self.unit
    }

    /// UTC milliseconds of an integer stamp or of a date and time such as `2024-01-31 23:55:00`.
    #[inline]
    pub fn read(&mut self, cell: &[u8]) -> Result<i64, BadStamp> {
        match integer(cell) {
            Some(stamp) => self.stamp(stamp),
            None => calendar(cell).ok_or_else(|| self.bad("not a time")),
        }
    }

    #[inline]
    pub fn stamp(&mut self, stamp: i64) -> Result<i64, BadStamp> {
        let unit = TimeUnit::of(stamp).ok_or_else(|| self.bad("not a time since 1973"))?;
        if self.unit != Some(unit) {
            self.settle(unit)?;
        }
        unit.to_millis(stamp).ok_or_else(|| self.bad("time is finer than a millisecond"))
    }

    fn settle(&mut self, unit: TimeUnit) -> Result<(), BadStamp> {
        if let Some(first) = self.unit {
            let problem = format!("wrong unit of time: {unit} after {first}");
            return Err(BadStamp { problem, accepted: "one unit throughout the file".into() });
        }
        if !self.accepted.contains(&unit) {
            return Err(self.bad(&format!("wrong unit of time: {unit}")));
        }
        self.unit = Some(unit);
        Ok(())
    }

    fn bad(&self, problem: &str) -> BadStamp {
        let units: Vec<String> = self.accepted.iter().map(TimeUnit::to_string).collect();
        let accepted = format!("UTC as {} since 1970", units.join(" or "));
        BadStamp { problem: problem.to_owned(), accepted }
    }
}

#[inline]
fn integer(cell: &[u8]) -> Option<i64> {
    if cell.is_empty() || cell.len() > 18 {
        return std::str::from_utf8(cell).ok()?.parse().ok();
    }
    cell.iter().try_fold(0_i64, |value, &byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + i64::from(digit))
    })
}

/// A date and time in UTC, or with an offset of its own.
fn calendar(cell: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    let millis = match text.parse::<jiff::Timestamp>() {
        Ok(stamp) => stamp.as_nanosecond(),
        Err(_) => {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_nanosecond()
        }
    };
    let exact = millis % 1_000_000 == 0;
    exact.then(|| i64::try_from(millis / 1_000_000).ok()).flatten()
}

/// UTC milliseconds as RFC 3339: `2020-03-12T10:44:00Z`, with a fraction only where there is one.
/// Times beyond the calendar (years −9999 … 9999) come back as their number of milliseconds.
pub fn rfc3339(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map_or_else(|_| format!("{millis} ms"), |stamp| stamp.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_units_of_the_same_moment() {
        for text in ["1735689600", "1735689600000", "1735689600000000", "1735689600000000000"] {
            let mut clock = Clock::new(TimeUnit::ALL);
            assert_eq!(clock.read(text.as_bytes()), Ok(1_735_689_600_000), "{text}");
        }
        for text in ["2025-01-01 00:00:00", "2025-01-01T00:00:00Z", "2025-01-01T01:00:00+01:00"] {
            let mut clock = Clock::new(TimeUnit::ALL);
            assert_eq!(clock.read(text.as_bytes()), Ok(1_735_689_600_000), "{text}");
        }
        assert_eq!(rfc3339(1_735_689_600_000), "2025-01-01T00:00:00Z");
    }

    #[test]
    fn a_unit_that_changes_is_refused() {
        let mut clock = Clock::new(TimeUnit::ALL);
        clock.read(b"1735689600000").unwrap();
        let bad = clock.read(b"1735689660000000").unwrap_err();
        assert_eq!(bad.problem, "wrong unit of time: microseconds after milliseconds");
        for text in ["", "12", "-1735689600000", "yesterday", "1735689600000001"] {
            assert!(Clock::new(TimeUnit::ALL).read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
