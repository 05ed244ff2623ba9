//! Rows of auto-deleveraging.

use super::super::market::{cash, rate};
use super::Case;
use super::case::{NONE, answer, listed, side};
use deleverage::money::{Cash, Quantity};
use deleverage::venue::{AdlRank, AdlStart};
use deleverage::waterfall::{
    Adl, Candidate, Deleveraging, Pool, Shares, Standing, SymbolProfit, deleverage, fifths,
    in_order, pro_rata, score,
};
use rust_decimal::Decimal;

/// `None`: not a result of these rules.
pub fn result(case: &Case, name: &str) -> Option<String> {
    Some(match name {
        "score" => of_score(case),
        "closed" => closed(&of_queue(case)),
        "left over" => of_queue(case).left.to_string(),
        "fifths" => {
            let fifths = fifths(side(case.text("side")), &candidates(case));
            listed(fifths.iter().map(|(account, fifth)| format!("{account}:{fifth}")))
        }
        "shares" => listed(split(case).taken.iter().map(Cash::to_string)),
        "unpaid" => split(case).left.to_string(),
        "runs" => answer(before(case).next(start(case), &pool(case)) == Adl::Running),
        "ratio" => pool(case).symbol_ratio().map_or(NONE.into(), |ratio| ratio.to_string()),
        "beyond" => pool(case).beyond(rate(case.text("share"))).to_string(),
        _ => return None,
    })
}

fn of_score(case: &Case) -> String {
    let rank = match case.text("rank") {
        "profit-leverage" => AdlRank::ProfitLeverage,
        "profit-margin-ratio" => AdlRank::ProfitMarginRatio,
        "return-margin-ratio" => AdlRank::ReturnMarginRatio,
        "gain-exposure" => AdlRank::GainExposure,
        "unranked" => AdlRank::Unranked,
        "pro-rata" => AdlRank::ProRata,
        rank => panic!("no such rank: {rank}"),
    };
    let standing = Standing {
        profit: case.number("profit"),
        entry_value: case.number("entry value"),
        value: case.number("value"),
        margin: case.number("margin"),
        wallet: case.number("wallet"),
        equity: case.number("equity"),
        maintenance: case.number("maintenance"),
    };
    score(rank, &standing).map_or(NONE.into(), |score| score.to_string())
}

/// `account:side:size:score`, and the equity where it is not zero.
fn candidates(case: &Case) -> Vec<Candidate> {
    let candidate = |text: &str| {
        let parts: Vec<&str> = text.split(':').collect();
        Candidate {
            account: parts[0].parse().unwrap(),
            side: side(parts[1]),
            quantity: Quantity::parse(parts[2]).unwrap(),
            score: (parts[3] != NONE).then(|| parts[3].parse::<Decimal>().unwrap()),
            equity: parts.get(4).map_or(Cash::ZERO, |text| cash(text)),
        }
    };
    case.text("candidates").split(' ').map(candidate).collect()
}

fn of_queue(case: &Case) -> Deleveraging {
    let asked = Quantity::parse(case.text("asked")).unwrap();
    deleverage(side(case.text("losing")), asked, &candidates(case))
}

fn closed(done: &Deleveraging) -> String {
    listed(done.closed.iter().map(|closed| format!("{}:{}", closed.account, closed.quantity)))
}

fn split(case: &Case) -> Shares {
    let (budget, profits) = (cash(case.text("budget")), case.amounts("profits"));
    match case.text("split") {
        "pro rata" => pro_rata(budget, &profits).unwrap(),
        "in order" => in_order(budget, &profits),
        split => panic!("no such split: {split}"),
    }
}

fn start(case: &Case) -> AdlStart {
    let words: Vec<&str> = case.text("start").split(' ').collect();
    match words[..] {
        ["fund-empty"] => AdlStart::FundEmpty,
        ["peak-drawdown", start] => AdlStart::PeakDrawdown { start: rate(start) },
        ["symbol-drawdown", start, stop] => {
            AdlStart::SymbolDrawdown { start: rate(start), stop: rate(stop) }
        }
        ["negative-equity"] => AdlStart::NegativeEquity,
        ["never"] => AdlStart::Never,
        _ => panic!("no such start: {words:?}"),
    }
}

fn before(case: &Case) -> Adl {
    if case.text("before") == "running" { Adl::Running } else { Adl::Idle }
}

fn pool(case: &Case) -> Pool {
    let amount = |column: &str| case.given(column).map_or(Cash::ZERO, cash);
    let symbol = SymbolProfit { now: amount("symbol"), peak: amount("symbol peak") };
    Pool { balance: amount("balance"), peak: amount("peak"), symbol, due: amount("due") }
}
