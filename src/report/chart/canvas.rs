//! A white page to draw on, in pixels of the finished picture.
//!
//! plotters draws on a page [`SCALE`] times as large; [`paint`] averages it down and encodes it.

use std::cell::RefCell;
use std::fmt::Display;

use plotters::backend::BitMapBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{self, Circle, Polygon, Rectangle};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor};

use super::font::{CAP_HEIGHT, Weight};
use super::{ChartError, HEIGHT, WIDTH, color};

/// How many drawn pixels make one pixel of the picture, in each direction.
const SCALE: u32 = 3;
/// From the middle of the capitals to the lowest descenders, as a fraction of the em.
const TALL: f64 = 0.58;

pub type Point = (f64, f64);

/// A rectangle in picture pixels; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn middle(&self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    /// Without `left, top, right, bottom` pixels at its edges.
    pub fn inset(&self, left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self {
            left: self.left + left,
            top: self.top + top,
            right: self.right - right,
            bottom: self.bottom - bottom,
        }
    }

    /// `count` equal columns with `gap` pixels between them.
    pub fn columns(&self, count: usize, gap: f64) -> Vec<Self> {
        let width = (self.width() - gap * (count as f64 - 1.0)) / count as f64;
        let left = |i: usize| self.left + (width + gap) * i as f64;
        (0..count).map(|i| Self { left: left(i), right: left(i) + width, ..*self }).collect()
    }
}

/// How a line is drawn. Lengths in picture pixels; `dash` is (drawn, left out).
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    pub color: RGBColor,
    pub width: f64,
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    pub fn solid(color: RGBColor, width: f64) -> Self {
        Self { color, width, dash: None }
    }

    pub fn dashed(self, drawn: f64, left_out: f64) -> Self {
        Self { dash: Some((drawn, left_out)), ..self }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// How text is set: `size` is the em in picture pixels.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    pub size: f64,
    pub weight: Weight,
    pub color: RGBColor,
    pub anchor: Anchor,
}

impl Type {
    pub fn new(size: f64) -> Self {
        Self { size, weight: Weight::Regular, color: color::INK, anchor: Anchor::Start }
    }

    pub fn bold(self) -> Self {
        Self { weight: Weight::SemiBold, ..self }
    }

    pub fn color(self, color: RGBColor) -> Self {
        Self { color, ..self }
    }

    pub fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// Width of `text` in picture pixels.
    pub fn width(&self, text: &str) -> Result<f64, ChartError> {
        let metrics = self.weight.metrics()?;
        Ok(text.chars().map(|c| metrics.glyph(c).advance * self.size).sum())
    }

    /// `text`, or as much of it as fits before an ellipsis.
    pub fn cut(&self, text: &str, width: f64) -> Result<String, ChartError> {
        if self.width(text)? <= width {
            return Ok(text.to_owned());
        }
        let mut cut = text.to_owned();
        while self.width(&format!("{cut}…"))? > width && cut.pop().is_some() {}
        Ok(format!("{}…", cut.trim_end()))
    }
}

pub struct Canvas<'a> {
    area: DrawingArea<BitMapBackend<'a>, Shift>,
    texts: RefCell<Vec<Text>>,
}

/// A text that a picture sets, and the box from its tallest to its lowest letters.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    pub text: String,
    pub place: Rect,
}

/// Draws a picture with `draw` and returns it as PNG bytes.
pub fn paint(
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), ChartError>,
) -> Result<Vec<u8>, ChartError> {
    paint_with_texts(draw).map(|(png, _)| png)
}

/// As [`paint`], with the texts that `draw` sets, in their order.
pub fn paint_with_texts(
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), ChartError>,
) -> Result<(Vec<u8>, Vec<Text>), ChartError> {
    PAGE.with_borrow_mut(|pixels| {
        let size = (WIDTH * SCALE, HEIGHT * SCALE);
        pixels.clear();
        pixels.resize((size.0 * size.1 * 3) as usize, 255);
        let backend = BitMapBackend::with_buffer(pixels, size);
        let canvas = Canvas { area: backend.into_drawing_area(), texts: RefCell::default() };
        draw(&canvas)?;
        canvas.area.present().map_err(draw_error)?;
        let texts = canvas.texts.take();
        drop(canvas);
        Ok((encode(&shrink(pixels))?, texts))
    })
}

thread_local! {
    /// The large page of the last picture: fresh memory for each costs as much as drawing it.
    static PAGE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Canvas<'_> {
    pub fn rect(&self, rect: Rect, color: RGBColor) -> Result<(), ChartError> {
        let (left, top) = device((rect.left, rect.top));
        let (right, bottom) = device((rect.right, rect.bottom));
        if right <= left || bottom <= top {
            return Ok(());
        }
        let corners = [(left, top), (right - 1, bottom - 1)];
        self.area.draw(&Rectangle::new(corners, color.filled())).map_err(draw_error)
    }

    pub fn polygon(&self, corners: &[Point], color: RGBColor) -> Result<(), ChartError> {
        let corners: Vec<_> = corners.iter().copied().map(device).collect();
        self.area.draw(&Polygon::new(corners, color.filled())).map_err(draw_error)
    }

    pub fn disc(&self, middle: Point, radius: f64, color: RGBColor) -> Result<(), ChartError> {
        let radius = (radius * f64::from(SCALE)).round() as i32;
        let disc = Circle::new(device(middle), radius, color.filled());
        self.area.draw(&disc).map_err(draw_error)
    }

    /// A circle whose inside is white.
    pub fn ring(&self, middle: Point, radius: f64, stroke: Stroke) -> Result<(), ChartError> {
        self.disc(middle, radius + stroke.width / 2.0, stroke.color)?;
        self.disc(middle, radius - stroke.width / 2.0, color::WHITE)
    }

    pub fn line(&self, from: Point, to: Point, stroke: Stroke) -> Result<(), ChartError> {
        self.path(&[from, to], stroke)
    }

    /// A line through `points`.
    pub fn path(&self, points: &[Point], stroke: Stroke) -> Result<(), ChartError> {
        if let Some(dash) = stroke.dash {
            return self.dashes(points, stroke, dash);
        }
        for pair in points.windows(2) {
            self.segment(pair[0], pair[1], stroke)?;
        }
        if stroke.width < 2.0 {
            return Ok(());
        }
        points.windows(3).try_for_each(|corner| self.joint(corner, stroke))
    }

    /// Fills the corner between two segments: square between upright ones, round otherwise.
    fn joint(&self, corner: &[Point], stroke: Stroke) -> Result<(), ChartError> {
        let (x, y) = corner[1];
        let half = stroke.width / 2.0;
        let upright = |other: Point| other.0 == x || other.1 == y;
        if upright(corner[0]) && upright(corner[2]) {
            let square = Rect { left: x - half, top: y - half, right: x + half, bottom: y + half };
            return self.rect(square, stroke.color);
        }
        self.disc(corner[1], half, stroke.color)
    }

    /// Dashes run on across the corners of a path.
    fn dashes(
        &self,
        points: &[Point],
        stroke: Stroke,
        (drawn, left_out): (f64, f64),
    ) -> Result<(), ChartError> {
        let period = drawn + left_out;
        let mut done = 0.0;
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let at = |along: f64| {
                let part = along / length;
                (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part)
            };
            let first = (done / period).floor() as i64;
            for i in first..=((done + length) / period).floor() as i64 {
                let start = (i as f64 * period - done).max(0.0);
                let end = (i as f64 * period + drawn - done).min(length);
                if start < end {
                    self.segment(at(start), at(end), stroke)?;
                }
            }
            done += length;
        }
        Ok(())
    }

    /// Horizontal and vertical lines are rectangles, so that their edges are sharp.
    fn segment(&self, from: Point, to: Point, stroke: Stroke) -> Result<(), ChartError> {
        let half = stroke.width / 2.0;
        if from.0 == to.0 || from.1 == to.1 {
            let level = f64::from(u8::from(from.1 == to.1));
            let (thick_x, thick_y) = (half * (1.0 - level), half * level);
            let rect = Rect {
                left: from.0.min(to.0) - thick_x,
                top: from.1.min(to.1) - thick_y,
                right: from.0.max(to.0) + thick_x,
                bottom: from.1.max(to.1) + thick_y,
            };
            return self.rect(rect, stroke.color);
        }
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let (x, y) = ((to.1 - from.1) / length * half, (from.0 - to.0) / length * half);
        let corners = [
            (from.0 + x, from.1 + y),
            (to.0 + x, to.1 + y),
            (to.0 - x, to.1 - y),
            (from.0 - x, from.1 - y),
        ];
        self.polygon(&corners, stroke.color)
    }

    /// Sets `text` at `at`: horizontally by its anchor, vertically with the middle of its
    /// capitals at `at.1`.
    pub fn text(&self, at: Point, text: &str, face: Type) -> Result<(), ChartError> {
        let metrics = face.weight.metrics()?;
        let shift = match face.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => face.width(text)? / 2.0,
            Anchor::End => face.width(text)?,
        };
        let size = face.size * metrics.line_height * f64::from(SCALE);
        let font = FontDesc::new(FontFamily::Name(face.weight.family()), size, FontStyle::Normal)
            .color(&face.color);
        let baseline = (at.1 + face.size * CAP_HEIGHT / 2.0) * f64::from(SCALE);
        // plotters puts the baseline half the font size below the top of the text.
        let top = (baseline - size / 2.0).round() as i32;
        let mut pen = at.0 - shift;
        self.texts.borrow_mut().push(Text {
            text: text.to_owned(),
            place: Rect {
                left: pen,
                top: at.1 - face.size * TALL,
                right: pen + face.width(text)?,
                bottom: at.1 + face.size * TALL,
            },
        });
        for c in text.chars() {
            let glyph = metrics.glyph(c);
            let left = ((pen + glyph.bearing * face.size) * f64::from(SCALE)).floor() as i32;
            let letter = element::Text::new(c.to_string(), (left, top), font.clone());
            self.area.draw(&letter).map_err(draw_error)?;
            pen += glyph.advance * face.size;
        }
        Ok(())
    }
}

fn device((x, y): Point) -> (i32, i32) {
    ((x * f64::from(SCALE)).round() as i32, (y * f64::from(SCALE)).round() as i32)
}

fn draw_error(error: impl Display) -> ChartError {
    ChartError::Draw(error.to_string())
}

/// The mean of every SCALE × SCALE block: rows are added first, side by side.
fn shrink(large: &[u8]) -> Vec<u8> {
    let (width, scale) = (WIDTH as usize, SCALE as usize);
    let mut small = Vec::with_capacity(width * HEIGHT as usize * 3);
    let mut sums = vec![0_u16; width * scale * 3];
    let count = (SCALE * SCALE) as u16;
    for rows in large.chunks_exact(width * scale * 3 * scale) {
        sums.fill(0);
        for row in rows.chunks_exact(width * scale * 3) {
            // Never wraps, as asserted below; but a check would keep it from many lanes at once.
            let add = |(sum, part): (&mut u16, &u8)| *sum = sum.wrapping_add(u16::from(*part));
            sums.iter_mut().zip(row).for_each(add);
        }
        for block in sums.chunks_exact(3 * scale) {
            let mut mean = [count / 2; 3];
            for pixel in block.chunks_exact(3) {
                mean.iter_mut().zip(pixel).for_each(|(sum, part)| *sum += part);
            }
            small.extend(mean.map(|sum| (sum / count) as u8));
        }
    }
    small
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, ChartError> {
    let png_error = |error: png::EncodingError| ChartError::Png(error.to_string());
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(png_error)?;
    writer.write_image_data(pixels).map_err(png_error)?;
    writer.finish().map_err(png_error)?;
    Ok(bytes)
}

const _: () = assert!(SCALE * SCALE * 255 <= u16::MAX as u32);
