//! What may be asked of which generator. Rule `PTH-017`.

use super::fact::{Fact, Lack};
use super::verdict::Verdict;

/// A question that is asked of paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Functional {
    LiquidatedInDay,
    LiquidatedInWeek,
    FundingPaid,
    DeepestDay,
    FundDrawdown,
    SeveralAssets,
}

/// How paths are made, as far as it limits what they can say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Generator {
    Shock,
    Speed,
    Days,
    Stationary {
        /// Mean length of a block.
        days: f64,
    },
    Jumps,
}

/// Whether a question may be put to a generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Usable,
    /// Given what was asked for, a scale, a speed or a jump, whose own chance is not in it.
    WhatIf,
    /// Why not.
    NotUsable(String),
    /// What the record is too short to tell.
    Unknown(String),
}

/// Days that a fund takes to fall in a crash.
const WEEK: f64 = 7.0;

impl Functional {
    pub const ALL: [Self; 6] = [
        Self::LiquidatedInDay,
        Self::LiquidatedInWeek,
        Self::FundingPaid,
        Self::DeepestDay,
        Self::FundDrawdown,
        Self::SeveralAssets,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::LiquidatedInDay => "liquidated_in_day",
            Self::LiquidatedInWeek => "liquidated_in_week",
            Self::FundingPaid => "funding_paid",
            Self::DeepestDay => "deepest_day",
            Self::FundDrawdown => "fund_drawdown",
            Self::SeveralAssets => "several_assets",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::LiquidatedInDay => "how often liquidated within 1 day",
            Self::LiquidatedInWeek => "how often liquidated within 7 days",
            Self::FundingPaid => "funding paid",
            Self::DeepestDay => "how deep the deepest day is",
            Self::FundDrawdown => "how far a fund falls",
            Self::SeveralAssets => "what several assets need at once",
        }
    }

    /// The facts it hangs on.
    const fn facts(self) -> &'static [Fact] {
        match self {
            Self::LiquidatedInDay => {
                &[Fact::LongDay, Fact::ShortDay, Fact::MemoryDay, Fact::BarShape]
            }
            Self::LiquidatedInWeek => &[Fact::LongWeek, Fact::ShortWeek, Fact::MemoryDays],
            Self::FundingPaid => &[Fact::FundingMean, Fact::FundingMemory],
            Self::DeepestDay => &[Fact::TailIndex, Fact::FallDay],
            Self::FundDrawdown => {
                &[Fact::TailIndex, Fact::MemoryDay, Fact::FallDay, Fact::FallWhole]
            }
            Self::SeveralAssets => {
                &[Fact::TogetherTwentieth, Fact::TogetherHundredth, Fact::FallDay]
            }
        }
    }

    const fn asks_how_often(self) -> bool {
        matches!(self, Self::LiquidatedInDay | Self::LiquidatedInWeek)
    }
}

impl Generator {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Shock => "shock",
            Self::Speed => "speed",
            Self::Days => "days",
            Self::Stationary { .. } => "stationary",
            Self::Jumps => "jumps",
        }
    }

    /// Whether its paths were asked for one by one, so that their chance is not in them.
    const fn is_what_if(self) -> bool {
        matches!(self, Self::Shock | Self::Speed | Self::Jumps)
    }

    /// Whether it changes a fact on purpose.
    const fn sets(self, fact: Fact) -> bool {
        let depth = matches!(
            fact,
            Fact::TailIndex
                | Fact::Kurtosis
                | Fact::FallDay
                | Fact::FallWeek
                | Fact::FallWhole
                | Fact::LongDay
                | Fact::ShortDay
                | Fact::LongWeek
                | Fact::ShortWeek
        );
        let order = matches!(fact, Fact::MemoryNext | Fact::MemoryDay | Fact::MemoryDays);
        match self {
            Self::Shock | Self::Jumps => depth,
            Self::Speed => depth || order || matches!(fact, Fact::BarShape),
            Self::Days | Self::Stationary { .. } => false,
        }
    }

    /// What it cannot say by the way it is made, whatever the figures are.
    fn limit(self, functional: Functional) -> Option<&'static str> {
        const ONE: &str = "a path that was asked for says how much, never how often";
        const SHORT: &str = "it lasts longer than a block";
        const RECORD: &str = "no bar is deeper than the deepest recorded one";
        let days = match self {
            Self::Days => 1.0,
            Self::Stationary { days } => days,
            Self::Shock | Self::Speed if functional.asks_how_often() => return Some(ONE),
            Self::Speed if functional == Functional::FundingPaid => {
                return Some("settlements keep to the clock, and prices do not");
            }
            Self::Shock | Self::Speed | Self::Jumps => return None,
        };
        match functional {
            Functional::DeepestDay => Some(RECORD),
            Functional::LiquidatedInWeek | Functional::FundDrawdown if days < WEEK => Some(SHORT),
            _ => None,
        }
    }

    /// Whether a question may be put to it, by the verdicts on its facts.
    ///
    /// Not usable where it is limited by the way it is made, or where it changes a fact that the
    /// question hangs on, unless on purpose; unknown where the record cannot tell one of them.
    pub fn answer(self, functional: Functional, verdict: impl Fn(Fact) -> Verdict) -> Answer {
        if let Some(limit) = self.limit(functional) {
            return Answer::NotUsable(limit.to_owned());
        }
        let facts = functional.facts().iter().filter(|fact| !self.sets(**fact));
        let judged: Vec<(Fact, Verdict)> = facts.map(|fact| (*fact, verdict(*fact))).collect();
        let alone = (Fact::TogetherTwentieth, Verdict::Lacking(Lack::Symbols));
        if judged.contains(&alone) {
            return Answer::NotUsable("one symbol has nothing to share".to_owned());
        }
        if let Some(changed) = listed(&judged, |verdict| *verdict == Verdict::Changed) {
            return Answer::NotUsable(format!("it changes the {changed}"));
        }
        match listed(&judged, |verdict| *verdict != Verdict::Kept) {
            Some(untold) => Answer::Unknown(format!("the record is too short for the {untold}")),
            None if self.is_what_if() => Answer::WhatIf,
            None => Answer::Usable,
        }
    }
}

/// The names of the facts with such a verdict.
fn listed(judged: &[(Fact, Verdict)], of: impl Fn(&Verdict) -> bool) -> Option<String> {
    let found = judged.iter().filter(|(_, verdict)| of(verdict));
    let names: Vec<&str> = found.map(|(fact, _)| fact.name()).collect();
    (!names.is_empty()).then(|| names.join(" and the "))
}
