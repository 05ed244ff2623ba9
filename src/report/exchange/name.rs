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

/// The account of a name; `None`: no account is called so.
pub fn account(name: &str) -> Option<AccountId> {
    let plain = [
        AccountId::Book,
        AccountId::Clearing,
        AccountId::Fees,
        AccountId::Exchange,
        AccountId::Socialised,
        AccountId::Owed,
        AccountId::BadDebt,
    ];
    let tranche = || name.strip_prefix("fund-").and_then(|number| number.parse().ok());
    let by_number = name.parse().ok().map(AccountId::Trader);
    by_number
        .or_else(|| tranche().map(AccountId::Tranche))
        .or_else(|| plain.into_iter().find(|account| account_name(*account) == name))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_accounts_read_back() {
        for name in ["17", "book", "fund-0", "clearing", "fees", "exchange", "socialised", "owed"] {
            assert_eq!(account(name).map(account_name).as_deref(), Some(name));
        }
        assert_eq!(account("bad-debt"), Some(AccountId::BadDebt));
        assert_eq!([account("fund-"), account("-1"), account("vault")], [None; 3]);
    }
}
