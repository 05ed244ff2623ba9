//! Facts of several symbols: whether their worst bars are the same. Rule `PTH-014`.

/// Lower tail dependence at `level`: of the `⌈level·n⌉` worst bars of each of two symbols, the
/// share that both have; over all pairs, averaged. 1: always together; `level` itself: by chance.
pub fn tail_dependence(returns: &[&[f64]], level: f64) -> f64 {
    let worst: Vec<Vec<bool>> = returns.iter().map(|returns| worst(returns, level)).collect();
    let mut shares = Vec::new();
    for (number, one) in worst.iter().enumerate() {
        for other in &worst[number + 1..] {
            let both = one.iter().zip(other).filter(|(one, other)| **one && **other).count();
            shares.push(both as f64 / tail(one.len(), level) as f64);
        }
    }
    shares.iter().sum::<f64>() / shares.len() as f64
}

fn tail(bars: usize, level: f64) -> usize {
    (level * bars as f64).ceil() as usize
}

/// Which bars are among the worst; of equals the earlier ones.
fn worst(returns: &[f64], level: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..returns.len()).collect();
    order.sort_by(|a, b| returns[*a].total_cmp(&returns[*b]));
    let mut worst = vec![false; returns.len()];
    order[..tail(returns.len(), level)].iter().for_each(|bar| worst[*bar] = true);
    worst
}
