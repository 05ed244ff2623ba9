use crate::look::{AMBER, BLUE, GREEN, look};
use crate::samples::caption;
use deleverage::report::chart::sizing::validation::{
    Band, Figure, Input, Origin, Step, Truth, Verdict,
};

fn figure(name: &str, unit: &str, truth: Truth, model: Option<[f64; 3]>) -> Figure {
    let verdict =
        match (model, truth) {
            (None, _) => Verdict::NotRun,
            (
                Some([_, _, p95]),
                Truth::Exactly(low) | Truth::Between(low, _) | Truth::AtLeast(low),
            ) if p95 < low => Verdict::Lower,
            (
                Some([p5, ..]),
                Truth::Exactly(high) | Truth::Between(_, high) | Truth::AtMost(high),
            ) if p5 > high => Verdict::Higher,
            _ => Verdict::Inside,
        };
    let model = model.map(|[p5, median, p95]| Band { p5, median, p95 });
    let (name, unit) = (name.to_owned(), unit.to_owned());
    Figure { name, unit, truth, model, origin: Origin::Predicted, verdict }
}

fn step(name: &str, title: &str, figures: Vec<Figure>) -> Step {
    Step { name: name.to_owned(), title: title.to_owned(), figures }
}

fn early() -> [Step; 4] {
    use Truth::Exactly;
    let mut bitmex = vec![
        figure("realised fall of the fund", "XBT", Exactly(2606.0), Some([1900.0, 2410.0, 3100.0])),
        figure(
            "unrealised loss on inventory",
            "XBT",
            Exactly(5652.0),
            Some([820.0, 1300.0, 2050.0]),
        ),
        figure("auto-deleveraged", "XBT", Exactly(0.0), Some([0.0, 0.0, 12.0])),
        figure("fund on the 13th, change", "XBT", Exactly(2612.0), Some([-900.0, -310.0, 150.0])),
    ];
    bitmex[0].origin = Origin::Calibrated;
    [
        step(
            "V1",
            "vectors and closed forms",
            vec![figure("worked examples that hold", "", Exactly(214.0), Some([214.0; 3]))],
        ),
        step("V2", "laws", vec![figure("laws that hold", "", Exactly(20.0), Some([20.0; 3]))]),
        step(
            "V3",
            "1 % a day on BTC 2017 to 2020 (Cheng and others 2021)",
            vec![
                figure("leverage of longs", "x", Exactly(3.0), Some([2.7, 2.9, 3.2])),
                figure("leverage of shorts", "x", Exactly(5.0), Some([5.4, 5.9, 6.4])),
            ],
        ),
        step("V4", "BitMEX, 12 to 16 March 2020", bitmex),
    ]
}

fn late() -> [Step; 4] {
    use Truth::{AtLeast, Between, Exactly};
    [
        step(
            "V5",
            "Hyperliquid, 10 October 2025, vaults of 0.6 and 7.5 M$",
            vec![
                figure(
                    "ADL of user liquidations",
                    "%",
                    Between(50.0, 70.0),
                    Some([41.0, 56.0, 66.0]),
                ),
                figure("ADL within 5 minutes", "%", AtLeast(90.0), Some([88.0, 95.0, 99.0])),
                figure("gap of ADL fills", "bp", Between(53.0, 153.0), Some([190.0, 260.0, 410.0])),
                figure("profit of the vaults", "USD", AtLeast(0.0), Some([2e6, 9.4e6, 31e6])),
                figure(
                    "ADL of the top ten accounts",
                    "%",
                    Between(35.0, 55.0),
                    Some([22.0, 29.0, 33.0]),
                ),
            ],
        ),
        step(
            "V6",
            "OKEx, 31 July 2018",
            vec![
                figure("clawed back", "BTC", Exactly(1200.0), Some([700.0, 1150.0, 1900.0])),
                figure("of winners' profit", "%", Between(17.0, 18.0), Some([9.0, 14.0, 24.0])),
            ],
        ),
        step(
            "V7",
            "dYdX, YFI, 17 November 2023",
            vec![figure("change of the fund", "%", Exactly(-40.0), Some([-71.0, -46.0, -18.0]))],
        ),
        step(
            "V8",
            "Binance, 10 October 2025",
            vec![figure("change of the fund", "USD", Exactly(-188e6), None)],
        ),
    ]
}

pub fn sample() -> Input {
    Input {
        caption: caption(
            "Of 17 figures 11 lie inside the band of the model; it falls short of the loss on the \
             inventory that BitMEX kept",
        ),
        steps: early().into_iter().chain(late()).collect(),
    }
}

#[test]
fn verdicts_are_words_and_marks() {
    let seen = look("validation", &sample());
    for words in ["inside", "higher", "lower", "not run", "V8", "2,606 XBT", "50 to 70 %"] {
        assert!(seen.says(words), "{words}");
    }
    assert!(seen.says("(calibrated)") && seen.says("no ratio to a truth around 0"));
    assert!(seen.says("2,410 XBT (1,900 to 3,100)"));
    assert!(seen.all(BLUE) > 500 && seen.all(AMBER) > 50 && seen.all(GREEN) > 300);
}

#[test]
fn what_was_not_run_has_no_dot() {
    let truth = Truth::Exactly(3.0);
    let mut input = sample();
    input.steps = vec![step("V8", "", vec![figure("change", "USD", truth, None)])];
    let seen = look("validation-one", &input);
    // The dot in the key alone: a disc of 7 pixels.
    assert!(seen.all(BLUE) < 160, "{}", seen.all(BLUE));
    assert!(seen.says("not run") && seen.texts_equal("–"));
}

#[test]
fn figures_far_from_their_truth_point_out_of_the_axis() {
    let of = |name: &str, truth, model| figure(name, "M", truth, Some(model));
    let mut input = sample();
    input.steps = vec![step(
        "V9",
        "far and wrong",
        vec![
            of("of another sign", Truth::Exactly(5.0), [-9.0, -7.0, -5.0]),
            of("a million times", Truth::Exactly(1e-6), [0.5, 1.0, 2.0]),
            of("a millionth", Truth::Exactly(1e6), [0.5, 1.0, 2.0]),
            of("across it all", Truth::Exactly(1.0), [1e-6, 1.0, 1e6]),
            of("at most", Truth::AtMost(-2.0), [-3.0, -2.5, -2.2]),
            of("around nothing", Truth::Between(-2.0, 2.0), [-3.0, 2.5, 12.2]),
        ],
    )];
    look("validation-far", &input);
}

#[test]
fn as_many_lines_as_there_may_be_keep_apart() {
    let long = "a figure whose name is very much longer than the room that is there for its name";
    let one = figure(long, "USDT a coin", Truth::Between(1_234_567.0, 2e9), Some([1.0, 2e7, 3e11]));
    let steps = (0..4).map(|i| step(&format!("V{i}"), long, vec![one.clone(); 10]));
    let steps: Vec<Step> = steps.collect();
    let mut input = Input { caption: sample().caption, steps };
    look("validation-many", &input);
    for figure in input.steps.iter_mut().flat_map(|step| &mut step.figures) {
        (figure.origin, figure.unit) = (Origin::Calibrated, String::new());
    }
    look("validation-calibrated", &input);
}
