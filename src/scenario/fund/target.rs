//! What a batch job wants of a fund: `P(ADL)<1%`.

use crate::money::{Cash, Rate};
use std::fmt;
use std::str::FromStr;

/// A statement that holds or is breached; it holds when the whole interval of its estimate does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Chance that a crash exhausts today's fund, below a limit.
    PerCrash(Rate),
    /// Chance that a year does, below a limit.
    PerYear(Rate),
    /// What the fund needs at a level, below an amount.
    Need { level: Rate, limit: Cash },
}

const ACCEPTED: &str = "P(ADL)<1%, P(ADL per year)<5%, or VaR(99.9%)<50000000";

impl FromStr for Target {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let bad = || format!("expected {ACCEPTED}");
        let (what, limit) = typed.split_once('<').ok_or_else(bad)?;
        let what: String = what.split_whitespace().collect::<Vec<_>>().join(" ");
        let limit = limit.trim();
        let chance = || {
            let rate = Rate::parse(limit).map_err(|why| format!("{limit}: {why}"))?;
            let fits = (1..=Rate::ONE).contains(&rate.steps());
            fits.then_some(rate).ok_or_else(|| format!("{limit}: not a chance in (0, 1]"))
        };
        match &*what {
            "P(ADL)" => chance().map(Self::PerCrash),
            "P(ADL per year)" => chance().map(Self::PerYear),
            other => {
                let level = other.strip_prefix("VaR(").and_then(|rest| rest.strip_suffix(')'));
                let level = Rate::parse(level.ok_or_else(bad)?).map_err(|_| bad())?;
                let limit = Cash::parse(limit).map_err(|why| format!("{limit}: {why}"))?;
                let fits = (1..Rate::ONE).contains(&level.steps());
                fits.then_some(Self::Need { level, limit }).ok_or_else(bad)
            }
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |rate: &Rate| rate.to_decimal() * rust_decimal::Decimal::ONE_HUNDRED;
        match self {
            Self::PerCrash(limit) => write!(f, "P(ADL) < {} %", percent(limit).normalize()),
            Self::PerYear(limit) => {
                write!(f, "P(ADL per year) < {} %", percent(limit).normalize())
            }
            Self::Need { level, limit } => {
                write!(f, "VaR({} %) < {limit}", percent(level).normalize())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_as_they_are_typed() {
        let of = |typed: &str| Target::from_str(typed).map(|target| target.to_string());
        assert_eq!(of("P(ADL)<1%").unwrap(), "P(ADL) < 1 %");
        assert_eq!(of(" P(ADL  per year) < 0.05").unwrap(), "P(ADL per year) < 5 %");
        assert_eq!(of("VaR(99.9%)<50000000").unwrap(), "VaR(99.9 %) < 50000000");
        for wrong in ["", "P(ADL)", "P(ADL)>1%", "P(ADL)<0", "P(ADL)<2", "VaR(1)<5", "VaR<5"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
