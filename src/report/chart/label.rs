//! The text of numbers and dates on charts, and room for labels that want the same place.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A share of 0 to 1 as a percentage. Only a true 0 is printed as 0, only a true 1 as 100.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if share <= 0.0 {
        "0 %".to_owned()
    } else if value < 0.1 {
        "<0.1 %".to_owned()
    } else if share < 1.0 && value > 99.9 {
        ">99.9 %".to_owned()
    } else {
        format!("{} %", one_decimal(value))
    }
}

/// Decimals of a percentage that leave two digits of it, or of what is missing to 100 %.
fn fine_decimals(share: f64) -> usize {
    let least = share.min(1.0 - share) * 100.0;
    if least <= 0.0 { 0 } else { (1.0 - least.log10().floor()).clamp(1.0, 12.0) as usize }
}

/// A share near 0 or 1 as a percentage, however near: `0.0042 %`, `99.934 %`.
pub fn fine_percent(share: f64) -> String {
    format!("{:.*} %", fine_decimals(share), share * 100.0)
}

/// As [`fine_percent`], in `decimals` and rounded by `to`.
fn rounded_percent(share: f64, decimals: usize, to: fn(f64) -> f64) -> String {
    let unit = 10f64.powi(decimals as i32);
    // Products of floats end a hair off the decimal that they stand for.
    let near = (share * 100.0 * unit * 1e6).round() / 1e6;
    // Adding 0 takes the sign off a zero.
    format!("{:.decimals$}", to(near) / unit + 0.0)
}

/// An upper bound as [`fine_percent`], never printed lower than it is.
pub fn fine_ceiling(share: f64) -> String {
    format!("{} %", rounded_percent(share, fine_decimals(share), f64::ceil))
}

/// A lower bound as [`fine_percent`], never printed higher than it is.
pub fn fine_floor(share: f64) -> String {
    format!("{} %", rounded_percent(share, fine_decimals(share), f64::floor))
}

/// An interval of such shares, rounded outwards: `0.31–0.59 %`.
pub fn fine_range(low: f64, high: f64) -> String {
    // Ends of one size have as many decimals; far apart each has its own.
    let alike = fine_decimals(low).max(fine_decimals(high));
    let decimals = |share: f64| if high > 20.0 * low { fine_decimals(share) } else { alike };
    let end = |share: f64, to| match share == 0.0 || share == 1.0 {
        true => rounded_percent(share, 0, to),
        false => rounded_percent(share, decimals(share), to),
    };
    format!("{}–{} %", end(low, f64::floor), end(high, f64::ceil))
}

/// A round share at a tick, however near to 0 or 1: `0.0005 %`, `99.95 %`.
pub fn fine_tick(share: f64) -> String {
    format!("{} %", trimmed(share * 100.0, fine_decimals(share)))
}

/// At least four significant digits, thousands separated, no trailing zeros: `2,606`, `0.25`.
pub fn significant(value: f64) -> String {
    let decimals = (3.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    thousands(&trimmed(value, decimals))
}

/// `×0.25`.
pub fn multiple(value: f64) -> String {
    format!("×{}", significant(value))
}

/// An interval of shares as `0.4–2.1 %` or `8.5–27 %`, rounded outwards.
pub fn percent_range(low: f64, high: f64) -> String {
    let unit = |share: f64| if (0.1..0.99).contains(&share) { 1.0 } else { 0.1 };
    let down = (low * 100.0 / unit(low) + 1e-6).floor() * unit(low);
    let up = (high * 100.0 / unit(high) - 1e-6).ceil().max(0.0) * unit(high);
    format!("{}–{} %", trimmed(down, 1), trimmed(up, 1))
}

/// A round percentage at a tick: `0.5 %`, `50 %`.
pub fn percent_tick(share: f64) -> String {
    let digits = thousands(&trimmed(share * 100.0, 4));
    format!("{digits} %")
}

/// One decimal, but a bare 0 and 100.
fn one_decimal(percentage: f64) -> String {
    if percentage == 0.0 || percentage == 100.0 {
        return format!("{percentage:.0}");
    }
    thousands(&format!("{percentage:.1}"))
}

/// A multiple of leverage: `10x`, `2.5x`.
pub fn leverage(multiple: f64) -> String {
    format!("{}x", trimmed(multiple, 2))
}

/// A length of time: minutes below two hours, hours up to two days, then days.
pub fn hours(hours: f64) -> String {
    if hours < 2.0 && hours != 1.0 {
        format!("{} min", trimmed(hours * 60.0, 1))
    } else if hours <= 48.0 {
        format!("{} h", trimmed(hours, 1))
    } else {
        format!("{} days", trimmed(hours / 24.0, 1))
    }
}

/// A price with thousands separated, in as many decimals as tell multiples of `step` apart.
pub fn price(value: f64, step: f64) -> String {
    let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 12.0) as usize;
    thousands(&format!("{value:.decimals$}"))
}

/// A price in six significant digits, thousands separated, no trailing zeros.
pub fn exact_price(value: f64) -> String {
    let decimals = (5.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    thousands(&trimmed(value, decimals))
}

/// An amount in whole units, thousands separated; one below ten in four significant digits.
pub fn amount(value: f64) -> String {
    if value == 0.0 || value.abs() >= 10.0 {
        return thousands(&format!("{value:.0}"));
    }
    let decimals = (3.0 - value.abs().log10().floor()).clamp(0.0, 12.0) as usize;
    trimmed(value, decimals)
}

/// `19 May 13:00`, in UTC. Milliseconds outside jiff's calendar come back as a plain number.
pub fn moment(millis: i64) -> String {
    calendar(millis, "%-d %b %H:%M")
}

/// `19 May 2021 13:00`, in UTC.
pub fn dated_moment(millis: i64) -> String {
    calendar(millis, "%-d %b %Y %H:%M")
}

/// `19 May`, in UTC.
pub fn day(millis: i64) -> String {
    calendar(millis, "%-d %b")
}

/// `19 May 2021`, in UTC.
pub fn date(millis: i64) -> String {
    calendar(millis, "%-d %b %Y")
}

/// `2021`, in UTC.
pub fn year(millis: i64) -> String {
    calendar(millis, "%Y")
}

fn calendar(millis: i64, format: &str) -> String {
    match Timestamp::from_millisecond(millis) {
        Ok(time) => time.to_zoned(TimeZone::UTC).strftime(format).to_string(),
        Err(_) => format!("{millis} ms"),
    }
}

/// A whole number with thousands separated.
pub fn count(value: u64) -> String {
    thousands(&value.to_string())
}

/// How many there are of what forms its plural with an s: `1 world`, `2,000 worlds`.
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

fn thousands(digits: &str) -> String {
    let (whole, rest) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        let left = whole.len() - i;
        if i > 0 && left % 3 == 0 && out != "-" {
            out.push(',');
        }
        out.push(c);
    }
    out + rest
}

/// At most `decimals` decimals, no trailing zeros.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Moves labels apart: at least `gap` between neighbours, all between `low` and `high`, in their
/// order, with the least sum of squared moves (isotonic regression by pooling adjacent
/// violators; Barlow and Brunk 1972). Where they cannot all fit, the gap shrinks.
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let steps = wanted.len().saturating_sub(1).max(1) as f64;
    let gap = gap.min((high - low) / steps);
    let shifted = |rank: usize| wanted[order[rank]] - gap * rank as f64;
    let ceiling = (high - gap * wanted.len().saturating_sub(1) as f64).max(low);
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for rank in 0..order.len() {
        let mut pool = (shifted(rank), 1);
        while let Some(&(mean, size)) = pools.last().filter(|(mean, _)| *mean > pool.0) {
            let total = mean * size as f64 + pool.0 * pool.1 as f64;
            pool = (total / (size + pool.1) as f64, size + pool.1);
            pools.pop();
        }
        pools.push(pool);
    }
    let mut placed = vec![0.0; wanted.len()];
    let means = pools.iter().flat_map(|&(mean, size)| std::iter::repeat_n(mean, size));
    for (rank, mean) in means.enumerate() {
        placed[order[rank]] = mean.clamp(low, ceiling) + gap * rank as f64;
    }
    placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn labels_keep_their_distance_their_order_and_their_room(
            wanted in prop::collection::vec(-100.0..1100.0f64, 0..30),
            gap in 1.0..30.0f64,
        ) {
            let placed = spread(&wanted, gap, 0.0, 1000.0);
            prop_assert_eq!(placed.len(), wanted.len());
            prop_assert!(placed.iter().all(|y| (-1e-9..=1000.0 + 1e-9).contains(y)));
            for i in 0..wanted.len() {
                for j in 0..i {
                    prop_assert!((placed[i] - placed[j]).abs() >= gap - 1e-6);
                    if wanted[i] != wanted[j] {
                        prop_assert_eq!(wanted[i] < wanted[j], placed[i] < placed[j]);
                    }
                }
            }
        }

        #[test]
        fn labels_with_room_stay_where_they_want_to_be(
            start in 0.0..500.0f64,
            gap in 1.0..40.0f64,
        ) {
            let wanted: Vec<f64> = (0..10).map(|i| start + gap * 1.01 * f64::from(i)).collect();
            let placed = spread(&wanted, gap, 0.0, 1000.0);
            for (want, got) in wanted.iter().zip(&placed) {
                prop_assert!((want - got).abs() < 1e-6);
            }
        }

        #[test]
        fn too_many_labels_share_the_room_evenly(n in 12usize..60) {
            let placed = spread(&vec![5.0; n], 10.0, 0.0, 100.0);
            let gap = 100.0 / (n - 1) as f64;
            prop_assert!(placed.windows(2).all(|p| (p[1] - p[0] - gap).abs() < 1e-6));
        }
    }

    #[test]
    fn numbers_read_as_a_trader_writes_them() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.000_4), "<0.1 %");
        assert_eq!(percent(0.1234), "12.3 %");
        assert_eq!(percent(0.9996), ">99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.02), "2.0 %");
        assert_eq!(percent_range(0.0, 0.0), "0–0 %");
        assert_eq!(percent_range(0.0, 0.999_96), "0–100 %");
        assert_eq!(percent_range(0.999_96, 1.0), "99.9–100 %");
        assert_eq!((percent_tick(0.005), percent_tick(20.0)), ("0.5 %".into(), "2,000 %".into()));
        assert_eq!(percent_range(0.004, 0.021), "0.4–2.1 %");
        assert_eq!(percent_range(0.085_3, 0.266), "8.5–27 %");
        assert_eq!((leverage(10.0), leverage(2.5)), ("10x".to_owned(), "2.5x".to_owned()));
        assert_eq!(price(121_332.96, 5_000.0), "121,333");
        assert_eq!(exact_price(43_621.337), "43,621.3");
        assert_eq!(exact_price(0.000_01), "0.00001");
        assert_eq!(price(-1234.5, 0.5), "-1,234.5");
        assert_eq!(price(0.000_010_2, 0.000_000_2), "0.0000102");
        assert_eq!((hours(0.25), hours(24.0)), ("15 min".to_owned(), "24 h".to_owned()));
        assert_eq!((hours(1.0), hours(168.0)), ("1 h".to_owned(), "7 days".to_owned()));
        assert_eq!(moment(1_621_429_200_000), "19 May 13:00");
    }

    #[test]
    fn shares_near_the_ends_keep_two_digits() {
        let told = [0.0, 0.000_042, 0.0042, 0.123, 0.999_34, 1.0].map(fine_percent);
        assert_eq!(told, ["0 %", "0.0042 %", "0.42 %", "12.3 %", "99.934 %", "100 %"]);
        assert_eq!(fine_range(0.0, 0.000_37), "0–0.037 %");
        assert_eq!(fine_range(0.003_12, 0.005_81), "0.31–0.59 %");
        assert_eq!(fine_range(0.999_91, 1.0), "99.9910–100 %");
        assert_eq!(fine_range(0.005_1, 0.014_6), "0.51–1.46 %");
        assert_eq!(fine_range(0.000_549, 0.546_87), "0.054–54.7 %");
        assert_eq!(fine_range(-0.0, 0.0), "0–0 %");
        assert_eq!(
            (fine_ceiling(0.001_85), fine_floor(0.999_26)),
            ("0.19 %".into(), "99.926 %".into())
        );
        let ticks = [1.0, 0.5, 0.05, 1e-7, 0.9995].map(fine_tick);
        assert_eq!(ticks, ["100 %", "50 %", "5 %", "0.00001 %", "99.95 %"]);
        assert_eq!([2_606.3, 0.0, 214.0].map(significant), ["2,606", "0", "214"]);
        assert_eq!([0.25, 12.0, 1.33333].map(multiple), ["×0.25", "×12", "×1.333"]);
    }

    #[test]
    fn only_one_is_singular() {
        let told = [0, 1, 2, 2_000].map(|number| counted(number, "market maker"));
        let wanted = ["0 market makers", "1 market maker", "2 market makers"];
        assert_eq!(told[..3], wanted);
        assert_eq!(told[3], "2,000 market makers");
    }
}
