//! Who holds what when the crash begins. Rules `POP` of `docs/model`.

mod book;

pub use book::{Holding, Mode, Plan, Population, Reaction, ReactionKind, Trader, TraderKind};
