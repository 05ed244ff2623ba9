//! Who is deleveraged first: the formulas by which venues rank the winning side.

use crate::venue::AdlRank;
use rust_decimal::Decimal;

/// What the rankings look at; all in the settlement asset, so that they hold for linear and inverse
/// contracts alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Unrealised profit of the position; below zero: a loss.
    pub profit: Decimal,
    /// Value of the position at its entry price; above zero.
    pub entry_value: Decimal,
    /// Value of the position at the mark; above zero.
    pub value: Decimal,
    /// Margin that the position was opened with; above zero.
    pub margin: Decimal,
    /// Balance behind the position without any unrealised profit: isolated, its margin; cross, the
    /// wallet.
    pub wallet: Decimal,
    /// The balance with all unrealised profit.
    pub equity: Decimal,
    /// Maintenance margin of all that shares the balance.
    pub maintenance: Decimal,
}

/// The place of a position in the queue: the higher, the earlier.
///
/// - `ProfitLeverage`: `R·λ` for a gain, `R/λ` for a loss, with `R = profit / entry value`
///   (BitMEX, Bybit).
/// - `ProfitMarginRatio`: `max(0, profit) / max(1, wallet) · maintenance / equity` (Binance, Aevo).
/// - `ReturnMarginRatio`: the return on margin `profit / margin` over the margin ratio `1/λ` for a
///   gain, times it for a loss (OKX).
/// - `GainExposure`: `P/EP · λ` for a long, `EP/P · λ` for a short (Hyperliquid).
/// - `Unranked`: 0 for everybody, so that the account ids decide (dYdX).
/// - `ProRata`: `max(0, profit)`: a weight, not a place.
///
/// `λ = value/equity` is the effective leverage. Quotients keep 28 digits and nothing is rounded
/// beyond that. `None`: without equity there is nothing to rank, the position is bankrupt itself;
/// or a number does not fit.
pub fn score(rank: AdlRank, standing: &Standing) -> Option<Decimal> {
    if standing.equity <= Decimal::ZERO {
        return None;
    }
    match rank {
        AdlRank::ProfitLeverage => standing.by_leverage(standing.entry_value),
        AdlRank::ReturnMarginRatio => standing.by_leverage(standing.margin),
        AdlRank::ProfitMarginRatio => standing.by_margin_ratio(),
        AdlRank::GainExposure => standing.gain()?.checked_mul(standing.leverage()?),
        AdlRank::Unranked => Some(Decimal::ZERO),
        AdlRank::ProRata => Some(standing.profit.max(Decimal::ZERO)),
    }
}

impl Standing {
    fn leverage(&self) -> Option<Decimal> {
        self.value.checked_div(self.equity)
    }

    /// Profit as a share of a base, times the leverage; a loss divided by it, so that leverage
    /// moves a position forward in both cases.
    fn by_leverage(&self, base: Decimal) -> Option<Decimal> {
        let share = self.profit.checked_div(base)?;
        let leverage = self.leverage()?;
        if share > Decimal::ZERO {
            share.checked_mul(leverage)
        } else {
            share.checked_div(leverage)
        }
    }

    fn by_margin_ratio(&self) -> Option<Decimal> {
        let share = self.profit.max(Decimal::ZERO).checked_div(self.wallet.max(Decimal::ONE))?;
        share.checked_mul(self.maintenance.checked_div(self.equity)?)
    }

    /// Mark over entry for a long, entry over mark for a short: above 1 for whoever gains, in both
    /// kinds of contract.
    fn gain(&self) -> Option<Decimal> {
        let high = self.value.max(self.entry_value);
        let low = self.value.min(self.entry_value);
        if self.profit > Decimal::ZERO { high.checked_div(low) } else { low.checked_div(high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Isolated, `margin` behind a position worth `entry` at entry.
    fn standing(entry: i64, profit: i64, margin: i64) -> Standing {
        let [entry_value, profit, margin] = [entry, profit, margin].map(Decimal::from);
        Standing {
            profit,
            entry_value,
            value: entry_value + profit,
            margin,
            wallet: margin,
            equity: margin + profit,
            maintenance: entry_value / Decimal::ONE_HUNDRED,
        }
    }

    const RANKED: [AdlRank; 4] = [
        AdlRank::ProfitLeverage,
        AdlRank::ProfitMarginRatio,
        AdlRank::ReturnMarginRatio,
        AdlRank::GainExposure,
    ];

    #[test]
    fn who_gains_more_on_less_margin_comes_first() {
        for rank in RANKED {
            let place = |profit, margin| score(rank, &standing(1000, profit, margin));
            assert!(place(100, 100) < place(100, 50), "{rank:?}: the higher leverage first");
            // Hyperliquid's index weighs exposure before gain: a gain is equity, and lowers it.
            if rank != AdlRank::GainExposure {
                assert!(place(0, 100) < place(100, 100), "{rank:?}: a gain before none");
                assert!(place(-50, 100) <= place(0, 100), "{rank:?}: a loss last");
            }
        }
    }

    #[test]
    fn the_bankrupt_have_no_place() {
        for rank in RANKED {
            assert_eq!(score(rank, &standing(1000, -100, 100)), None);
            assert_eq!(score(rank, &standing(1000, -150, 100)), None);
        }
    }

    /// Effective leverage as BitMEX writes it, from prices: mark / (mark − bankruptcy).
    #[test]
    fn leverage_is_the_same_from_prices_and_from_amounts() {
        let long = standing(50_000, 5_000, 5_000);
        let [mark, bankruptcy] = [55_000, 45_000].map(Decimal::from);
        assert_eq!(long.leverage(), Some(mark / (mark - bankruptcy)));
    }
}
