//! A value of the file together with its place. Reading one never fails, so that one wrong key does
//! not hide the next. It must not know what a value means.

use std::borrow::Cow;
use std::ops::Range;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// Bytes of the file from and to.
pub(super) type Span = Range<usize>;

/// What the file says for one key.
#[derive(Clone, Debug, Default)]
pub(super) enum Field<T> {
    /// The key is not there.
    #[default]
    Nothing,
    /// It is there with a value of another type; the text is serde's.
    Broken(Span, String),
    /// Its value.
    Value(Span, T),
}

impl<T> Field<T> {
    /// Where the value stands; `None` for a key that is not there.
    pub(super) fn span(&self) -> Option<Span> {
        match self {
            Self::Nothing => None,
            Self::Broken(span, _) | Self::Value(span, _) => Some(span.clone()),
        }
    }

    /// Whether the key is there, well formed or not.
    pub(super) fn is_given(&self) -> bool {
        self.span().is_some()
    }

    /// Whether the key is there with a value that cannot be read, which is reported already.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self, Self::Broken(..))
    }

    /// The value, unless the key is missing or broken.
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Self::Value(_, value) => Some(value),
            Self::Nothing | Self::Broken(..) => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    /// Through `Option`, which serde fills for a missing field without `#[serde(default)]`.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Some(found) = Option::<Spanned<Lenient<T>>>::deserialize(from)? else {
            return Ok(Self::Nothing);
        };
        let span = found.span();
        Ok(match found.into_inner().0 {
            Ok(value) => Self::Value(span, value),
            Err(words) => Self::Broken(span, words),
        })
    }
}

/// In the schema a field is just its value.
impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Turns an error into a value.
struct Lenient<T>(Result<T, String>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(T::deserialize(from).map_err(|error| error.to_string())))
    }
}
