//! What is turned, from mild to severe.

use crate::money::Rate;
use crate::run::fund::Turned;

/// One thing that is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knob {
    Shock,
    Depth,
    OpenInterest,
    Largest,
    Speed,
}

impl Knob {
    pub const ALL: [Self; 5] =
        [Self::Shock, Self::Depth, Self::OpenInterest, Self::Largest, Self::Speed];

    /// As in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shock => "shock",
            Self::Depth => "depth",
            Self::OpenInterest => "open-interest",
            Self::Largest => "largest",
            Self::Speed => "speed",
        }
    }

    /// The mildest and the most severe setting. Twelve points between them are round numbers.
    fn ends(self) -> (f64, f64) {
        match self {
            Self::Shock => (0.25, 3.0),
            Self::Depth => (8.0, 8.0 / 2048.0),
            Self::OpenInterest => (0.125, 5.656_854),
            Self::Largest => (0.01, 0.5),
            Self::Speed => (1.0, 24.0),
        }
    }

    /// So many settings from mild to severe, shocks in equal steps and all others in equal ratios;
    /// of whole ones each once.
    pub fn grid(self, points: u32) -> Vec<f64> {
        let (mild, severe) = self.ends();
        let part = |point: u32| f64::from(point) / f64::from(points - 1);
        let setting = |point: u32| match self {
            Self::Shock => mild + (severe - mild) * part(point),
            _ => mild * libm::exp(libm::log(severe / mild) * part(point)),
        };
        let mut grid: Vec<f64> = (0..points).map(|point| self.rounded(setting(point))).collect();
        grid.dedup();
        grid
    }

    /// Half way between two settings in ratios; `None`: there is nothing between them that would
    /// tell more.
    pub fn between(self, mild: f64, severe: f64) -> Option<f64> {
        let middle = self.rounded((mild * severe).sqrt());
        let apart = libm::log(severe / mild).abs() > 0.01;
        (apart && middle != mild && middle != severe).then_some(middle)
    }

    fn rounded(self, setting: f64) -> f64 {
        match self {
            Self::Speed => setting.round(),
            _ => (setting * 1e6).round() / 1e6,
        }
    }

    /// Turns a crash.
    pub fn turn(self, turned: Turned, setting: f64) -> Turned {
        let rate = Rate::from_steps((setting * 1e6).round() as i64 * (Rate::ONE / 1_000_000));
        match self {
            Self::Shock => Turned { shock: rate, ..turned },
            Self::Depth => Turned { depth: rate, ..turned },
            Self::OpenInterest => Turned { open_interest: rate, ..turned },
            Self::Largest => Turned { largest: Some(rate), ..turned },
            Self::Speed => Turned { speed: setting as usize, ..turned },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_go_from_mild_to_severe() {
        for knob in Knob::ALL {
            let (grid, (mild, severe)) = (knob.grid(9), knob.ends());
            let (mild, severe) = (knob.rounded(mild), knob.rounded(severe));
            assert_eq!((grid[0], grid[grid.len() - 1]), (mild, severe), "{knob:?}");
            let falls = severe < mild;
            assert!(grid.windows(2).all(|pair| (pair[1] < pair[0]) == falls), "{grid:?}");
        }
        assert!(Knob::Shock.grid(12).contains(&1.0) && Knob::Depth.grid(12).contains(&1.0));
        assert_eq!(Knob::Speed.grid(4), [1.0, 3.0, 8.0, 24.0]);
        assert_eq!(Knob::Speed.between(2.0, 3.0), None);
        assert_eq!(Knob::Shock.between(1.0, 1.005), None);
        assert_eq!(Knob::Depth.between(4.0, 1.0), Some(2.0));
    }
}
