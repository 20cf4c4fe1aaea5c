//! The references in a JSON body. It is read strictly and property by property, also repeated ones:
//! what another parser could read differently is refused. It must not know who may use what.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Reference, ReferenceKind, kind_of_field};
use crate::reading::{Ambiguous, has_escape};

/// Visits the references in a body until `visit` fails.
pub(crate) fn in_json<E: From<Ambiguous>>(
    body: &[u8],
    mut visit: impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut failure = None;
    let mut checked = |reference: Reference<'_>| {
        if has_escape(reference.text) {
            return Err(Ambiguous("a value in its body has an escape within an escape").into());
        }
        visit(reference)
    };
    // serde carries only its own errors, so ours is kept here.
    let mut goes_on = |reference: Reference<'_>| match checked(reference) {
        Ok(()) => true,
        Err(why) => {
            failure = Some(why);
            false
        }
    };
    let mut parser = serde_json::Deserializer::from_slice(body);
    let walk = Walk { kind: None, request: false, visit: &mut goes_on };
    let parsed = walk.deserialize(&mut parser).and_then(|()| parser.end());
    match (failure, parsed) {
        (Some(why), _) => Err(why),
        (None, Ok(())) => Ok(()),
        (None, Err(_)) => Err(Ambiguous("its body is not plain JSON").into()),
    }
}

/// What an object says of itself or is asked for, beside what it is called.
const DESCRIBING: [&str; 3] = ["expand", "name", "description"];

/// A value, and what is known of it from the property it stands in.
struct Walk<'a> {
    kind: Option<ReferenceKind>,
    /// Within `reqDetails`, whose `key` is a request's.
    request: bool,
    visit: &'a mut dyn FnMut(Reference<'_>) -> bool,
}

impl Walk<'_> {
    fn text<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        let Some(kind) = self.kind else { return Ok(()) };
        let reference =
            Reference { opens: kind == ReferenceKind::Portal, ..Reference::new(kind, text) };
        if (self.visit)(reference) { Ok(()) } else { Err(E::custom("stopped")) }
    }

    /// What is in a property; an unknown one within a known one is taken for part of it, as `id` is
    /// in `{"portal":{"id":3}}`.
    fn kind_of(&self, property: &str) -> Option<ReferenceKind> {
        let is = |name: &&str| property.eq_ignore_ascii_case(name);
        match kind_of_field(property) {
            Some(ReferenceKind::PerhapsRequest) if self.request => Some(ReferenceKind::Request),
            // A portal, a desk and a project have their project's key.
            Some(ReferenceKind::PerhapsRequest)
                if self.kind.is_some_and(ReferenceKind::has_key) && is(&"key") =>
            {
                Some(ReferenceKind::Project)
            }
            Some(kind) => Some(kind),
            None if DESCRIBING.iter().any(is) => None,
            None => self.kind,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        self.text(&number.to_string())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.text(&number.to_string())
    }

    /// Some parsers read `3.0` as 3. With the point it is the number of no portal.
    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<(), E> {
        self.text(&format!("{number:?}"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { kind, request, visit } = self;
        while items.next_element_seed(Walk { kind, request, visit: &mut *visit })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<(), A::Error> {
        while let Some(property) = properties.next_key::<String>()? {
            let kind = self.kind_of(&property);
            let request = self.request || property.eq_ignore_ascii_case("reqDetails");
            let visit = &mut *self.visit;
            properties.next_value_seed(Walk { kind, request, visit })?;
        }
        Ok(())
    }
}
