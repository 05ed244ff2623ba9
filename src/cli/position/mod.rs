//! `deleverage position`: one position, every figure with its formula.

mod formulas;
mod other;
mod parse;
mod queue;
mod resolve;
mod sentences;
mod standing;
mod steps;
mod table;
mod values;
mod wallet;

use super::out;
use crate::fault::Result;
use crate::money::{Cash, Rate};
use crate::scenario::Side;
use crate::venue::{self, VenueRules};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use other::Other;
use parse::{above_zero, cash, fraction, not_negative};
use resolve::Resolved;
use rust_decimal::Decimal;
use standing::Standing;
use steps::Steps;

/// What was typed after `position`.
#[derive(Debug, Args)]
pub struct PositionArgs {
    /// The venue whose rules apply; not needed with --maintenance
    #[arg(long, value_name = "NAME")]
    venue: Option<String>,
    /// The day whose rules apply; default: the newest rules
    #[arg(long)]
    date: Option<Date>,
    /// The instrument, such as BTCUSDT
    #[arg(long)]
    symbol: Option<String>,
    /// Side of the position
    #[arg(long)]
    side: Side,
    /// Entry price
    #[arg(long, value_name = "PRICE", value_parser = above_zero)]
    entry: Decimal,
    /// Notional over margin
    #[arg(long, value_parser = above_zero, required_unless_present = "margin")]
    leverage: Option<Decimal>,
    /// Margin of the position, in the settlement asset (inverse: coin)
    #[arg(long, value_name = "AMOUNT", value_parser = above_zero)]
    margin: Option<Decimal>,
    /// Size in base units (inverse: USD); default: what margin × leverage buys, or 1
    #[arg(long, value_parser = above_zero)]
    quantity: Option<Decimal>,
    /// Margin mode
    #[arg(long, default_value = "isolated")]
    mode: Mode,
    /// Kind of contract; default: the venue's, or linear
    #[arg(long)]
    contract: Option<Contract>,
    /// Cross: balance of the wallet without any unrealised profit
    #[arg(long, value_name = "AMOUNT", value_parser = not_negative)]
    wallet: Option<Decimal>,
    /// Cross: another position of the wallet; one of the same symbol nets
    #[arg(long, value_name = other::FORM)]
    other: Vec<Other>,
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
    /// Isolated: margin added after the entry
    #[arg(long, value_name = "AMOUNT", value_parser = not_negative)]
    extra_margin: Option<Decimal>,
    /// Open interest of the market in notional, where the initial margin rises with it
    #[arg(long, value_name = "AMOUNT", value_parser = not_negative)]
    open_interest: Option<Decimal>,
    /// Mark price for the distance; default: the entry
    #[arg(long, value_name = "PRICE", value_parser = above_zero)]
    mark: Option<Decimal>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Isolated,
    Cross,
}

impl Mode {
    const fn name(self) -> &'static str {
        match self {
            Self::Isolated => "isolated",
            Self::Cross => "cross",
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Contract {
    Linear,
    Inverse,
}

impl From<Contract> for venue::Contract {
    fn from(typed: Contract) -> Self {
        match typed {
            Contract::Linear => Self::Linear,
            Contract::Inverse => Self::Inverse,
        }
    }
}

/// A position as typed, completed by the venue's rules, and what follows from both.
struct Case<'a> {
    args: &'a PositionArgs,
    resolved: &'a Resolved,
    standing: &'a Standing,
    /// `None`: not known.
    steps: Option<&'a Steps>,
}

impl Case<'_> {
    /// The mark that was typed, or the entry.
    fn mark(&self) -> Decimal {
        self.args.mark.unwrap_or(self.args.entry)
    }

    /// An amount with the venue's settlement asset; without a venue the bare figure.
    fn money(&self, amount: Decimal) -> String {
        self.with_unit(amount, |rules| &rules.settlement)
    }

    /// A size with its unit; without a venue the bare figure.
    fn sized(&self, size: Decimal) -> String {
        self.with_unit(size, VenueRules::size_unit)
    }

    fn with_unit(&self, figure: Decimal, unit: fn(&VenueRules) -> &str) -> String {
        let figure = values::text(figure);
        match &self.resolved.rules {
            Some(rules) => format!("{figure} {}", unit(rules)),
            None => figure,
        }
    }

    /// From the mark to the liquidation price, as a fraction of the mark; `None` without one.
    fn distance(&self) -> Option<Decimal> {
        let mark = self.mark();
        self.standing.quote.liquidation_price.map(|price| ((price - mark) / mark).abs())
    }
}

/// Prints one position.
///
/// # Errors
/// Arguments that do not describe a position, an unknown venue or symbol.
pub fn position(args: &PositionArgs) -> Result<()> {
    let resolved = resolve::resolve(args)?;
    let standing = standing::of(&resolved, args.mark.unwrap_or(args.entry))?;
    let steps = resolved.rules.as_ref().and_then(|rules| steps::steps(rules, &standing));
    let steps = steps.as_ref();
    let case = Case { args, resolved: &resolved, standing: &standing, steps };
    if args.json { out::json(&values::as_json(&case)) } else { out::line(table::text(&case)) }
}
