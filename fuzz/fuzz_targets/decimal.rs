//! Decimal text: what is read is written back as a text that means the same.

#![no_main]

use deleverage::money::decimal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, u32)| {
    let (text, scale) = input;
    let _ = decimal::parse_scaled(text, scale);
    if let Ok(number) = decimal::parse(text) {
        assert_eq!(decimal::parse(&number.to_string()), Ok(number));
    }
});
