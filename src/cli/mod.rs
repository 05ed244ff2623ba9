pub mod data_fetch;
pub mod data_list;
pub mod data_tabulate;
pub mod data_check;
