//! Real histories, where the shared data is at hand.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod shared;

use deleverage::history::{
    GapPolicy, History, Interval, Kind, LoadRequest, Loaded, MarkSource, OpenPolicy, Sources,
    Survey, load, survey,
};
use std::path::Path;

fn request(trade: &Path, mark: Option<&Path>, funding: Option<&Path>) -> LoadRequest {
    let sources = |path: Option<&Path>| path.iter().map(|p| p.display().to_string()).collect();
    LoadRequest {
        symbol: "TEST".into(),
        trade: sources(Some(trade)),
        mark: sources(mark),
        funding: sources(funding),
        ..LoadRequest::default()
    }
}

/// BitMEX borrows each open from the close before, so that it may lie outside its own bar: such
/// bars are defects, here counted apart from all others.
fn defects(survey: &Survey) -> (Vec<&str>, usize) {
    let problems = survey.defects.iter().map(|fault| fault.problem.as_str());
    let (borrowed, real): (Vec<_>, Vec<_>) = problems.partition(|text| text.ends_with(" open"));
    (real, borrowed.len())
}

fn minute(text: &str) -> i64 {
    let civil: jiff::civil::DateTime = text.parse().unwrap();
    civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp().as_millisecond()
}

#[test]
fn every_event_file_agrees_with_its_manifest() {
    let Some(data) = shared::data() else { return };
    let mut manifest = csv::Reader::from_path(data.join("events/MANIFEST.csv")).unwrap();
    let mut checked = 0;
    for row in manifest.records() {
        let row = row.unwrap();
        let file = data.join("events").join(&row[0]);
        if !file.exists() {
            continue;
        }
        let found = survey(&file.display().to_string()).unwrap();
        let name = &row[0];
        let (real, borrowed) = defects(&found);
        assert_eq!(real, Vec::<&str>::new(), "{name}");
        assert!(borrowed == 0 || name.contains("bitmex-"), "{name}");
        assert_eq!(found.rows.to_string(), row[2], "{name}");
        let floor = |time: Option<i64>| time.unwrap().div_euclid(60_000) * 60_000;
        assert_eq!(floor(found.first), minute(&row[3]), "{name}");
        assert_eq!(floor(found.last), minute(&row[4]), "{name}");
        if found.interval.is_some() {
            assert_eq!(found.missing.to_string(), row[5], "{name}");
        }
        checked += 1;
    }
    assert!(checked > 200, "{checked} files");
}

#[test]
fn every_trade_file_loads_with_its_mark_and_funding() {
    let Some(data) = shared::data() else { return };
    let mut loaded = 0;
    for event in std::fs::read_dir(data.join("events")).unwrap().flatten() {
        let Ok(files) = std::fs::read_dir(event.path()) else { continue };
        for trade in files.flatten().map(|file| file.path()) {
            let name = trade.file_name().unwrap().to_string_lossy().into_owned();
            let Some((instrument, interval)) = name.split_once("-trade-") else { continue };
            let beside = |end: String| Some(trade.with_file_name(end)).filter(|p| p.exists());
            let mark = beside(format!("{instrument}-mark-{interval}"));
            let funding = beside(format!("{instrument}-funding.csv"));
            if name.starts_with("bitmex-") {
                continue;
            }
            let mut request = request(&trade, mark.as_deref(), funding.as_deref());
            request.gaps = GapPolicy::Split;
            let Loaded { history, files } = load(&request).unwrap();
            assert_eq!(history.mark_source == MarkSource::Recorded, mark.is_some(), "{name}");
            assert_eq!(history.funding.is_empty(), funding.is_none(), "{name}");
            assert_eq!(history.len() as u64, files[0].rows, "{name}");
            loaded += 1;
        }
    }
    assert!(loaded > 90, "{loaded} histories");
}

#[test]
fn borrowed_opens_are_refused_or_moved_and_counted() {
    let Some(data) = shared::data() else { return };
    let pattern = data.join("events/*/bitmex-XBTUSD-trade-*.csv").display().to_string();
    let mut moved = 0;
    for trade in glob::glob(&pattern).unwrap().flatten() {
        let mut request = request(&trade, None, None);
        request.gaps = GapPolicy::Split;
        let found = survey(&trade.display().to_string()).unwrap();
        if found.defect_count > 0 {
            let refused = load(&request).unwrap_err().to_string();
            assert!(refused.ends_with("or opens = \"clamp\""), "{refused}");
        }
        request.opens = OpenPolicy::Clamp;
        let history = load(&request).unwrap().history;
        assert_eq!(history.moved_opens, found.defect_count, "{}", trade.display());
        assert_eq!(history.len() as u64, found.rows);
        let bars = &history.trade;
        assert!(
            (0..bars.len()).all(|bar| (bars.low[bar]..=bars.high[bar]).contains(&bars.open[bar]))
        );
        moved += history.moved_opens;
    }
    assert!(moved > 1_000, "{moved} opens");
}

fn steps(history: &History, text: &str) -> deleverage::money::Price {
    history.scale.parse(text).unwrap()
}

#[test]
fn the_wick_of_ether_in_march_2020_is_a_trade_and_no_mark() {
    let Some(data) = shared::data() else { return };
    let folder = data.join("events/2020-03-12");
    let trade = folder.join("binance-um-ETHUSDT-trade-1h.csv");
    let mark = folder.join("binance-um-ETHUSDT-mark-1h.csv");
    let history = load(&request(&trade, Some(&mark), None)).unwrap().history;
    let hour = history.time.iter().position(|&t| t == minute("2020-03-13 02:00")).unwrap();
    assert_eq!(history.trade.high[hour], steps(&history, "323"));
    assert!(history.mark.high[hour] < steps(&history, "120"));
    assert_eq!(history.trade.low.iter().min(), Some(&steps(&history, "84.23")));
    assert_eq!(history.mark.low.iter().min(), Some(&steps(&history, "87.0929191")));
}

#[test]
fn an_outage_is_refused_split_or_held() {
    let Some(data) = shared::data() else { return };
    let trade = data.join("events/2021-04-18/binance-spot-BTCUSDT-trade-1m.csv");
    let mut request = request(&trade, None, None);
    let refused = load(&request).unwrap_err().to_string();
    assert!(refused.contains("150 bars are missing"), "{refused}");
    request.gaps = GapPolicy::Split;
    let split = load(&request).unwrap().history;
    assert_eq!((split.len(), split.segments.len(), split.missing), (7_050, 2, 150));
    request.gaps = GapPolicy::Hold;
    let held = load(&request).unwrap().history;
    assert_eq!((held.len(), held.segments.len(), held.missing), (7_200, 1, 150));
    let gap = split.segments[0].end;
    assert_eq!(held.trade.low[gap + 149], split.trade.close[gap - 1]);
    assert_eq!(held.volume.unwrap()[gap], 0);
    assert_eq!(held.time[gap + 150], split.time[gap]);
}

#[test]
fn years_of_feather_load_with_mark_and_funding() {
    let Some(data) = shared::data() else { return };
    for coin in ["BTC", "ETH", "XRP"] {
        let file = |end: &str| data.join(format!("spine/{coin}_USDT_USDT-1h-{end}.feather"));
        let (trade, mark) = (file("futures"), file("mark"));
        let alone = load(&request(&trade, None, Some(&file("funding_rate")))).unwrap();
        assert_eq!(alone.history.missing, 0);
        assert!(alone.history.len() > 55_000 && alone.history.funding.len() > 6_500);
        assert_eq!(alone.history.interval, Interval::parse("1h").unwrap());
        let marks = survey(&mark.display().to_string()).unwrap();
        assert_eq!((marks.kind, marks.missing), (Some(Kind::Mark), 0));
        assert_eq!(marks.defects, []);
        let outcome = load(&request(&trade, Some(&mark), None));
        if marks.first > Some(alone.history.time[0]) {
            let refused = outcome.unwrap_err().to_string();
            assert!(refused.contains("does not cover the trade bars"), "{refused}");
        }
    }
}

/// The event tables were cut from the spine, so both must tell the same story.
#[test]
fn feather_and_csv_of_the_same_hours_are_equal() {
    let Some(data) = shared::data() else { return };
    let trade = data.join("events/2025-02-03/binance-um-BTCUSDT-trade-1m.csv");
    let text = load(&request(&trade, None, None)).unwrap().history;
    let feather = data.join("feather/BTC_USDT_USDT-1m-futures.feather");
    let binary = load(&request(&feather, None, None)).unwrap().history;
    let first = binary.time.iter().position(|&time| time == text.time[0]).unwrap();
    let cut = first..first + text.len();
    assert_eq!(binary.time[cut.clone()], text.time);
    assert_eq!(binary.trade.open[cut.clone()], text.trade.open);
    assert_eq!(binary.trade.high[cut.clone()], text.trade.high);
    assert_eq!(binary.trade.low[cut.clone()], text.trade.low);
    assert_eq!(binary.trade.close[cut.clone()], text.trade.close);
    assert_eq!(binary.volume.unwrap()[cut], text.volume.unwrap());
}

#[test]
fn a_folder_that_mixes_kinds_is_refused() {
    let Some(data) = shared::data() else { return };
    let folder = data.join("events/2020-03-12").display().to_string();
    let trade: Sources = [folder].into_iter().collect();
    let request = LoadRequest { trade, ..LoadRequest::default() };
    let refused = load(&request).unwrap_err().to_string();
    assert!(refused.contains("mixes kinds"), "{refused}");
}
