//! The embedded font: registration with plotters, and the widths of its glyphs.
//!
//! plotters' `ab_glyph` text drops every glyph's left side bearing, which sets letters unevenly.
//! The bearings and advances are read here from the font's own `hmtx` table (OpenType
//! specification: `cmap` format 4, `hhea`, `hmtx`, `head`), and text is placed glyph by glyph.

use std::sync::OnceLock;

use plotters::style::{FontStyle, register_font};

use super::ChartError;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");

/// Height of a capital letter, as a fraction of the em (the font's OS/2 table: 2048 of 2816).
pub const CAP_HEIGHT: f64 = 0.727;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    /// The name the font is registered under.
    pub fn family(self) -> &'static str {
        match self {
            Self::Regular => "Inter",
            Self::SemiBold => "Inter SemiBold",
        }
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::SemiBold => SEMI_BOLD,
        }
    }

    /// The glyph metrics of this weight; the font is parsed and registered on first use.
    pub fn metrics(self) -> Result<&'static Metrics, ChartError> {
        static LOADED: [OnceLock<Option<Metrics>>; 2] = [OnceLock::new(), OnceLock::new()];
        let slot = &LOADED[usize::from(self == Self::SemiBold)];
        slot.get_or_init(|| {
            register_font(self.family(), FontStyle::Normal, self.bytes()).ok()?;
            Metrics::parse(self.bytes())
        })
        .as_ref()
        .ok_or(ChartError::Font)
    }
}

/// Horizontal metrics, in fractions of the em.
pub struct Metrics {
    cmap: &'static [u8],
    hmtx: &'static [u8],
    wide_glyphs: u16,
    units_per_em: f64,
    /// Ascent minus descent: what plotters calls the font size, per em.
    pub line_height: f64,
}

/// One glyph's advance and left side bearing, in fractions of the em.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub advance: f64,
    pub bearing: f64,
}

impl Metrics {
    fn parse(font: &'static [u8]) -> Option<Self> {
        let hhea = table(font, b"hhea")?;
        let units_per_em = f64::from(u16_at(table(font, b"head")?, 18)?);
        let height = i16_at(hhea, 4)? - i16_at(hhea, 6)?;
        Some(Self {
            cmap: unicode_cmap(table(font, b"cmap")?)?,
            hmtx: table(font, b"hmtx")?,
            wide_glyphs: u16_at(hhea, 34)?,
            units_per_em,
            line_height: f64::from(height) / units_per_em,
        })
    }

    /// Metrics of the glyph of `c`; of the "missing" glyph where the font has none.
    pub fn glyph(&self, c: char) -> Glyph {
        let id = glyph_id(self.cmap, c).unwrap_or(0);
        let wide = usize::from(id.min(self.wide_glyphs.saturating_sub(1))) * 4;
        let advance = u16_at(self.hmtx, wide).unwrap_or(0);
        let bearing = if id < self.wide_glyphs {
            i16_at(self.hmtx, wide + 2)
        } else {
            let narrow = usize::from(id - self.wide_glyphs) * 2;
            i16_at(self.hmtx, usize::from(self.wide_glyphs) * 4 + narrow)
        };
        Glyph {
            advance: f64::from(advance) / self.units_per_em,
            bearing: f64::from(bearing.unwrap_or(0)) / self.units_per_em,
        }
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at + 2)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn i16_at(bytes: &[u8], at: usize) -> Option<i16> {
    u16_at(bytes, at).map(u16::cast_signed)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16_at(bytes, at)?) << 16 | usize::from(u16_at(bytes, at + 2)?))
}

fn table(font: &'static [u8], tag: &[u8; 4]) -> Option<&'static [u8]> {
    let count = usize::from(u16_at(font, 4)?);
    let records = font.get(12..12 + 16 * count)?;
    let record = records.chunks_exact(16).find(|record| record.starts_with(tag))?;
    let (start, length) = (u32_at(record, 8)?, u32_at(record, 12)?);
    font.get(start..start + length)
}

/// The subtable in format 4: the characters of the Basic Multilingual Plane.
fn unicode_cmap(cmap: &'static [u8]) -> Option<&'static [u8]> {
    let count = usize::from(u16_at(cmap, 2)?);
    (0..count)
        .filter_map(|i| cmap.get(u32_at(cmap, 4 + 8 * i + 4)?..))
        .find(|subtable| u16_at(subtable, 0) == Some(4))
}

fn glyph_id(cmap: &[u8], c: char) -> Option<u16> {
    let code = u16::try_from(u32::from(c)).ok()?;
    let doubled = usize::from(u16_at(cmap, 6)?);
    let (ends, starts) = (14, 16 + doubled);
    let (deltas, offsets) = (starts + doubled, starts + 2 * doubled);
    let segment =
        (0..doubled).step_by(2).find(|&i| u16_at(cmap, ends + i).is_some_and(|end| end >= code))?;
    let within = code.checked_sub(u16_at(cmap, starts + segment)?)?;
    let delta = u16_at(cmap, deltas + segment)?;
    match u16_at(cmap, offsets + segment)? {
        0 => Some(code.wrapping_add(delta)),
        offset => {
            let at = offsets + segment + usize::from(offset) + 2 * usize::from(within);
            u16_at(cmap, at).filter(|&id| id != 0).map(|id| id.wrapping_add(delta))
        }
    }
}

#[cfg(test)]
mod tests {
    use plotters::style::{FontDesc, FontFamily};

    use super::*;

    /// The advances read here agree with those of the font library inside plotters.
    #[test]
    fn widths_agree_with_the_font_library() {
        for weight in [Weight::Regular, Weight::SemiBold] {
            let metrics = weight.metrics().unwrap();
            let size = 1000.0;
            let font = FontDesc::new(FontFamily::Name(weight.family()), size, FontStyle::Normal);
            for c in ('!'..='~').chain("–×·≥↓€é".chars()) {
                let ((_, _), (width, _)) = font.layout_box(&c.to_string()).unwrap();
                let ours = metrics.glyph(c).advance * size / metrics.line_height;
                assert!((ours - f64::from(width)).abs() <= 1.0, "{c}: {ours} and {width}");
            }
        }
    }
}
