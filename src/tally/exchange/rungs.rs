//! Who bore the losses, over worlds.

use super::spread::Spread;
use super::worlds::Worlds;
use crate::exchange::Waterfall;
use crate::money::Cash;

/// One step of the loss waterfall.
#[derive(Debug, Clone, Copy)]
pub struct Rung {
    /// As in files.
    pub name: &'static str,
    /// As in sentences.
    pub title: &'static str,
    pub of: fn(&Waterfall) -> Cash,
}

/// The rungs from first to last. Rule `EXC-029`.
pub const RUNGS: [Rung; 7] = [
    Rung { name: "margin", title: "the liquidated traders' own margin", of: |w| w.margin },
    Rung { name: "fund", title: "the insurance fund", of: |w| w.fund },
    Rung { name: "adl", title: "winners, by auto-deleveraging", of: |w| w.adl },
    Rung { name: "socialised", title: "winners, by socialised losses", of: |w| w.socialised },
    Rung { name: "owed", title: "debts of the liquidated traders", of: |w| w.owed },
    Rung { name: "injected", title: "the exchange's own money", of: |w| w.injected },
    Rung { name: "bad_debt", title: "nobody yet (bad debt)", of: |w| w.bad_debt },
];

/// What one rung paid.
#[derive(Debug, Clone)]
pub struct RungSpread {
    pub rung: Rung,
    pub paid: Spread<Cash>,
    /// Of all that all rungs paid in all worlds; `None` where nothing was paid.
    pub share: Option<f64>,
}

/// All rungs, first to last.
pub fn rungs(worlds: &Worlds) -> Vec<RungSpread> {
    let sum = |of: fn(&Waterfall) -> Cash| -> i128 {
        worlds.list().iter().map(|world| i128::from(of(&world.waterfall).atoms())).sum()
    };
    let all: i128 = RUNGS.iter().map(|rung| sum(rung.of)).sum();
    let told = |rung: Rung| RungSpread {
        rung,
        paid: worlds.spread(|world| (rung.of)(&world.waterfall)),
        share: (all > 0).then(|| sum(rung.of) as f64 / all as f64),
    };
    RUNGS.map(told).to_vec()
}
