//! Columns of files with one row a thing: their names, their types, and how they are read off it.

use super::recorded::Fields;
use crate::fault::Error;
use crate::money::{Cash, Price, PriceScale};
use polars::prelude::{Column, DataType, Field, Schema};
use std::path::Path;

/// One field of a row. `None` anywhere below is an empty field or a null, never a 0.
pub enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
    Flag(bool),
}

/// A column over rows `R`; what else its values need is in `C`.
pub struct Definition<R, C> {
    pub name: &'static str,
    data: DataType,
    pub value: fn(&R, C) -> Value,
}

pub fn text<R, C>(name: &'static str, value: fn(&R, C) -> Value) -> Definition<R, C> {
    Definition { name, data: DataType::String, value }
}

pub fn whole<R, C>(name: &'static str, value: fn(&R, C) -> Value) -> Definition<R, C> {
    Definition { name, data: DataType::Int64, value }
}

pub fn flag<R, C>(name: &'static str, value: fn(&R, C) -> Value) -> Definition<R, C> {
    Definition { name, data: DataType::Boolean, value }
}

/// Amounts and prices are decimal text, so that no digit is lost.
pub fn cash(cash: Option<Cash>) -> Value {
    Value::Text(cash.map(|cash| cash.to_string()))
}

pub fn price(price: Option<Price>, scale: PriceScale) -> Value {
    Value::Text(price.map(|price| scale.to_decimal(price).to_string()))
}

/// Texts of a row's columns, in order; an empty text for none.
pub fn texts<R, C: Copy>(definitions: &[Definition<R, C>], row: &R, context: C) -> Vec<String> {
    definitions.iter().map(|column| field((column.value)(row, context))).collect()
}

/// Names and texts.
pub fn fields<R, C: Copy>(definitions: &[Definition<R, C>], row: &R, context: C) -> Fields {
    let names = definitions.iter().map(|column| column.name.to_owned());
    names.zip(texts(definitions, row, context)).collect()
}

fn field(value: Value) -> String {
    match value {
        Value::Text(text) => text.unwrap_or_default(),
        Value::Whole(whole) => whole.map_or(String::new(), |whole| whole.to_string()),
        Value::Flag(flag) => flag.to_string(),
    }
}

pub fn schema<R, C>(definitions: &[Definition<R, C>]) -> Schema {
    definitions.iter().map(|column| Field::new(column.name.into(), column.data.clone())).collect()
}

impl<R, C: Copy> Definition<R, C> {
    /// The column of some rows.
    pub fn filled(&self, rows: &[R], context: C) -> Column {
        let values = rows.iter().map(|row| (self.value)(row, context));
        let name = self.name.into();
        match self.data {
            DataType::Int64 => {
                let of = |value| if let Value::Whole(whole) = value { whole } else { None };
                Column::new(name, values.map(of).collect::<Vec<Option<i64>>>())
            }
            DataType::Boolean => {
                let of = |value| matches!(value, Value::Flag(true));
                Column::new(name, values.map(of).collect::<Vec<bool>>())
            }
            _ => {
                let of = |value| if let Value::Text(text) = value { text } else { None };
                Column::new(name, values.map(of).collect::<Vec<Option<String>>>())
            }
        }
    }
}

pub fn polars_error(path: &Path, error: polars::error::PolarsError) -> Error {
    Error::io("write", path)(std::io::Error::other(error))
}
