//! Made-up needs of a fund, and captions.

use deleverage::report::chart::Caption;
use deleverage::report::chart::sizing::Point;

pub fn caption(headline: &str) -> Caption {
    Caption {
        headline: headline.to_owned(),
        subtitle: "binance-usdm (rules of 2025-09-30) · replay+local, weight 10 % · mark price \
                   recorded · 4 or 13 sub-steps · 12 crashes · 2,000 scenarios, 1,640 effective \
                   · seed 1"
            .to_owned(),
        footer: "The need is the deepest fall of a fund that never runs dry, marked to market. \
                 Crashes dominate it: the interval over crashes is the one to read."
            .to_owned(),
    }
}

/// What `count` scenarios need, ascending: the first `free` of them nothing, the rest amounts with
/// a heavy tail around `scale`.
pub fn needs(count: usize, free: usize, scale: f64) -> Vec<f64> {
    let tail = |i: usize| {
        let left = (count - i) as f64 / (count - free) as f64;
        scale * (left.powf(-0.55) - 0.95)
    };
    (0..count).map(|i| if i < free { 0.0 } else { tail(i) }).collect()
}

/// The share of needs above each fund that is needed, with an interval of two standard errors.
pub fn exceedance(needs: &[f64]) -> Vec<Point> {
    let n = needs.len() as f64;
    let mut funds: Vec<f64> = std::iter::once(0.0).chain(needs.iter().copied()).collect();
    funds.dedup();
    let point = |fund: f64| {
        let above = (needs.len() - needs.partition_point(|need| *need <= fund)) as f64;
        let share = above / n;
        let error = 2.0 * (share * (1.0 - share) / n).sqrt();
        let high = if above == 0.0 { 3.7 / n } else { share + error + 1.0 / n };
        Point { fund, share, low: (share - error).max(0.0), high: high.min(1.0) }
    };
    funds.into_iter().map(point).collect()
}

/// The share of needs that each fund covers.
pub fn coverage(needs: &[f64]) -> Vec<Point> {
    let rest = |point: Point| Point {
        fund: point.fund,
        share: 1.0 - point.share,
        low: 1.0 - point.high,
        high: 1.0 - point.low,
    };
    exceedance(needs).into_iter().map(rest).collect()
}

/// The need that a share of scenarios does not pass.
pub fn quantile(needs: &[f64], level: f64) -> f64 {
    needs[((needs.len() as f64 * level).ceil() as usize).min(needs.len()) - 1]
}

pub const CRASHES: [&str; 12] = [
    "2018-07-31 OKEx, the 417 M$ long",
    "2020-03-12 BitMEX, Black Thursday",
    "2021-04-18 Sunday long squeeze",
    "2021-05-19 China bans mining",
    "2021-09-07 El Salvador day",
    "2022-05 Luna and UST, nine days of collapse in many steps",
    "2022-06 Celsius and Three Arrows",
    "2022-11 FTX",
    "2023-08-17 SpaceX writes down bitcoin",
    "2023-11-17 YFI on dYdX, a concentrated book",
    "2025-02-03 tariffs on Canada and Mexico",
    "2025-10-10 tariffs on China, the largest auto-deleveraging of all",
];
