//! The one list of formats that a history can be read from.

use super::columns::Columns;
use super::defects::Defects;
use super::formats::{archive, columnar, headed, mapped, plain};
use super::raw::{Kind, Reading};
use super::text;
use crate::fault::{Fault, Place, Result};

/// A table to be read, and what the caller knows of it.
pub(super) struct Ask<'a> {
    pub file: &'a str,
    pub bytes: &'a [u8],
    /// What the series records, where the caller knows.
    pub kind: Option<Kind>,
    pub columns: Option<&'a Columns>,
}

impl Ask<'_> {
    pub fn fault(&self, problem: impl Into<String>) -> Fault {
        Fault::new(Place::file(self.file), problem)
    }

    /// The kind the caller asks for, or the one the file's name tells, or trade.
    pub fn bar_kind(&self) -> Kind {
        self.kind.or_else(|| told_by_name(self.file)).unwrap_or(Kind::Trade)
    }
}

/// One way to write a series down.
pub struct Format {
    pub name: &'static str,
    /// One line for help and messages.
    pub about: &'static str,
    /// Whether the content looks like this format.
    pub(super) sniff: fn(&[u8]) -> bool,
    pub(super) read: fn(&Ask, &mut Defects) -> Result<Reading>,
}

/// Every format, in the order in which content is compared with them. Text formats are also
/// read from a `.zip` with one member.
pub static FORMATS: &[Format] = &[
    Format {
        name: "headed",
        about: "CSV whose header names time (or date, timestamp, open_time), open, high, low, \
                close[, volume], in any order",
        sniff: headed::is_headed,
        read: headed::read,
    },
    Format {
        name: "binance-klines",
        about: "Binance archive klines, markPriceKlines, indexPriceKlines: 12 columns",
        sniff: archive::is_klines,
        read: archive::read_klines,
    },
    Format {
        name: "binance-funding",
        about: "Binance archive fundingRate: calc_time,funding_interval_hours,last_funding_rate",
        sniff: archive::is_funding,
        read: archive::read_funding,
    },
    Format {
        name: "binance-metrics",
        about: "Binance archive metrics: create_time,symbol,sum_open_interest,…",
        sniff: archive::is_metrics,
        read: archive::read_metrics,
    },
    Format {
        name: "bars",
        about: "CSV: open_time_ms,open,high,low,close[,volume]",
        sniff: plain::is_bars,
        read: plain::read_bars,
    },
    Format {
        name: "funding",
        about: "CSV: funding_time_ms,funding_rate",
        sniff: plain::is_funding,
        read: plain::read_funding,
    },
    Format {
        name: "ticks",
        about: "CSV: time_ms,price",
        sniff: plain::is_ticks,
        read: plain::read_ticks,
    },
    Format {
        name: "parquet",
        about: "Parquet: date or open_time, open, high, low, close[, volume]",
        sniff: columnar::is_parquet,
        read: columnar::read_parquet,
    },
    Format {
        name: "feather",
        about: "Arrow/feather as freqtrade writes it: date, open, high, low, close, volume",
        sniff: columnar::is_feather,
        read: columnar::read_feather,
    },
    Format {
        name: "columns",
        about: "any CSV, with a map that names its columns",
        sniff: |_| false,
        read: mapped::read,
    },
];

impl Format {
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The names of all formats, for messages.
    pub fn names() -> String {
        FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
    }

    /// By name, by the presence of a column map, or by content.
    pub(super) fn choose(ask: &Ask, name: Option<&str>) -> Result<&'static Self> {
        match (name, ask.columns) {
            (Some(name), _) => Self::named(name).ok_or_else(|| {
                ask.fault("unknown format").found(name).accepted(Self::names()).into()
            }),
            (None, Some(_)) => Self::choose(ask, Some("columns")),
            (None, None) => Self::sniffed(ask),
        }
    }

    fn sniffed(ask: &Ask) -> Result<&'static Self> {
        let found = FORMATS.iter().find(|format| (format.sniff)(ask.bytes));
        let unknown = || match text::first_line(ask.bytes) {
            Some(line) => {
                ask.fault("format not recognised").found(line.chars().take(80).collect::<String>())
            }
            None => ask.fault("not UTF-8 text"),
        };
        found.ok_or_else(|| {
            unknown().accepted(format!("{}, or a map of columns", Self::names())).into()
        })
    }
}

/// What the words in a file's name and its folders say it records.
pub(super) fn told_by_name(file: &str) -> Option<Kind> {
    let lower = file.to_ascii_lowercase();
    let parts: Vec<&str> = lower.rsplit(['/', '\\']).take(4).collect();
    parts.into_iter().find_map(|part| {
        part.split(|letter: char| !letter.is_ascii_alphanumeric()).find_map(told_by_word)
    })
}

fn told_by_word(word: &str) -> Option<Kind> {
    match word {
        "mark" | "markprice" | "markpriceklines" => Some(Kind::Mark),
        "index" | "indexprice" | "indexpriceklines" => Some(Kind::Index),
        "funding" | "fundingrate" => Some(Kind::Funding),
        "metrics" => Some(Kind::OpenInterest),
        "trade" | "klines" | "futures" => Some(Kind::Trade),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        let told = [
            ("futures/um/daily/markPriceKlines/BTCUSDT/1m/BTCUSDT-1m.csv", Some(Kind::Mark)),
            ("BTC_USDT_USDT-1h-funding_rate.feather", Some(Kind::Funding)),
            ("binance-spot-BTCUSDT-trade-1m.csv", Some(Kind::Trade)),
            ("BTCUSDT-metrics-2024-01-01.zip", Some(Kind::OpenInterest)),
            ("bars.csv", None),
        ];
        for (name, kind) in told {
            assert_eq!(told_by_name(name), kind, "{name}");
        }
    }

    #[test]
    fn names_are_unique() {
        for (position, format) in FORMATS.iter().enumerate() {
            assert!(FORMATS[..position].iter().all(|other| other.name != format.name));
            assert!(std::ptr::eq(Format::named(format.name).unwrap(), format));
        }
    }
}
