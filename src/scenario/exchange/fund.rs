//! `[fund]`: purses, what they may take over, and money that is added later.

use super::choices::{FundChoice, FundMeasure, SymbolBook, TopUp, Tranche};
use super::population::OPEN_INTEREST;
use super::raw::{RawExchangeScenario, RawFund, RawTopUp, RawTranche};
use super::resolve::AMOUNT_OR_NONE;
use crate::fault::{Fault, Result};
use crate::money::{Cash, Rate};
use crate::scenario::RawHistory;
use crate::scenario::reader::Reader;
use crate::venue::FundScope;

const SCOPES: [(&str, FundScope); 6] = [
    ("global", FundScope::Global),
    ("settlement-asset", FundScope::SettlementAsset),
    ("pool", FundScope::Pool),
    ("contract", FundScope::Contract),
    ("vault", FundScope::Vault),
    ("none", FundScope::None),
];
/// Name of the one tranche that answers for all symbols.
const ONE: &str = "fund";
const TIMES: u32 = 1_000;

impl Reader<'_> {
    /// `usual` is the venue's scope; where it is not known yet, one tranche stands in.
    pub(super) fn fund(
        &self,
        raw: &RawExchangeScenario,
        books: &[SymbolBook],
        usual: Option<FundScope>,
    ) -> Result<FundChoice> {
        let fund = &raw.fund;
        let measures =
            [("cash", FundMeasure::Cash), ("marked-to-market", FundMeasure::MarkedToMarket)];
        let measure = fund.measure.as_ref().map(|t| self.word("fund.measure", t, &measures));
        let cap = fund.notional_cap.as_ref().map(|text| self.amount("fund.notional_cap", text));
        let participation = fund.participation.as_ref();
        let mut tranches = match fund.tranche.is_empty() {
            true => self.divided(raw, books, usual)?,
            false => self.own_tranches(fund, &raw.history.0)?,
        };
        for top_up in &fund.top_up {
            let tranche = self.purse(top_up, &tranches)?;
            let read = self.top_up(top_up)?;
            tranches[tranche].top_ups.push(read);
        }
        Ok(FundChoice {
            tranches,
            takeover: fund.takeover.unwrap_or(true),
            measure: measure.transpose()?.unwrap_or(FundMeasure::MarkedToMarket),
            notional_cap: cap.transpose()?,
            participation: {
                self.part("fund.participation", participation, "10%", 0..=Rate::ONE)?
            },
        })
    }

    fn divided(
        &self,
        raw: &RawExchangeScenario,
        books: &[SymbolBook],
        usual: Option<FundScope>,
    ) -> Result<Vec<Tranche>> {
        let fund = &raw.fund;
        let chosen = fund.scope.as_ref().map(|text| self.word("fund.scope", text, &SCOPES));
        let scope = chosen.transpose()?.or(usual);
        let balance = fund.balance.as_ref().map(|text| self.amount_or_none("fund.balance", text));
        match (scope, balance.transpose()?) {
            (Some(FundScope::None), None) => Ok(Vec::new()),
            (Some(FundScope::None), Some(_)) => Err(self.no_fund(fund).into()),
            (None, None) => Ok(Vec::new()),
            (Some(_), None) => {
                let fault = self.origin.fault(fund.scope.as_ref(), "fund.balance is missing");
                Err(fault.accepted(AMOUNT_OR_NONE).into())
            }
            (Some(FundScope::Contract), Some(balance)) => self.by_contract(raw, books, balance),
            (_, Some(balance)) => Ok(vec![Tranche {
                name: ONE.to_owned(),
                symbols: (0..books.len()).collect(),
                balance,
                top_ups: Vec::new(),
            }]),
        }
    }

    fn no_fund(&self, fund: &RawFund) -> Fault {
        let problem = "fund.balance: there is no fund";
        let found = fund.balance.as_ref().map_or("", |text| &text.text);
        self.origin
            .fault(fund.balance.as_ref(), problem)
            .found(found)
            .accepted("no balance, or a `scope` other than none beside it")
    }

    /// One tranche a symbol, with its part of the balance by open interest; what is left over by
    /// rounding goes to the first.
    fn by_contract(
        &self,
        raw: &RawExchangeScenario,
        books: &[SymbolBook],
        balance: Cash,
    ) -> Result<Vec<Tranche>> {
        let open = |book: &SymbolBook| i128::from(book.open_interest.atoms());
        let total: i128 = books.iter().map(open).sum();
        if total == 0 && books.len() > 1 {
            let problem = "fund.balance: a purse for each symbol, but no open interest to share \
                           it out by";
            let at = raw.fund.balance.as_ref();
            let accepted = format!("[[fund.tranche]] for each symbol, or {OPEN_INTEREST}");
            return Err(self.origin.fault(at, problem).found(balance).accepted(accepted).into());
        }
        let part = |book: &SymbolBook| match total {
            0 => balance.atoms(),
            _ => (i128::from(balance.atoms()) * open(book) / total) as i64,
        };
        let mut parts: Vec<i64> = books.iter().map(part).collect();
        parts[0] += balance.atoms() - parts.iter().sum::<i64>();
        let named = parts.into_iter().zip(&raw.history.0).enumerate();
        Ok(named
            .map(|(symbol, (atoms, history))| Tranche {
                name: history.symbol.text.clone(),
                symbols: vec![symbol],
                balance: Cash::from_atoms(atoms),
                top_ups: Vec::new(),
            })
            .collect())
    }

    /// Tranches of the scenario's own: each symbol belongs to exactly one.
    fn own_tranches(&self, fund: &RawFund, histories: &[RawHistory]) -> Result<Vec<Tranche>> {
        let keys = [("fund.balance", &fund.balance), ("fund.scope", &fund.scope)];
        if let Some((key, text)) = keys.into_iter().find_map(|(key, t)| Some((key, t.as_ref()?))) {
            let problem = "given beside tranches of the scenario's own";
            let accepted = "either `balance` (with `scope`), or [[fund.tranche]]";
            return Err(self.fault(key, text, problem, accepted).into());
        }
        let mut tranches: Vec<Tranche> = Vec::with_capacity(fund.tranche.len());
        for raw in &fund.tranche {
            let tranche = self.own_tranche(raw, &tranches, histories)?;
            tranches.push(tranche);
        }
        let held = |symbol: &usize| tranches.iter().any(|tranche| tranche.symbols.contains(symbol));
        match (0..histories.len()).find(|symbol| !held(symbol)) {
            None => Ok(tranches),
            Some(symbol) => {
                let symbol = &histories[symbol].symbol;
                let problem = "fund.tranche: none answers for this symbol";
                let fault = self.origin.fault(Some(symbol), problem).found(&symbol.text);
                Err(fault.accepted("each symbol in the `symbols` of one tranche").into())
            }
        }
    }

    fn own_tranche(
        &self,
        raw: &RawTranche,
        before: &[Tranche],
        histories: &[RawHistory],
    ) -> Result<Tranche> {
        if before.iter().any(|tranche| tranche.name == raw.name.text) {
            let fault = self.fault("fund.tranche", &raw.name, "a name twice", "each name once");
            return Err(fault.into());
        }
        let key = "fund.tranche.symbols";
        let symbols = self.each(key, &raw.symbols, |text| self.symbol(key, text, histories))?;
        for (symbol, text) in symbols.iter().zip(&raw.symbols.0) {
            if let Some(other) = before.iter().find(|tranche| tranche.symbols.contains(symbol)) {
                let accepted = format!("a symbol that \"{}\" does not answer for", other.name);
                let problem = "belongs to two tranches";
                return Err(self.fault(key, text, problem, &accepted).into());
            }
        }
        let balance = self.amount_or_none("fund.tranche.balance", &raw.balance)?;
        Ok(Tranche { name: raw.name.text.clone(), symbols, balance, top_ups: Vec::new() })
    }

    /// The tranche that a top-up goes to.
    fn purse(&self, raw: &RawTopUp, tranches: &[Tranche]) -> Result<usize> {
        let names: Vec<&str> = tranches.iter().map(|tranche| &*tranche.name).collect();
        let key = "fund.top_up.tranche";
        match (&raw.tranche, names.len()) {
            (_, 0) => {
                let problem = "fund.top_up: there is no fund";
                let fault = self.origin.fault(Some(&raw.amount), problem).found(&raw.amount.text);
                Err(fault.accepted("no top-ups, or a fund with a balance").into())
            }
            (None, 1) => Ok(0),
            (None, _) => {
                let problem = format!("{key} is missing: there are several");
                let fault = self.origin.fault(Some(&raw.amount), problem);
                Err(fault.accepted(names.join(", ")).into())
            }
            (Some(text), _) => match names.iter().position(|name| *name == text.text) {
                Some(index) => Ok(index),
                None => Err(self.fault(key, text, "no such tranche", &names.join(", ")).into()),
            },
        }
    }

    fn top_up(&self, raw: &RawTopUp) -> Result<TopUp> {
        let amount = self.amount("fund.top_up.amount", &raw.amount)?;
        match (&raw.at, &raw.below, &raw.times) {
            (Some(at), None, None) => {
                Ok(TopUp::At { time: self.time("fund.top_up.at", at)?, amount })
            }
            (None, Some(below), times) => Ok(TopUp::Below {
                limit: self.amount("fund.top_up.below", below)?,
                amount,
                times: self.count("fund.top_up.times", times.as_ref(), 1..=TIMES, 1)?,
            }),
            (at, below, times) => {
                let stray = at.as_ref().and(below.as_ref().or(times.as_ref()));
                let fault = self.origin.fault(
                    stray.or(Some(&raw.amount)),
                    "fund.top_up: neither a time nor a limit, or both",
                );
                Err(fault.accepted("`at`, or `below` (with `times`)").into())
            }
        }
    }
}
