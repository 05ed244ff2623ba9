//! The formats themselves; [`super::registry`] lists them.

pub(super) mod archive;
mod cells;
pub(super) mod columnar;
pub(super) mod headed;
pub(super) mod mapped;
pub(super) mod plain;

pub use columnar::{is_parquet, parquet};
