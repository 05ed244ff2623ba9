//! Cross margin: what stands beside the position in its wallet.

use super::other::Other;
use super::resolve::{Keeps, rules_of, wrong};
use super::{Mode, PositionArgs};
use crate::engine::{Account, Held, Leg};
use crate::fault::Result;
use crate::money::{Cash, Rate};
use crate::venue::{Contract, Tiers, VenueRules};
use rust_decimal::Decimal;

/// What is shared.
pub(super) struct Wallet {
    pub balance: Decimal,
    /// Legs of the same symbol.
    pub hedges: Vec<Leg>,
    pub others: Vec<Beside>,
}

/// A position of another symbol.
pub(super) struct Beside {
    pub leg: Leg,
    pub mark: Decimal,
    pub keeps: Keeps,
}

impl Wallet {
    pub fn account(&self) -> Account<'_> {
        let others = self.others.iter().map(Beside::held).collect();
        Account { wallet: self.balance, hedges: self.hedges.clone(), others }
    }
}

impl Beside {
    fn held(&self) -> Held<'_> {
        Held { leg: self.leg, mark: self.mark, requirement: self.keeps.requirement() }
    }
}

/// `None` where the position is isolated.
pub(super) fn wallet(
    args: &PositionArgs,
    rules: Option<&VenueRules>,
    contract: Contract,
) -> Result<Option<Wallet>> {
    let Some(balance) = balance(args)? else { return Ok(None) };
    let mut all = Wallet { balance, hedges: Vec::new(), others: Vec::new() };
    for other in &args.other {
        if args.symbol.as_ref() == Some(&other.symbol) {
            refuse_rate_of_hedge(other)?;
            all.hedges.push(leg(other, contract));
        } else {
            all.others.push(beside(args, rules, other, contract)?);
        }
    }
    Ok(Some(all))
}

fn balance(args: &PositionArgs) -> Result<Option<Decimal>> {
    match (args.mode, args.wallet) {
        (Mode::Isolated, None) if args.other.is_empty() => Ok(None),
        (Mode::Isolated, _) => {
            let problem = "an isolated position shares no wallet and no other position";
            Err(wrong(problem).accepted("--mode cross beside --wallet and --other").into())
        }
        (Mode::Cross, None) => {
            let problem = "a position in cross margin needs the balance behind it";
            Err(wrong(problem).accepted("--wallet AMOUNT").into())
        }
        (Mode::Cross, _) if args.extra_margin.is_some() => {
            let problem = "--extra-margin belongs to an isolated position";
            Err(wrong(problem).accepted("a larger --wallet").into())
        }
        (Mode::Cross, balance) => Ok(balance),
    }
}

fn leg(other: &Other, contract: Contract) -> Leg {
    Leg { side: other.side, contract, entry: other.entry, quantity: other.quantity }
}

fn refuse_rate_of_hedge(other: &Other) -> Result<()> {
    let Some(rate) = other.maintenance else { return Ok(()) };
    let problem = "a leg of the same symbol nets, and keeps nothing at a rate of its own";
    Err(wrong(problem).found(rate).accepted("--other without the sixth part").into())
}

/// Another symbol, under its own rate or the venue's rules for it.
fn beside(
    args: &PositionArgs,
    rules: Option<&VenueRules>,
    other: &Other,
    contract: Contract,
) -> Result<Beside> {
    if let Some(maintenance) = other.maintenance {
        let tiers = Tiers::flat(maintenance, Rate::from_steps(Rate::ONE), Cash::ZERO);
        let keeps = Keeps::new(args, rules, tiers);
        return Ok(Beside { leg: leg(other, contract), mark: other.mark, keeps });
    }
    let Some(venue) = &args.venue else {
        return Err(wrong("no rules are named for another position")
            .found(&other.symbol)
            .accepted("--venue NAME, or its maintenance rate as a sixth part")
            .into());
    };
    let own = rules_of(args, venue, &other.symbol)?;
    one_settlement_asset(rules, &own)?;
    let keeps = Keeps::new(args, Some(&own), own.tiers.clone());
    Ok(Beside { leg: leg(other, own.contract), mark: other.mark, keeps })
}

/// Profit in one asset is no margin in another.
fn one_settlement_asset(rules: Option<&VenueRules>, own: &VenueRules) -> Result<()> {
    let Some(rules) = rules.filter(|rules| rules.settlement != own.settlement) else {
        return Ok(());
    };
    let problem =
        format!("{} settles in {}, not in {}", own.symbol, own.settlement, rules.settlement);
    let accepted = format!("positions that settle in {}", rules.settlement);
    Err(wrong(problem).accepted(accepted).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::{self, ResolveRequest};
    use jiff::civil::Date;

    #[test]
    fn one_wallet_holds_one_asset() {
        let rules = |symbol| {
            let overrides = &toml::Table::new();
            let name = "binance-usdm";
            venue::resolve(&ResolveRequest {
                name,
                symbol,
                as_of: Date::MAX,
                overrides,
                folder: None,
            })
            .unwrap()
        };
        let (tether, mut coin) = (rules("BTCUSDT"), rules("ETHUSDT"));
        assert!(one_settlement_asset(Some(&tether), &coin).is_ok());
        coin.settlement = "ETH".to_owned();
        let told = one_settlement_asset(Some(&tether), &coin).unwrap_err().to_string();
        assert!(told.contains("ETHUSDT settles in ETH, not in USDT"), "{told}");
    }
}
