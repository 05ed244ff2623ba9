//! Room for every word where captions are as long as they get.

use crate::look::look;
use crate::samples::{MINUTE, fund_of, many_symbols, market};
use crate::{adl, density, drawdown, open_interest, waterfall};
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
    let mut fund = fund_of(market(121_332.96, 1_440, MINUTE), 50e6, 0.22);
    fund.caption = longest(&fund.caption);
    look("room-fund", &fund);
    let mut many = fund_of(many_symbols(7), 50e6, 1.05);
    many.caption = fund.caption.clone();
    look("room-many", &many);
    let mut falls = drawdown::sample();
    falls.caption = longest(&falls.caption);
    look("room-drawdown", &falls);
    let mut paid = waterfall::sample();
    paid.caption = longest(&paid.caption);
    look("room-waterfall", &paid);
}

#[test]
fn long_captions_leave_room_for_the_wide_pictures() {
    let mut resting = density::sample();
    resting.caption = longest(&resting.caption);
    look("room-density", &resting);
    let mut queue = adl::sample();
    queue.caption = longest(&queue.caption);
    look("room-adl", &queue);
    let mut open = open_interest::sample();
    open.caption = longest(&open.caption);
    look("room-open", &open);
}
