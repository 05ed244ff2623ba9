//! Every figure of a position, with the formula that gave it and its numbers filled in.

use super::resolve::Initial;
use super::values::text;
use super::{Case, queue};
use crate::engine::Bracket;
use crate::venue::{Contract, Lookup};
use rust_decimal::Decimal;

/// One row.
pub(super) struct Line {
    pub name: &'static str,
    pub figure: String,
    pub formula: String,
}

fn line(name: &'static str, figure: impl Into<String>, formula: impl Into<String>) -> Line {
    Line { name, figure: figure.into(), formula: formula.into() }
}

/// Size, what stands behind it, what must be kept, and the prices that follow.
pub(super) fn lines(case: &Case<'_>) -> Vec<Line> {
    let mut lines = sizes(case);
    lines.extend(if case.resolved.wallet.is_some() { account(case) } else { vec![margin(case)] });
    lines.push(initial(case));
    lines.extend(requirement(case));
    lines.extend(prices(case));
    lines.extend(equity(case));
    lines.extend(distance(case));
    lines.extend(deleveraging(case));
    lines
}

/// A factor or term: negative numbers in brackets, with the minus that formulas use.
fn factor(value: Decimal) -> String {
    let digits = text(value.abs());
    if value.is_sign_negative() && !value.is_zero() { format!("(−{digits})") } else { digits }
}

fn sizes(case: &Case<'_>) -> Vec<Line> {
    let (args, leg) = (case.args, &case.resolved.leg);
    let (q, entry) = (text(leg.quantity), text(args.entry));
    let leverage = text(case.resolved.leverage);
    let quantity = match (args.quantity, args.margin, args.leverage, leg.contract) {
        (Some(_), ..) => "as typed".to_owned(),
        (None, Some(margin), Some(_), Contract::Linear) => {
            format!("margin × leverage / entry = {} × {leverage} / {entry}", text(margin))
        }
        (None, Some(margin), Some(_), Contract::Inverse) => {
            format!("margin × leverage × entry = {} × {leverage} × {entry}", text(margin))
        }
        (.., Contract::Linear) => "one unit of base, for want of another size".to_owned(),
        (.., Contract::Inverse) => "one unit of quote, for want of another size".to_owned(),
    };
    let notional = leg.entry_value().map_or_else(String::new, |value| case.money(value));
    let value = match leg.contract {
        Contract::Linear => format!("q·EP = {q} × {entry}"),
        Contract::Inverse => format!("Q/EP = {q} / {entry}"),
    };
    vec![line("quantity", case.sized(leg.quantity), quantity), line("notional", notional, value)]
}

fn margin(case: &Case<'_>) -> Line {
    let notional = text(case.standing.quote.notional);
    let leverage = text(case.resolved.leverage);
    let formula = match (case.args.margin, case.args.extra_margin) {
        (Some(typed), Some(extra)) => {
            format!("as typed + added = {} + {}", text(typed), text(extra))
        }
        (Some(_), None) => "as typed".to_owned(),
        (None, Some(extra)) => {
            format!("notional / leverage + added = {notional} / {leverage} + {}", text(extra))
        }
        (None, None) => format!("notional / leverage = {notional} / {leverage}"),
    };
    line("margin", case.money(case.standing.margin), formula)
}

/// What stands behind a position in cross margin.
fn account(case: &Case<'_>) -> Vec<Line> {
    let (Some(wallet), Some(backing)) = (&case.resolved.wallet, case.standing.backing) else {
        return Vec::new();
    };
    let mut lines = vec![line("wallet", case.money(wallet.balance), "as typed")];
    if !wallet.hedges.is_empty() {
        let formula = match case.resolved.leg.contract {
            Contract::Linear => "k·(EP short − EP long), k the smaller side",
            Contract::Inverse => "k·(1/EP long − 1/EP short), k the smaller side",
        };
        let left = backing.net.map_or_else(
            || "nothing, fully hedged".to_owned(),
            |leg| format!("{} {} at {}", leg.side, text(leg.quantity), text(leg.entry)),
        );
        let formula = format!("{formula}; what remains: {left}");
        lines.push(line("locked profit", case.money(backing.locked), formula));
    }
    if !wallet.others.is_empty() {
        lines.extend(others(case));
    }
    let sum = Sum::of("wallet", factor(wallet.balance))
        .with('+', "locked", backing.locked)
        .with('+', "profit of others", backing.profit)
        .with('−', "kept by others", backing.maintenance);
    let formula = format!("{} = {}", sum.symbols, sum.numbers);
    lines.push(line("margin", case.money(backing.margin), formula));
    lines
}

fn others(case: &Case<'_>) -> Vec<Line> {
    let (Some(wallet), Some(backing)) = (&case.resolved.wallet, case.standing.backing) else {
        return Vec::new();
    };
    let beside = &wallet.others;
    let profits = beside.iter().filter_map(|other| other.leg.profit(other.mark)).map(factor);
    let kept = beside
        .iter()
        .filter_map(|other| other.keeps.requirement().due(&other.leg, other.mark))
        .map(factor);
    let profits = format!("at their marks: {}", profits.collect::<Vec<_>>().join(" + "));
    let kept = format!("maintenance at their marks: {}", kept.collect::<Vec<_>>().join(" + "));
    vec![
        line("profit of others", case.money(backing.profit), profits),
        line("kept by others", case.money(backing.maintenance), kept),
    ]
}

fn initial(case: &Case<'_>) -> Line {
    let resolved = case.resolved;
    let notional = resolved.leg.entry_value().map_or_else(String::new, text);
    let formula = match resolved.initial {
        Initial::Leverage => {
            format!("notional / leverage = {notional} / {}", text(resolved.leverage))
        }
        Initial::Typed(rate) => format!("notional × rate = {notional} × {}", text(rate)),
        Initial::OpenInterest(rate) => {
            format!("notional × rate at this open interest = {notional} × {}", text(rate))
        }
    };
    line("initial margin", case.money(resolved.initial_margin), formula)
}

fn requirement(case: &Case<'_>) -> Vec<Line> {
    let quote = &case.standing.quote;
    let mut lines = vec![line("maintenance rate m", text(quote.bracket.maintenance), rate(case))];
    let fee = case.resolved.keeps.closing_fee;
    if !fee.is_zero() {
        lines.push(line("closing fee f", text(fee), "taker fee: the trigger counts it in"));
    }
    let c = quote.bracket.deduction;
    let notional = text(quote.notional);
    let m = text(quote.bracket.maintenance);
    let formula = match (case.standing.net, c.is_zero()) {
        (None, _) => "fully hedged: nothing".to_owned(),
        (_, true) => format!("notional × m = {notional} × {m}"),
        (_, false) => format!("notional × m − c = {notional} × {m} − {}", text(c)),
    };
    lines.push(line("maintenance margin", case.money(quote.maintenance_margin), formula));
    lines
}

/// Which bracket the rate at entry is of.
fn rate(case: &Case<'_>) -> String {
    let tiers = &case.resolved.keeps.tiers;
    let number = case.standing.quote.bracket.number;
    let Some(tier) = tiers.steps.get(number - 1) else { return String::new() };
    let of = format!("tier {number} of {}, above {}", tiers.steps.len(), tier.floor);
    if case.args.maintenance.is_some() {
        return "as typed".to_owned();
    }
    match tiers.lookup {
        Lookup::Marginal => format!("{of} of notional"),
        Lookup::WholeByNotional | Lookup::RiskSteps => {
            format!("{of} of notional, on the whole position")
        }
        Lookup::WholeByContracts => format!("{of} contracts, on the whole position"),
        Lookup::LinearInSize => {
            let size = case.standing.net.unwrap_or(case.resolved.leg).quantity;
            format!("{} + size × {} = {0} + {} × {1}", tier.maintenance, tiers.slope, text(size))
        }
    }
}

fn prices(case: &Case<'_>) -> Vec<Line> {
    let standing = case.standing;
    let quote = &standing.quote;
    if standing.net.is_none() {
        return vec![line("liquidation price", "none", "fully hedged: the price moves nothing")];
    }
    let none = if standing.liquidatable { "any price" } else { "never" };
    let price = |price: Option<Decimal>| price.map_or_else(|| none.to_owned(), text);
    let liquidation = match (quote.bracket_at_liquidation, quote.jump) {
        (Some(_), Some(floor)) => at_jump(case, floor),
        (Some(bracket), None) => solved(case, &bracket),
        (None, _) => String::new(),
    };
    let mut lines = vec![line("liquidation price", price(quote.liquidation_price), liquidation)];
    let none = if standing.equity > Decimal::ZERO { "never" } else { "any price" };
    let empty = quote.bankruptcy_price.map_or_else(|| none.to_owned(), text);
    lines.push(line("bankruptcy price", empty, bankruptcy(case, None)));
    if let (Some(price), Some(fee)) = (quote.bankruptcy_price_with_fee, case.resolved.fee) {
        lines.push(line("  with closing fee", text(price), bankruptcy(case, Some(fee))));
    }
    lines
}

/// A formula in symbols, and the same with its numbers.
#[derive(Default)]
struct Sum {
    symbols: String,
    numbers: String,
}

impl Sum {
    fn of(symbol: &str, number: impl Into<String>) -> Self {
        Self { symbols: symbol.to_owned(), numbers: number.into() }
    }

    /// A term with its sign, unless it is zero.
    fn with(mut self, sign: char, symbol: &str, number: Decimal) -> Self {
        if !number.is_zero() {
            self.symbols.push_str(&format!(" {sign} {symbol}"));
            self.numbers.push_str(&format!(" {sign} {}", factor(number)));
        }
        self
    }
}

/// What a formula is written with.
struct Symbols {
    /// Value at entry.
    value: Sum,
    size: &'static str,
    quantity: String,
    contract: Contract,
    /// The sign of the margin and of the rates.
    sign: char,
}

fn symbols(case: &Case<'_>) -> Symbols {
    let leg = case.standing.net.unwrap_or(case.resolved.leg);
    let (quantity, entry) = (text(leg.quantity), text(leg.entry));
    let (size, value) = match leg.contract {
        Contract::Linear => ("q", Sum::of("q·EP", format!("{quantity} × {entry}"))),
        Contract::Inverse => ("Q", Sum::of("Q/EP", format!("{quantity} / {entry}"))),
    };
    let sign = if leg.direction() == Decimal::ONE { '−' } else { '+' };
    Symbols { value, size, quantity, contract: leg.contract, sign }
}

impl Symbols {
    /// `value / (size·rates)`; inverse `size·rates / value`.
    fn price(&self, value: &Sum, rates: &Sum) -> String {
        let Self { size, quantity, .. } = self;
        match self.contract {
            Contract::Linear => format!(
                "({}) / ({size}·({})) = ({}) / ({quantity} × ({}))",
                value.symbols, rates.symbols, value.numbers, rates.numbers
            ),
            Contract::Inverse => format!(
                "{size}·({}) / ({}) = {quantity} × ({}) / ({})",
                rates.symbols, value.symbols, rates.numbers, value.numbers
            ),
        }
    }
}

fn solved(case: &Case<'_>, bracket: &Bracket) -> String {
    let mut symbols = symbols(case);
    let sign = symbols.sign;
    let value = std::mem::take(&mut symbols.value).with(sign, "M", case.standing.margin).with(
        sign,
        "c",
        bracket.deduction,
    );
    let rates = Sum::of("1", "1").with(sign, "m", bracket.maintenance).with(
        sign,
        "f",
        case.resolved.keeps.closing_fee,
    );
    let formula = symbols.price(&value, &rates);
    if case.resolved.keeps.tiers.steps.len() == 1 {
        return formula;
    }
    format!("{formula}   (tier {})", bracket.number)
}

fn at_jump(case: &Case<'_>, floor: Decimal) -> String {
    let Symbols { size, quantity, contract, .. } = symbols(case);
    let (symbols, numbers) = match contract {
        Contract::Linear => (format!("floor / {size}"), format!("{} / {quantity}", text(floor))),
        Contract::Inverse => (format!("{size} / floor"), format!("{quantity} / {}", text(floor))),
    };
    format!("{symbols} = {numbers}: past it the whole position pays the next tier's rate")
}

fn bankruptcy(case: &Case<'_>, fee: Option<Decimal>) -> String {
    let mut symbols = symbols(case);
    let sign = symbols.sign;
    let value = std::mem::take(&mut symbols.value).with(sign, "M", case.standing.margin);
    if let Some(fee) = fee {
        return symbols.price(&value, &Sum::of("1", "1").with(sign, "f", fee));
    }
    let Symbols { size, quantity, contract, .. } = symbols;
    match contract {
        Contract::Linear => {
            format!("({}) / {size} = ({}) / {quantity}", value.symbols, value.numbers)
        }
        Contract::Inverse => {
            format!("{size} / ({}) = {quantity} / ({})", value.symbols, value.numbers)
        }
    }
}

fn equity(case: &Case<'_>) -> Option<Line> {
    let mark = case.args.mark?;
    let of = if case.standing.backing.is_some() { "of the account" } else { "M + profit" };
    let formula = format!("{of} at {}", text(mark));
    Some(line("equity", case.money(case.standing.equity), formula))
}

fn distance(case: &Case<'_>) -> Option<Line> {
    let distance = case.distance()?;
    let mark = text(case.mark());
    let percent = (distance * Decimal::ONE_HUNDRED).round_dp(4).normalize();
    Some(line("distance", format!("{percent} %"), format!("|liquidation − {mark}| / {mark}")))
}

fn deleveraging(case: &Case<'_>) -> Option<Line> {
    let place = queue::place(case)?;
    Some(line("ADL score", text(place.score), place.formula()))
}
