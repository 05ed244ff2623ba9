//! `deleverage position`: one position, every figure with its formula.

mod resolve;
mod text;

use super::out;
use crate::engine::{Leg, Requirement, Terms};
use crate::fault::Result;
use crate::money::decimal::{self, BadNumber};
use crate::money::{Cash, Rate};
use crate::scenario::Side;
use clap::{Args, ValueEnum};
use comfy_table::{Table, presets::NOTHING};
use jiff::civil::Date;
use rust_decimal::Decimal;

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

/// Prints one position.
///
/// # Errors
/// Arguments that do not describe a position, an unknown venue or symbol.
pub fn position(args: &PositionArgs) -> Result<()> {
    let resolved = resolve::resolve(args)?;
    let terms = Terms {
        leg: Leg {
            side: args.side,
            contract: crate::venue::Contract::Linear,
            entry: args.entry,
            quantity: resolved.quantity,
        },
        margin: resolved.margin,
        reserved: Decimal::ZERO,
        requirement: Requirement::by_value(&resolved.tiers),
        fee: resolved.fee,
    };
    let quote =
        terms.quote().ok_or_else(|| resolve::wrong("these numbers have too many digits"))?;
    if args.json {
        return out::json(&text::as_json(args, &resolved, &quote));
    }
    out::line(text::heading(args, &resolved))?;
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, figure, formula) in text::lines(args, &resolved, &quote) {
        table.add_row([name.to_owned(), figure, formula]);
    }
    out::line(table.trim_fmt())
}
