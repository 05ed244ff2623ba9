//! Recorded crashes through the whole line: what is on record must come out.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod rows;

use deleverage::history::{History, MarkSource};
use deleverage::run;
use deleverage::scenario::{self, Study};
use deleverage::tally::Row;
use rows::rows;
use std::path::Path;
use std::sync::Arc;

fn study(text: &str) -> Study {
    scenario::from_text(text, "replay.toml", Path::new("."), &[]).unwrap().leverage().unwrap()
}

/// The same history with its trades in place of the mark.
fn on_last(history: &History) -> History {
    let mark_source = MarkSource::TradeStandsIn;
    History { mark: Arc::clone(&history.trade), mark_source, ..history.clone() }
}

/// In the hour from 02:00 on 13 March 2020 one trade printed 323.00 while the mark never left 87
/// to 119: a print that liquidates no short on the mark, and every one of them on the last price.
#[test]
fn a_wild_print_liquidates_nobody() {
    let study = study(
        "study = \"leverage\"\n[history]\nevent = \"2020-03-12\"\nsymbol = \"ETHUSDT\"\n\
         [entries]\nat = [\"2020-03-13T02:00:00Z\"]\n\
         [positions]\nside = \"short\"\nleverage = [2, 3]\nhorizon = \"1h\"\n",
    );
    let mut inputs = run::load(&study, None).unwrap();
    let dead = |rows: &[Row]| rows.iter().filter(|row| row.outcome.liquidation.is_some()).count();
    assert_eq!(dead(&rows(&study, &inputs, 1)), 0);
    inputs.history = on_last(&inputs.history);
    assert_eq!(dead(&rows(&study, &inputs, 1)), 2);
}

/// On 19 May 2021 ETH traded at 1,400.73 while its mark never fell below 1,764.3. Who is
/// liquidated on the mark dies no deeper than that; the last price alone kills more.
#[test]
fn the_gap_between_last_and_mark_decides_who_dies() {
    let study = study(
        "study = \"leverage\"\n[history]\nevent = \"2021-05-19\"\nsymbol = \"ETHUSDT\"\n\
         [positions]\nside = \"long\"\nleverage = [1.5, 1.75, 2, 3]\nhorizon = \"1d\"\n",
    );
    let mut inputs = run::load(&study, None).unwrap();
    let on_mark = rows(&study, &inputs, 1);
    let scale = inputs.history.scale;
    let lowest = scale.parse("1764.3").unwrap();
    let triggers = on_mark.iter().filter_map(|row| row.outcome.liquidation);
    assert!(triggers.clone().count() > 0);
    assert!(triggers.clone().all(|end| end.trigger.mark >= lowest));
    inputs.history = on_last(&inputs.history);
    let last = rows(&study, &inputs, 1);
    let deepest = last.iter().filter_map(|row| row.outcome.liquidation);
    let deepest = deepest.map(|end| end.trigger.mark).min().unwrap();
    assert!(deepest < lowest && deepest >= scale.parse("1400.73").unwrap());
    let is_dead = |row: &Row| row.outcome.liquidation.is_some();
    assert!(last.iter().zip(&on_mark).all(|(last, mark)| is_dead(last) || !is_dead(mark)));
    let by_the_wick_alone = last.iter().zip(&on_mark).filter(|(last, mark)| {
        is_dead(last)
            && !is_dead(mark)
            && mark.outcome.liquidation_price.is_some_and(|p| p < lowest)
    });
    assert!(by_the_wick_alone.count() > 0, "the wick liquidates nobody whom the mark spares");
}
