//! Room for every word where captions are as long as they get.

use crate::look::look;
use crate::{coverage, exceedance, frontier, ladder, tornado, validation};
use deleverage::report::chart::Caption;

fn longest(caption: &Caption) -> Caption {
    let twice = |text: &str| format!("{text} {text}");
    Caption {
        headline: twice(&caption.headline),
        subtitle: twice(&caption.subtitle),
        footer: twice(&caption.footer),
    }
}

#[test]
fn long_captions_leave_room_for_the_pictures() {
    let mut need = exceedance::sample();
    need.caption = longest(&need.caption);
    look("room-exceedance", &need);
    let mut covered = coverage::sample();
    covered.caption = longest(&covered.caption);
    look("room-coverage", &covered);
    let mut stress = frontier::sample();
    stress.caption = longest(&stress.caption);
    look("room-frontier", &stress);
}

#[test]
fn long_captions_leave_room_for_the_rows() {
    let mut knobs = tornado::sample();
    knobs.caption = longest(&knobs.caption);
    look("room-tornado", &knobs);
    let mut paid = ladder::sample();
    paid.caption = longest(&paid.caption);
    look("room-ladder", &paid);
    let mut steps = validation::sample();
    steps.caption = longest(&steps.caption);
    look("room-validation", &steps);
}
