//! A population for a terminal of 120 columns.

use crate::history::rfc3339;
use crate::money::Cash;
use crate::population::{BANDS, Deciles, Listing, SideDescription, SymbolDescription};
use crate::report::chart::label;
use crate::report::population::{Portrait, headline, quote};
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

pub(super) fn text(portrait: &Portrait) -> String {
    let symbols = portrait.description.symbols.iter().zip(portrait.listings);
    let parts = symbols.map(|(described, listing)| symbol(described, listing));
    std::iter::once(heading(portrait)).chain(parts).collect::<Vec<_>>().join("\n\n")
}

fn heading(portrait: &Portrait) -> String {
    let Portrait { study, description, listings, first, .. } = portrait;
    let start = listings.first().map(|listing| rfc3339(listing.history.time[*first]));
    let source = match portrait.names {
        Some(_) => "a book from a file".to_owned(),
        None => format!("world {} of seed {}", portrait.world, study.seed),
    };
    format!(
        "{}: {source}, {} and {} at {}",
        study.title,
        label::counted(description.users.into(), "user"),
        label::counted(description.makers.into(), "market maker"),
        start.unwrap_or_default()
    )
}

fn symbol(described: &SymbolDescription, listing: &Listing) -> String {
    let quote = quote(listing);
    let mark = listing.history.scale.to_decimal(described.mark);
    format!(
        "{} on {}, mark {mark}\n{}.\n\n{}\n\n{}\n\n{}",
        described.symbol,
        listing.rules.name,
        headline(described),
        totals(described, quote).trim_fmt(),
        deciles(described, quote).trim_fmt(),
        bands(described).trim_fmt()
    )
}

/// An empty table whose first columns are words, and the others figures.
fn table(header: Vec<String>, words: usize) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(header.clone());
    for column in words..header.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn sides(described: &SymbolDescription) -> [&SideDescription; 2] {
    [&described.long, &described.short]
}

fn totals(described: &SymbolDescription, quote: &str) -> Table {
    let header =
        ["", "open interest", "of market makers", "users' positions", "largest", "of side"];
    let mut totals = table(header.map(str::to_owned).to_vec(), 1);
    for side in sides(described) {
        let part = side.largest.atoms() as f64 / side.value.atoms() as f64;
        totals.add_row([
            format!("{}s, {quote}", side.side),
            whole(side.value),
            whole(side.makers),
            label::count(u64::from(side.positions)),
            whole(side.largest),
            share(part),
        ]);
    }
    totals
}

fn deciles(described: &SymbolDescription, quote: &str) -> Table {
    let tenths = (1..10).map(|tenth| format!("{tenth}0 %"));
    let words = ["users' positions", ""].map(str::to_owned);
    let mut deciles = table(words.into_iter().chain(tenths).collect(), 2);
    for side in sides(described) {
        let Some(Deciles { value, leverage, distance }) = &side.users else { continue };
        let name = |what: &str| [format!("{}s", side.side), what.to_owned()];
        let times = |value: &f64| match value.is_finite() {
            true => format!("{value:.1}x"),
            false => "no margin".to_owned(),
        };
        let away = |value: &f64| match value.is_finite() {
            true => format!("{:.1} %", value * 100.0),
            false => "never".to_owned(),
        };
        let sizes: Vec<String> = value.iter().map(|value| short(*value)).collect();
        deciles.add_row([name(&format!("size, {quote}")).to_vec(), sizes].concat());
        let leverages: Vec<String> = leverage.iter().map(times).collect();
        deciles.add_row([name("leverage").to_vec(), leverages].concat());
        let distances: Vec<String> = distance.iter().map(away).collect();
        deciles.add_row([name("to liquidation").to_vec(), distances].concat());
    }
    deciles
}

fn bands(described: &SymbolDescription) -> Table {
    let name = |(number, from): (usize, &f64)| match BANDS.get(number + 1) {
        Some(to) => format!("{from}–{to}x"),
        None => format!("{from}x up"),
    };
    let header = std::iter::once("open interest by leverage".to_owned());
    let mut bands = table(header.chain(BANDS.iter().enumerate().map(name)).collect(), 1);
    for side in sides(described) {
        let shares = side.leverage.iter().map(|part| share(*part));
        bands.add_row(std::iter::once(format!("{}s", side.side)).chain(shares));
    }
    bands
}

fn share(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

/// Whole units, thousands apart; of less than ten, four digits.
fn whole(value: Cash) -> String {
    label::amount(value.atoms() as f64 / 1e8)
}

/// Three digits of an amount.
fn short(value: Cash) -> String {
    let value = value.atoms() as f64 / 1e8;
    let units = [(1e9, "bn"), (1e6, "M"), (1e3, "k")];
    let unit = units.into_iter().find(|(size, _)| value >= 0.9995 * size);
    let (size, name) = unit.unwrap_or((1.0, ""));
    let scaled = value / size;
    match scaled {
        99.95.. => format!("{scaled:.0}{name}"),
        9.995.. => format!("{scaled:.1}{name}"),
        0.01.. => format!("{scaled:.2}{name}"),
        _ => label::amount(scaled),
    }
}

#[cfg(test)]
mod tests {
    use super::short;
    use crate::money::Cash;

    #[test]
    fn amounts_have_three_digits() {
        let shown = |text: &str| short(Cash::parse(text).unwrap());
        assert_eq!([shown("0"), shown("0.00012"), shown("7.5")], ["0", "0.00012", "7.50"]);
        assert_eq!([shown("999.7"), shown("14812699"), shown("5e9")], ["1.00k", "14.8M", "5.00bn"]);
    }
}
