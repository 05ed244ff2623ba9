//! Scenarios that are done, kept beside the report until it is there: a run that was killed goes
//! on where its last chunk ended.

use crate::exchange::Need;
use crate::fault::{Error, Fault, Place, Result};
use crate::money::Cash;
use crate::tally::Trial;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What to do about scenarios that an earlier run has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// Stop, and say so.
    Refuse,
    /// Take them over.
    Resume,
    /// Begin anew.
    Discard,
}

/// The folder of a run's chunks.
#[derive(Debug)]
pub struct Checkpoint {
    folder: PathBuf,
    identity: String,
    chunks: u32,
}

const IDENTITY: &str = "identity";

/// A trial as text, with what it was.
#[derive(Debug, Serialize, Deserialize)]
struct Row {
    scenario: u32,
    cash: i64,
    marked: i64,
    rule: i64,
    whole: i64,
    other_cash: Option<i64>,
    other_marked: Option<i64>,
    other_rule: Option<i64>,
    other_whole: Option<i64>,
    first: i64,
    second: i64,
    third: i64,
    drawdown: i64,
    drawdown_mtm: i64,
    drawdown_8h: i64,
    liquidated_notional: i64,
    liquidations: u32,
}

impl Checkpoint {
    /// The folder beside a report's place, and what an earlier run of the same identity has left
    /// there.
    ///
    /// # Errors
    /// What is there belongs to another question, or to this one and nobody said what to do with
    /// it; a disk that cannot be read or written.
    pub fn open(out: &Path, identity: &str, earlier: Earlier) -> Result<(Self, Vec<Trial>)> {
        let folder = beside(out);
        if folder.exists() {
            match earlier {
                Earlier::Refuse => return Err(in_the_way(&folder).into()),
                Earlier::Discard => remove(&folder)?,
                Earlier::Resume => {
                    check_identity(&folder, identity)?;
                    let trials = read(&folder)?;
                    let chunks = trials.len() as u32;
                    let trials = trials.into_iter().flatten().collect();
                    return Ok((Self { folder, identity: identity.to_owned(), chunks }, trials));
                }
            }
        }
        Ok((Self { folder, identity: identity.to_owned(), chunks: 0 }, Vec::new()))
    }

    /// Keeps a chunk: whole, or not at all.
    ///
    /// # Errors
    /// The disk cannot be written to.
    pub fn keep(&mut self, trials: &[Trial]) -> Result<()> {
        if self.chunks == 0 {
            std::fs::create_dir_all(&self.folder).map_err(Error::io("create", &self.folder))?;
            put(&self.folder, IDENTITY, self.identity.as_bytes())?;
        }
        let name = chunk(self.chunks);
        let failed = |error: csv::Error| Error::io("write", self.folder.join(&name))(error.into());
        let mut writer = csv::Writer::from_writer(Vec::new());
        for trial in trials {
            writer.serialize(Row::from(trial)).map_err(failed)?;
        }
        let bytes = writer.into_inner().map_err(|error| {
            Error::io("write", self.folder.join(&name))(std::io::Error::other(error.to_string()))
        })?;
        put(&self.folder, &name, &bytes)?;
        self.chunks += 1;
        Ok(())
    }

    /// The report is in its place. The folder is renamed first, so that a kill leaves no half of it
    /// to be resumed.
    ///
    /// # Errors
    /// The folder cannot be removed.
    pub fn discard(self) -> Result<()> {
        if self.chunks > 0 { remove(&self.folder) } else { Ok(()) }
    }
}

/// Where an unfinished run of a report has left its scenarios; `None`: there are none.
pub fn unfinished(out: &Path) -> Option<PathBuf> {
    Some(beside(out)).filter(|folder| folder.exists())
}

/// `reports/size` → `reports/.size.unfinished`.
fn beside(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    out.with_file_name(format!(".{name}.unfinished"))
}

fn chunk(number: u32) -> String {
    format!("scenarios-{number:06}.csv")
}

/// Written under another name, then renamed: a kill leaves a whole file or none of this name.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let (path, temporary) = (folder.join(name), folder.join(format!("{name}.part")));
    std::fs::write(&temporary, bytes).map_err(Error::io("write", &temporary))?;
    std::fs::rename(&temporary, &path).map_err(Error::io("rename", &path))
}

fn remove(folder: &Path) -> Result<()> {
    let away = folder.with_extension("done");
    if away.exists() {
        std::fs::remove_dir_all(&away).map_err(Error::io("remove", &away))?;
    }
    std::fs::rename(folder, &away).map_err(Error::io("rename", folder))?;
    std::fs::remove_dir_all(&away).map_err(Error::io("remove", &away))
}

fn in_the_way(folder: &Path) -> Fault {
    Fault::new(Place::file(folder), "an earlier run was not finished")
        .accepted("--resume to go on with it, or --force to begin anew")
}

fn check_identity(folder: &Path, identity: &str) -> Result<()> {
    let path = folder.join(IDENTITY);
    let found = std::fs::read_to_string(&path).map_err(Error::io("read", &path))?;
    if found == identity {
        return Ok(());
    }
    let problem = "the unfinished run asks something else: another scenario, file or version";
    let fault = Fault::new(Place::file(folder), problem);
    Err(fault.accepted("the same question, or --force to begin anew").into())
}

/// Chunk by chunk, as far as they follow each other.
fn read(folder: &Path) -> Result<Vec<Vec<Trial>>> {
    let mut chunks = Vec::new();
    loop {
        let path = folder.join(chunk(chunks.len() as u32));
        if !path.exists() {
            return Ok(chunks);
        }
        let failed = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            let fault = Fault::new(Place::file(&path).at(line, 1), "not a row of a scenario");
            Error::from(fault.found(error).accepted("what the run wrote; --force begins anew"))
        };
        let mut reader = csv::Reader::from_path(&path).map_err(failed)?;
        let rows = reader.deserialize::<Row>().map(|row| row.map(Trial::from).map_err(failed));
        chunks.push(rows.collect::<Result<_>>()?);
    }
}

impl From<&Trial> for Row {
    fn from(trial: &Trial) -> Self {
        let other = trial.without_largest;
        let of = |part: fn(&Need) -> Cash| other.as_ref().map(|need| part(need).atoms());
        Self {
            scenario: trial.scenario,
            cash: trial.need.cash.atoms(),
            marked: trial.need.marked.atoms(),
            rule: trial.need.rule.atoms(),
            whole: trial.need.whole.atoms(),
            other_cash: of(|need| need.cash),
            other_marked: of(|need| need.marked),
            other_rule: of(|need| need.rule),
            other_whole: of(|need| need.whole),
            first: trial.charged[0].atoms(),
            second: trial.charged[1].atoms(),
            third: trial.charged[2].atoms(),
            drawdown: trial.drawdown.atoms(),
            drawdown_mtm: trial.drawdown_mtm.atoms(),
            drawdown_8h: trial.drawdown_8h.atoms(),
            liquidated_notional: trial.liquidated_notional.atoms(),
            liquidations: trial.liquidations,
        }
    }
}

impl From<Row> for Trial {
    fn from(row: Row) -> Self {
        let need = |[cash, marked, rule, whole]: [i64; 4]| Need {
            cash: Cash::from_atoms(cash),
            marked: Cash::from_atoms(marked),
            rule: Cash::from_atoms(rule),
            whole: Cash::from_atoms(whole),
        };
        let other = [row.other_cash, row.other_marked, row.other_rule, row.other_whole];
        let other: Option<Vec<i64>> = other.into_iter().collect();
        Self {
            scenario: row.scenario,
            need: need([row.cash, row.marked, row.rule, row.whole]),
            without_largest: other.and_then(|all| all.try_into().ok()).map(need),
            charged: [row.first, row.second, row.third].map(Cash::from_atoms),
            drawdown: Cash::from_atoms(row.drawdown),
            drawdown_mtm: Cash::from_atoms(row.drawdown_mtm),
            drawdown_8h: Cash::from_atoms(row.drawdown_8h),
            liquidated_notional: Cash::from_atoms(row.liquidated_notional),
            liquidations: row.liquidations,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(scenario: u32, without_largest: Option<Need>) -> Trial {
        let cash = |atoms: i64| Cash::from_atoms(atoms * i64::from(scenario + 1));
        let need = Need { cash: cash(1), marked: cash(2), rule: cash(3), whole: cash(-4) };
        Trial {
            scenario,
            need,
            without_largest,
            charged: [cash(30), cash(20), cash(10)],
            drawdown: cash(5),
            drawdown_mtm: cash(6),
            drawdown_8h: cash(7),
            liquidated_notional: cash(8),
            liquidations: scenario * 9,
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("size");
        let trials: Vec<Trial> = (0..7)
            .map(|n| {
                trial(
                    n,
                    (n % 2 == 0)
                        .then_some(Need { cash: Cash::from_atoms(n.into()), ..Need::default() }),
                )
            })
            .collect();
        let (mut run, none) = Checkpoint::open(&out, "a", Earlier::Refuse).unwrap();
        assert!(none.is_empty());
        run.keep(&trials[..4]).unwrap();
        run.keep(&trials[4..]).unwrap();
        drop(run);
        // A kill in the middle of a chunk.
        std::fs::write(home.path().join(".size.unfinished/scenarios-000002.csv.part"), "x")
            .unwrap();
        let refused = Checkpoint::open(&out, "a", Earlier::Refuse).unwrap_err().to_string();
        assert!(refused.contains("--resume"), "{refused}");
        let other = Checkpoint::open(&out, "b", Earlier::Resume).unwrap_err().to_string();
        assert!(other.contains("something else"), "{other}");
        let (mut run, read) = Checkpoint::open(&out, "a", Earlier::Resume).unwrap();
        assert_eq!(read, trials);
        run.keep(&trials[..1]).unwrap();
        run.discard().unwrap();
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_row_is_named() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("size");
        let (mut run, _) = Checkpoint::open(&out, "a", Earlier::Refuse).unwrap();
        run.keep(&[trial(0, None)]).unwrap();
        let path = home.path().join(".size.unfinished/scenarios-000000.csv");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace(",5,", ",five,")).unwrap();
        let refused = Checkpoint::open(&out, "a", Earlier::Resume).unwrap_err().to_string();
        assert!(refused.contains("scenarios-000000.csv:2:1"), "{refused}");
    }
}
