//! Which numbered rules of `docs/model` an event follows from.

use crate::exchange::{Event, Reason};

pub fn of(event: &Event) -> Vec<&'static str> {
    match *event {
        Event::Deposit { .. } => vec!["EXC-005"],
        Event::Post { reason, .. } => vec!["EXC-002", posted(reason)],
        Event::Trade { reason, .. } => vec!["EXC-003", traded(reason)],
        Event::Funding { .. } => vec!["EXC-007"],
        Event::Mark { .. } => vec!["EXC-010"],
        Event::Trigger { rule, .. } => vec!["EXC-011", rule],
        Event::Order { .. } => vec!["EXC-017", "DEP-002"],
        Event::Deleveraged { .. } => vec!["EXC-024", "EXC-025"],
        Event::Deficit { .. } => vec!["EXC-019"],
        Event::LastRung { .. } => vec!["EXC-028"],
        Event::Rule { .. } => vec!["EXC-022"],
        Event::Reaction { .. } => vec!["EXC-030"],
    }
}

fn posted(reason: Reason) -> &'static str {
    match reason {
        Reason::Funding | Reason::Rounding => "EXC-007",
        Reason::Backstop => "EXC-018",
        Reason::Injection => "EXC-023",
        Reason::Clawback => "EXC-028",
        Reason::TakerFee => "EXC-030",
        _ => "EXC-019",
    }
}

fn traded(reason: Reason) -> &'static str {
    match reason {
        Reason::Opening => "POP-001",
        Reason::Takeover | Reason::Backstop => "EXC-018",
        Reason::Deleveraging => "EXC-024",
        Reason::Disposal => "EXC-021",
        Reason::Remainder => "EXC-027",
        Reason::Stop | Reason::TakeProfit | Reason::Cut => "EXC-030",
        _ => "EXC-017",
    }
}
