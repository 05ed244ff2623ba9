//! One world of a finished run, run again with a journal.

use super::stage::Stage;
use super::symbols;
use crate::exchange::AccountId;
use crate::fault::{Fault, Place, Result};
use crate::history::Cache;
use crate::report::exchange::{Life, Told, account, row};
use crate::report::recorded;
use crate::run::{MarketInputs, earlier};
use std::path::{Path, PathBuf};

/// A world and all that happened in it.
#[derive(Debug)]
pub struct ReplayedWorld {
    report: PathBuf,
    inputs: MarketInputs,
    told: Told,
    /// What the accounts of a file are called there, one a trader.
    names: Vec<String>,
    /// Whether the report has a row of it, which then says the same.
    confirmed: bool,
}

/// Runs a world of the run whose report lies in a folder again.
///
/// # Errors
/// The report cannot be reproduced from what it says (see `earlier`), has no such world, or holds
/// another row of it.
pub fn replay(report: &Path, world: u32, cache: Option<&Cache>) -> Result<ReplayedWorld> {
    let inputs = earlier::reload_exchange(report, cache)?;
    if world >= inputs.study.worlds {
        return Err(Fault::new(Place::file(report), "the run has no such world")
            .found(world)
            .accepted(format!("0 to {}", inputs.study.worlds - 1))
            .into());
    }
    let markets = inputs.markets();
    let stage = Stage::set(&inputs, &markets)?;
    let (told, names) = (stage.told(world), stage.names().to_vec());
    let fields = row(&told.world, stage.context());
    let confirmed = recorded::agrees(report, "worlds", u64::from(world), &fields)?;
    drop(stage);
    drop(markets);
    Ok(ReplayedWorld { report: report.to_owned(), inputs, told, names, confirmed })
}

impl ReplayedWorld {
    /// What there is to tell: of one account, or of all.
    ///
    /// # Errors
    /// The world has no such account.
    pub fn life(&self, name: Option<&str>) -> Result<Life<'_>> {
        Ok(Life {
            study: &self.inputs.study,
            symbols: symbols(&self.inputs),
            world: &self.told.world,
            traders: self.told.population.traders.len(),
            events: &self.told.record.events,
            account: name.map(|name| self.account(name)).transpose()?,
            confirmed: self.confirmed,
        })
    }

    /// An account by its name in reports, or by the one that the population's file gives it.
    fn account(&self, name: &str) -> Result<AccountId> {
        let traders = self.told.population.traders.len();
        let tranches = self.inputs.study.fund.tranches.len();
        let exists = |account: &AccountId| match *account {
            AccountId::Trader(number) => (number as usize) < traders,
            AccountId::Tranche(number) => usize::from(number) < tranches,
            _ => true,
        };
        let in_file = || {
            let number = self.names.iter().position(|known| known == name)?;
            Some(AccountId::Trader(u32::try_from(number).ok()?))
        };
        let found = account(name).filter(exists).or_else(in_file);
        found.ok_or_else(|| {
            Fault::new(Place::file(&self.report), "the world has no such account")
                .found(name)
                .accepted(format!(
                    "0 to {}, fund-0 to fund-{}, book, clearing, fees, exchange, socialised, owed \
                     or bad-debt",
                    traders.saturating_sub(1),
                    tranches.saturating_sub(1)
                ))
                .into()
        })
    }
}
