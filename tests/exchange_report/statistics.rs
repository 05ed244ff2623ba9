//! Statistics over worlds whose figures are known.

use super::made::{cash, world};
use super::market;
use deleverage::exchange::World;
use deleverage::money::{PriceScale, Quantity};
use deleverage::population::{Holding, Mode, Plan, Population, Trader, TraderKind};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::{PathOrder, Pick};
use deleverage::tally::exchange::{Band, Bands, Bucket, Census, Worlds, buckets, order_of, rungs};
use deleverage::venue::Edge;

/// Falls of 0, 10, …, 990, in an order that is not theirs.
fn hundred() -> Worlds {
    Worlds::new((0..100).map(|n| world(n, i64::from((n * 37) % 100) * 10)).collect())
}

/// Rule `STA-008`.
#[test]
fn quantiles_are_order_statistics() {
    let falls = hundred().spread(|world| world.fund_drawdown);
    let quantiles = [1, 5, 50, 51, 95, 99, 100].map(|percent| falls.quantile(percent));
    assert_eq!(quantiles, [0, 40, 490, 500, 940, 980, 990].map(cash));
    assert_eq!((falls.least(), falls.most(), falls.mean()), (cash(0), cash(990), cash(495)));
}

/// Rule `STA-009`: of 100 values the 95th percentile lies between ranks 90 and 100 (at most 10 and
/// at least 1 of 100 trials of chance 5 % succeed with 97.5 %); 72 is the least that bounds it from
/// above, as `0.95^72 ≤ 2.5 %`.
#[test]
fn quantiles_have_intervals_free_of_any_distribution() {
    let falls = hundred().spread(|world| world.fund_drawdown);
    assert_eq!(falls.interval(95), (Some(cash(890)), Some(cash(990))));
    let bound = |count: u32| {
        let worlds = Worlds::new((0..count).map(|n| world(n, 10)).collect());
        worlds.spread(|world| world.fund_drawdown).interval(95).1
    };
    assert_eq!((bound(71), bound(72)), (None, Some(cash(10))));
}

/// Rule `STA-010`: Wilson's interval of independent worlds; none of 100 is at most 3.7 %.
#[test]
fn shares_of_worlds_have_intervals() {
    let worlds = hundred();
    let begun = worlds.share(|world| world.first_adl.is_some());
    assert_eq!((begun.hits, begun.n), (50, 100));
    assert!((begun.low - 0.4038).abs() < 1e-4 && (begun.high - 0.5962).abs() < 1e-4);
    let none = worlds.share(|_| false);
    assert!((none.low, none.share) == (0.0, 0.0) && (none.high - 0.0370).abs() < 1e-4);
}

/// Rule `STA-011`.
#[test]
fn the_picked_world_is_the_median_or_the_worst_and_ties_go_to_the_first() {
    let worlds = hundred();
    let fall = |pick| worlds.picked(pick).fund_drawdown;
    assert_eq!((fall(Pick::Median), fall(Pick::Worst)), (cash(490), cash(990)));
    assert_eq!(worlds.picked(Pick::World(17)).world, 17);
    let equal = Worlds::new((0..4).map(|n| world(n, 70)).collect());
    assert_eq!([Pick::Median, Pick::Worst].map(|pick| equal.picked(pick).world), [1, 0]);
}

/// Rule `EXC-029`: Σ falls is 49,500, those from 500 on 37,250; 9 parts of each are paid by margin
/// and fund, 1 by winners.
#[test]
fn rungs_share_what_all_worlds_lost() {
    let paid = rungs(&hundred());
    let shares: Vec<f64> = paid.iter().map(|rung| rung.share.unwrap()).collect();
    let all = 9.0 * 49_500.0 + 37_250.0;
    let wanted = [6.0 * 49_500.0 / all, 3.0 * 49_500.0 / all, 37_250.0 / all, 0.0, 0.0, 0.0, 0.0];
    assert!(shares.iter().zip(wanted).all(|(got, want)| (got - want).abs() < 1e-12));
    assert_eq!((paid[0].paid.mean(), paid[2].paid.most()), (cash(2_970), cash(990)));
    let unhurt = Worlds::new(vec![world(0, 0)]);
    assert!(rungs(&unhurt).iter().all(|rung| rung.share.is_none()), "nothing was lost");
}

/// Rule `EXC-008`.
#[test]
fn both_orders_are_compared_world_by_world() {
    let falls = |n: u32| if n.is_multiple_of(2) { 100 } else { 300 };
    let worlds = Worlds::new((0..10).map(|n| world(n, falls(n))).collect());
    let of = |world: &World| world.fund_drawdown;
    let orders = worlds.orders(PathOrder::Both, of).unwrap();
    assert_eq!((orders.low_first.count(), orders.low_first.most()), (5, cash(100)));
    assert_eq!((orders.high_first.count(), orders.high_first.least()), (5, cash(300)));
    assert!(worlds.orders(PathOrder::LowFirst, of).is_none(), "there is nothing to compare");
    assert_eq!(order_of(PathOrder::HighFirst, 4), PathOrder::HighFirst);
}

#[test]
fn bands_are_quantiles_of_each_bar() {
    let worlds = hundred();
    let samples: Vec<_> = worlds.list().iter().map(|world| world.timeline[0]).collect();
    let bands = Bands::over(&samples).unwrap();
    assert_eq!(Band::PERCENT, [5, 25, 50, 75, 95]);
    assert_eq!(bands.series[0].quantiles, [50, 250, 500, 750, 950].map(cash));
    assert_eq!(Bands::over(&[]), None);
}

/// Rule `STA-012`: 200 accounts of rising size; the last two are the top 1 %.
#[test]
fn accounts_are_sorted_into_buckets_by_what_they_hold() {
    let rules = market::rules(
        market::tiers(&[(cash(0), market::rate("1%"))]),
        Edge::AtOrBelow,
        market::NO_FEES,
    );
    let laws = [market::law(&rules, PriceScale::USUAL)];
    let entry = market::price("100");
    let side = |n: u32| if n.is_multiple_of(2) { Side::Long } else { Side::Short };
    let held = |n: u32| Holding {
        symbol: 0,
        side: side(n),
        quantity: Quantity::from_lots(i64::from(n + 1) * 1_000),
        entry,
    };
    let trader = |n: u32| Trader {
        kind: TraderKind::User,
        mode: Mode::Isolated,
        margin: cash(1),
        plan: Plan::default(),
        holdings: n..n + 1,
    };
    let population = Population {
        traders: (0..200).map(trader).collect(),
        holdings: (0..200).map(held).collect(),
    };
    let sorted = buckets(Census { population: &population, laws: &laws });
    let count = |bucket| sorted.iter().filter(|known| **known == bucket).count();
    assert_eq!(Bucket::ALL.map(count), [2, 18, 80, 100]);
    assert_eq!((sorted[199], sorted[197], sorted[0]), (Bucket::Top1, Bucket::Next9, Bucket::Rest));
}
