//! Room for the names of points, wherever these lie.

use super::canvas::{Point, Rect};

/// Free room, and what is taken of it.
pub struct Places {
    room: Rect,
    taken: Vec<Rect>,
    /// Along the lines from points to their names.
    leaders: Vec<Point>,
}

/// Distances from a point to its name, in pixels: the nearest that is free is taken.
const REACHES: [f64; 14] =
    [14.0, 22.0, 32.0, 46.0, 64.0, 86.0, 112.0, 142.0, 176.0, 214.0, 256.0, 302.0, 352.0, 410.0];
/// To the right first, then to the left, and between.
const WAYS: [(f64, f64); 10] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.7, -0.7),
    (0.7, 0.7),
    (-0.7, -0.7),
    (-0.7, 0.7),
    (0.9, -0.4),
    (0.9, 0.4),
    (-0.9, -0.4),
    (-0.9, 0.4),
];
/// Which part of a name above or below its point lies left of it.
const PARTS: [f64; 5] = [0.5, 0.25, 0.75, 0.08, 0.92];
/// Pixels from one place to the next where none is free near a point.
const LATTICE: f64 = 40.0;
/// Pixels between two names.
const GAP: f64 = 4.0;

impl Places {
    pub fn new(room: Rect) -> Self {
        Self { room, taken: Vec::new(), leaders: Vec::new() }
    }

    /// Nothing may be named here.
    pub fn take(&mut self, place: Rect) {
        self.taken.push(place);
    }

    /// A free place of this width and height, as near to `at` as there is; `None` where all room
    /// around is taken.
    pub fn near(&mut self, at: Point, (width, height): (f64, f64)) -> Option<Rect> {
        let around = |reach: f64| {
            let aside = WAYS.map(|(x, y)| beside(at, (x * reach, y * reach), (width, height)));
            let upright = PARTS.into_iter().flat_map(move |part| {
                let to = (at.0 + width * (0.5 - part), at.1);
                [-reach, reach].map(|y| beside(to, (0.0, y), (width, height)))
            });
            aside.into_iter().chain(upright)
        };
        let free = REACHES.into_iter().flat_map(around).filter(|place| self.is_free(place));
        let plain = free.clone().find(|place| self.is_plain(at, place));
        let found = plain.or_else(|| free.clone().next());
        let place = found.or_else(|| self.anywhere(at, (width, height)))?;
        self.taken.push(place);
        self.leaders.extend(leader(at, &place));
        Some(place)
    }

    /// Whether neither the line from a point to its name runs over something, nor the name lies on
    /// such a line.
    fn is_plain(&self, at: Point, place: &Rect) -> bool {
        let others = || self.taken.iter().filter(|other| !holds(other, at));
        let runs_over = leader(at, place).any(|point| others().any(|other| holds(other, point)));
        !runs_over && !self.leaders.iter().any(|point| holds(place, *point))
    }

    /// The free place nearest to `at` of those that begin on a lattice.
    fn anywhere(&self, at: Point, (width, height): (f64, f64)) -> Option<Rect> {
        let Rect { left, top, .. } = self.room;
        let columns = (self.room.width() / LATTICE) as usize;
        let rows = (self.room.height() / (height + GAP)) as usize;
        let place = |(column, row): (usize, usize)| {
            let left = left + LATTICE * column as f64;
            let top = top + (height + GAP) * row as f64;
            Rect { left, top, right: left + width, bottom: top + height }
        };
        let far = |place: &Rect| {
            let (x, y) = place.middle();
            (x - at.0).hypot(y - at.1)
        };
        let all = (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row)));
        let free = all.map(place).filter(|place| self.is_free(place));
        free.min_by(|one, other| far(one).total_cmp(&far(other)))
    }

    fn is_free(&self, place: &Rect) -> bool {
        let Rect { left, top, right, bottom } = self.room;
        let inside = place.left >= left
            && place.right <= right
            && place.top >= top
            && place.bottom <= bottom;
        inside && !self.taken.iter().any(|other| meet(place, other))
    }
}

/// A rectangle that begins `by` away from a point, on the side to which `by` points.
fn beside(at: Point, by: Point, (width, height): (f64, f64)) -> Rect {
    let from = |at: f64, by: f64, length: f64| match by {
        by if by > 0.0 => at + by,
        by if by < 0.0 => at + by - length,
        _ => at - length / 2.0,
    };
    let (left, top) = (from(at.0, by.0, width), from(at.1, by.1, height));
    Rect { left, top, right: left + width, bottom: top + height }
}

/// The point of a place that is nearest to `at`.
pub fn nearest(place: &Rect, at: Point) -> Point {
    (at.0.clamp(place.left, place.right), at.1.clamp(place.top, place.bottom))
}

/// Points along the line from a point to its name.
fn leader(at: Point, place: &Rect) -> impl Iterator<Item = Point> {
    let end = nearest(place, at);
    let pieces = ((end.0 - at.0).hypot(end.1 - at.1) / GAP).ceil() as u32;
    (0..pieces).map(move |i| {
        let part = f64::from(i) / f64::from(pieces);
        (at.0 + (end.0 - at.0) * part, at.1 + (end.1 - at.1) * part)
    })
}

fn holds(place: &Rect, (x, y): Point) -> bool {
    (place.left..=place.right).contains(&x) && (place.top..=place.bottom).contains(&y)
}

fn meet(one: &Rect, other: &Rect) -> bool {
    one.left < other.right + GAP
        && other.left < one.right + GAP
        && one.top < other.bottom + GAP
        && other.top < one.bottom + GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Rect = Rect { left: 0.0, top: 0.0, right: 1000.0, bottom: 600.0 };

    #[test]
    fn names_of_one_point_never_meet_and_stay_in_the_room() {
        for at in [(500.0, 300.0), (2.0, 2.0), (998.0, 598.0)] {
            let mut places = Places::new(ROOM);
            let found: Vec<Rect> =
                (0..24).map(|_| places.near(at, (280.0, 20.0)).unwrap()).collect();
            for (i, one) in found.iter().enumerate() {
                assert!(one.left >= 0.0 && one.right <= 1000.0);
                assert!(one.top >= 0.0 && one.bottom <= 600.0);
                assert!(found[..i].iter().all(|other| !meet(one, other)), "{at:?}");
            }
        }
    }

    #[test]
    fn a_name_with_room_stands_right_of_its_point() {
        let place = Places::new(ROOM).near((100.0, 100.0), (80.0, 20.0)).unwrap();
        assert_eq!((place.left, place.middle().1), (114.0, 100.0));
    }

    #[test]
    fn a_line_to_a_name_runs_over_no_other_name() {
        let mut places = Places::new(ROOM);
        // All around the point is taken, but for what lies above it.
        places.take(Rect { left: 0.0, right: 470.0, top: 200.0, bottom: 590.0 });
        places.take(Rect { left: 530.0, right: 1000.0, top: 200.0, bottom: 590.0 });
        places.take(Rect { left: 470.0, right: 530.0, top: 330.0, bottom: 590.0 });
        let place = places.near((500.0, 300.0), (80.0, 20.0)).unwrap();
        assert!(place.bottom < 200.0 && place.left < 500.0 && place.right > 500.0, "{place:?}");
        assert!(!places.is_plain((500.0, 300.0), &Rect { top: 592.0, bottom: 600.0, ..place }));
    }

    #[test]
    fn what_is_wider_than_the_room_has_no_place() {
        assert_eq!(Places::new(ROOM).near((100.0, 100.0), (1200.0, 20.0)), None);
    }
}
