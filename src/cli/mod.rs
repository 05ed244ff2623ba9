//! What is typed: one module a command.

pub mod data_check;
pub mod data_fetch;
pub mod data_list;
pub mod data_tabulate;
