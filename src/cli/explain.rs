//! `deleverage explain`.

use super::cache::Caching;
use super::out;
use crate::fault::{Error, Result};
use crate::report::exchange::life;
use crate::report::story::{self, Story};
use crate::run;
use clap::Args;
use std::path::{Path, PathBuf};

/// What was typed after `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Folder of a finished run: of a study of positions or of an exchange
    run: PathBuf,
    /// Study of positions: which one, its row in the run's outcomes, from 0
    #[arg(long, value_name = "NUMBER", required_unless_present = "world")]
    position: Option<u64>,
    /// Study of an exchange: which world, its row in the run's worlds, from 0
    #[arg(long, value_name = "NUMBER", conflicts_with = "position")]
    world: Option<u32>,
    /// Of that world only what touches one account: its number, or fund-0, book, fees, clearing,
    /// exchange, socialised, owed, bad-debt
    #[arg(long, value_name = "ACCOUNT", requires = "world")]
    account: Option<String>,
    /// Draw the position, too, as position-NUMBER.png
    #[arg(long, requires = "position")]
    plot: bool,
    /// Folder of the picture; default: that of the run
    #[arg(long, value_name = "DIR", requires = "plot")]
    out: Option<PathBuf>,
    #[command(flatten)]
    caching: Caching,
    /// Print the events as JSON; of a world one a line
    #[arg(long)]
    json: bool,
}

/// Replays one position or world of a finished run and prints what happened.
pub fn explain(args: &ExplainArgs) -> Result<()> {
    match (args.position, args.world) {
        (Some(number), _) => position(args, number),
        (None, Some(number)) => world(args, number),
        (None, None) => Ok(()),
    }
}

fn world(args: &ExplainArgs, number: u32) -> Result<()> {
    let replayed = run::exchange::replay(&args.run, number, args.caching.cache().as_ref())?;
    let life = replayed.life(args.account.as_deref())?;
    match args.json {
        true => out::lines(life::to_json(&life)),
        false => out::line(life::text(&life)),
    }
}

fn position(args: &ExplainArgs, number: u64) -> Result<()> {
    let replayed = run::replay(&args.run, number, args.caching.cache().as_ref())?;
    let story = replayed.story();
    let picture = match args.plot {
        true => Some(draw(&story, args.out.as_deref().unwrap_or(&args.run))?),
        false => None,
    };
    match args.json {
        true => out::json(&story::to_json(&story))?,
        false => out::line(story::text(&story))?,
    }
    if let Some(path) = picture {
        eprintln!("Picture: {}", path.display());
    }
    Ok(())
}

/// Writes the picture beside its place and renames it: nobody sees half of one.
fn draw(story: &Story, folder: &Path) -> Result<PathBuf> {
    let png = story::picture(story)?;
    let path = folder.join(format!("position-{}.png", story.number));
    std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let written = tempfile::NamedTempFile::new_in(folder).and_then(|file| {
        std::fs::write(file.path(), &png)?;
        file.persist(&path).map_err(|error| error.error)
    });
    written.map(|_| path.clone()).map_err(Error::io("write", path))
}
