//! What other crashes would have left open: crashes are drawn again, then the draws inside each.
//! Rule `SIZ-012`.
//!
//! The losses, from the largest down, are cut into bins: one position each at first, then a
//! sixteenth wider each time. What a resample holds of a crash's draws in a bin is a gamma variable
//! with the mean and the variance of their weights: the Bayesian bootstrap (Rubin 1981), for which
//! the sums over bins need no single draws. So a resample costs bins × crashes, not scenarios.

use super::Resampling;
use super::gamma::gamma;
use super::intervals::{Band, Range};
use super::level::Level;
use super::sample::Sample;
use super::shortfall::cash;
use crate::scenario::draws::{Split, Stream, below};
use crate::tally::binomial::TAIL;
use crate::tally::distribution::{normal_beyond, student_quantile};

/// Stream of the resamples, apart from those of the scenarios.
const STREAM: u64 = 0x53_49_5A;

/// Positions from the top that are bins of their own.
const SINGLE: usize = 32;
/// After them each bin is this part wider than what lies above it.
const PART: usize = 16;

/// Resamples of the crashes, ready to be asked.
#[derive(Debug, Clone)]
pub struct Clusters {
    crashes: usize,
    /// Positions from the top down to the end of each bin; 0 first.
    edges: Vec<usize>,
    resamples: Vec<Resample>,
}

/// Of one resample, at each edge: what lies above it.
#[derive(Debug, Clone)]
struct Resample {
    /// Share of the weight.
    above: Vec<f64>,
    /// Share of the weight times need, in atoms.
    owed: Vec<f64>,
}

/// What one crash has in one bin.
#[derive(Debug, Clone, Copy)]
struct Part {
    bin: usize,
    /// Of the gamma variable.
    shape: f64,
    /// Weight of one unit of it, as a share of all.
    scale: f64,
}

impl Clusters {
    /// `None` with one crash: nothing can be said of another.
    pub fn of(sample: &Sample, resampling: Resampling) -> Option<Self> {
        let edges = edges(sample.count());
        let crashes = parts(sample, &edges);
        if crashes.len() < 2 || resampling.resamples == 0 {
            return None;
        }
        let means: Vec<f64> = bins(&edges, sample.count())
            .map(|(from, to)| sample.mean(from, to).unwrap_or(0.0))
            .collect();
        let resample = |number: u32| {
            let stream = Stream::new(resampling.seed, STREAM).at(u64::from(number));
            drawn_again(&crashes, &means, stream)
        };
        let resamples = (0..resampling.resamples).map(resample).collect();
        Some(Self { crashes: crashes.len(), edges, resamples })
    }

    /// Of the share that the last positions have.
    pub fn band(&self, last: usize, tail: f64) -> Band {
        let bin = self.edges.partition_point(|edge| *edge <= last) - 1;
        let share = |resample: &Resample| match self.edges.get(bin + 1) {
            None => 1.0,
            Some(end) => {
                let part = (last - self.edges[bin]) as f64 / (end - self.edges[bin]) as f64;
                resample.above[bin] + part * (resample.above[bin + 1] - resample.above[bin])
            }
        };
        // Sums of floats may end a hair above the whole.
        let (low, high) = self.ends(tail, share);
        Band { low: low.min(1.0), high: high.min(1.0) }
    }

    /// Of the value at risk. Its upper end is open where that of the draws is: no resample is worse
    /// than the worst scenario.
    pub fn risk_range(&self, sample: &Sample, level: Level, tail: f64) -> Range {
        let beyond = level.beyond();
        let need = |resample: &Resample| {
            let (_, last) = self.reached(resample, beyond);
            sample.needs[sample.count() - 1 - last].atoms() as f64
        };
        range(self.ends(tail, need), sample.risk_range(level, tail))
    }

    /// Of the expected shortfall, open like the value at risk.
    pub fn shortfall_range(&self, sample: &Sample, level: Level) -> Range {
        let beyond = level.beyond();
        let mean = |resample: &Resample| {
            let (bin, last) = self.reached(resample, beyond);
            let (top, end) = (sample.count() - self.edges[bin], sample.count() - 1 - last);
            let of_part = sample.mean(end, top).unwrap_or(sample.needs[end].atoms() as f64);
            (resample.owed[bin] + (beyond - resample.above[bin]) * of_part) / beyond
        };
        range(self.ends(TAIL, mean), sample.risk_range(level, TAIL))
    }

    /// The bin at which so much weight lies above, and how many positions do.
    fn reached(&self, resample: &Resample, beyond: f64) -> (usize, usize) {
        let bins = self.edges.len() - 1;
        let bin = resample.above.partition_point(|above| *above <= beyond).clamp(1, bins) - 1;
        let (from, to) = (resample.above[bin], resample.above[bin + 1]);
        let width = self.edges[bin + 1] - self.edges[bin];
        let part = if to > from { (beyond - from) / (to - from) } else { 0.0 };
        let inside = (part * width as f64) as usize;
        (bin, self.edges[bin] + inside.min(width - 1))
    }

    /// The percentile interval, expanded for the number of crashes (Hesterberg 2015): the
    /// percentile is the normal one of `√(c / (c − 1))` times Student's quantile.
    fn ends(&self, tail: f64, statistic: impl Fn(&Resample) -> f64) -> (f64, f64) {
        let mut all: Vec<f64> = self.resamples.iter().map(statistic).collect();
        all.sort_unstable_by(f64::total_cmp);
        let freedom = (self.crashes - 1) as f64;
        let wider = (self.crashes as f64 / freedom).sqrt() * student_quantile(tail, freedom);
        let outside = (normal_beyond(wider) * (all.len() + 1) as f64) as usize;
        let rank = outside.clamp(1, all.len().div_ceil(2));
        (all[rank - 1], all[all.len() - rank])
    }
}

/// Open where the draws' own is.
fn range((low, high): (f64, f64), draws: Range) -> Range {
    Range { low: cash(low.floor()), high: draws.high.map(|_| cash(high.ceil())) }
}

fn edges(n: usize) -> Vec<usize> {
    let mut edges = vec![0];
    let mut end = 0;
    while end < n {
        end += if end < SINGLE { 1 } else { end.div_ceil(PART) };
        edges.push(end.min(n));
    }
    edges
}

/// Positions from and to of each bin, from the top bin down.
fn bins(edges: &[usize], n: usize) -> impl Iterator<Item = (usize, usize)> {
    edges.windows(2).map(move |pair| (n - pair[1], n - pair[0]))
}

/// Of each crash: what it has in each bin.
fn parts(sample: &Sample, edges: &[usize]) -> Vec<Vec<Part>> {
    let total = sample.total() as f64;
    let most = sample.crashes.iter().max().map_or(0, |most| usize::from(*most) + 1);
    let mut crashes = vec![Vec::new(); most];
    let mut sums = vec![(0.0, 0.0); most];
    for (bin, (from, to)) in bins(edges, sample.count()).enumerate() {
        for at in from..to {
            let weight = sample.weight(at) as f64;
            let (sum, square) = &mut sums[usize::from(sample.crashes[at])];
            *sum += weight;
            *square += weight * weight;
        }
        for (crash, (sum, square)) in sums.iter_mut().enumerate().filter(|(_, sum)| sum.0 > 0.0) {
            let (shape, scale) = (*sum * *sum / *square, *square / *sum / total);
            crashes[crash].push(Part { bin, shape: shape.max(1.0), scale });
            (*sum, *square) = (0.0, 0.0);
        }
    }
    crashes.retain(|parts| !parts.is_empty());
    crashes
}

fn drawn_again(crashes: &[Vec<Part>], means: &[f64], mut stream: Stream) -> Resample {
    let mut bits = Split::of(stream.bits());
    let mut times = vec![0_u32; crashes.len()];
    for _ in crashes {
        times[below(bits.bits(), crashes.len() as u64) as usize] += 1;
    }
    let mut weights = vec![0.0; means.len()];
    let drawn = crashes.iter().zip(times).filter(|(_, times)| *times > 0);
    drawn.for_each(|(parts, times)| add(parts, f64::from(times), &mut bits, &mut weights));
    Resample::of(&weights, means)
}

/// Adds the draws of a crash that was drawn so many times; their weights add up to so many times
/// the crash's own.
fn add(parts: &[Part], times: f64, bits: &mut Split, weights: &mut [f64]) {
    let own: f64 = parts.iter().map(|part| part.shape * part.scale).sum();
    let drawn: Vec<f64> =
        parts.iter().map(|part| gamma(times * part.shape, bits) * part.scale).collect();
    let factor = times * own / drawn.iter().sum::<f64>();
    for (part, drawn) in parts.iter().zip(drawn) {
        weights[part.bin] += factor * drawn;
    }
}

impl Resample {
    fn of(weights: &[f64], means: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let (mut above, mut owed) = (vec![0.0], vec![0.0]);
        let (mut weight_above, mut owed_above) = (0.0, 0.0);
        for (weight, mean) in weights.iter().zip(means) {
            weight_above += weight / total;
            owed_above += weight / total * mean;
            above.push(weight_above);
            owed.push(owed_above);
        }
        Self { above, owed }
    }
}
