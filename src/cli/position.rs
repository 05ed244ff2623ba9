//! `deleverage position`: one position, every figure with its formula.

use super::out;
use crate::engine::{Quote, Terms};
use crate::fault::{Fault, Place, Result};
use crate::money::decimal::{self, BadNumber};
use crate::money::{Cash, Rate};
use crate::scenario::Side;
use crate::venue::{self, NegativeBalance, ResolveRequest, Tiers, VenueRules};
use clap::{Args, ValueEnum};
use comfy_table::{Table, presets::NOTHING};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// What was typed after `position`.
#[derive(Debug, Args)]
pub struct PositionArgs {
    /// The venue whose rules apply; not needed with --maintenance
    #[arg(long, value_name = "NAME")]
    venue: Option<String>,
    /// The day whose rules apply; default: the newest rules
    #[arg(long)]
    date: Option<Date>,
    /// The instrument, BTCUSDT
    #[arg(long)]
    symbol: Option<String>,
    #[arg(long)]
    side: Side,
    /// Entry price
    #[arg(long, value_name = "PRICE", value_parser = above_zero)]
    entry: Decimal,
    /// Notional over margin
    #[arg(long, value_parser = above_zero, required_unless_present = "margin")]
    leverage: Option<Decimal>,
    /// Isolated margin, in the settlement asset
    #[arg(long, value_name = "AMOUNT", value_parser = above_zero)]
    margin: Option<Decimal>,
    /// Size in base units; default: margin × leverage / entry, or 1
    #[arg(long, value_parser = above_zero)]
    quantity: Option<Decimal>,
    /// Margin mode
    #[arg(long, default_value = "isolated")]
    mode: Mode,
    /// Kind of contract
    #[arg(long, default_value = "linear")]
    contract: Contract,
    /// Maintenance margin rate, in place of the venue's tiers
    #[arg(long, value_name = "RATE", value_parser = fraction)]
    maintenance: Option<Rate>,
    /// Deduction from the maintenance margin, beside --maintenance
    #[arg(long, value_name = "AMOUNT", value_parser = cash, requires = "maintenance")]
    deduction: Option<Cash>,
    /// Fee of a close-out, in place of the venue's taker fee
    #[arg(long, value_name = "RATE", value_parser = fraction)]
    fee: Option<Rate>,
    /// Initial margin rate, in place of 1 / leverage
    #[arg(long, value_name = "RATE", value_parser = fraction)]
    initial: Option<Rate>,
    /// Margin added after the entry
    #[arg(long, value_name = "AMOUNT", value_parser = not_negative)]
    extra_margin: Option<Decimal>,
    /// Mark price for the distance; default: the entry
    #[arg(long, value_name = "PRICE", value_parser = above_zero)]
    mark: Option<Decimal>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    Isolated,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Contract {
    Linear,
}

fn above_zero(text: &str) -> Result<Decimal, String> {
    let value = decimal_text(text)?;
    if value > Decimal::ZERO { Ok(value) } else { Err("must be above 0".to_owned()) }
}

fn not_negative(text: &str) -> Result<Decimal, String> {
    let value = decimal_text(text)?;
    if value >= Decimal::ZERO { Ok(value) } else { Err("must not be below 0".to_owned()) }
}

/// Digits beyond the 28th are rounded here, and only here: this command shows, it does not keep.
fn decimal_text(text: &str) -> Result<Decimal, String> {
    match decimal::parse(text) {
        Err(BadNumber::TooFine(_)) => text.parse().map_err(|_| "not a number".to_owned()),
        parsed => parsed.map_err(|why| why.to_string()),
    }
}

fn fraction(text: &str) -> Result<Rate, String> {
    let rate = Rate::parse(text).map_err(|why| format!("{why}; accepted: {}", Rate::ACCEPTED))?;
    match rate.steps() {
        0..Rate::ONE => Ok(rate),
        _ => Err("must be at least 0 and below 1".to_owned()),
    }
}

fn cash(text: &str) -> Result<Cash, String> {
    Cash::parse(text).map_err(|why| why.to_string())
}

/// A position with everything resolved.
struct Resolved {
    rules: Option<VenueRules>,
    tiers: Tiers,
    leverage: Decimal,
    margin: Decimal,
    quantity: Decimal,
    fee: Option<Decimal>,
    initial_margin: Decimal,
}

/// Prints one position.
///
/// # Errors
/// Arguments that do not describe a position, an unknown venue or symbol.
pub fn position(args: &PositionArgs) -> Result<()> {
    let resolved = resolve(args)?;
    let terms = Terms {
        side: args.side,
        entry: args.entry,
        quantity: resolved.quantity,
        margin: resolved.margin,
        tiers: &resolved.tiers,
        fee: resolved.fee,
    };
    let quote = terms.quote().ok_or_else(|| wrong("these numbers have too many digits"))?;
    if args.json {
        return out::json(&as_json(args, &resolved, &quote));
    }
    out::line(heading(args, &resolved))?;
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, figure, formula) in lines(args, &resolved, &quote) {
        table.add_row([name.to_owned(), figure, formula]);
    }
    out::line(table.trim_fmt())
}

fn wrong(problem: &str) -> Fault {
    Fault::new(Place::file("position"), problem)
}

fn resolve(args: &PositionArgs) -> Result<Resolved> {
    let (Mode::Isolated, Contract::Linear) = (args.mode, args.contract);
    let rules = rules(args)?;
    let tiers = match (args.maintenance, &rules) {
        (Some(rate), _) => flat(args, rate),
        (None, Some(rules)) => rules.tiers.clone(),
        (None, None) => {
            return Err(wrong("no rules are named")
                .accepted("--venue NAME --symbol SYMBOL, or --maintenance RATE")
                .into());
        }
    };
    let (quantity, margin) = size(args)?;
    let notional = quantity * args.entry;
    let leverage = args.leverage.unwrap_or_else(|| (notional / margin).round_dp(12));
    let initial_margin = match args.initial {
        Some(rate) => notional * rate.to_decimal(),
        None => notional / leverage,
    };
    let venue_fee = rules.as_ref().map(|rules| rules.fees.taker);
    Ok(Resolved {
        fee: args.fee.or(venue_fee).map(Rate::to_decimal),
        margin: margin + args.extra_margin.unwrap_or_default(),
        rules,
        tiers,
        leverage,
        quantity,
        initial_margin: initial_margin.round_dp(12),
    })
}

fn rules(args: &PositionArgs) -> Result<Option<VenueRules>> {
    let (Some(name), Some(symbol)) = (&args.venue, &args.symbol) else {
        return match (&args.venue, args.maintenance) {
            (Some(_), None) => {
                Err(wrong("no instrument is named").accepted("--symbol BTCUSDT").into())
            }
            _ => Ok(None),
        };
    };
    let request = ResolveRequest {
        name,
        symbol,
        as_of: args.date.unwrap_or(Date::MAX),
        overrides: &toml::Table::new(),
        folder: None,
    };
    venue::resolve(&request).map(Some)
}

fn flat(args: &PositionArgs, maintenance: Rate) -> Tiers {
    let initial = args.initial.unwrap_or(Rate::from_steps(Rate::ONE));
    Tiers::flat(maintenance, initial, args.deduction.unwrap_or_default())
}

/// Quantity and margin from whichever two of margin, leverage and quantity were typed.
fn size(args: &PositionArgs) -> Result<(Decimal, Decimal)> {
    let too_large = || wrong("these numbers have too many digits");
    let quantity = match (args.quantity, args.margin, args.leverage) {
        (Some(quantity), _, _) => quantity,
        (None, Some(margin), Some(leverage)) => margin
            .checked_mul(leverage)
            .and_then(|notional| notional.checked_div(args.entry))
            .ok_or_else(too_large)?,
        _ => Decimal::ONE,
    };
    let notional = quantity.checked_mul(args.entry).ok_or_else(too_large)?;
    let margin = match (args.margin, args.leverage) {
        (Some(margin), _) => margin,
        (None, Some(leverage)) => notional.checked_div(leverage).ok_or_else(too_large)?,
        (None, None) => {
            return Err(wrong("no size is given").accepted("--margin or --leverage").into());
        }
    };
    Ok((quantity, margin))
}

fn text(value: Decimal) -> String {
    value.round_dp(12).normalize().to_string()
}

fn as_json(args: &PositionArgs, resolved: &Resolved, quote: &Quote) -> Value {
    let maybe = |value: Option<Decimal>| value.map(text);
    json!({
        "notional": text(quote.notional),
        "quantity": text(resolved.quantity),
        "leverage": text(resolved.leverage),
        "margin": text(resolved.margin),
        "initial_margin": text(resolved.initial_margin),
        "maintenance_margin": text(quote.maintenance_margin),
        "tier": quote.bracket.number,
        "liquidation_price": maybe(quote.liquidation_price),
        "bankruptcy_price": maybe(quote.bankruptcy_price),
        "bankruptcy_price_with_fee": maybe(quote.bankruptcy_price_with_fee),
        "distance": maybe(distance(args, quote)),
        "adl_score": Value::Null,
        "can_owe": can_owe(resolved),
    })
}

/// Known only where a venue is.
fn can_owe(resolved: &Resolved) -> Option<bool> {
    resolved.rules.as_ref().map(|rules| rules.negative_balance == NegativeBalance::Owed)
}

/// From the mark to the liquidation price, as a fraction of the mark; `None` where there is none.
fn distance(args: &PositionArgs, quote: &Quote) -> Option<Decimal> {
    let mark = args.mark.unwrap_or(args.entry);
    quote.liquidation_price.map(|price| ((price - mark) / mark).abs())
}

fn heading(args: &PositionArgs, resolved: &Resolved) -> String {
    let of = match (&resolved.rules, args.maintenance) {
        (Some(rules), None) => {
            format!("{} on {}, rules of {}", rules.symbol, rules.name, rules.valid_from)
        }
        (Some(rules), Some(rate)) => {
            format!("{} on {}, maintenance replaced by {rate}", rules.symbol, rules.name)
        }
        (None, _) => "explicit rules".to_owned(),
    };
    format!("{} {}x, isolated, linear: {of}", args.side, text(resolved.leverage))
}

/// Name, figure, formula with its numbers filled in.
fn lines(
    args: &PositionArgs,
    resolved: &Resolved,
    quote: &Quote,
) -> Vec<(&'static str, String, String)> {
    let (q, entry, margin) = (text(resolved.quantity), text(args.entry), text(resolved.margin));
    let s = if args.side == Side::Long { "1" } else { "(−1)" };
    let never = || "never".to_owned();
    let bracket = &quote.bracket;
    let (rate, deduction) = (text(bracket.maintenance), text(bracket.deduction));
    let notional = text(quote.notional);
    let mut lines = vec![
        ("quantity", q.clone(), "notional / entry".to_owned()),
        ("notional", notional.clone(), format!("quantity × entry = {q} × {entry}")),
        ("margin", margin.clone(), "isolated, with what was added".to_owned()),
        (
            "initial margin",
            text(resolved.initial_margin),
            match args.initial {
                Some(rate) => format!("notional × rate = {notional} × {rate}"),
                None => format!("notional / leverage = {notional} / {}", text(resolved.leverage)),
            },
        ),
        (
            "maintenance margin",
            text(quote.maintenance_margin),
            format!(
                "notional × m − c = {notional} × {rate} − {deduction}   (tier {})",
                bracket.number
            ),
        ),
    ];
    let liquidation = quote.bracket_at_liquidation.map_or_else(String::new, |at| {
        let (m, c) = (text(at.maintenance), text(at.deduction));
        format!(
            "(M + c − s·q·EP) / (q·m − s·q) = ({margin} + {c} − {s} × {q} × {entry}) / ({q} × {m} \
             − {s} × {q})   (tier {})",
            at.number
        )
    });
    lines.push((
        "liquidation price",
        quote.liquidation_price.map_or_else(never, text),
        liquidation,
    ));
    lines.push((
        "bankruptcy price",
        quote.bankruptcy_price.map_or_else(never, text),
        format!("EP − s·M/q = {entry} − {s} × {margin} / {q}"),
    ));
    if let (Some(price), Some(fee)) = (quote.bankruptcy_price_with_fee, resolved.fee) {
        let formula = format!("(EP − s·M/q) / (1 − s·f), f = {}", text(fee));
        lines.push(("  with closing fee", text(price), formula));
    }
    if let Some(distance) = distance(args, quote) {
        let mark = text(args.mark.unwrap_or(args.entry));
        let percent = (distance * Decimal::ONE_HUNDRED).round_dp(4).normalize();
        lines.push((
            "distance",
            format!("{percent} %"),
            format!("|liquidation − {mark}| / {mark}"),
        ));
    }
    let owe = match can_owe(resolved) {
        Some(true) => "yes: the venue has no negative-balance protection",
        Some(false) => "no: negative-balance protection",
        None => "not known without a venue",
    };
    lines.push(("can owe", owe.to_owned(), String::new()));
    lines
}
