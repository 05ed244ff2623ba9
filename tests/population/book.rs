//! A book of accounts from a file: rule `POP-008`.

use crate::case::{Case, lots_of};
use crate::market::{cash, price};
use crate::picture::written;
use deleverage::money::Quantity;
use deleverage::population::{Book, Mode, TraderKind, from_bytes, read};
use deleverage::scenario::Side;
use polars::prelude::{Column, DataFrame, ParquetWriter};
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    case: Vec<Bad>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Bad {
    file: String,
    /// The message, with the folder left out.
    expected: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/population")
}

#[test]
fn every_bad_book_is_refused_with_its_message() {
    let index = std::fs::read_to_string(folder().join("index.toml")).unwrap();
    let index: Index = toml::from_str(&index).unwrap();
    assert!(index.case.len() >= 15);
    let case = Case::new(2);
    let listings = case.listings();
    for Bad { file, expected } in index.case {
        let path = folder().join(&file);
        let refused = from_bytes(&path, &std::fs::read(&path).unwrap(), &listings).unwrap_err();
        let message = refused.to_string().replace(&format!("{}/", folder().display()), "");
        assert_eq!(message, expected);
    }
}

#[test]
fn a_torn_columnar_file_is_one_more_bad_file() {
    let (case, path) = (Case::new(1), folder().join("torn.parquet"));
    let bytes = std::fs::read(&path).unwrap();
    let message = from_bytes(&path, &bytes, &case.listings()).unwrap_err().to_string();
    assert!(message.contains("torn.parquet: truncated or corrupt file"), "{message}");
}

const ROWS: &str = "\
symbol,account,side,quantity,entry_price,margin,mode
TEST0,fund,long,2,31000.5,70000,cross
TEST0,retail,long,0.00000001,30000,0.0001,isolated
TEST1,fund,short,10,1999,70000,cross
TEST0,retail,short,0.5,30000,0,isolated
";

fn book(rows: &str) -> Book {
    let case = Case::new(2);
    from_bytes(Path::new("book.csv"), rows.as_bytes(), &case.listings()).unwrap()
}

#[test]
fn rows_of_a_cross_account_share_a_wallet_and_isolated_ones_do_not() {
    let Book { population, names } = book(ROWS);
    assert_eq!(names, ["fund", "retail", "retail"]);
    let modes: Vec<Mode> = population.traders.iter().map(|trader| trader.mode).collect();
    assert_eq!(modes, [Mode::Cross, Mode::Isolated, Mode::Isolated]);
    assert_eq!(population.traders[0].holdings, 0..2);
    assert_eq!(population.traders[0].margin, cash("70000"));
    let held = population.holdings[1];
    assert_eq!((held.symbol, held.side, held.entry), (1, Side::Short, price("1999")));
    assert_eq!(population.holdings[2].quantity, Quantity::from_lots(1));
    assert_eq!(population.traders[2].margin, cash("0"));
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let windows = format!("\u{feff}{}", ROWS.replace('\n', "\r\n"));
    assert_eq!(book(&windows), book(ROWS));
}

#[test]
fn makers_take_the_difference_of_the_sides() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.csv");
    std::fs::write(&path, ROWS).unwrap();
    let mut case = Case::new(2).with(|choice| choice.makers = 3);
    case.study.population.file = Some(path);
    let Book { population, names } =
        read(&case.study, &case.listings(), case.first).unwrap().unwrap();
    assert_eq!(names[3..], ["maker 1", "maker 2", "maker 3"]);
    for symbol in 0..2 {
        let sides = [Side::Long, Side::Short].map(|side| lots_of(&population, symbol, side));
        assert_eq!(sides[0], sides[1]);
    }
    let makers = population.traders.iter().filter(|trader| trader.kind == TraderKind::Maker);
    for maker in makers {
        let range = maker.holdings.start as usize..maker.holdings.end as usize;
        let sides: Vec<Side> = population.holdings[range].iter().map(|held| held.side).collect();
        assert_eq!(sides, [Side::Short, Side::Long], "against what the users hold more of");
    }
}

/// What `deleverage population --out` writes is the same population when it is read.
#[test]
fn a_drawn_book_reads_back_as_itself() {
    for case in [Case::new(1), Case::new(3), Case::new(2).inverse()] {
        let folder = tempfile::tempdir().unwrap();
        let mut case = case.with(|choice| choice.accounts = 600);
        written(&case, folder.path());
        let drawn = case.world(0);
        case.study.population.file = Some(folder.path().join("accounts.csv"));
        let Book { population, names } =
            read(&case.study, &case.listings(), case.first).unwrap().unwrap();
        assert_eq!(population, drawn);
        assert_eq!((names[0].as_str(), names[599].as_str()), ("0", "599"));
    }
}

#[test]
fn a_columnar_book_is_the_same_book() {
    let csv = book(ROWS);
    let texts = |field: usize| -> Vec<&str> {
        ROWS.lines().skip(1).map(|line| line.split(',').nth(field).unwrap()).collect()
    };
    let floats = |field: usize| -> Vec<f64> {
        texts(field).into_iter().map(|text| text.parse().unwrap()).collect()
    };
    let columns = vec![
        Column::new("account".into(), texts(1)),
        Column::new("symbol".into(), texts(0)),
        Column::new("side".into(), texts(2)),
        Column::new("quantity".into(), floats(3)),
        Column::new("entry_price".into(), texts(4)),
        Column::new("margin".into(), floats(5)),
        Column::new("mode".into(), texts(6)),
    ];
    let mut bytes = Vec::new();
    let mut frame = DataFrame::new(4, columns).unwrap();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let case = Case::new(2);
    let read = from_bytes(Path::new("book.parquet"), &bytes, &case.listings()).unwrap();
    assert_eq!(read, csv);
    frame.with_column(Column::new("quantity".into(), vec![0.0; 4])).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let refused = from_bytes(Path::new("book.parquet"), &bytes, &case.listings()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "book.parquet: row 1: quantity is out of range: found `0`; accepted: a decimal number \
         above 0"
    );
}

#[test]
fn a_book_that_is_not_there_is_said_at_its_key() {
    let mut case = Case::new(1);
    case.study.population.file = Some(PathBuf::from("no/such/book.csv"));
    let refused = read(&case.study, &case.listings(), case.first).unwrap_err().to_string();
    assert!(
        refused.starts_with("exchange.toml: population.file: cannot read no/such/book.csv: "),
        "{refused}"
    );
}
