//! A history from the cache is the history from its files, whatever has become of the cache.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod series;

use deleverage::history::{
    Cache, FORMATS, GapPolicy, LoadRequest, Loaded, OpenPolicy, Sources, load,
};
use proptest::prelude::*;
use series::{Series, file_of};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

/// A folder with files, and one with what they were parsed to.
struct Desk {
    files: TempDir,
    cache: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { files: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.files.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// Keeps the smallest files, too.
    fn cache(&self) -> Cache {
        Cache::in_folder(self.cache.path()).at_least(0)
    }

    /// What lies in the cache, by name.
    fn entries(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = fs::read_dir(self.cache.path()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
    }

    /// The one entry.
    fn entry(&self) -> (PathBuf, Vec<u8>) {
        let entries: Vec<_> = self.entries().into_iter().collect();
        assert_eq!(entries.len(), 1);
        entries.into_iter().next().unwrap()
    }
}

fn request(trade: &str) -> LoadRequest {
    let trade = [trade].into_iter().collect();
    LoadRequest { symbol: "TEST".into(), trade, ..LoadRequest::default() }
}

fn cached(request: &LoadRequest, cache: Cache) -> LoadRequest {
    LoadRequest { cache: Some(cache), ..request.clone() }
}

fn told(request: &LoadRequest) -> Result<Loaded, String> {
    load(request).map_err(|error| error.to_string())
}

const LONG_AGO: Duration = Duration::from_secs(1_000_000);

fn set_used(entry: &Path, since: Duration) {
    let time = SystemTime::UNIX_EPOCH + since;
    File::options().write(true).open(entry).unwrap().set_modified(time).unwrap();
}

/// An entry that is used is marked as used now.
fn is_unused(entry: &Path) -> bool {
    fs::metadata(entry).unwrap().modified().unwrap() == SystemTime::UNIX_EPOCH + LONG_AGO
}

/// Loads from files alone, to the cache, and from it: three times the same, of which the last has
/// read every entry that the second has written.
fn assert_the_same(desk: &Desk, request: &LoadRequest) {
    let plain = told(request);
    let cached = cached(request, desk.cache());
    let before = desk.entries();
    assert_eq!(told(&cached), plain);
    let entries = desk.entries();
    entries.keys().for_each(|entry| set_used(entry, LONG_AGO));
    assert_eq!(told(&cached), plain);
    let mut new = entries.keys().filter(|entry| !before.contains_key(*entry));
    assert!(new.all(|entry| !is_unused(entry)), "an entry was not read");
    assert_eq!(desk.entries(), entries, "an entry was written anew");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Bars with gaps, borrowed opens, volumes and decimals of all sorts, in every format.
    #[test]
    fn every_format_is_kept(series in series::any(), clamp in any::<bool>()) {
        for format in FORMATS {
            let desk = Desk::new();
            let trade = desk.file("trade", file_of("bars", &series).0);
            let (content, columns) = file_of(format.name, &series);
            let path = desk.file("other", content);
            let other = Sources {
                paths: vec![path], format: Some(format.name.to_owned()), columns
            };
            let mut request = request(&trade);
            request.gaps = GapPolicy::Hold;
            request.opens = if clamp { OpenPolicy::Clamp } else { OpenPolicy::Refuse };
            match format.name {
                "binance-funding" | "funding" => request.funding = other,
                "ticks" => request.index = other,
                _ => request.trade = other,
            }
            assert_the_same(&desk, &request);
            let is_kept = request.opens == OpenPolicy::Clamp && format.name != "binance-metrics";
            prop_assert!(!is_kept || !desk.entries().is_empty(), "{} is not kept", format.name);
        }
    }

    /// Whatever becomes of an entry, it is read as it was or not at all, and then replaced.
    #[test]
    fn a_damaged_entry_is_written_anew(
        series in series::any(),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 1_u8..), 0..4),
        more in proptest::collection::vec(any::<u8>(), 0..4),
    ) {
        let desk = Desk::new();
        let mut request = request(&desk.file("bars.csv", file_of("bars", &series).0));
        (request.gaps, request.opens) = (GapPolicy::Split, OpenPolicy::Clamp);
        let plain = told(&request);
        let request = cached(&request, desk.cache());
        prop_assert_eq!(told(&request), plain.clone());
        let (entry, sound) = desk.entry();
        let mut damaged = sound.clone();
        if let Some(cut) = cut {
            damaged.truncate(cut.index(sound.len()));
        }
        for (at, flip) in edits.iter().filter(|_| cut.is_none()) {
            damaged[at.index(sound.len())] ^= flip;
        }
        damaged.extend(&more);
        fs::write(&entry, &damaged).unwrap();
        prop_assert_eq!(told(&request), plain);
        prop_assert_eq!(desk.entry(), (entry, sound));
    }
}

/// So many minutes without a gap.
fn minutes(count: usize) -> Series {
    series::regular(count)
}

fn bars(count: usize) -> Vec<u8> {
    file_of("bars", &minutes(count)).0
}

/// Others of the same size: the last volume begins with another digit.
fn other_bars(count: usize) -> Vec<u8> {
    let mut text = bars(count);
    let digit = text.iter().rposition(|&byte| byte == b',').unwrap() + 1;
    text[digit] = if text[digit] == b'1' { b'2' } else { b'1' };
    text
}

#[test]
fn a_file_that_has_changed_is_parsed_anew() {
    let desk = Desk::new();
    let path = desk.file("bars.csv", bars(50));
    let request = cached(&request(&path), desk.cache());
    let before = told(&request).unwrap();
    fs::write(&path, other_bars(50)).unwrap();
    let after = told(&request).unwrap();
    let plain = told(&LoadRequest { cache: None, ..request.clone() }).unwrap();
    assert_ne!(after.history.volume, before.history.volume);
    assert_eq!(after, plain);
    assert_eq!(desk.entries().len(), 2);
    assert_eq!(told(&request).unwrap(), plain, "one of two entries of the same size");
}

/// The same file as trade, mark and index, under either policy: six entries, and never another's.
#[test]
fn an_entry_is_for_what_it_was_parsed_as() {
    let desk = Desk::new();
    let path = desk.file("bars.csv", bars(50));
    let all = |opens| {
        let same = || [path.clone()].into_iter().collect();
        LoadRequest { mark: same(), index: same(), opens, ..request(&path) }
    };
    for opens in [OpenPolicy::Refuse, OpenPolicy::Clamp] {
        assert_the_same(&desk, &all(opens));
    }
    assert_eq!(desk.entries().len(), 6);
}

/// Entries under names that this program does not give.
#[test]
fn what_others_have_written_is_left_alone() {
    let desk = Desk::new();
    let request = cached(&request(&desk.file("bars.csv", bars(50))), desk.cache());
    let plain = told(&request).unwrap();
    let (entry, content) = desk.entry();
    let name = entry.file_name().unwrap().to_str().unwrap();
    let [bytes, settings, rest] = name.splitn(3, '-').collect::<Vec<_>>().try_into().unwrap();
    let other_version = format!("{bytes}-{}-{rest}", "0".repeat(settings.len()));
    fs::rename(&entry, entry.with_file_name(&other_version)).unwrap();
    fs::write(entry.with_file_name("notes.arrow"), "mine").unwrap();
    assert_eq!(told(&request).unwrap(), plain);
    let names: Vec<String> = desk
        .entries()
        .into_keys()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(desk.entries()[&entry], content);
}

/// An entry with a sum that is right, but of another file.
#[test]
fn an_entry_under_a_wrong_name_is_not_believed() {
    let desk = Desk::new();
    let (one, other) = (desk.file("1.csv", bars(50)), desk.file("2.csv", other_bars(50)));
    told(&cached(&request(&one), desk.cache())).unwrap();
    let (of_one, content) = desk.entry();
    fs::remove_file(&of_one).unwrap();
    let other = cached(&request(&other), desk.cache());
    let plain = told(&other).unwrap();
    let (of_other, sound) = desk.entry();
    let [one, other_name] =
        [&of_one, &of_other].map(|path| path.file_name().unwrap().to_str().unwrap());
    let (key, _) = other_name.rsplit_once('-').unwrap();
    let (_, sum) = one.rsplit_once('-').unwrap();
    fs::remove_file(&of_other).unwrap();
    fs::write(of_one.with_file_name(format!("{key}-{sum}")), content).unwrap();
    assert_eq!(told(&other).unwrap(), plain);
    assert_eq!(desk.entries()[&of_other], sound);
}

/// Faults of the series together name the same places as without a cache.
#[test]
fn faults_name_the_same_line_and_column() {
    let desk = Desk::new();
    let mut holed = minutes(60);
    holed.remove(30);
    let mut far = minutes(60);
    far.set_bar(41, 1);
    let file = |name: &str, series: &Series| desk.file(name, file_of("bars", series).0);
    let whole = file("whole.csv", &minutes(60));
    let (holed, far) = (file("holed.csv", &holed), file("far.csv", &far));
    let wrong = [
        (request(&holed), "holed.csv:32:1: gap"),
        (LoadRequest { mark: [&*far].into_iter().collect(), ..request(&whole) }, "far.csv:43:5: "),
        (
            LoadRequest { trade: [&*whole, &*holed].into_iter().collect(), ..request("") },
            ":2:1: overlaps",
        ),
    ];
    for (request, place) in wrong {
        let plain = told(&request).unwrap_err();
        assert!(plain.contains(place), "{plain}");
        assert_the_same(&desk, &request);
    }
    assert_eq!(desk.entries().len(), 3);
}

#[test]
fn a_faulty_file_is_not_kept() {
    let desk = Desk::new();
    let torn = [&bars(50)[..], b"1,2\n"].concat();
    assert_the_same(&desk, &request(&desk.file("torn.csv", torn)));
    assert!(desk.entries().is_empty());
}

#[test]
fn a_small_file_is_not_kept() {
    let desk = Desk::new();
    let cache = Cache::in_folder(desk.cache.path());
    let path = desk.file("bars.csv", bars(200));
    told(&cached(&request(&path), cache.clone())).unwrap();
    assert!(desk.entries().is_empty());
    let path = desk.file("bars.csv", bars(1_000));
    told(&cached(&request(&path), cache)).unwrap();
    desk.entry();
}

#[test]
fn what_was_used_last_is_kept() {
    let desk = Desk::new();
    let path = |count: usize| desk.file(&format!("{count}.csv"), bars(count));
    let [first, second, third] = [100, 101, 102].map(path);
    told(&cached(&request(&first), desk.cache())).unwrap();
    let (of_first, content) = desk.entry();
    told(&cached(&request(&second), desk.cache())).unwrap();
    desk.entries().keys().for_each(|entry| set_used(entry, LONG_AGO));
    let room_for_two = desk.cache().at_most(content.len() as u64 * 5 / 2);
    told(&cached(&request(&first), room_for_two.clone())).unwrap();
    assert_eq!(desk.entries().len(), 2, "nothing is removed where nothing is added");
    told(&cached(&request(&third), room_for_two)).unwrap();
    let left = desk.entries();
    assert_eq!(left.len(), 2);
    assert!(left.contains_key(&of_first), "used after the second");
    let too_small = desk.cache().at_most(100);
    told(&cached(&request(&second), too_small)).unwrap();
    assert_eq!(desk.entries(), left, "what alone is too large is not written");
}

#[test]
fn what_a_killed_process_has_left_is_removed() {
    let desk = Desk::new();
    let leave = |name: &str, age: Duration| {
        let path = desk.cache.path().join(name);
        fs::write(&path, "half").unwrap();
        set_used(&path, SystemTime::UNIX_EPOCH.elapsed().unwrap() - age);
        path
    };
    let hour = Duration::from_secs(3_600);
    let (old, young) = (leave("old.part", 25 * hour), leave("young.part", 23 * hour));
    told(&cached(&request(&desk.file("bars.csv", bars(50))), desk.cache())).unwrap();
    assert!(!old.exists() && young.exists());
}

#[test]
fn a_folder_that_cannot_be_made_is_done_without() {
    let desk = Desk::new();
    let path = desk.file("bars.csv", bars(50));
    let plain = told(&request(&path)).unwrap();
    let below_a_file = Cache::in_folder(Path::new(&path).join("cache")).at_least(0);
    assert_eq!(told(&cached(&request(&path), below_a_file)).unwrap(), plain);
}

/// Threads that read, write and remove the same entries at once.
#[test]
fn many_at_once_do_not_disturb_each_other() {
    let desk = Desk::new();
    let requests: Vec<LoadRequest> =
        (0..4).map(|file| request(&desk.file(&format!("{file}.csv"), bars(200 + file)))).collect();
    let plain: Vec<Loaded> = requests.iter().map(|request| load(request).unwrap()).collect();
    let room_for_two = desk.cache().at_most(25_000);
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (requests, plain, cache) = (&requests, &plain, &room_for_two);
            scope.spawn(move || {
                for turn in 0..40 {
                    let file = (first + turn) % 4;
                    let loaded = load(&cached(&requests[file], cache.clone())).unwrap();
                    assert_eq!(loaded, plain[file]);
                }
            });
        }
    });
    let left: usize = desk.entries().values().map(Vec::len).sum();
    assert!(0 < left && left <= 25_000, "{left} bytes");
}
