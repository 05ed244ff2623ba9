//! Who holds what when the crash begins. Rules `POP` of `docs/model`.

mod book;
mod describe;
mod draw;
mod entries;
mod ground;
mod leverage;
mod makers;
mod normal;
mod plans;
mod ranked;
mod read;
mod sheet;
mod sizes;

pub use book::{Holding, Mode, Plan, Population, Reaction, ReactionKind, Trader, TraderKind};
pub use describe::{
    BANDS, BIN, BINS, Deciles, Description, SideDescription, SymbolDescription, describe,
};
pub use draw::{Scratch, draw};
pub use ground::{Ground, Listing};
pub use ranked::Ranked;
pub use read::{Book, from_bytes, read};
