use crate::look::refused;
use crate::{coverage, exceedance, frontier, ladder, tornado, validation};
use deleverage::report::chart::ChartError;
use deleverage::report::chart::sizing::Point;
use deleverage::report::chart::sizing::exceedance::{LEVELS, Quantile};
use deleverage::report::chart::sizing::frontier::CRASHES;
use deleverage::report::chart::sizing::validation::Verdict;

#[test]
fn nothing_to_draw_is_an_error_and_no_picture() {
    let mut need = exceedance::sample();
    need.curve.clear();
    let mut covered = coverage::sample();
    covered.curves.clear();
    let mut stress = frontier::sample();
    stress.cells.iter_mut().flatten().for_each(|cell| *cell = None);
    let mut knobs = tornado::sample();
    knobs.knobs.clear();
    let mut paid = ladder::sample();
    paid.crashes.iter_mut().for_each(|crash| crash.paid = None);
    let mut steps = validation::sample();
    steps.steps.iter_mut().for_each(|step| step.figures.clear());
    let outcomes = [
        refused(&need),
        refused(&covered),
        refused(&stress),
        refused(&knobs),
        refused(&paid),
        refused(&steps),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::NoData(_)), "{outcome:?}");
    }
}

#[test]
fn parts_must_fit_together() {
    let mut need = exceedance::sample();
    need.wide.as_mut().unwrap().ends.pop();
    let mut rows = frontier::sample();
    rows.cells.pop();
    let mut cells = frontier::sample();
    cells.cells[2].pop();
    let mut unjudged = validation::sample();
    unjudged.steps[0].figures[0].verdict = Verdict::NotRun;
    let mut judged = validation::sample();
    judged.steps[0].figures[0].model = None;
    let outcomes =
        [refused(&need), refused(&rows), refused(&cells), refused(&unjudged), refused(&judged)];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::Shape { .. }), "{outcome:?}");
    }
}

#[test]
fn more_than_can_be_read_is_refused() {
    let mut levels = exceedance::sample();
    levels.levels = vec![levels.levels[0]; LEVELS + 1];
    let mut curves = coverage::sample();
    curves.curves = vec![curves.curves[0].clone(); 5];
    let mut crashes = frontier::sample();
    crashes.crashes = vec![crashes.crashes[0].clone(); CRASHES + 1];
    let mut knobs = tornado::sample();
    knobs.knobs = vec![knobs.knobs[0].clone(); 19];
    let mut paid = ladder::sample();
    paid.crashes = vec![paid.crashes[0].clone(); 15];
    let mut steps = validation::sample();
    steps.steps = vec![steps.steps[3].clone(); 9];
    let outcomes = [
        refused(&levels),
        refused(&curves),
        refused(&crashes),
        refused(&knobs),
        refused(&paid),
        refused(&steps),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::TooMany { .. }), "{outcome:?}");
    }
}

#[test]
fn curves_must_begin_without_a_fund_and_run_one_way() {
    let changed = |change: fn(&mut Vec<Point>)| {
        let mut input = exceedance::sample();
        input.wide = None;
        change(&mut input.curve);
        refused(&input)
    };
    let mut falling = coverage::sample();
    falling.curves[1].points[9].share = 0.0;
    falling.curves[1].points[9].low = 0.0;
    let outcomes = [
        changed(|curve| curve.rotate_left(1)),
        changed(|curve| curve.swap(7, 8)),
        changed(|curve| curve[3].share = 1.0),
        changed(|curve| curve[3].low = curve[3].high + 0.01),
        changed(|curve| curve[3].fund = f64::NAN),
        changed(|curve| curve[3].share = -0.1),
        refused(&falling),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::BadNumber { .. }), "{outcome:?}");
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    let mut level = exceedance::sample();
    level.levels[2].level = 1.0;
    let mut value = exceedance::sample();
    value.levels[0].value = Quantile::Known { fund: 2.0, low: 3.0, high: Some(1.0) };
    let mut today = exceedance::sample();
    today.today = Some(-1.0);
    let mut target = coverage::sample();
    target.targets.reverse();
    let mut seeds = frontier::sample();
    seeds.cells[0][0] = Some(1.2);
    let mut depth = frontier::sample();
    depth.depths[0] = 0.0;
    let mut crossed = frontier::sample();
    crossed.line[1].p25 = Some(99.0);
    let mut knob = tornado::sample();
    knob.knobs[4].high.result = Some(f64::INFINITY);
    let mut base = tornado::sample();
    base.base = f64::NAN;
    let mut paid = ladder::sample();
    paid.crashes[0].paid.as_mut().unwrap().owed = -1.0;
    let mut model = validation::sample();
    model.steps[3].figures[0].model.as_mut().unwrap().median = 1.0;
    let outcomes = [
        refused(&level),
        refused(&value),
        refused(&today),
        refused(&target),
        refused(&seeds),
        refused(&depth),
        refused(&crossed),
        refused(&knob),
        refused(&base),
        refused(&paid),
        refused(&model),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, ChartError::BadNumber { .. }), "{outcome:?}");
    }
}
