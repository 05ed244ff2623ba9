//! The archive fetcher against a server on loopback: nothing here leaves this machine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use deleverage::fault::Result;
use deleverage::fetch::{Archive, Cache, Haul, Order, Origin, Patience, Product, Progress, Span};
use jiff::civil::{Date, date};
use server::{Request, Server, klines_zip};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const TODAY: Date = date(2024, 1, 1);

struct Desk {
    server: Server,
    folder: TempDir,
}

fn day_path(day: &str) -> String {
    format!("data/futures/um/daily/klines/BTCUSDT/1m/BTCUSDT-1m-{day}.zip")
}

fn month_path(product: &str, month: &str) -> String {
    format!("data/futures/um/monthly/{product}/BTCUSDT/1m/BTCUSDT-1m-{month}.zip")
}

fn funding_path(month: &str) -> String {
    format!("data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-{month}.zip")
}

impl Desk {
    fn open() -> Self {
        Self { server: Server::start(), folder: tempfile::tempdir().unwrap() }
    }

    /// With the day 2020-03-12 published; its zip.
    fn with_a_day() -> (Self, Vec<u8>) {
        let desk = Self::open();
        let zip = klines_zip("BTCUSDT-1m-2020-03-12.zip", 1_583_971_200_000);
        desk.server.publish(&day_path("2020-03-12"), &zip);
        (desk, zip)
    }

    fn fetch(&self, products: &[Product], from: Date, to: Date) -> Result<Haul> {
        let (pause, silence) = (Duration::from_millis(1), Duration::from_secs(5));
        let patience = Patience { attempts: 3, pause, silence };
        let cache = Cache::at(self.folder.path());
        let archive = Archive::new(&self.server.url, cache, patience)?;
        let order = Order::new("BTCUSDT", products, "1m", Span::new(from, to, TODAY)?)?;
        archive.fetch(&order, &mut |_: Progress| {})
    }

    fn fetch_the_day(&self) -> Result<Haul> {
        self.fetch(&[Product::Klines], date(2020, 3, 12), date(2020, 3, 12))
    }

    fn files_under(&self, folder: &str) -> Vec<PathBuf> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(&self.folder.path().join(folder), &mut found);
        found
    }

    fn ranges(&self, path: &str) -> Vec<Option<usize>> {
        let asked = self.server.take_log().into_iter();
        let of_file = |request: &Request| request.path == format!("/{path}");
        asked.filter(of_file).map(|request| request.from).collect()
    }
}

#[test]
fn days_months_and_funding_arrive_as_published() {
    let (desk, zip) = Desk::with_a_day();
    desk.server.publish(&month_path("klines", "2020-02"), b"february");
    desk.server.publish(&funding_path("2020-02"), b"funding of february");
    desk.server.publish(&funding_path("2020-03"), b"funding of march");
    for day in 1..=11 {
        let day = format!("2020-03-{day:02}");
        desk.server.publish(&day_path(&day), day.as_bytes());
    }
    let products = [Product::Funding, Product::Klines];
    let haul = desk.fetch(&products, date(2020, 2, 1), date(2020, 3, 12)).unwrap();
    assert_eq!((haul.files.len(), haul.absent.len()), (15, 0));
    let klines = &haul.files[..13];
    assert!(klines.iter().all(|file| file.product == Product::Klines));
    assert_eq!(fs::read(&klines[0].path).unwrap(), b"february");
    assert_eq!(fs::read(&klines[12].path).unwrap(), zip);
    assert!(klines[12].path.ends_with("BTCUSDT-1m-2020-03-12.zip"));
    assert_eq!(fs::read(&haul.files[14].path).unwrap(), b"funding of march");
    assert!(desk.files_under("part").is_empty());
}

#[test]
fn a_second_run_asks_for_nothing() {
    let (desk, _) = Desk::with_a_day();
    let first = desk.fetch_the_day().unwrap();
    assert_eq!(first.files[0].origin, Origin::Archive);
    assert_eq!(desk.server.take_log().len(), 2);
    let second = desk.fetch_the_day().unwrap();
    assert_eq!(second.files[0].origin, Origin::Cache);
    assert_eq!(second.files[0].path, first.files[0].path);
    assert_eq!(desk.server.take_log(), []);
}

#[test]
fn a_cached_file_that_has_changed_is_fetched_again() {
    let (desk, zip) = Desk::with_a_day();
    let path = desk.fetch_the_day().unwrap().files.remove(0).path;
    fs::write(&path, "something else").unwrap();
    let again = desk.fetch_the_day().unwrap();
    assert_eq!(again.files[0].origin, Origin::Archive);
    assert_eq!(fs::read(&path).unwrap(), zip);
}

#[test]
fn what_does_not_match_its_checksum_is_refused_and_deleted() {
    let (desk, zip) = Desk::with_a_day();
    desk.server.put(&day_path("2020-03-12"), b"tampered with");
    let message = desk.fetch_the_day().unwrap_err().to_string();
    // SHA-256 of the two bodies: the message names what came and what was stated.
    let hash = |bytes: &[u8]| {
        use sha2::{Digest, Sha256};
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    for part in ["BTCUSDT-1m-2020-03-12.zip", &hash(b"tampered with"), &hash(&zip)] {
        assert!(message.contains(part), "{message}");
    }
    for folder in ["part", "sha256", "index"] {
        assert!(desk.files_under(folder).is_empty(), "{folder}");
    }
}

#[test]
fn a_month_that_is_not_there_is_made_of_its_days() {
    let (desk, _) = Desk::with_a_day();
    let haul = desk.fetch(&[Product::Klines], date(2020, 3, 1), date(2020, 3, 31)).unwrap();
    assert_eq!((haul.files.len(), haul.absent.len()), (1, 30));
    assert_eq!(haul.absent[0], day_path("2020-03-01"));
}

#[test]
fn a_month_of_which_nothing_is_there_counts_once_and_does_not_stop_the_rest() {
    let (desk, _) = Desk::with_a_day();
    let products = [Product::Klines, Product::Funding];
    let haul = desk.fetch(&products, date(2020, 2, 1), date(2020, 3, 12)).unwrap();
    assert_eq!(haul.files.len(), 1);
    assert_eq!(haul.absent[0], month_path("klines", "2020-02"));
    // February, eleven days of March, and two months of funding.
    assert_eq!(haul.absent.len(), 1 + 11 + 2);
}

#[test]
fn an_order_of_which_nothing_is_there_fails() {
    let desk = Desk::open();
    let message = desk.fetch_the_day().unwrap_err().to_string();
    assert!(message.contains("nothing of this order: found `BTCUSDT`"), "{message}");
}

#[test]
fn a_cut_connection_goes_on_where_it_broke() {
    let (desk, zip) = Desk::with_a_day();
    let path = day_path("2020-03-12");
    desk.server.cut(&path, &[5_000, 3_000]);
    let haul = desk.fetch_the_day().unwrap();
    assert_eq!(fs::read(&haul.files[0].path).unwrap(), zip);
    assert_eq!(desk.ranges(&path), [None, Some(5_000), Some(8_000)]);
}

#[test]
fn a_server_without_ranges_is_asked_from_the_start_again() {
    let (desk, zip) = Desk::with_a_day();
    desk.server.ignore_ranges();
    desk.server.cut(&day_path("2020-03-12"), &[5_000]);
    let haul = desk.fetch_the_day().unwrap();
    assert_eq!(fs::read(&haul.files[0].path).unwrap(), zip);
}

#[test]
fn a_connection_that_stays_cut_keeps_its_part_for_the_next_run() {
    let (desk, zip) = Desk::with_a_day();
    let path = day_path("2020-03-12");
    desk.server.cut(&path, &[5_000, 0, 0]);
    let message = desk.fetch_the_day().unwrap_err().to_string();
    assert!(message.contains("cannot be downloaded in 3 attempts"), "{message}");
    assert!(message.contains("the 5000 bytes that came are kept"), "{message}");
    let parts = desk.files_under("part");
    assert_eq!(fs::read(&parts[0]).unwrap(), zip[..5_000]);
    desk.server.take_log();
    let haul = desk.fetch_the_day().unwrap();
    assert_eq!(fs::read(&haul.files[0].path).unwrap(), zip);
    assert_eq!(desk.ranges(&path), [Some(5_000)]);
}

#[test]
fn progress_renews_patience() {
    let (desk, zip) = Desk::with_a_day();
    desk.server.cut(&day_path("2020-03-12"), &[1_000; 10]);
    let haul = desk.fetch_the_day().unwrap();
    assert_eq!(fs::read(&haul.files[0].path).unwrap(), zip);
}

#[test]
fn a_part_that_was_complete_is_not_asked_for_twice() {
    let (desk, zip) = Desk::with_a_day();
    let archive = desk.server.url.trim_start_matches("http://").replace(':', "_");
    let part = format!("part/{archive}/{}.part", day_path("2020-03-12"));
    let part = desk.folder.path().join(part);
    fs::create_dir_all(part.parent().unwrap()).unwrap();
    fs::write(&part, &zip).unwrap();
    let haul = desk.fetch_the_day().unwrap();
    assert_eq!(fs::read(&haul.files[0].path).unwrap(), zip);
    assert!(!part.exists());
}

#[test]
fn a_file_without_a_checksum_is_refused() {
    let desk = Desk::open();
    desk.server.put(&day_path("2020-03-12"), b"unverifiable");
    let message = desk.fetch_the_day().unwrap_err().to_string();
    assert!(message.contains("no .CHECKSUM"), "{message}");
    let asked: Vec<String> = desk.server.take_log().into_iter().map(|asked| asked.method).collect();
    assert_eq!(asked, ["GET", "HEAD"]);
}

#[test]
fn a_checksum_of_another_file_is_refused() {
    let (desk, _) = Desk::with_a_day();
    let line = format!("{}  BTCUSDT-1m-2020-03-13.zip\n", "0".repeat(64));
    desk.server.put(&format!("{}.CHECKSUM", day_path("2020-03-12")), line.as_bytes());
    let message = desk.fetch_the_day().unwrap_err().to_string();
    assert!(message.contains("not the checksum of this file"), "{message}");
}

#[test]
fn busy_servers_are_asked_again_and_refusals_stand() {
    let (desk, _) = Desk::with_a_day();
    desk.server.answer_with(&day_path("2020-03-12"), &[503, 429]);
    assert!(desk.fetch_the_day().is_ok());
    let (desk, _) = Desk::with_a_day();
    desk.server.answer_with(&day_path("2020-03-12"), &[403]);
    let message = desk.fetch_the_day().unwrap_err().to_string();
    assert!(message.contains("the server refuses: found `403"), "{message}");
}

#[test]
fn a_base_that_is_no_url_is_refused() {
    for base in ["", "data.binance.vision", "ftp://x", "https://", "http:///data", "http://../x"] {
        let cache = Cache::at("unused");
        assert!(Archive::new(base, cache, Patience::default()).is_err(), "{base}");
    }
}
