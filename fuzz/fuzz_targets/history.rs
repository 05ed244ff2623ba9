//! Files of a history, as sniffed and under the name of every format.

#![no_main]

use deleverage::history::{FORMATS, LoadRequest, load, survey};
use libfuzzer_sys::fuzz_target;
use std::io::Write;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("a file that can be written");
    let path = file.path().display().to_string();
    survey(&path).expect("a file that can be read");
    for format in FORMATS {
        let mut request = LoadRequest::default();
        request.trade.paths = vec![path.clone()];
        request.trade.format = Some(format.name.to_owned());
        let _ = load(&request);
    }
});
