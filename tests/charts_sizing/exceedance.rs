use crate::look::{BLUE, SWATCH, WINE, look};
use crate::samples::{caption, exceedance, needs, quantile};
use deleverage::report::chart::sizing::exceedance::{Input, Level, Quantile, Wide};

/// The ground of the wider band.
const WIDE: [u8; 3] = [250, 236, 204];

fn of_needs(needs: &[f64], asset: &str, today: Option<f64>) -> Input {
    let curve = exceedance(needs);
    let wider = |share: f64| (share * 0.35, (share * 2.6 + 0.001).min(1.0));
    let ends = curve.iter().map(|point| wider(point.share)).collect();
    let known = |level: f64| {
        let fund = quantile(needs, level);
        let high = (level < 0.999).then_some(fund * 1.3);
        Level { level, value: Quantile::Known { fund, low: fund * 0.8, high } }
    };
    let mut levels: Vec<Level> = [0.95, 0.99, 0.999].map(known).into();
    levels.push(Level { level: 0.9997, value: Quantile::TooFew { needed: 12_295 } });
    Input {
        caption: caption(
            "With today's fund one crash in 105 ends in auto-deleveraging; 99.9 % of crashes are \
             covered from 76 M USDT on",
        ),
        asset: asset.to_owned(),
        curve,
        interval: "95 % of draws".to_owned(),
        wide: Some(Wide { name: "95 % of crashes, resampled".to_owned(), ends }),
        today,
        levels,
    }
}

pub fn sample() -> Input {
    of_needs(&needs(2_000, 860, 3e6), "USDT", Some(25e6))
}

#[test]
fn the_chance_of_deleveraging_is_read_off_at_todays_fund() {
    let seen = look("exceedance", &sample());
    for words in ["Today's fund 25.0 M USDT", "VaR 99.9 %:", "43.0 % of scenarios need no fund"] {
        assert!(seen.says(words), "{words}");
    }
    let above = needs(2_000, 860, 3e6).iter().filter(|need| **need > 25e6).count();
    assert!(above > 10 && seen.says(&format!("P(ADL) {:.2} %", above as f64 / 20.0)));
    assert!(seen.says("VaR 99.97 %: needs 12,295 scenarios"));
    assert!(seen.all(BLUE) > 2_000 && seen.all(WINE) > 1_000 && seen.all(WIDE) > 20_000);
}

#[test]
fn beyond_the_largest_need_there_is_a_bound_and_no_zero() {
    let mut input = of_needs(&needs(2_000, 860, 3e6), "USDT", Some(900e6));
    input.wide = None;
    let seen = look("exceedance-beyond", &input);
    assert!(seen.says("P(ADL) ≤ 0.19 %"));
    assert!(seen.says("none seen: at most") && !seen.says("P(ADL) 0 %"));
    assert_eq!(seen.all(WIDE), 0);
}

#[test]
fn the_step_that_is_a_bound_is_dashed() {
    // One need, of a coin, in a thousand scenarios: the share is a level line up to it, the bound
    // beyond it.
    let mut needs = vec![0.0; 1_000];
    needs[999] = 1.0;
    let mut input = of_needs(&needs, "BTC", None);
    (input.wide, input.levels) = (None, Vec::new());
    let seen = look("exceedance-one", &input);
    let columns = |from: f64, to: f64| (1_600.0 * from) as usize..(1_600.0 * to) as usize;
    let (solid, dashed) = (columns(0.2, 0.3), columns(0.7, 0.8));
    let [solid, dashed] = [solid, dashed].map(|columns| seen.filled(BLUE, columns));
    assert!(solid > 0.95 && (0.4..0.9).contains(&dashed), "{solid} and {dashed}");
}

#[test]
fn no_need_at_all_is_said_with_its_bound() {
    let seen = look("exceedance-none", &of_needs(&[0.0; 500], "USDT", Some(50e6)));
    assert!(seen.says("No scenario needs a fund; the upper bound is 0.74 %"));
    assert_eq!(seen.all(BLUE), 0);
}

#[test]
fn huge_small_and_few_needs_are_drawn() {
    let few = of_needs(&[0.0, 3.0, 5.0], "BTC", Some(0.0));
    assert!(look("exceedance-few", &few).says("there is no fund today: P(ADL) 66.7 %"));
    look("exceedance-huge", &of_needs(&needs(50_000, 10, 4e14), "USDT", Some(1e3)));
    look("exceedance-small", &of_needs(&needs(300, 0, 2e-7), "BTC", Some(1.0)));
    let mut alike = of_needs(&[5e6; 40], "USDT", Some(5e6));
    alike.wide = None;
    let seen = look("exceedance-alike", &alike);
    assert!(seen.says("P(ADL) ≤ 9.3 %"));
    assert!(seen.all(BLUE) > SWATCH);
}
