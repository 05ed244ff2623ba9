//! `[liquidity]`: the book of each symbol.

use super::choices::{LiquidityChoice, SymbolBook};
use super::raw::{RawBook, RawExchangeScenario};
use super::shape::Either;
use crate::fault::Result;
use crate::money::{Cash, Rate};
use crate::scenario::reader::{AMOUNT, Reader};
use crate::scenario::{DepthCurve, Text};
use std::collections::BTreeMap;

/// Largest coefficient of the depth's fall.
const COEFFICIENT: i64 = 100 * Rate::ONE;

impl Reader<'_> {
    pub(super) fn books(&self, raw: &RawExchangeScenario) -> Result<Vec<SymbolBook>> {
        let (all, mut own) = self.split(raw)?;
        let open_interest = self.open_interest(raw)?;
        let book = |(index, open_interest): (usize, Cash)| {
            let symbol = &raw.history.0[index].symbol;
            let book = own.remove(&index).unwrap_or_default().or(&all);
            Ok(SymbolBook { open_interest, liquidity: self.liquidity(&book, symbol)? })
        };
        open_interest.into_iter().enumerate().map(book).collect()
    }

    /// The keys for every symbol, and those of single symbols by their number.
    fn split(&self, raw: &RawExchangeScenario) -> Result<(RawBook, BTreeMap<usize, RawBook>)> {
        let (mut all, mut own) = (RawBook::default(), BTreeMap::new());
        for (key, value) in &raw.liquidity.0 {
            let name = Text { text: key.get_ref().clone(), span: key.span() };
            let slot = all.slot(&name.text);
            match (slot, value) {
                (Some(slot), Either::Plain(text)) => *slot = Some(text.clone()),
                (None, Either::Structured(book)) => {
                    let index = self.symbol("liquidity", &name, &raw.history.0)?;
                    own.insert(index, book.clone());
                }
                (Some(_), Either::Structured(_)) => {
                    let accepted = "a text or a number";
                    let problem = "a value of the wrong type";
                    return Err(self.fault("liquidity", &name, problem, accepted).into());
                }
                (None, Either::Plain(_)) => {
                    let accepted = "depth, beta, multiplier, reach, volatility, displacement, \
                                    permanent, half_life, participation, or a table of them for \
                                    a symbol";
                    return Err(self.fault("liquidity", &name, "unknown key", accepted).into());
                }
            }
        }
        Ok((all, own))
    }

    fn liquidity(&self, raw: &RawBook, symbol: &Text) -> Result<LiquidityChoice> {
        let Some(depth) = &raw.depth else {
            let problem = "liquidity.depth is missing for this symbol";
            let fault = self.origin.fault(Some(symbol), problem).found(&symbol.text);
            return Err(fault.accepted(AMOUNT).into());
        };
        let usual =
            |text: &Option<Text>, usual: &str| text.clone().unwrap_or_else(|| Text::usual(usual));
        let (volatility, displacement) = (raw.volatility.as_ref(), raw.displacement.as_ref());
        Ok(LiquidityChoice {
            curve: DepthCurve {
                depth: self.amount("liquidity.depth", depth)?,
                beta: self.fraction("liquidity.beta", &usual(&raw.beta, "0.75"))?,
                multiplier: self.multiplier("liquidity.multiplier", raw.multiplier.as_ref())?,
                reach: self.fraction("liquidity.reach", &usual(&raw.reach, "10%"))?,
            },
            volatility: self.part("liquidity.volatility", volatility, "0.5", 0..=COEFFICIENT)?,
            displacement: {
                self.part("liquidity.displacement", displacement, "0.1", 0..=COEFFICIENT)?
            },
            permanent: {
                self.part("liquidity.permanent", raw.permanent.as_ref(), "10%", 0..=Rate::ONE)?
            },
            half_life: self.length("liquidity.half_life", raw.half_life.as_ref(), "5m")?,
            participation: {
                let text = usual(&raw.participation, "50%");
                self.fraction("liquidity.participation", &text)?
            },
        })
    }
}

impl RawBook {
    fn slot(&mut self, key: &str) -> Option<&mut Option<Text>> {
        match key {
            "depth" => Some(&mut self.depth),
            "beta" => Some(&mut self.beta),
            "multiplier" => Some(&mut self.multiplier),
            "reach" => Some(&mut self.reach),
            "volatility" => Some(&mut self.volatility),
            "displacement" => Some(&mut self.displacement),
            "permanent" => Some(&mut self.permanent),
            "half_life" => Some(&mut self.half_life),
            "participation" => Some(&mut self.participation),
            _ => None,
        }
    }

    /// These keys, and others' where they are absent.
    fn or(self, other: &Self) -> Self {
        let either = |own: Option<Text>, other: &Option<Text>| own.or_else(|| other.clone());
        Self {
            depth: either(self.depth, &other.depth),
            beta: either(self.beta, &other.beta),
            multiplier: either(self.multiplier, &other.multiplier),
            reach: either(self.reach, &other.reach),
            volatility: either(self.volatility, &other.volatility),
            displacement: either(self.displacement, &other.displacement),
            permanent: either(self.permanent, &other.permanent),
            half_life: either(self.half_life, &other.half_life),
            participation: either(self.participation, &other.participation),
        }
    }
}
