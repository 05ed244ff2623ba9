//! `population.png`, one a symbol.

use super::{Portrait, quote};
use crate::fault::{Error, Result};
use crate::population::{BANDS, BIN, BINS, Listing, SideDescription, SymbolDescription};
use crate::report::chart::population::{Band, Input, render};
use crate::report::chart::{self, Caption, label};

/// Names and bytes of the pictures; with several symbols the name of each is in its file's.
pub fn draw(portrait: &Portrait) -> Result<Vec<(String, Vec<u8>)>> {
    let symbols = portrait.description.symbols.iter().zip(portrait.listings);
    let picture = |(described, listing): (&SymbolDescription, &Listing)| {
        let name = match portrait.listings.len() {
            1 => "population.png".to_owned(),
            _ => format!("population-{}.png", file_name(&described.symbol)),
        };
        let png = render(&input(portrait, described, listing)).map_err(|error| failed(&error))?;
        Ok((name, png))
    };
    symbols.map(picture).collect()
}

fn failed(error: &chart::ChartError) -> Error {
    Error::io("draw", "population.png")(std::io::Error::other(error.to_string()))
}

/// Symbols may hold what a file's name may not.
fn file_name(symbol: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    symbol.chars().map(safe).collect()
}

fn input(portrait: &Portrait, described: &SymbolDescription, listing: &Listing) -> Input {
    let SymbolDescription { long, short, .. } = described;
    let band = |number: usize| Band {
        name: match BANDS.get(number + 1) {
            Some(to) => format!("{}–{to}x", BANDS[number]),
            None => format!("{}x up", BANDS[number]),
        },
        long: long.leverage[number].min(1.0),
        short: short.leverage[number].min(1.0),
    };
    Input {
        caption: Caption {
            headline: headline(described),
            subtitle: subtitle(portrait, described, listing),
            footer: footer(portrait),
        },
        quote: quote(listing).to_owned(),
        bands: (0..BANDS.len()).map(band).collect(),
        bin: BIN,
        longs: long.density.clone(),
        shorts: short.density.clone(),
        beyond: [long, short].map(|side| (1.0 - within(side, BINS)).clamp(0.0, 1.0)),
    }
}

/// Share of a side that is liquidated within so many bins.
fn within(side: &SideDescription, bins: usize) -> f64 {
    let reached: f64 = side.density[..bins].iter().sum();
    reached / (side.value.atoms() as f64 / 1e8)
}

/// What a move of 10 % would reach, in one sentence.
pub fn headline(described: &SymbolDescription) -> String {
    let [long, short] =
        [&described.long, &described.short].map(|side| label::percent(within(side, 10)));
    format!(
        "If {} fell 10 %, {long} of the longs would reach their liquidation prices; if it rose \
         10 %, {short} of the shorts",
        described.symbol
    )
}

fn subtitle(portrait: &Portrait, described: &SymbolDescription, listing: &Listing) -> String {
    let Portrait { study, description, .. } = portrait;
    let source = match portrait.names {
        Some(_) => "book from a file".to_owned(),
        None => format!("world {} of seed {}", portrait.world, study.seed),
    };
    let start = portrait.start().map(label::dated_moment).unwrap_or_default();
    let mark = label::exact_price(listing.history.scale.to_f64(described.mark));
    let open = label::amount(described.long.value.atoms() as f64 / 1e8);
    format!(
        "{} · {} · {start} UTC · mark {mark} · open interest {open} {} · {}, {} · {source}",
        listing.rules.name,
        described.symbol,
        quote(listing),
        label::counted(description.users.into(), "user"),
        label::counted(description.makers.into(), "market maker")
    )
}

fn footer(portrait: &Portrait) -> String {
    let source = match portrait.names {
        Some(_) => {
            "Positions as the file has them; market makers take the difference of the sides."
        }
        None => {
            "Accounts are drawn: sizes, leverage and entries are assumptions with sources, not an \
             exchange's book."
        }
    };
    format!(
        "{source} Leverage at the entry. Distances leave funding out, and in cross margin the \
         other symbols stand still."
    )
}
