//! The formats themselves; [`super::registry`] lists them.

pub(super) mod archive;
pub(super) mod columnar;
pub(super) mod mapped;
pub(super) mod plain;
