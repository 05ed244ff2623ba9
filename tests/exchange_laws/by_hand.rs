//! Worlds made by hand, whose figures are known from elsewhere.

use super::market;
use super::stage::{Stage, Tape, endless_book, one_tranche, study};
use deleverage::exchange::{AccountId, Event, Reason, World};
use deleverage::money::{Cash, Price, Quantity};
use deleverage::population::{Holding, Mode, Plan, Population, Trader, TraderKind};
use deleverage::scenario::Side;
use deleverage::scenario::exchange::{Driver, FundMeasure, PathOrder};
use deleverage::venue::{
    AdlStart, CloseOut, Edge, LastRung, NegativeBalance, OrderPrice, Residual, VenueRules,
};

/// One position: side, size, entry, margin.
type Account<'a> = (Side, &'a str, &'a str, &'a str);

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

/// Bars of a minute as `open/high/low/close`; the first one lies before the world begins.
fn stage(bars: &[&str], rules: VenueRules, accounts: &[Account]) -> Stage {
    let row = |bar: &&str| {
        let price = |text: &str| market::price(text).steps();
        let prices: Vec<i64> = bar.split('/').map(price).collect();
        <[i64; 4]>::try_from(prices).unwrap()
    };
    let rows: Vec<market::Ohlc> = bars.iter().map(row).collect();
    let history = market::history(market::minutes(rows.len()), &rows, &rows, Vec::new());
    let mut population = Population::default();
    for (number, &(side, size, entry, margin)) in accounts.iter().enumerate() {
        let (quantity, entry) = (quantity(size), market::price(entry));
        population.holdings.push(Holding { symbol: 0, side, quantity, entry });
        population.traders.push(Trader {
            kind: TraderKind::User,
            mode: Mode::Isolated,
            margin: market::cash(margin),
            plan: Plan::default(),
            holdings: number as u32..number as u32 + 1,
        });
    }
    let mut study = study(1);
    study.books = vec![endless_book()];
    study.path = PathOrder::LowFirst;
    Stage { study, histories: vec![history], rules: vec![rules], population, first: 1, world: 0 }
}

/// All is closed at the market, at one maintenance rate; what is left goes to the fund.
fn rules(maintenance: &str) -> VenueRules {
    let tiers = market::tiers(&[(Cash::ZERO, market::rate(maintenance))]);
    let mut rules = market::rules(tiers, Edge::AtOrBelow, market::NO_FEES);
    rules.close_out = CloseOut::IocThenTakeover;
    rules.residual = Residual::FundKeeps;
    rules
}

fn triggers(tape: &Tape) -> Vec<(deleverage::exchange::AccountId, Price)> {
    let trigger = |(_, event): &(_, Event)| match event {
        Event::Trigger { account, mark, .. } => Some((*account, *mark)),
        _ => None,
    };
    tape.0.iter().filter_map(trigger).collect()
}

fn fund_change(world: &World) -> String {
    (world.fund_end - world.fund_start).to_string()
}

/// A book of 1,000 at 50,000 of one leverage falls by one gap, everybody is closed where it ends:
/// the fund gains `Q·P0·(1/L − g)`.
#[test]
fn a_homogeneous_book_and_one_gap() {
    for (margin, fallen, change) in [
        ("5000000", "44000/44000/44000/44000", "-1000000"),
        ("5000000", "46000/46000/46000/46000", "1000000"),
        ("2000000", "44000/44000/44000/44000", "-4000000"),
    ] {
        let long = (Side::Long, "1000", "50000", margin);
        let short = (Side::Short, "1000", "50000", "50000000");
        let mut stage = stage(&["50000/50000/50000/50000", fallen], rules("5%"), &[long, short]);
        stage.study.fund = one_tranche(1, market::cash("10000000"));
        let (objections, world, _) = stage.audited(super::Care::Every);
        assert_eq!(objections, []);
        assert_eq!(fund_change(&world), change, "{margin} {fallen}");
        let need = world.need.cash.max(Cash::ZERO).to_string();
        assert_eq!(need, change.strip_prefix('-').unwrap_or("0"), "EXC-033");
        assert_eq!(world.charged[0].to_string(), need, "EXC-034");
        assert_eq!((world.liquidations, world.adl_events), (1, 0));
    }
}

/// The same in many small accounts.
#[test]
fn a_homogeneous_book_of_many() {
    let mut accounts = vec![(Side::Long, "1", "50000", "5000"); 1_000];
    accounts.push((Side::Short, "1000", "50000", "50000000"));
    let bars = ["50000/50000/50000/50000", "44000/44000/44000/44000"];
    let mut stage = stage(&bars, rules("5%"), &accounts);
    stage.study.fund = one_tranche(1, market::cash("1000000"));
    let (objections, world, _) = stage.audited(super::Care::Every);
    assert_eq!(objections, []);
    assert_eq!(fund_change(&world), "-1000000");
    assert_eq!((world.liquidations, world.fund_end, world.adl_events), (1_000, Cash::ZERO, 0));
}

/// Five accounts (Chitra et al., section on perpetuals): where each is liquidated at a maintenance
/// rate of 10 %, to four digits .3704, 1.5152, .9942 and, by the same formula, 1.0009; A, who has
/// more than its position is worth, never.
#[test]
fn five_accounts_of_the_literature() {
    use deleverage::exchange::AccountId::Trader;
    let accounts = [
        (Side::Long, "1", "1", "2"),
        (Side::Long, "1", "1", "0.66666667"),
        (Side::Short, "4", "1", "2.66666667"),
        (Side::Long, "1", "1", "0.10526316"),
        (Side::Short, "1", "1", "0.10101010"),
    ];
    let bars = ["1/1/1/1", "1/1.6/0.3/1"];
    let (_, tape) = stage(&bars, rules("10%"), &accounts).tape();
    let digits = |(account, price): (_, Price)| (account, (price.steps() + 5_000) / 10_000);
    let fired: Vec<_> = triggers(&tape).into_iter().map(digits).collect();
    let down = [(Trader(3), 9_942), (Trader(1), 3_704)];
    let up = [(Trader(4), 10_009), (Trader(2), 15_152)];
    assert_eq!(fired, [down, up].concat());
}

/// EXC-032, P20: a larger fund can deleverage more. Two longs are under water by 10 and by 9, the
/// second one ten times as large. A fund of 9 cannot take the first one over and takes the second;
/// a fund of 10 takes the first one over, and then has nothing for the second.
#[test]
fn a_larger_fund_can_deleverage_more() {
    let deleveraged = |fund: &str| {
        let accounts = [
            (Side::Long, "1", "100", "10"),
            (Side::Long, "10", "100", "191"),
            (Side::Short, "11", "100", "1100"),
        ];
        let mut rules = rules("1%");
        rules.order = OrderPrice::Transfer;
        rules.loss.adl_start = AdlStart::FundEmpty;
        let bars = ["100/100/100/100", "80/80/80/80"];
        let mut stage = stage(&bars, rules, &accounts);
        stage.study.fund = one_tranche(1, market::cash(fund));
        stage.study.fund.measure = FundMeasure::MarkedToMarket;
        let (objections, world, _) = stage.audited(super::Care::Every);
        assert_eq!(objections, []);
        world.adl_notional.to_string()
    };
    assert_eq!((deleveraged("9").as_str(), deleveraged("10").as_str()), ("80", "800"));
}

/// EXC-019, EXC-028: who pays what the fund cannot, by the venue's last rung, of a deficit of 10
/// before a fund of 4.
#[test]
fn every_last_rung_pays_its_own() {
    let paid = |rung: LastRung, protection: NegativeBalance| {
        let accounts = [(Side::Long, "1", "100", "10"), (Side::Short, "1", "100", "100")];
        let mut rules = rules("1%");
        rules.loss.last_rung = rung;
        rules.loss.negative_balance = protection;
        rules.loss.adl_start = AdlStart::Never;
        let bars = ["100/100/100/100", "80/80/80/80"];
        let mut stage = stage(&bars, rules, &accounts);
        stage.study.fund = one_tranche(1, market::cash("4"));
        stage.study.fund.takeover = false;
        let (objections, world, _) = stage.audited(super::Care::Every);
        assert_eq!(objections, [], "{rung:?}");
        let told = world.waterfall;
        let rungs = [told.fund, told.socialised, told.injected, told.bad_debt, told.owed];
        rungs.map(|cash| cash.to_string()).join(" ")
    };
    let protected = NegativeBalance::Protected;
    assert_eq!(paid(LastRung::BadDebt, protected), "4 0 0 6 0");
    assert_eq!(paid(LastRung::Injection, protected), "4 0 6 0 0");
    assert_eq!(paid(LastRung::ProfitClawback, protected), "4 6 0 0 0");
    assert_eq!(paid(LastRung::PerUnit, protected), "4 6 0 0 0");
    assert_eq!(paid(LastRung::BadDebt, NegativeBalance::Owed), "0 0 0 0 10");
}

/// EXC-001, EXC-015: a forced order meets the book, and the mark follows what it displaces. With
/// 9,000,000 within 1 %, linear, 90,000 displace 0.01 %; the venue's own weight is all of it.
#[test]
fn the_mark_follows_the_local_price() {
    let accounts = [(Side::Long, "1000", "100", "10000"), (Side::Short, "1000", "100", "100000")];
    let bars = ["100/100/100/100", "90/90/90/90"];
    let mut stage = stage(&bars, rules("5%"), &accounts);
    stage.study.fund = one_tranche(1, market::cash("1000"));
    stage.study.driver = Driver::ReplayLocal { weight: market::rate("100%") };
    let curve = &mut stage.study.books[0].liquidity.curve;
    curve.depth = market::cash("9000000");
    curve.beta = market::rate("100%");
    let (_, tape) = stage.tape();
    let mut after = tape.0.iter().map(|(_, event)| event).skip_while(|event| {
        !matches!(event, Event::Trade { reason: Reason::Liquidation, buyer: AccountId::Book, .. })
    });
    let mark = after.find_map(|event| match event {
        Event::Mark { mark, .. } => Some(mark.steps()),
        _ => None,
    });
    let expected = market::price("89.991").steps();
    assert!(mark.is_some_and(|mark| (mark - expected).abs() <= 2), "{mark:?}, not {expected}");
}

/// EXC-018, EXC-021: a fund that can pay buys a short back however dear it has become, at double
/// of what it was taken over at and beyond, too. At 250 it takes 10 over at 125, pays the 240 that
/// their margin of 10 is short of, and loses 1,250 when it closes them.
#[test]
fn a_rich_fund_sells_at_any_price() {
    let accounts = [(Side::Short, "10", "100", "10"), (Side::Long, "10", "100", "1000")];
    let bars = ["100/100/100/100", "250/260/250/260"];
    let mut rules = rules("1%");
    rules.order = OrderPrice::Transfer;
    rules.loss.adl_start = AdlStart::FundEmpty;
    let mut stage = stage(&bars, rules, &accounts);
    stage.study.fund = one_tranche(1, market::cash("10000"));
    let (objections, world, tape) = stage.audited(super::Care::Every);
    assert_eq!(objections, []);
    let taken = tape.0.iter().find_map(|(_, event)| match event {
        Event::Trade { reason: Reason::Takeover, price, .. } => Some(*price),
        _ => None,
    });
    assert_eq!(taken, Some(market::price("125")));
    assert_eq!((world.fund_end, world.fund_end_mtm), (market::cash("8510"), world.fund_end));
}
