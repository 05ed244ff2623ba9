//! What traders have prepared. Rule `POP-007`.

use super::book::{Holding, Plan, Reaction, ReactionKind};
use crate::money::{Price, Rate, Round};
use crate::scenario::Side;
use crate::scenario::draws::Stream;
use crate::scenario::exchange::{Hazard, PopulationChoice};

/// Streams of the plans: each has its draws for every user, whatever the shares are.
#[derive(Debug)]
pub struct Plans<'a> {
    pub choice: &'a PopulationChoice,
    pub stops: Stream,
    pub take_profits: Stream,
    pub reactions: Stream,
}

/// Where an order waits, seen from the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Against,
    Towards,
}

impl Plans<'_> {
    /// The next user's.
    pub fn next(&mut self, first: &Holding, start: Price) -> Plan {
        let (stops, take_profits) = (&self.choice.stops, &self.choice.take_profits);
        let placed = |hazard: &Hazard, uniform: f64, way| {
            let price =
                (uniform < hazard.share.to_f64()).then(|| beside(first, hazard.amount, way));
            price.flatten().filter(|price| !is_behind(first.side, *price, start, way))
        };
        Plan {
            stop: placed(stops, drawn(stops, &mut self.stops), Way::Against),
            take_profit: placed(
                take_profits,
                drawn(take_profits, &mut self.take_profits),
                Way::Towards,
            ),
            reaction: self.reaction(),
        }
    }

    /// One draw says who tops up, who cuts and who does nothing; another how long that takes.
    fn reaction(&mut self) -> Option<Reaction> {
        let (top_ups, cuts) = (&self.choice.top_ups, &self.choice.cuts);
        if top_ups.share == Rate::ZERO && cuts.share == Rate::ZERO {
            return None;
        }
        let (who, wait) = (self.reactions.unit(), self.reactions.unit());
        let share = top_ups.share.to_f64();
        let (hazard, kind) = if who < share {
            (top_ups, ReactionKind::TopUp(top_ups.amount))
        } else if who < share + cuts.share.to_f64() {
            (cuts, ReactionKind::Cut(cuts.amount))
        } else {
            return None;
        };
        let mean = hazard.delay.map_or(0.0, |delay| delay.millis() as f64);
        Some(Reaction { kind, delay: (-libm::log(wait) * mean) as i64 })
    }
}

/// Nothing is drawn for what nobody does.
fn drawn(hazard: &Hazard, stream: &mut Stream) -> f64 {
    if hazard.share == Rate::ZERO { 1.0 } else { stream.unit() }
}

/// The price at a distance from the entry, rounded away from it; `None`: there is none above zero.
fn beside(holding: &Holding, distance: Rate, way: Way) -> Option<Price> {
    let up = (holding.side == Side::Long) == (way == Way::Towards);
    let (sign, round) = if up { (1, Round::Ceil) } else { (-1, Round::Floor) };
    let one = i128::from(Rate::ONE);
    let factor = one + sign * i128::from(distance.steps());
    let steps = round.div(i128::from(holding.entry.steps()) * factor, one);
    i64::try_from(steps).ok().filter(|steps| *steps > 0).map(Price::from_steps)
}

/// Whether the mark has already been reached, or left behind.
fn is_behind(side: Side, price: Price, start: Price, way: Way) -> bool {
    match (side == Side::Long) == (way == Way::Towards) {
        true => price <= start,
        false => price >= start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Quantity;

    #[test]
    fn orders_wait_on_their_side_of_the_entry() {
        let at = |side, way, distance: &str| {
            let quantity = Quantity::from_lots(1);
            let holding = Holding { symbol: 0, side, quantity, entry: Price::from_steps(1_001) };
            beside(&holding, Rate::parse(distance).unwrap(), way).map(Price::steps)
        };
        assert_eq!(at(Side::Long, Way::Against, "10%"), Some(900));
        assert_eq!(at(Side::Long, Way::Towards, "10%"), Some(1_102));
        assert_eq!(at(Side::Short, Way::Against, "10%"), Some(1_102));
        assert_eq!(at(Side::Short, Way::Towards, "10%"), Some(900));
        assert_eq!(at(Side::Long, Way::Against, "100%"), None);
    }

    #[test]
    fn what_the_mark_has_passed_is_behind() {
        let start = Price::from_steps(100);
        let behind = |side, steps, way| is_behind(side, Price::from_steps(steps), start, way);
        assert!(behind(Side::Long, 101, Way::Against) && !behind(Side::Long, 99, Way::Against));
        assert!(behind(Side::Short, 99, Way::Against) && !behind(Side::Short, 101, Way::Against));
        assert!(behind(Side::Long, 99, Way::Towards) && !behind(Side::Short, 99, Way::Towards));
    }
}
