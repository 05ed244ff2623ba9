//! Downloads from the exchange's public archive.
//!
//! An [`Order`] says what is wanted; [`Archive::fetch`] turns it into files of a local [`Cache`],
//! each verified against the `.CHECKSUM` that the archive publishes beside it. What is there is
//! not asked for again; what was cut is continued; what does not match is refused.

mod archive;
mod cache;
mod checksum;
mod client;
mod download;
mod order;
mod product;

pub use archive::{Archive, Fetched, Haul, Origin, Progress};
pub use cache::Cache;
pub use client::Patience;
pub use order::{Order, Span};
pub use product::Product;
