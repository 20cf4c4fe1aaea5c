//! Points in time as JSM and Jira write them: with an offset that has no colon.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use time::{Date, Month, OffsetDateTime, UtcOffset};

/// Milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Moment(i64);

impl Moment {
    /// By the clock of this machine.
    #[must_use]
    pub fn now() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a JSM of its own has a clock of its own")]
        let now = SystemTime::now();
        let millis = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        Self(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// From milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same, so many milliseconds later.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// As the platform writes it: `2015-10-08T14:42:00.000+0700`.
    pub(super) fn platform(self) -> String {
        format!("{}.{:03}+0700", self.to_second(), self.0.rem_euclid(1000))
    }

    /// As JSM writes it: one moment in four ways.
    pub(super) fn value(self) -> Value {
        let second = self.to_second();
        let clock: String = second.chars().skip(11).take(5).collect();
        json!({
            "iso8601": format!("{second}+0700"),
            "jira": self.platform(),
            "friendly": format!("Today {clock}"),
            "epochMillis": self.0,
        })
    }

    /// As REST APIs and SAML write it, in UTC: `2015-10-08T07:42:00.000Z`.
    pub(super) fn utc(self) -> String {
        let second = self.to_second_at(UtcOffset::UTC);
        format!("{second}.{:03}Z", self.0.rem_euclid(1000))
    }

    /// Reads the same form, with parts of a second or without.
    pub(super) fn from_utc(text: &str) -> Option<Self> {
        let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
        let (clock, part) = clock.split_once('.').unwrap_or((clock, "0"));
        let date: Vec<u16> = date.splitn(3, '-').map(str::parse).collect::<Result<_, _>>().ok()?;
        let clock: Vec<u8> = clock.splitn(3, ':').map(str::parse).collect::<Result<_, _>>().ok()?;
        let ([year, month, day], [hour, minute, second]) = (date.as_slice(), clock.as_slice())
        else {
            return None;
        };
        let month = Month::try_from(u8::try_from(*month).ok()?).ok()?;
        let day = Date::from_calendar_date(i32::from(*year), month, u8::try_from(*day).ok()?);
        let at = day.ok()?.with_hms(*hour, *minute, *second).ok()?.assume_utc();
        let millis: String = part.chars().chain("00".chars()).take(3).collect();
        Some(Self(at.unix_timestamp() * 1000 + millis.parse::<i64>().ok()?))
    }

    fn to_second(self) -> String {
        self.to_second_at(UtcOffset::from_hms(7, 0, 0).unwrap_or(UtcOffset::UTC))
    }

    fn to_second_at(self, offset: UtcOffset) -> String {
        let at = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000));
        let at = at.unwrap_or(OffsetDateTime::UNIX_EPOCH).to_offset(offset);
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_the_forms_of_the_documentation() {
        let moment = Moment::from_millis(1_444_290_120_000);
        assert_eq!(moment.platform(), "2015-10-08T14:42:00.000+0700");
        assert_eq!(moment.value()["iso8601"], "2015-10-08T14:42:00+0700");
        assert_eq!(moment.utc(), "2015-10-08T07:42:00.000Z");
    }

    #[test]
    fn a_moment_in_utc_is_read_with_parts_of_a_second_or_without() {
        let read = |text| Moment::from_utc(text).map(Moment::millis);
        assert_eq!(read("2015-10-08T07:42:00Z"), Some(1_444_290_120_000));
        assert_eq!(read("2015-10-08T07:42:00.5Z"), Some(1_444_290_120_500));
        assert_eq!(read("2015-10-08T07:42:00.123456Z"), Some(1_444_290_120_123));
        for other in ["2015-10-08T07:42:00+07:00", "2015-13-08T07:42:00Z", "2015-10-08Z", ""] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
