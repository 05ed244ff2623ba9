//! What happens to the margin, and who bears a loss, in plain words.

use super::Case;
use super::resolve::Initial;
use super::steps::{After, Steps};
use super::values::text;
use crate::money::{Quantity, Rate};
use crate::report::rounded;
use crate::venue::{
    CloseOut, Edge, NegativeBalance, OrderPrice, Residual, TriggerFee, TriggerPrice, VenueRules,
    percent,
};
use rust_decimal::Decimal;

/// One sentence for each thing worth knowing.
pub(super) fn sentences(case: &Case<'_>) -> Vec<String> {
    let mut told = warnings(case);
    let Some(rules) = &case.resolved.rules else {
        told.push(
            "No venue is named: what becomes of the margin, and who bears a loss beyond it, is \
             not known."
                .to_owned(),
        );
        return told;
    };
    told.push(trigger(rules));
    told.push(format!("{} {}", close_out(rules), price(rules)));
    told.extend(steps(case, rules));
    told.push(residual(case, rules));
    told.push(owing(case, rules));
    told
}

/// What the venue would not let stand.
fn warnings(case: &Case<'_>) -> Vec<String> {
    let mut told = Vec::new();
    if case.standing.liquidatable {
        told.push(format!("At a mark of {} it would be liquidated at once.", text(case.mark())));
    }
    let Some(rules) = &case.resolved.rules else { return told };
    if case.args.maintenance.is_some() {
        return told;
    }
    let bracket = case.standing.quote.bracket;
    let highest = (Decimal::ONE / bracket.initial).round_dp(2).normalize();
    if case.resolved.leverage > highest {
        let venue = &rules.name;
        told.push(format!("{venue} allows no more than {highest}x in tier {}.", bracket.number));
    }
    let asked = case.resolved.initial_margin;
    if matches!(case.resolved.initial, Initial::OpenInterest(_)) && asked > case.standing.margin {
        let (asked, asset) = (text(asked), &rules.settlement);
        told.push(format!("At this open interest {asked} {asset} of margin is asked of it."));
    }
    told
}

fn trigger(rules: &VenueRules) -> String {
    let price = match rules.trigger_price {
        TriggerPrice::Mark => "mark",
        TriggerPrice::Oracle => "oracle",
    };
    let edge = match rules.edge {
        Edge::AtOrBelow => "at or below",
        Edge::Below => "below",
    };
    let fee = match rules.trigger_fee {
        TriggerFee::Excluded => "",
        TriggerFee::Included => " and the fee of closing",
    };
    format!("It is liquidated when equity at the {price} price is {edge} maintenance margin{fee}.")
}

fn close_out(rules: &VenueRules) -> String {
    let asset = &rules.settlement;
    match rules.close_out {
        CloseOut::Full => "The whole position is closed.".to_owned(),
        CloseOut::IocThenTakeover => "One immediate-or-cancel order closes the whole position, \
                                      and what it leaves is taken over at the bankruptcy price."
            .to_owned(),
        CloseOut::LowerTier => "What lies above the next lower tier is closed, all at once or \
                                else the whole position is taken over, as it is in the lowest \
                                tier."
            .to_owned(),
        CloseOut::TwoTiers { .. } => "From the third tier up it is cut by two tiers while it \
                                      meets the requirement of the lowest; otherwise it is taken \
                                      over whole."
            .to_owned(),
        CloseOut::ToFirstTier { .. } => "From the third tier up it is cut to the lowest tier \
                                         while it meets the requirement there; otherwise it is \
                                         taken over whole."
            .to_owned(),
        CloseOut::Fraction { share, above, cooldown } => format!(
            "Of a position of more than {above} {asset}, {} is closed first, and the rest \
             {cooldown} later if it still falls short; a smaller one is closed at once.",
            percent(share)
        ),
        CloseOut::Restore { buffer: Rate::ZERO, least, .. } => {
            format!(
                "As much is closed, at least {}, as restores the maintenance rate.",
                percent(least)
            )
        }
        CloseOut::Restore { buffer, least, .. } => format!(
            "As much is closed, at least {}, as restores the maintenance rate and a buffer of {}.",
            percent(least),
            percent(buffer)
        ),
        CloseOut::BlockCap { share, least, most, .. } => format!(
            "In each block {} of it is closed, worth at least {least} and at most {most} {asset}.",
            percent(share)
        ),
    }
}

fn price(rules: &VenueRules) -> &'static str {
    match rules.order {
        OrderPrice::Market => "It is filled at what the book gives.",
        OrderPrice::BankruptcyLimit => "It is filled no further than the bankruptcy price.",
        OrderPrice::FillableLimit { .. } => {
            "It is filled no further than a limit that gives way as equity falls."
        }
        OrderPrice::Transfer => "No order is sent: it is taken over at the bankruptcy price.",
    }
}

/// What is left at the liquidation price, and for whom.
fn residual(case: &Case<'_>, rules: &VenueRules) -> String {
    let asset = &rules.settlement;
    let fee_rate = percent(rules.fees.liquidation);
    let goes = match rules.residual {
        Residual::FundKeeps => "the insurance fund keeps whatever is left of its margin".to_owned(),
        Residual::FeeThenReturn => format!(
            "a liquidation fee of {fee_rate}, at most what is left, goes to the insurance fund, \
             and the rest comes back"
        ),
        Residual::Returned => "all that is left comes back, without a fee".to_owned(),
        Residual::Backstop { below } => format!(
            "all that is left comes back, without a fee; but once equity is below {} of \
             maintenance margin, a backstop vault takes the position with all of its margin",
            four_decimals(below)
        ),
    };
    let told = format!("When nothing of it is open any more, {goes}.");
    let Some((fill, left, fee)) = left(case, rules) else { return told };
    let back = match rules.residual {
        Residual::FundKeeps => Decimal::ZERO,
        Residual::FeeThenReturn => left - fee.min(left),
        Residual::Returned | Residual::Backstop { .. } => left,
    };
    let back = match back.is_zero() {
        true => "none of it comes back".to_owned(),
        false => format!("{} comes back", short(back)),
    };
    format!(
        "{told} Closed whole at {}, {} of {} {asset} would be left, and {back}.",
        short(fill),
        short(left),
        text(case.standing.margin),
    )
}

/// Percent to four decimals: two thirds have no end.
fn four_decimals(rate: Rate) -> String {
    format!("{}%", (rate.to_decimal() * Decimal::ONE_HUNDRED).round_dp(4).normalize())
}

/// A price for a sentence.
fn digits(price: Decimal) -> String {
    price.round_sf(8).unwrap_or(price).normalize().to_string()
}

/// An amount for a sentence.
fn short(amount: Decimal) -> String {
    amount.round_dp(8).normalize().to_string()
}

/// What a liquidation would be like is told of a position that still stands.
fn rehearsed<'a>(case: &Case<'a>) -> Option<&'a Steps> {
    case.steps.filter(|_| !case.standing.liquidatable)
}

/// Where the only step of a liquidation would be filled, equity there and the liquidation fee;
/// `None` where the margin is shared, the position is closed in parts, or never.
fn left(case: &Case<'_>, rules: &VenueRules) -> Option<(Decimal, Decimal, Decimal)> {
    let steps = rehearsed(case)?;
    let step = steps.shown.first().filter(|step| step.leaves == Quantity::ZERO)?;
    let fill = steps.scale.to_decimal(step.fill);
    let leg = case.standing.net.filter(|_| case.standing.backing.is_none())?;
    let left = case.standing.margin.checked_add(leg.profit(fill)?)?.max(Decimal::ZERO);
    let fee = leg.value(fill)?.checked_mul(rules.fees.liquidation.to_decimal())?;
    Some((fill, left, fee))
}

/// Whether the first step leaves nothing, as far as steps are known.
fn at_once(case: &Case<'_>) -> bool {
    let first = case.steps.and_then(|steps| steps.shown.first());
    first.is_none_or(|step| step.leaves == Quantity::ZERO)
}

/// One sentence for each step, where a position is not closed at once.
fn steps(case: &Case<'_>, rules: &VenueRules) -> Vec<String> {
    let Some(steps) = rehearsed(case)
        .filter(|steps| steps.shown.first().is_some_and(|step| step.leaves > Quantity::ZERO))
    else {
        return Vec::new();
    };
    let mut told = vec![
        "Filled at the very mark that fires, on and on against it, it would go like this:"
            .to_owned(),
    ];
    for (index, step) in steps.shown.iter().enumerate() {
        let price = |price| digits(steps.scale.to_decimal(price));
        let (number, trigger) = (index + 1, price(step.trigger));
        let closes = format!("{} {}", step.closes, rules.size_unit());
        let done = match step.fill == step.trigger {
            true => format!("closes {closes}"),
            false => format!("takes over {closes} at {}", price(step.fill)),
        };
        let left = match step.leaves {
            Quantity::ZERO => "nothing".to_owned(),
            size => {
                let margin = rounded(rules, step.margin_left);
                format!("{size} {} with {margin} {}", rules.size_unit(), rules.settlement)
            }
        };
        told.push(format!("{number}. at {trigger} {done}, leaves {left} ({}).", step.rule));
    }
    if steps.after == After::MoreSteps {
        told.push("More steps follow.".to_owned());
    }
    told
}

fn owing(case: &Case<'_>, rules: &VenueRules) -> String {
    let quote = &case.standing.quote;
    let beyond = match (case.standing.backing, quote.bankruptcy_price) {
        (Some(_), _) => "beyond the balance of the account".to_owned(),
        (None, Some(price)) if at_once(case) => format!("beyond the margin, past {},", text(price)),
        (None, Some(_)) => "beyond the margin".to_owned(),
        (None, None) => {
            return "You cannot owe money: no price takes all of the margin.".to_owned();
        }
    };
    match rules.loss.negative_balance {
        NegativeBalance::Protected => format!(
            "You cannot owe money: a loss {beyond} is not yours to pay (negative-balance \
             protection)."
        ),
        NegativeBalance::Owed => format!(
            "You can owe money: a loss {beyond} is yours to pay (no negative-balance protection)."
        ),
    }
}
