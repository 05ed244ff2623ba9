//! What is seen in a picture.

#![allow(dead_code, reason = "each test binary uses a part")]

use deleverage::report::chart::{ChartError, HEIGHT, WIDTH};
use deleverage::report::chart::{Picture, Text, render_with_texts};

/// Draws a picture, checks that no text lies on another and that it has the right size; keeps it
/// where `CHART_OUT` points.
pub fn look(name: &str, picture: &impl Picture) -> Seen {
    let (png, texts) = render_with_texts(picture).unwrap();
    if let Ok(folder) = std::env::var("CHART_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), &png).unwrap();
    }
    apart(name, &texts);
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    Seen { pixels, texts }
}

/// Why a picture is not drawn.
pub fn refused(picture: &impl Picture) -> ChartError {
    render_with_texts(picture).map(|_| ()).unwrap_err()
}

/// A picture's pixels, row by row, and its texts.
pub struct Seen {
    pixels: Vec<u8>,
    texts: Vec<Text>,
}

impl Seen {
    /// Pixels of exactly this colour from one column (included) to another (excluded).
    pub fn count(&self, color: [u8; 3], columns: std::ops::Range<usize>) -> usize {
        let rows = self.pixels.chunks_exact(WIDTH as usize * 3);
        let of_row = |row: &[u8]| {
            row[columns.start * 3..columns.end * 3]
                .chunks_exact(3)
                .filter(|pixel| *pixel == color)
                .count()
        };
        rows.map(of_row).sum()
    }

    /// Pixels of exactly this colour.
    pub fn all(&self, color: [u8; 3]) -> usize {
        self.count(color, 0..WIDTH as usize)
    }

    /// Whether a text holds these words.
    pub fn says(&self, words: &str) -> bool {
        self.times(words) > 0
    }

    /// How many texts hold these words.
    pub fn times(&self, words: &str) -> usize {
        self.texts.iter().filter(|text| text.text.contains(words)).count()
    }

    /// How far from the top the first text with these words is.
    pub fn height(&self, words: &str) -> f64 {
        let text = self.texts.iter().find(|text| text.text.contains(words));
        text.map_or(f64::INFINITY, |text| text.place.top)
    }

    /// Share of these columns that hold a pixel of exactly this colour.
    pub fn filled(&self, color: [u8; 3], columns: std::ops::Range<usize>) -> f64 {
        let all = columns.len() as f64;
        let holds = |column: &usize| self.count(color, *column..column + 1) > 0;
        columns.filter(holds).count() as f64 / all
    }

    /// Whether a text is these words and no others.
    pub fn texts_equal(&self, words: &str) -> bool {
        self.texts.iter().any(|text| text.text == words)
    }
}

pub const BLUE: [u8; 3] = [0, 114, 178];
pub const INDIGO: [u8; 3] = [51, 34, 136];
pub const AMBER: [u8; 3] = [230, 159, 0];
pub const WINE: [u8; 3] = [136, 34, 85];
pub const SKY: [u8; 3] = [86, 180, 233];
pub const GREEN: [u8; 3] = [0, 158, 115];
/// Pixels of a block in a key.
pub const SWATCH: usize = 22 * 16;

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
