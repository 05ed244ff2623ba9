//! `deleverage explain`.

use super::out;
use crate::fault::{Error, Result};
use crate::report::story::{self, Story};
use crate::run;
use clap::Args;
use std::path::{Path, PathBuf};

/// What was typed after `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Folder of a finished run
    run: PathBuf,
    /// Which position: its row in the run's outcomes, from 0
    #[arg(long, value_name = "NUMBER")]
    position: u64,
    /// Draw it, too: position-NUMBER.png
    #[arg(long)]
    plot: bool,
    /// Folder of the picture; default: that of the run
    #[arg(long, value_name = "DIR", requires = "plot")]
    out: Option<PathBuf>,
    /// Print the events as JSON
    #[arg(long)]
    json: bool,
}

/// Replays one position of a finished run and prints what happened to it.
pub fn explain(args: &ExplainArgs) -> Result<()> {
    let replayed = run::replay(&args.run, args.position)?;
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
