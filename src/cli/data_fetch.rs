//! `deleverage data fetch`: files of the exchange's public archive, verified and cached.

use super::out;
use crate::fault::{Fault, Place, Result};
use crate::fetch::{Archive, Cache, Haul, Order, Origin, Patience, Product, Progress, Span};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::env;
use std::path::PathBuf;

const VENUE: &str = "binance-usdm";
/// Files that the archive does not have are named one by one up to this number.
const NAMED: usize = 10;

/// Downloads history from the exchange's public archive and prints where it lies.
///
/// Every file is verified against the SHA-256 that the archive publishes beside it and kept in a
/// cache; what is there is not downloaded again, and what was cut is continued. The output is
/// TOML for the `[history]` of a scenario. A month or day that the archive does not have is
/// reported; the command fails only if there is nothing at all, or something does not match.
#[derive(Debug, clap::Args)]
pub struct FetchArgs {
    /// The venue: binance-usdm.
    pub venue: String,
    /// The symbol, such as BTCUSDT.
    pub symbol: String,
    /// Any of klines, mark, index, funding (months only), metrics (days only).
    #[arg(
        long,
        value_name = "KINDS",
        value_delimiter = ',',
        default_value = "klines,mark,funding"
    )]
    pub kind: Vec<String>,
    /// Length of the bars.
    #[arg(long, value_name = "LENGTH", default_value = "1m")]
    pub interval: String,
    /// First day, UTC.
    #[arg(long, value_name = "DATE")]
    pub from: Date,
    /// Last day, UTC; yesterday at the latest.
    #[arg(long, value_name = "DATE")]
    pub to: Date,
    /// Another place that has the archive's folders.
    #[arg(long, value_name = "URL", default_value = Archive::BINANCE)]
    pub base_url: String,
    /// Where files are kept; default: `deleverage` in the user's cache folder.
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
}

/// # Errors
/// Arguments that no archive can serve, and whatever [`Archive::fetch`] refuses.
pub fn fetch(args: &FetchArgs) -> Result<()> {
    let order = order(args)?;
    let root = args.cache.clone().map_or_else(default_cache, Ok)?;
    let archive = Archive::new(&args.base_url, Cache::at(&root), Patience::default())?;
    let bar = progress_bar();
    let haul = archive.fetch(&order, &mut |progress| show(&bar, progress));
    bar.finish_and_clear();
    let haul = haul?;
    tell(&haul);
    out::line(history_keys(&haul).trim_end())
}

fn order(args: &FetchArgs) -> Result<Order> {
    if args.venue != VENUE {
        return Err(Fault::new(Place::default(), "no archive of this venue is known")
            .found(&args.venue)
            .accepted(VENUE)
            .into());
    }
    let products: Vec<Product> =
        args.kind.iter().map(|name| Product::parse(name.trim())).collect::<Result<_>>()?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    Order::new(&args.symbol, &products, &args.interval, Span::new(args.from, args.to, today)?)
}

/// `$XDG_CACHE_HOME/deleverage`, else `~/.cache/deleverage`. Relative paths in the variable do
/// not count, as its specification asks.
fn default_cache() -> Result<PathBuf> {
    let of = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::home_dir().filter(|path| path.is_absolute()).map(|home| home.join(".cache"));
    of("XDG_CACHE_HOME").or_else(home).map(|folder| folder.join("deleverage")).ok_or_else(|| {
        Fault::new(Place::default(), "no cache folder is known").accepted("--cache DIR").into()
    })
}

/// Drawn on a terminal only.
fn progress_bar() -> ProgressBar {
    let template = "{pos}/{len} files {bar:24} eta {eta} {wide_msg}";
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn show(bar: &ProgressBar, progress: Progress) {
    match progress {
        Progress::Planned(files) => bar.inc_length(files),
        Progress::Started(name) => bar.set_message(name.to_owned()),
        Progress::Received { have, total } => {
            let total = total.map(|total| format!(" of {}", HumanBytes(total)));
            let name = bar.message();
            let name = name.split(' ').next().unwrap_or_default();
            let total = total.unwrap_or_default();
            bar.set_message(format!("{name} {}{total}", HumanBytes(have)));
        }
        Progress::Retrying(why) => bar.suspend(|| eprintln!("{why}; trying again")),
        Progress::Finished => bar.inc(1),
    }
}

fn tell(haul: &Haul) {
    let cached = haul.files.iter().filter(|file| file.origin == Origin::Cache).count();
    eprintln!("{} files, {cached} of them from the cache", haul.files.len());
    if haul.absent.is_empty() {
        return;
    }
    eprintln!("the archive does not have {} files:", haul.absent.len());
    for path in haul.absent.iter().take(NAMED) {
        eprintln!("  {path}");
    }
    if let Some(more @ 1..) = haul.absent.len().checked_sub(NAMED) {
        eprintln!("  and {more} more");
    }
}

/// One key a product, as `[history]` takes them.
fn history_keys(haul: &Haul) -> String {
    let mut text = String::new();
    for files in haul.files.chunk_by(|a, b| a.product == b.product) {
        text += &format!("{} = [\n", files[0].product.key());
        for file in files {
            let path = toml::Value::String(file.path.display().to_string());
            text += &format!("  {path},\n");
        }
        text += "]\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Fetched;

    #[test]
    fn the_output_is_toml_with_a_key_for_each_product() {
        let file =
            |product, path: &str| Fetched { product, path: path.into(), origin: Origin::Archive };
        let files = vec![
            file(Product::Klines, "/c/a b.zip"),
            file(Product::Klines, r#"/c/"q".zip"#),
            file(Product::Mark, "/c/m.zip"),
        ];
        let text = history_keys(&Haul { files, absent: Vec::new() });
        let table: toml::Table = text.parse().unwrap();
        let of = |key: &str, at: usize| table[key][at].as_str().unwrap().to_owned();
        assert_eq!((of("trade", 0), of("trade", 1)), ("/c/a b.zip".into(), "/c/\"q\".zip".into()));
        assert_eq!(of("mark", 0), "/c/m.zip");
    }
}
