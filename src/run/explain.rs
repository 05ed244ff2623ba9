//! One position of a finished run, replayed with a journal.

use super::batch::{Work, row};
use super::{Inputs, check_sizes, earlier, market};
use crate::engine::{Conditions, Event, Outlook};
use crate::fault::{Fault, Place, Result};
use crate::passage::Passage;
use crate::report::story::Story;
use crate::report::{outcomes, recorded};
use crate::scenario::{Entry, Plan, Study};
use crate::tally::Row;
use std::path::Path;

/// A position and what happened to it.
#[derive(Debug)]
pub struct Replayed {
    study: Study,
    inputs: Inputs,
    conditions: Conditions,
    entry: Entry,
    number: u64,
    row: Row,
    events: Vec<Event>,
    /// Whether the report has a row of it, which then says the same.
    confirmed: bool,
}

/// Replays position `number` of the run whose report lies in a folder: the position in that row of
/// its outcomes, from 0.
///
/// # Errors
/// The report cannot be reproduced from what it says (see `earlier`), has no such position, or
/// holds another outcome of it.
pub fn replay(report: &Path, number: u64) -> Result<Replayed> {
    let (study, inputs) = earlier::reload(report)?;
    let plan = Plan::bind(&study, &inputs.history, &inputs.rules)?;
    let conditions = Conditions::under(&inputs.rules, &inputs.history);
    let market = market(&study, &inputs, &conditions, Passage::Scan(&inputs.history.mark));
    check_sizes(&study, &market, &plan)?;
    let Some((entry, wanted)) = plan.position(&study, number) else {
        let last = plan.positions(&study).saturating_sub(1);
        let place = Place::file(report);
        return Err(Fault::new(place, "the run has no such position")
            .found(number)
            .accepted(format!("0 to {last}"))
            .into());
    };
    let (rules, sieve) = (&inputs.rules, None);
    let work = Work { study: &study, plan: &plan, market: &market, rules, sieve };
    let mut events = Vec::new();
    let row = row(work, &entry, (&wanted, Outlook::Unknown), &mut events).ok_or_else(|| {
        Fault::new(Place::file(report), "this position holds less than a lot").found(number)
    })?;
    let fields = outcomes::fields(&row, inputs.history.scale);
    let confirmed = recorded::agrees(report, "outcomes", number, &fields)?;
    Ok(Replayed { study, inputs, conditions, entry, number, row, events, confirmed })
}

impl Replayed {
    /// What there is to tell.
    pub fn story(&self) -> Story<'_> {
        let passage = Passage::Scan(&self.inputs.history.mark);
        Story {
            study: &self.study,
            market: market(&self.study, &self.inputs, &self.conditions, passage),
            rules: &self.inputs.rules,
            entry: &self.entry,
            number: self.number,
            row: &self.row,
            events: &self.events,
            confirmed: self.confirmed,
        }
    }
}
