//! What a study of the exchange reads: a history and rules for each symbol, on the same bars.

use super::inputs::{Inputs, Request};
use crate::engine::{FundingBook, Law};
use crate::exchange::{Market, Scene};
use crate::fault::{Fault, Result};
use crate::history::{Cache, History, Interval, rfc3339};
use crate::scenario::exchange::TopUp;
use crate::scenario::{ExchangeStudy, Text};
use crate::venue::{FundingPays, FundingRules, VenueRules};

/// A study's histories and rules, checked against each other.
#[derive(Debug, Clone)]
pub struct MarketInputs {
    /// The study with its fund as the venue divides it.
    pub study: ExchangeStudy,
    /// One a symbol, in the order of the study; all with the same bars, contract and settlement
    /// asset.
    pub symbols: Vec<Inputs>,
    /// One a symbol; all of it out of what backs the position.
    pub funding: Vec<FundingBook>,
    /// First bar that the worlds live through; 1 ≤ first < bars.
    pub first: usize,
}

impl MarketInputs {
    /// One a symbol: what a [`Scene`] is made of.
    pub fn markets(&self) -> Vec<Market<'_>> {
        (0..self.symbols.len()).map(|symbol| self.market(symbol)).collect()
    }

    fn market(&self, symbol: usize) -> Market<'_> {
        let Inputs { history, rules, .. } = &self.symbols[symbol];
        let (funding, book) = (&self.funding[symbol], self.study.books[symbol]);
        Market { history, rules, law: Law::of(rules, history.scale), funding, book }
    }

    pub fn scene<'a>(&'a self, markets: &'a [Market<'a>]) -> Scene<'a> {
        Scene { study: &self.study, markets, first: self.first }
    }
}

/// Loads what a study of the exchange names; parsed files may be kept in a cache.
///
/// # Errors
/// A file, an event, a venue or a date that does not exist or does not say what it should; symbols
/// whose bars or money differ; a start outside the history; more open interest than exact
/// arithmetic has room for.
pub fn load_exchange(study: &ExchangeStudy, cache: Option<&Cache>) -> Result<MarketInputs> {
    let numbers = 0..study.histories.len();
    let symbols: Vec<Inputs> =
        numbers.map(|symbol| request(study, symbol, cache).load()).collect::<Result<_>>()?;
    for (symbol, inputs) in symbols.iter().enumerate() {
        check_alone(study, symbol, inputs)?;
        check_together(study, symbol, [&symbols[0], inputs])?;
    }
    let first = first_bar(study, &symbols[0].history)?;
    let study = study.under(symbols[0].rules.loss.fund)?;
    check_top_ups(&study, &symbols[0].history, first)?;
    let funding = symbols.iter().map(settlements).collect();
    let inputs = MarketInputs { study, symbols, funding, first };
    super::room::check_room(&inputs)?;
    Ok(inputs)
}

fn request<'a>(study: &'a ExchangeStudy, symbol: usize, cache: Option<&'a Cache>) -> Request<'a> {
    let history = &study.histories[symbol];
    let interval = history.interval.as_ref().and_then(|text| Interval::parse(&text.text));
    Request {
        origin: &study.origin,
        folder: &study.folder,
        history,
        interval,
        raw_venue: &study.raw.venue,
        venue: &study.venue,
        protection: study.protection,
        cache,
    }
}

/// Rule `EXC-007`: what a venue takes from a wallet beside the position is taken from the cash.
pub(super) fn settlements(inputs: &Inputs) -> FundingBook {
    let Inputs { history, rules, .. } = inputs;
    let funding = FundingRules { pays: FundingPays::Margin, ..rules.funding };
    FundingBook::under(&VenueRules { funding, ..rules.clone() }, history)
}

fn at_symbol(study: &ExchangeStudy, symbol: usize, problem: &str) -> Fault {
    study.origin.fault(Some(&study.histories[symbol].symbol), problem)
}

/// A world lives through all bars, under one requirement.
fn check_alone(study: &ExchangeStudy, symbol: usize, inputs: &Inputs) -> Result<()> {
    let Inputs { history, rules, .. } = inputs;
    if history.segments.len() > 1 {
        let problem = "history.gaps: a world lives through all bars, but they are split";
        return Err(at_symbol(study, symbol, problem)
            .found(format!("{} stretches", history.segments.len()))
            .accepted("gaps = \"refuse\" or \"hold\"")
            .into());
    }
    if rules.volatility.is_some() {
        let problem = "venue: a requirement that follows volatility is not part of this study";
        return Err(at_symbol(study, symbol, problem)
            .found(&rules.symbol)
            .accepted("a venue, or a day, without `volatility`")
            .into());
    }
    Ok(())
}

/// One fund and one mark a bar for all symbols: the same bars and the same money.
fn check_together(
    study: &ExchangeStudy,
    symbol: usize,
    [first, other]: [&Inputs; 2],
) -> Result<()> {
    let (a, b) = (&first.history, &other.history);
    if a.interval != b.interval {
        let problem = format!("history: bars of another length than those of {}", a.symbol);
        let fault = at_symbol(study, symbol, &problem).found(b.interval);
        return Err(fault.accepted(format!("bars of {}", a.interval)).into());
    }
    if let Some((found, accepted)) = parting(a, b) {
        let problem = format!("history: not the bars of {}", a.symbol);
        return Err(at_symbol(study, symbol, &problem).found(found).accepted(accepted).into());
    }
    let (a, b) = (&first.rules, &other.rules);
    if (a.contract, &a.settlement) == (b.contract, &b.settlement) {
        return Ok(());
    }
    let money = |rules: &VenueRules| {
        format!("{} contracts in {}", crate::venue::word(&rules.contract), rules.settlement)
    };
    let problem = format!("history: other money than that of {}", a.symbol);
    let fault = at_symbol(study, symbol, &problem).found(money(b));
    Err(fault.accepted(format!("{}; other markets in a study of their own", money(a))).into())
}

/// Where the bars of two histories part: what the second has, and what the first has.
fn parting(a: &History, b: &History) -> Option<(String, String)> {
    let bar = |history: &History, index: usize| match history.time.get(index) {
        Some(time) => rfc3339(*time),
        None => "no bar".to_owned(),
    };
    let same = a.time.iter().zip(&b.time).take_while(|(a, b)| a == b).count();
    let is_whole = same == a.len() && same == b.len();
    let span = format!("{} bars from {} to {}", a.len(), bar(a, 0), bar(a, a.len() - 1));
    let found = format!("{} where {} stands there", bar(b, same), bar(a, same));
    (!is_whole).then_some((found, span))
}

/// The bar that a study starts at. Bars before it feed the population's entries.
fn first_bar(study: &ExchangeStudy, history: &History) -> Result<usize> {
    if history.len() < 2 {
        let problem = "history: a world needs a bar, and one before it";
        return Err(at_symbol(study, 0, problem)
            .found(format!("{} bars", history.len()))
            .accepted("a history of at least 2 bars")
            .into());
    }
    let Some(start) = study.start else { return Ok((history.len() * 2 / 5).max(1)) };
    match history.time.binary_search(&start) {
        Ok(bar) if bar > 0 => Ok(bar),
        _ => {
            let (second, last) = (history.time[1], history.time[history.len() - 1]);
            let text = study.raw.exchange.start.as_ref();
            Err(study
                .origin
                .fault(text, "exchange.start: not the open of a bar with one before it")
                .found(text.map_or("", |text| &text.text))
                .accepted(format!(
                    "opens of {} bars from {} to {}",
                    history.interval,
                    rfc3339(second),
                    rfc3339(last)
                ))
                .into())
        }
    }
}

/// Money that would come before or after the worlds never comes.
fn check_top_ups(study: &ExchangeStudy, history: &History, first: usize) -> Result<()> {
    let from = history.time[first];
    let to = history.time[history.len() - 1] + history.interval.millis();
    let planned = study.fund.tranches.iter().flat_map(|tranche| &tranche.top_ups);
    let never = |top_up: &&TopUp| match top_up {
        TopUp::At { time, .. } => !(from..to).contains(time),
        TopUp::Below { .. } => false,
    };
    let Some(TopUp::At { time, .. }) = planned.into_iter().find(never) else { return Ok(()) };
    let written = study.raw.fund.top_up.iter().filter_map(|raw| raw.at.as_ref());
    let is_it = |text: &&Text| {
        text.text.parse().is_ok_and(|at: jiff::Timestamp| at.as_millisecond() == *time)
    };
    let text = written.into_iter().find(is_it);
    Err(study
        .origin
        .fault(text, "fund.top_up.at: outside the bars that the worlds live through")
        .found(rfc3339(*time))
        .accepted(format!("from {} to before {}", rfc3339(from), rfc3339(to)))
        .into())
}
