//! What is wanted, and which files of the archive hold it.

use super::product::Product;
use crate::fault::{Fault, Place, Result};
use crate::history::Interval;
use jiff::civil::{Date, date};

/// The day on which the first perpetual of the venue was traded.
const OPENED: Date = date(2019, 9, 8);
const INTERVALS: [&str; 14] =
    ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w"];

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    from: Date,
    to: Date,
}

impl Span {
    /// # Errors
    /// A span that is turned round, begins before the venue opened, or has not ended before
    /// `today` (UTC).
    pub fn new(from: Date, to: Date, today: Date) -> Result<Self> {
        let fault = |problem: &str, found: Date, accepted: String| {
            Err(Fault::new(Place::default(), problem).found(found).accepted(accepted).into())
        };
        if from < OPENED {
            let accepted = format!("{OPENED} or later");
            return fault("the span begins before the venue opened", from, accepted);
        }
        if to >= today {
            let accepted = format!("a day before {today}");
            return fault("the archive has only days that have ended", to, accepted);
        }
        if to < from {
            return fault("the span ends before it begins", to, format!("{from} or later"));
        }
        Ok(Self { from, to })
    }
}

/// Files of one symbol over a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    symbol: String,
    products: Vec<Product>,
    interval: String,
    span: Span,
}

/// A file of the archive, and the files that hold the same days if it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub product: Product,
    pub path: String,
    pub instead: Vec<String>,
}

impl Order {
    /// `interval` is the length of bars (`1m` … `1w`); funding and metrics have none.
    ///
    /// # Errors
    /// A symbol that is not of letters, digits and `_`, an interval that the archive does not
    /// have, no product at all.
    pub fn new(symbol: &str, products: &[Product], interval: &str, span: Span) -> Result<Self> {
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if symbol.is_empty() || !symbol.chars().all(plain) {
            return Err(Fault::new(Place::default(), "not a symbol of the venue")
                .found(symbol)
                .accepted("a symbol such as BTCUSDT")
                .into());
        }
        let length = Interval::parse(interval).map(|interval| interval.to_string());
        let Some(interval) = length.filter(|length| INTERVALS.contains(&length.as_str())) else {
            return Err(Fault::new(Place::default(), "the archive has no bars of this length")
                .found(interval)
                .accepted(INTERVALS.join(", "))
                .into());
        };
        let mut products = products.to_vec();
        products.sort();
        products.dedup();
        if products.is_empty() {
            return Err(Fault::new(Place::default(), "no kind of file is asked for")
                .accepted(Product::ALL.map(Product::name).join(", "))
                .into());
        }
        Ok(Self { symbol: symbol.to_owned(), products, interval, span })
    }

    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// By product, in the order of time.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let months = months(self.span);
        let of = |&product| months.iter().flat_map(move |&month| self.pieces_of(product, month));
        self.products.iter().flat_map(of).collect()
    }

    /// The monthly file where the whole month is wanted or nothing else exists, else the days.
    fn pieces_of(&self, product: Product, month: Span) -> Vec<Piece> {
        let days = || days(month).into_iter().map(|day| self.daily(product, day));
        let whole =
            month.from == month.from.first_of_month() && month.to == month.to.last_of_month();
        let monthly = |instead| Piece { product, path: self.monthly(product, month.from), instead };
        match product {
            Product::Funding => vec![monthly(Vec::new())],
            Product::Klines | Product::Mark | Product::Index if whole => {
                vec![monthly(days().collect())]
            }
            _ => days().map(|path| Piece { product, path, instead: Vec::new() }).collect(),
        }
    }

    fn monthly(&self, product: Product, day: Date) -> String {
        self.path("monthly", product, &format!("{:04}-{:02}", day.year(), day.month()))
    }

    fn daily(&self, product: Product, day: Date) -> String {
        self.path("daily", product, &day.to_string())
    }

    fn path(&self, period: &str, product: Product, date: &str) -> String {
        let (folder, symbol) = (product.folder(), &self.symbol);
        let root = format!("data/futures/um/{period}/{folder}/{symbol}");
        if product.is_bars() {
            let interval = &self.interval;
            format!("{root}/{interval}/{symbol}-{interval}-{date}.zip")
        } else {
            format!("{root}/{symbol}-{folder}-{date}.zip")
        }
    }
}

/// The span, cut at the ends of months.
fn months(span: Span) -> Vec<Span> {
    let mut months = Vec::new();
    let mut from = Some(span.from);
    while let Some(first) = from.filter(|&first| first <= span.to) {
        let to = first.last_of_month().min(span.to);
        months.push(Span { from: first, to });
        from = to.tomorrow().ok();
    }
    months
}

fn days(span: Span) -> Vec<Date> {
    span.from.series(jiff::Span::new().days(1)).take_while(|&day| day <= span.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: Date, to: Date) -> Span {
        Span::new(from, to, date(2025, 1, 1)).unwrap()
    }

    fn paths(products: &[Product], interval: &str, span: Span) -> Vec<String> {
        let order = Order::new("BTCUSDT", products, interval, span).unwrap();
        order.pieces().into_iter().map(|piece| piece.path).collect()
    }

    #[test]
    fn whole_months_come_as_months_and_the_rest_as_days() {
        let span = span(date(2020, 1, 31), date(2020, 3, 2));
        let found = paths(&[Product::Klines], "1m", span);
        let at = |period: &str, date: &str| {
            format!("data/futures/um/{period}/klines/BTCUSDT/1m/BTCUSDT-1m-{date}.zip")
        };
        let wanted = [
            at("daily", "2020-01-31"),
            at("monthly", "2020-02"),
            at("daily", "2020-03-01"),
            at("daily", "2020-03-02"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_month_knows_its_days() {
        let span = span(date(2020, 2, 1), date(2020, 2, 29));
        let order = Order::new("BTCUSDT", &[Product::Mark], "60m", span).unwrap();
        let pieces = order.pieces();
        assert_eq!((pieces.len(), pieces[0].instead.len()), (1, 29));
        let last = "data/futures/um/daily/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2020-02-29.zip";
        assert_eq!(pieces[0].instead[28], last);
    }

    #[test]
    fn funding_is_monthly_and_metrics_are_daily() {
        let span = span(date(2020, 12, 31), date(2021, 1, 1));
        assert_eq!(
            paths(&[Product::Metrics, Product::Funding], "1m", span),
            [
                "data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2020-12.zip",
                "data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2021-01.zip",
                "data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2020-12-31.zip",
                "data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2021-01-01.zip",
            ]
        );
    }

    #[test]
    fn orders_that_no_archive_can_serve_are_refused() {
        let good = span(date(2020, 1, 1), date(2020, 1, 1));
        let all = &Product::ALL;
        for symbol in ["", "btcusdt", "../BTC", "BTC/USDT"] {
            assert!(Order::new(symbol, all, "1m", good).is_err(), "{symbol}");
        }
        for interval in ["7m", "1s", "x", ""] {
            assert!(Order::new("BTCUSDT", all, interval, good).is_err(), "{interval}");
        }
        assert!(Order::new("BTCUSDT", &[], "1m", good).is_err());
        let today = date(2020, 6, 1);
        assert!(Span::new(date(2020, 5, 2), date(2020, 5, 1), today).is_err());
        assert!(Span::new(date(2020, 5, 2), today, today).is_err());
        assert!(Span::new(date(2017, 5, 2), date(2020, 5, 2), today).is_err());
    }
}
