//! The names of accounts and reasons in files.

use crate::engine::Extent;
use crate::exchange::{AccountId, LastPayer, Reason};

/// A trader by its number, everything else by a word; `fund-0` is the first tranche.
pub fn account_name(account: AccountId) -> String {
    match account {
        AccountId::Trader(number) => number.to_string(),
        AccountId::Tranche(number) => format!("fund-{number}"),
        AccountId::Book => "book".to_owned(),
        AccountId::Clearing => "clearing".to_owned(),
        AccountId::Fees => "fees".to_owned(),
        AccountId::Exchange => "exchange".to_owned(),
        AccountId::Socialised => "socialised".to_owned(),
        AccountId::Owed => "owed".to_owned(),
        AccountId::BadDebt => "bad-debt".to_owned(),
    }
}

pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Opening => "opening",
        Reason::Funding => "funding",
        Reason::Liquidation => "liquidation",
        Reason::Takeover => "takeover",
        Reason::Backstop => "backstop",
        Reason::Deleveraging => "deleveraging",
        Reason::Disposal => "disposal",
        Reason::Remainder => "remainder",
        Reason::LiquidationFee => "liquidation-fee",
        Reason::TakerFee => "taker-fee",
        Reason::Residual => "residual",
        Reason::Deficit => "deficit",
        Reason::Clawback => "clawback",
        Reason::Injection => "injection",
        Reason::Stop => "stop",
        Reason::TakeProfit => "take-profit",
        Reason::TopUp => "top-up",
        Reason::Cut => "cut",
        Reason::Rounding => "rounding",
    }
}

pub fn payer(payer: LastPayer) -> &'static str {
    match payer {
        LastPayer::Owed => "owed",
        LastPayer::Exchange => "exchange",
        LastPayer::Socialised => "socialised",
        LastPayer::BadDebt => "bad-debt",
        LastPayer::Holders => "holders",
    }
}

/// What a procedure asks for.
pub fn extent(extent: Extent) -> &'static str {
    match extent {
        Extent::Whole => "whole",
        Extent::Takeover => "takeover",
        Extent::Backstop => "backstop",
        Extent::Part(_) => "part",
        Extent::FillOrKill(_) => "fill-or-kill",
    }
}
