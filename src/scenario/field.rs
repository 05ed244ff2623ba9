//! Values as written, with the place they were written at.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A string or a number, kept as text so that no digit passes through a float's arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pub text: String,
    /// Byte range in the scenario file.
    pub span: Range<usize>,
}

impl Text {
    /// The span of a default, which is written nowhere.
    pub const NOWHERE: Range<usize> = 0..0;

    /// A default.
    pub fn usual(text: &str) -> Self {
        Self { text: text.to_owned(), span: Self::NOWHERE }
    }
}

/// One text or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List(pub Vec<Text>);

impl List {
    /// The text of a list's element, where the list was written.
    pub fn nth(list: Option<&Self>, index: usize) -> Option<&Text> {
        list.and_then(|list| list.0.get(index))
    }
}

pub(super) struct Scalar(pub String);

pub(super) struct ScalarVisitor;

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text or a number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar(number.to_string()))
    }

    /// The shortest text that reads back as the same float, which is what was typed.
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Scalar, E> {
        if number.is_finite() {
            Ok(Scalar(format!("{number:?}")))
        } else {
            Err(E::custom("not a finite number, expected a decimal number"))
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<Scalar>::deserialize(deserializer)?;
        let span = spanned.span();
        Ok(Self { text: spanned.into_inner().0, span })
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = Vec<Text>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text, a number, or a list of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Text>, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element::<Text>()? {
            texts.push(text);
        }
        Ok(texts)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<Text>, E> {
        one(ScalarVisitor.visit_str(text))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Vec<Text>, E> {
        one(ScalarVisitor.visit_i64(number))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Vec<Text>, E> {
        one(ScalarVisitor.visit_f64(number))
    }
}

fn one<E>(scalar: Result<Scalar, E>) -> Result<Vec<Text>, E> {
    scalar.map(|scalar| vec![Text::usual(&scalar.0)])
}

struct AnyList(Vec<Text>);

impl<'de> Deserialize<'de> for AnyList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor).map(AnyList)
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = toml::Spanned::<AnyList>::deserialize(deserializer)?;
        let span = spanned.span();
        let mut texts = spanned.into_inner().0;
        if texts.is_empty() {
            return Err(D::Error::custom("an empty list, expected at least one value"));
        }
        for text in texts.iter_mut().filter(|text| text.span == Text::NOWHERE) {
            text.span = span.clone();
        }
        Ok(Self(texts))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"] })
    }
}

impl JsonSchema for List {
    fn schema_name() -> Cow<'static, str> {
        "List".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": ["string", "number"] },
                { "type": "array", "minItems": 1, "items": { "type": ["string", "number"] } }
            ]
        })
    }
}
