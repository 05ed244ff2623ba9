//! What every picture shares: headline, subtitle, footer, and the room left for the plot.

use super::ChartError;
use super::canvas::{Canvas, Rect, Type};
use super::color;
use super::{HEIGHT, WIDTH};

/// The words around a plot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// One sentence that answers the question.
    pub headline: String,
    /// Where the figures come from: venue, symbol, interval, mark or last, n, effective n, seed.
    pub subtitle: String,
    /// What the reader must not conclude. May be empty.
    pub footer: String,
}

pub const MARGIN: f64 = 48.0;
/// Type sizes, in pixels.
pub const TICK: f64 = 19.0;
pub const NAME: f64 = 19.0;
pub const TITLE: f64 = 23.0;
const SUBTITLE: f64 = 19.0;
const FOOTER: f64 = 17.0;
/// The headline takes the first of these sizes at which it fits into two lines.
const HEADLINE: [f64; 4] = [34.0, 31.0, 28.0, 25.0];
const LINES: usize = 2;
/// Distance between two lines of text, in type sizes.
const PITCH: f64 = 1.32;

/// Draws the caption and returns the rectangle that is free for the plot.
pub fn draw(canvas: &Canvas<'_>, caption: &Caption) -> Result<Rect, ChartError> {
    let width = f64::from(WIDTH) - 2.0 * MARGIN;
    let mut top = 34.0;
    let (face, lines) = headline(&caption.headline, width)?;
    top = set(canvas, &lines, face, top)?;
    let face = Type::new(SUBTITLE).color(color::MUTED);
    top = set(canvas, &wrap(&caption.subtitle, face, width)?, face, top + 8.0)?;
    let face = Type::new(FOOTER).color(color::MUTED);
    let footer = wrap(&caption.footer, face, width)?;
    let bottom = f64::from(HEIGHT) - 28.0 - footer.len() as f64 * FOOTER * PITCH;
    set(canvas, &footer, face, bottom)?;
    let right = f64::from(WIDTH) - MARGIN;
    Ok(Rect { left: MARGIN, top: top + 26.0, right, bottom: bottom - 20.0 })
}

fn headline(text: &str, width: f64) -> Result<(Type, Vec<String>), ChartError> {
    for size in HEADLINE {
        let face = Type::new(size).bold();
        let lines = break_lines(text, face, width)?;
        if lines.len() <= LINES {
            return Ok((face, balanced(text, face, (width, lines.len()))?));
        }
    }
    let face = Type::new(HEADLINE[HEADLINE.len() - 1]).bold();
    Ok((face, wrap(text, face, width)?))
}

/// Breaks `text` into `count` lines of about one length, so that no word stands alone.
fn balanced(
    text: &str,
    face: Type,
    (width, count): (f64, usize),
) -> Result<Vec<String>, ChartError> {
    for narrowed in (10..20).map(|part| width * f64::from(part) / 20.0) {
        let lines = break_lines(text, face, narrowed)?;
        if lines.len() == count {
            return Ok(lines);
        }
    }
    break_lines(text, face, width)
}

/// Draws lines downwards from `top`; returns where the next may begin.
fn set(canvas: &Canvas<'_>, lines: &[String], face: Type, top: f64) -> Result<f64, ChartError> {
    let pitch = face.size * PITCH;
    for (i, line) in lines.iter().enumerate() {
        canvas.text((MARGIN, top + pitch * (i as f64 + 0.5)), line, face)?;
    }
    Ok(top + pitch * lines.len() as f64)
}

/// At most [`LINES`] lines, broken between parts where that is enough; what does not fit ends in
/// an ellipsis.
pub fn wrap(text: &str, face: Type, width: f64) -> Result<Vec<String>, ChartError> {
    let parts = fill(parts(text), face, width)?;
    if parts.len() <= LINES && fit(&parts, face, width)? {
        let bare = |line: &String| line.trim_start_matches("· ").to_owned();
        return Ok(parts.iter().map(bare).collect());
    }
    let mut lines = break_lines(text, face, width)?;
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            *last = face.cut(&format!("{last}…"), width)?;
        }
    }
    Ok(lines)
}

fn break_lines(text: &str, face: Type, width: f64) -> Result<Vec<String>, ChartError> {
    fill(unbreakable(text), face, width)
}

/// Lines of whole pieces; one that is too long has a line of its own.
fn fill(pieces: Vec<String>, face: Type, width: f64) -> Result<Vec<String>, ChartError> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        let longer = if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
        if line.is_empty() || face.width(&longer)? <= width {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, piece));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}

fn fit(lines: &[String], face: Type, width: f64) -> Result<bool, ChartError> {
    for line in lines {
        if face.width(line)? > width {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What stands between the dots of a subtitle, each dot with the part that it introduces.
fn parts(text: &str) -> Vec<String> {
    let mut parts = text.split(" · ");
    let first = parts.next().map(str::to_owned);
    first.into_iter().chain(parts.map(|part| format!("· {part}"))).collect()
}

/// Words, a number together with the unit that follows it: `24 h`, `30.6 %`, `10.9 bn USDT`.
fn unbreakable(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = "";
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(number) if belongs(before, word) => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        before = word;
    }
    words
}

/// Whether a word is the unit of the number, or the power of a thousand, before it.
fn belongs(before: &str, word: &str) -> bool {
    const POWERS: [&str; 6] = ["k", "m", "M", "bn", "tn", "thousand"];
    const LENGTHS: [&str; 5] = ["s", "min", "h", "d", "days"];
    let bare = word.trim_end_matches([',', ';', '.', ':', ')']);
    let is_asset = bare.len() > 2 && bare.chars().all(|c| c.is_ascii_uppercase());
    let digits = before.trim_start_matches(['(', '<', '>', '≤', '≥', '−', '-', '+', '×']);
    let is_digit = |c: char| c.is_ascii_digit();
    match digits.starts_with(is_digit) && digits.ends_with(is_digit) {
        true => {
            let known = POWERS.iter().chain(&LENGTHS).any(|unit| *unit == bare);
            known || is_asset || word.starts_with('%')
        }
        false => is_asset && POWERS.contains(&before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_unit() {
        let words = unbreakable("closed within 24 h, or 24 h later at 30 % of 5 USDT");
        let together = ["24 h,", "24 h", "30 %", "5 USDT"];
        assert!(together.iter().all(|pair| words.iter().any(|word| word == pair)), "{words:?}");
        assert!(words.contains(&"within".to_owned()));
        let words = unbreakable("by 10.9 bn USDT (36.7 % of 3 worlds) or <0.1 % to 0.5 BTC; 7 M h");
        let wanted = [
            "by",
            "10.9 bn USDT",
            "(36.7 %",
            "of",
            "3",
            "worlds)",
            "or",
            "<0.1 %",
            "to",
            "0.5 BTC;",
        ];
        assert_eq!(words[..wanted.len()], wanted);
    }

    #[test]
    fn a_subtitle_breaks_at_its_dots() {
        let face = Type::new(19.0);
        let text = "BTCUSDT · 1h bars, both orders · driver replay+local 10.0 % · 20 worlds";
        let lines = wrap(text, face, 480.0).unwrap();
        let wanted = ["BTCUSDT · 1h bars, both orders", "driver replay+local 10.0 % · 20 worlds"];
        assert_eq!(lines, wanted);
        let narrow = wrap(text, face, 300.0).unwrap();
        assert_eq!(narrow.len(), LINES, "{narrow:?}");
    }

    #[test]
    fn a_headline_of_two_lines_leaves_no_word_alone() {
        let text = "Opened a day before the crash, every long from 5x up was liquidated by noon";
        let (face, lines) = headline(text, 1200.0).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines.join(" "), text);
        assert!(face.width(&lines[1]).unwrap() > face.width(&lines[0]).unwrap() * 0.6);
    }

    #[test]
    fn long_text_keeps_every_word_until_it_must_be_cut() {
        let face = Type::new(30.0).bold();
        let text = "At ten times leverage one long position in five was liquidated";
        let lines = break_lines(text, face, 400.0).unwrap();
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        for line in &lines {
            assert!(face.width(line).unwrap() <= 400.0);
        }
        let cut = wrap(text, face, 400.0).unwrap();
        assert_eq!(cut.len(), LINES);
        assert!(cut[1].ends_with('…') && face.width(&cut[1]).unwrap() <= 400.0);
    }
}
