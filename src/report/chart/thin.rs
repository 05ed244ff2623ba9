//! Lines with more points than a picture has pixels.

use super::canvas::Point;

/// Of the points in one column of pixels only the first, the lowest, the highest and the last.
pub fn thin(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let points: Vec<Point> = points.collect();
    let column = |point: &Point| point.0.floor();
    let mut kept = Vec::new();
    for run in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_height = |a: &usize, b: &usize| run[*a].1.total_cmp(&run[*b].1);
        let lowest = (0..run.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..run.len()).max_by(by_height).unwrap_or(0);
        let mut wanted = [0, lowest, highest, run.len() - 1];
        wanted.sort_unstable();
        kept.extend(wanted.chunk_by(|a, b| a == b).map(|same| run[same[0]]));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::thin;

    #[test]
    fn a_crowded_line_keeps_its_ends_and_its_spikes() {
        let height = |i: i32| if i == 777 { -50.0 } else { f64::from(i % 7) };
        let all = (0..10_000).map(|i| (f64::from(i) / 100.0, height(i)));
        let kept = thin(all.clone());
        assert!(kept.len() <= 400);
        assert_eq!((kept[0], kept.last().copied()), ((0.0, 0.0), all.clone().next_back()));
        assert!(kept.contains(&(7.77, -50.0)));
        assert!(kept.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_line_with_room_stays_as_it_is() {
        let all: Vec<_> = (0..50).map(|i| (f64::from(i) * 3.0, f64::from(i * i % 11))).collect();
        assert_eq!(thin(all.iter().copied()), all);
    }
}
