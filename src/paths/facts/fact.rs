//! The facts by name, and what each needs.

use super::memory::autocorrelation;
use super::together::tail_dependence;
use super::{falls, returns};
use crate::history::History;
use crate::paths::bootstrap::DAY;
use crate::scenario::Side;
use std::fmt;

/// One figure of a set of histories: of one symbol, or the mean over symbols or their pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    TailIndex,
    Kurtosis,
    BarShape,
    MemoryNext,
    MemoryDay,
    MemoryDays,
    TogetherTwentieth,
    TogetherHundredth,
    FallDay,
    FallWeek,
    FallWhole,
    LongDay,
    ShortDay,
    LongWeek,
    ShortWeek,
    FundingMean,
    FundingMemory,
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    Bars(usize),
    Days(usize),
    Settlements(usize),
    Symbols,
    /// Nothing moves, or nothing falls.
    Still,
    /// The generator cannot make any.
    Paths,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bars(bars) => write!(f, "needs {bars} bars"),
            Self::Days(days) => write!(f, "needs {days} days"),
            Self::Settlements(count) => write!(f, "needs {count} settlements"),
            Self::Symbols => f.write_str("needs two symbols"),
            Self::Still => f.write_str("nothing moves"),
            Self::Paths => f.write_str("no paths"),
        }
    }
}

/// A figure, or why there is none.
pub type Measure = Result<f64, Lack>;

/// How a figure reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// From −1 to 1: errors are compared as they are.
    Correlation,
    /// A share of the price.
    Share,
    /// A small share of the notional.
    Rate,
    Number,
}

/// What is known of a fact beside its figure.
struct Entry {
    fact: Fact,
    key: &'static str,
    name: &'static str,
    scale: Scale,
    needs: Lack,
}

const fn entry(fact: Fact, key: &'static str, name: &'static str, more: (Scale, Lack)) -> Entry {
    Entry { fact, key, name, scale: more.0, needs: more.1 }
}

/// Five times the longest lag or window, ten bars in a tail: less is no figure. Whether more is
/// enough is for its error to say.
const ENTRIES: [Entry; 17] = {
    use Lack::{Bars, Days, Settlements};
    use Scale::{Correlation, Number, Rate, Share};
    [
        entry(Fact::TailIndex, "tail_index", "tail index of losses", (Number, Bars(200))),
        entry(Fact::Kurtosis, "kurtosis", "kurtosis of returns", (Number, Bars(100))),
        entry(Fact::BarShape, "bar_shape", "range over |return| of bars", (Number, Bars(100))),
        entry(
            Fact::MemoryNext,
            "memory_next",
            "memory of |return| to the next bar",
            (Correlation, Bars(100)),
        ),
        entry(
            Fact::MemoryDay,
            "memory_day",
            "memory of |return| within a day",
            (Correlation, Days(5)),
        ),
        entry(
            Fact::MemoryDays,
            "memory_days",
            "memory of |return| over 1 to 5 days",
            (Correlation, Days(25)),
        ),
        entry(
            Fact::TogetherTwentieth,
            "together_5",
            "worst 5 % of bars shared",
            (Correlation, Bars(200)),
        ),
        entry(
            Fact::TogetherHundredth,
            "together_1",
            "worst 1 % of bars shared",
            (Correlation, Bars(1_000)),
        ),
        entry(Fact::FallDay, "fall_day", "95 % fall within 1 day", (Share, Days(5))),
        entry(Fact::FallWeek, "fall_week", "95 % fall within 7 days", (Share, Days(35))),
        entry(Fact::FallWhole, "fall_whole", "deepest fall of all", (Share, Days(5))),
        entry(Fact::LongDay, "long_day", "95 % MAE of a long in 1 day", (Share, Days(5))),
        entry(Fact::ShortDay, "short_day", "95 % MAE of a short in 1 day", (Share, Days(5))),
        entry(Fact::LongWeek, "long_week", "95 % MAE of a long in 7 days", (Share, Days(35))),
        entry(Fact::ShortWeek, "short_week", "95 % MAE of a short in 7 days", (Share, Days(35))),
        entry(Fact::FundingMean, "funding_mean", "mean rate of funding", (Rate, Settlements(30))),
        entry(
            Fact::FundingMemory,
            "funding_memory",
            "memory of funding",
            (Correlation, Settlements(30)),
        ),
    ]
};

/// Of excursions and falls: the quantile that is looked at.
const DEEP: f64 = 0.95;

impl Fact {
    pub const COUNT: usize = ENTRIES.len();

    /// All of them, in the order of tables.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| entry.fact)
    }

    fn entry(self) -> &'static Entry {
        &ENTRIES[self as usize]
    }

    pub fn key(self) -> &'static str {
        self.entry().key
    }

    pub fn name(self) -> &'static str {
        self.entry().name
    }

    pub fn scale(self) -> Scale {
        self.entry().scale
    }

    fn is_joint(self) -> bool {
        matches!(self, Self::TogetherTwentieth | Self::TogetherHundredth)
    }

    /// Of histories with the same bars, one a symbol, without gaps.
    pub fn measure(self, sample: &Sample) -> Measure {
        if self.is_joint() && sample.0.len() < 2 {
            return Err(Lack::Symbols);
        }
        sample.suffices(self.entry().needs)?;
        let deep = |values| falls::quantile(values, DEEP);
        let fall = |days| sample.mean(|one| Ok(deep(falls::falls(one.history, days * one.day))));
        let under = |days, side| {
            sample.mean(|one| Ok(deep(falls::excursions(one.history, days * one.day, side))))
        };
        match self {
            Self::TailIndex => sample.mean(|one| returns::tail_index(&one.returns)),
            Self::Kurtosis => sample.mean(|one| returns::kurtosis(&one.returns)),
            Self::BarShape => sample.mean(|one| returns::bar_shape(one.history)),
            Self::MemoryNext => sample.mean(|one| autocorrelation(&one.sizes, 1..=1)),
            Self::MemoryDay => {
                sample.mean(|one| autocorrelation(&one.sizes, 1..=one.day.max(2) - 1))
            }
            Self::MemoryDays => {
                sample.mean(|one| autocorrelation(&one.sizes, one.day..=5 * one.day))
            }
            Self::TogetherTwentieth => Ok(sample.together(0.05)),
            Self::TogetherHundredth => Ok(sample.together(0.01)),
            Self::FallDay => fall(1),
            Self::FallWeek => fall(7),
            Self::FallWhole => sample
                .mean(|one| Ok(falls::quantile(falls::falls(one.history, one.history.len()), 1.0))),
            Self::LongDay => under(1, Side::Long),
            Self::ShortDay => under(1, Side::Short),
            Self::LongWeek => under(7, Side::Long),
            Self::ShortWeek => under(7, Side::Short),
            Self::FundingMean => {
                sample.mean(|one| Ok(one.rates.iter().sum::<f64>() / one.rates.len() as f64))
            }
            Self::FundingMemory => sample.mean(|one| autocorrelation(&one.rates, 1..=1)),
        }
    }
}

/// The histories of all symbols, with what several facts are computed from.
pub struct Sample<'a>(Vec<One<'a>>);

struct One<'a> {
    history: &'a History,
    /// Bars of a day, at least 1.
    day: usize,
    returns: Vec<f64>,
    /// Absolute returns.
    sizes: Vec<f64>,
    /// Of funding.
    rates: Vec<f64>,
}

impl<'a> Sample<'a> {
    /// Of at least one history.
    pub fn of(histories: &[&'a History]) -> Self {
        let one = |history: &&'a History| {
            let returns = returns::returns(history);
            One {
                history,
                day: (DAY / history.interval.millis()).max(1) as usize,
                sizes: returns.iter().map(|r| r.abs()).collect(),
                returns,
                rates: history.funding.iter().map(|one| one.rate.to_f64()).collect(),
            }
        };
        Self(histories.iter().map(one).collect())
    }

    /// The mean of a figure over all symbols.
    fn mean(&self, figure: impl Fn(&One) -> Measure) -> Measure {
        let sum = self.0.iter().map(figure).sum::<Measure>()?;
        Ok(sum / self.0.len() as f64)
    }

    /// Of two symbols or more.
    fn together(&self, level: f64) -> f64 {
        let returns: Vec<&[f64]> = self.0.iter().map(|one| &*one.returns).collect();
        tail_dependence(&returns, level)
    }

    fn suffices(&self, needs: Lack) -> Result<(), Lack> {
        let Some(first) = self.0.first() else { return Err(Lack::Symbols) };
        let history = first.history;
        let span = history.len() as i64 * history.interval.millis();
        let settled = self.0.iter().map(|one| one.rates.len()).min();
        let is_enough = match needs {
            Lack::Bars(bars) => history.len() > bars,
            Lack::Days(days) => span >= days as i64 * DAY,
            Lack::Settlements(count) => settled.is_some_and(|settled| settled >= count),
            Lack::Symbols | Lack::Still | Lack::Paths => true,
        };
        if is_enough { Ok(()) } else { Err(needs) }
    }
}

#[cfg(test)]
mod tests {
    use super::Fact;

    #[test]
    fn the_table_is_in_the_order_of_the_facts() {
        for (number, fact) in Fact::all().enumerate() {
            assert_eq!(fact as usize, number);
        }
    }
}
