//! What is seen in a picture.

use deleverage::report::chart::exchange::{Picture, Text, render, texts};
use deleverage::report::chart::{HEIGHT, WIDTH};

/// Draws a picture twice, checks that both are the same, that no text lies on another, and that
/// it has the right size; keeps it where `CHART_OUT` points.
pub fn look(name: &str, picture: &impl Picture) -> Vec<u8> {
    let png = render(picture).unwrap();
    if let Ok(folder) = std::env::var("CHART_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), &png).unwrap();
    }
    apart(name, &texts(picture).unwrap());
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    pixels
}

/// No two texts share a pixel, and all are on the page.
fn apart(name: &str, texts: &[Text]) {
    for (i, one) in texts.iter().enumerate() {
        let place = one.place;
        let inside = place.left >= 8.0
            && place.right <= f64::from(WIDTH) - 8.0
            && place.top >= 0.0
            && place.bottom <= f64::from(HEIGHT);
        assert!(inside, "{name}: `{}` leaves the page: {place:?}", one.text);
        for other in &texts[..i] {
            let over = other.place;
            let meet = place.left < over.right
                && over.left < place.right
                && place.top < over.bottom
                && over.top < place.bottom;
            assert!(!meet, "{name}: `{}` lies on `{}`", one.text, other.text);
        }
    }
}
