//! Times as SAML writes them (`xs:dateTime` in UTC, core section 1.3.3), to and from Unix seconds. Must
//! not know what time it is.

use jiff::Timestamp;

/// Writes seconds since 1970, such as `2026-11-28T10:00:00Z`.
pub(crate) fn text(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX).to_string()
}

/// Reads a time. Fractions of a second are dropped. The specification demands `Z`, and some libraries
/// write `+00:00`; a time without a zone is none.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let is_date_time = text.len() <= 40
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-+:.TZ".contains(&byte));
    let instant = is_date_time.then(|| text.parse::<Timestamp>().ok()).flatten()?;
    u64::try_from(instant.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_time_is_read_as_it_was_written() {
        assert_eq!(text(1_764_324_000), "2025-11-28T10:00:00Z");
        assert_eq!(parse(&text(1_764_324_000)), Some(1_764_324_000));
        assert_eq!(text(0), "1970-01-01T00:00:00Z");
        assert!(text(u64::MAX).starts_with("9999-12-"));
    }

    #[rstest]
    #[case("2025-11-28T10:00:00Z", Some(1_764_324_000))]
    #[case("2025-11-28T10:00:00.999Z", Some(1_764_324_000))]
    #[case("2025-11-28T10:00:00.1234567Z", Some(1_764_324_000))]
    #[case("2025-11-28T10:00:00+00:00", Some(1_764_324_000))]
    #[case("2025-11-28T12:00:00+02:00", Some(1_764_324_000))]
    #[case("2025-11-28T10:00:00", None)]
    #[case("2025-11-28 10:00:00Z", None)]
    #[case("2025-11-28", None)]
    #[case("1969-12-31T23:59:59Z", None)]
    #[case("2025-11-31T10:00:00Z", None)]
    #[case("2025-11-28T10:00:00Z[UTC]", None)]
    #[case("", None)]
    #[case("soon", None)]
    fn only_a_full_time_is_one(#[case] text: &str, #[case] seconds: Option<u64>) {
        assert_eq!(parse(text), seconds);
    }
}
