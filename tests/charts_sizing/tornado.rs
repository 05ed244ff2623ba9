use crate::look::{BLUE, look};
use crate::samples::caption;
use deleverage::report::chart::sizing::Measure;
use deleverage::report::chart::sizing::tornado::{End, Input, Kind, Knob};

pub fn knob(name: &str, kind: Kind, ends: [(&str, Option<f64>); 2]) -> Knob {
    let [low, high] = ends.map(|(setting, result)| End { setting: setting.to_owned(), result });
    Knob { name: name.to_owned(), kind, low, high }
}

pub fn sample() -> Input {
    use Kind::{Model, World};
    let some = |low: f64, high: f64| [Some(low * 1e6), Some(high * 1e6)];
    let of = |name, kind, settings: [&'static str; 2], results: [Option<f64>; 2]| {
        knob(name, kind, [(settings[0], results[0]), (settings[1], results[1])])
    };
    Input {
        caption: caption(
            "The depth of the market moves the fund that is needed most; the choice of the \
             model's driver is as large as any knob of the world but that",
        ),
        result: "Fund that covers 99.9 % of crashes".to_owned(),
        measure: Measure::Amount("USDT".to_owned()),
        base: 131e6,
        knobs: vec![
            of("open interest", World, ["×0.5", "×2"], some(58.0, 291.0)),
            of("depth of the market", World, ["×0.5", "×2"], some(402.0, 71.0)),
            of("driver of the price", Model, ["replay", "counterfactual"], some(96.0, 320.0)),
            of("law of impact", Model, ["linear", "square root"], some(150.0, 119.0)),
            of("order within bars", Model, ["low first", "high first"], some(133.0, 127.0)),
            of("sub-steps of a bar", Model, ["1", "13"], some(140.0, 138.5)),
            of("largest account", World, ["left out", "twice as large"], some(64.0, 188.0)),
            of("speed of the fall", World, ["×0.5", "×4"], [Some(122e6), None]),
            of("share of market makers that leave", World, ["0 %", "90 %"], [None, None]),
            of("start of the crash", World, ["−8 h", "+8 h"], some(131.0, 131.0)),
        ],
    }
}

#[test]
fn the_widest_bar_is_on_top_and_nothing_unknown_is_a_number() {
    let seen = look("tornado", &sample());
    let order = ["depth of the market", "open interest", "driver of the price", "start of the"];
    let heights = order.map(|name| seen.height(name));
    assert!(heights.is_sorted(), "{heights:?}");
    assert!(seen.says("×4: no result") && seen.says("90 %: no result"));
    assert!(seen.says("×0.5: 402 M USDT") && seen.says("usual settings: 131 M USDT"));
    assert!(!seen.says(": 0 USDT") && seen.all(BLUE) > 5_000);
}

#[test]
fn bars_are_as_long_as_their_results_lie_apart() {
    let mut input = sample();
    let ends = |low: f64, high: f64| [("a", Some(low)), ("b", Some(high))];
    (input.base, input.measure) = (2.0, Measure::Multiple);
    input.knobs = vec![knob("one", Kind::World, ends(1.0, 5.0))];
    let seen = look("tornado-one", &input);
    let pale = [153, 199, 224];
    let swatch = 22 * 16;
    let [low, high] = [pale, BLUE].map(|ink| (seen.all(ink) - swatch) as f64);
    assert!((high / low - 3.0).abs() < 0.05, "{low} and {high}");
    assert!(seen.says("a: ×1") && seen.says("b: ×5"));
}

#[test]
fn no_result_at_all_leaves_no_bar() {
    let mut input = sample();
    for knob in &mut input.knobs {
        (knob.low.result, knob.high.result) = (None, None);
    }
    let seen = look("tornado-none", &input);
    assert!(seen.all(BLUE) <= 22 * 16, "the key alone");
    assert_eq!(seen.times("no result"), 20);
}

#[test]
fn many_huge_and_tiny_results_are_drawn() {
    let long = "a knob of the world whose name is much longer than the room that there is for it";
    let setting = "a setting that also is told in many words";
    let mut input = sample();
    input.knobs = (0..18)
        .map(|i| {
            let far = 10f64.powi(i - 6);
            let ends = [(setting, Some(far)), (setting, (i % 4 > 0).then_some(far * 3.0))];
            knob(long, if i % 2 == 0 { Kind::World } else { Kind::Model }, ends)
        })
        .collect();
    look("tornado-many", &input);
    (input.base, input.measure) = (0.0, Measure::Share);
    for (i, knob) in input.knobs.iter_mut().enumerate() {
        (knob.low.result, knob.high.result) = (Some(0.0), Some(1e-6 * i as f64));
    }
    look("tornado-shares", &input);
    input.knobs.truncate(1);
    look("tornado-zero", &input);
}
