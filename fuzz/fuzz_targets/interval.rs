//! Lengths of bars: what is read is written back as a text that means the same.

#![no_main]

use deleverage::history::Interval;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(interval) = Interval::parse(text) {
        assert_eq!(Interval::parse(&interval.to_string()), Some(interval));
    }
});
