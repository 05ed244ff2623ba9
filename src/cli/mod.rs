pub mod data_check;
