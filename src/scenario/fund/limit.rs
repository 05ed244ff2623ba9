//! The limit of a reverse stress: `need > fund`, or a figure of a world and an amount.

use crate::money::Cash;

/// A figure of one world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// What the fund would have had to begin with (`EXC-033`, `rule`).
    Need,
    /// Fall of its cash from a peak.
    Drawdown,
    /// The same, inventory at the marks.
    DrawdownMarked,
    /// Liquidated, in quote units.
    Liquidated,
}

/// What must not be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub metric: Metric,
    /// `None`: what the fund holds.
    pub amount: Option<Cash>,
}

const METRICS: [(&str, Metric); 4] = [
    ("need", Metric::Need),
    ("drawdown", Metric::Drawdown),
    ("drawdown-mtm", Metric::DrawdownMarked),
    ("liquidated", Metric::Liquidated),
];

impl Limit {
    pub const ACCEPTED: &str = "need, drawdown, drawdown-mtm or liquidated, then > and an amount \
                                or the word fund: need > fund";
    pub const FUND: Self = Self { metric: Metric::Need, amount: None };

    /// `None`: not such a text.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, amount) = text.split_once('>')?;
        let (_, metric) = METRICS.into_iter().find(|(known, _)| *known == name.trim())?;
        match amount.trim() {
            "fund" => Some(Self { metric, amount: None }),
            amount => {
                let amount = Cash::parse(amount).ok().filter(|amount| *amount >= Cash::ZERO)?;
                Some(Self { metric, amount: Some(amount) })
            }
        }
    }
}

impl Metric {
    pub fn word(self) -> &'static str {
        METRICS.into_iter().find(|(_, metric)| *metric == self).map_or("", |(word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_they_are_written() {
        assert_eq!(Limit::parse("need > fund"), Some(Limit::FUND));
        let amount = Some(Cash::parse("5e6").unwrap_or_default());
        let wanted = Limit { metric: Metric::DrawdownMarked, amount };
        assert_eq!(Limit::parse(" drawdown-mtm>5000000").map(|l| l.metric), Some(wanted.metric));
        for wrong in ["need", "need < fund", "x > 1", "need > -1", "need > x"] {
            assert_eq!(Limit::parse(wrong), None, "{wrong}");
        }
    }
}
