//! `[forward.assertion]`

use std::time::Duration;

use http::HeaderName;

use super::identity_headers;
use crate::config::field::Field;
use crate::config::parsed::{AssertionConfig, SessionConfig, StoreConfig};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::Template;

/// A stolen assertion can be used until it expires.
const LIFETIME: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(300));

/// A key is published a day before it signs, and a day after.
const SHORTEST_ROTATION: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// `None` when something in the section is wrong; `Some(None)` when there is no section.
#[expect(clippy::option_option, reason = "not there and wrong are two things")]
pub(super) fn read(
    field: &Field<raw::Assertion>,
    identity: &[(HeaderName, Template)],
    reader: &mut Reader<'_>,
) -> Option<Option<AssertionConfig>> {
    if !field.is_given() {
        return Some(None);
    }
    let raw = reader.value(field)?;
    let audience = reader.parse(&raw.audience, values::text);
    let header = reader.parse_or(&raw.header, default::ASSERTION_HEADER, |name| {
        let header = identity_headers::header(name)?;
        let taken = identity.iter().any(|(taken, _)| same(taken, &header));
        let invalid =
            || ValueError::new("is a header of forward.identity", "expected one of its own");
        if taken { Err(invalid()) } else { Ok(header) }
    });
    let lifetime = reader.parse_or(&raw.lifetime, default::ASSERTION_LIFETIME, lifetime);
    let rotate = reader.parse_or(&raw.rotate, default::ASSERTION_ROTATE, rotation);
    Some(Some(AssertionConfig {
        header: header?,
        audience: audience?,
        lifetime: lifetime?,
        rotate: rotate?,
    }))
}

/// A shared store suggests that there are several gates, and each has keys of its own.
pub(super) fn suits(
    session: Option<&SessionConfig>,
    forward: &Field<raw::Forward>,
    reader: &mut Reader<'_>,
) {
    let shared = session.is_some_and(|session| matches!(session.store, StoreConfig::Redis(_)));
    let span = forward.value().and_then(|forward| forward.assertion.span());
    if let (true, Some(span)) = (shared, span) {
        reader.report.warning(
            &span,
            "works with one gate only: with several behind one address, JSM's side reads the keys \
             of one and refuses what the others sign",
            "use one gate, or [forward.identity] alone",
        );
    }
}

/// Whether an upstream may take two names for one.
fn same(one: &HeaderName, other: &HeaderName) -> bool {
    let folded = |name: &HeaderName| name.as_str().replace(['_', '.'], "-");
    folded(one) == folded(other)
}

fn lifetime(text: &str) -> Result<Duration, ValueError> {
    let (shortest, longest) = LIFETIME;
    let lifetime = values::duration(text)?;
    if (shortest..=longest).contains(&lifetime) {
        return Ok(lifetime);
    }
    Err(ValueError::new("is too short or too long", "expected one to five minutes, such as \"5m\""))
}

fn rotation(text: &str) -> Result<Duration, ValueError> {
    let rotate = values::duration(text)?;
    if rotate >= SHORTEST_ROTATION {
        return Ok(rotate);
    }
    Err(ValueError::new("is too short", "expected two days or more, such as \"30d\""))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("59s", false)]
    #[case("1m", true)]
    #[case("5m", true)]
    #[case("5m 1s", false)]
    fn d10_an_assertion_lives_five_minutes_at_most(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(lifetime(text).is_ok(), valid);
    }

    #[rstest]
    #[case("47h", false)]
    #[case("2d", true)]
    fn a_key_signs_longer_than_it_takes_to_announce_the_next(
        #[case] text: &str,
        #[case] valid: bool,
    ) {
        assert_eq!(rotation(text).is_ok(), valid);
    }
}
