//! Moments as people read them: in their time zone and in the words of their language. Must not know
//! what happened then.

use fluent_bundle::FluentArgs;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use minijinja::{Value, context};

use super::catalogue::Catalogue;

/// Tells moments to one customer, seen from now.
#[derive(Debug)]
pub struct Times<'a> {
    catalogue: &'a Catalogue,
    zone: TimeZone,
    today: Date,
}

impl<'a> Times<'a> {
    /// For a customer in `zone`, at `now`.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue, zone: TimeZone, now: Timestamp) -> Self {
        let today = now.to_zoned_datetime(zone.clone()).date();
        Self { catalogue, zone, today }
    }

    /// As lists have it: today and yesterday in words, the year only when it is another. For the macro
    /// `time` of templates.
    #[must_use]
    pub fn short(&self, at: Timestamp) -> Value {
        let at = at.to_zoned_datetime(self.zone.clone());
        let name = if at.date() == self.today {
            "time-today"
        } else if self.today.yesterday().is_ok_and(|yesterday| yesterday == at.date()) {
            "time-yesterday"
        } else if at.year() == self.today.year() {
            "time-this-year"
        } else {
            "time-other-year"
        };
        self.told(name, &at)
    }

    /// As headings and sentences have it, with all that belongs to it.
    #[must_use]
    pub fn full(&self, at: Timestamp) -> Value {
        self.told("time-in-full", &at.to_zoned_datetime(self.zone.clone()))
    }

    /// A day, which is the same in every time zone.
    #[must_use]
    pub fn day(&self, day: Date) -> String {
        let month = format!("month-{}", day.month());
        let mut arguments = FluentArgs::new();
        arguments.set("day", day.day());
        arguments.set("year", day.year().to_string());
        arguments.set("month", self.catalogue.say_or_name(&month, &FluentArgs::new()));
        self.catalogue.say_or_name("day-in-full", &arguments)
    }

    /// The time of day alone.
    #[must_use]
    pub fn time_of_day(&self, at: Timestamp) -> Value {
        self.told("time-of-day", &at.to_zoned_datetime(self.zone.clone()))
    }

    fn told(&self, name: &str, at: &ZonedDateTime) -> Value {
        let (month, time) = (format!("month-{}", at.month()), at.strftime("%H:%M").to_string());
        let mut arguments = FluentArgs::new();
        arguments.set("time", time.as_str());
        arguments.set("day", at.day());
        arguments.set("year", at.year().to_string());
        arguments.set("month", self.catalogue.say_or_name(&month, &FluentArgs::new()));
        arguments.set(
            "short_month",
            self.catalogue.say_or_name(&format!("{month}.short"), &FluentArgs::new()),
        );
        let iso = at.strftime("%Y-%m-%dT%H:%M%:z").to_string();
        context! { iso => iso, words => self.catalogue.say_or_name(name, &arguments) }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn words(value: &Value) -> String {
        value.get_attr("words").unwrap().to_string()
    }

    /// At 00:30 in Berlin it is still yesterday in Greenwich.
    #[rstest]
    #[case("2026-11-27T23:10:00Z", "today, 00:10")]
    #[case("2026-11-27T22:10:00Z", "yesterday, 23:10")]
    #[case("2026-11-24T13:39:00Z", "24 Nov, 14:39")]
    #[case("2026-07-01T10:00:00Z", "1 Jul, 12:00")]
    #[case("2025-11-27T23:10:00Z", "28 Nov 2025, 00:10")]
    #[case("2026-11-28T23:10:00Z", "29 Nov, 00:10")]
    fn a_moment_is_told_as_seen_from_the_customers_day(#[case] at: &str, #[case] told: &str) {
        let catalogue = Catalogue::english().unwrap();
        let now = "2026-11-27T23:30:00Z".parse().unwrap();
        let times = Times::new(&catalogue, TimeZone::get("Europe/Berlin").unwrap(), now);
        assert_eq!(words(&times.short(at.parse().unwrap())), told);
    }

    #[test]
    fn a_heading_has_the_whole_moment_and_its_offset() {
        let catalogue = Catalogue::english().unwrap();
        let now = "2026-11-27T23:30:00Z".parse().unwrap();
        let times = Times::new(&catalogue, TimeZone::get("Europe/Berlin").unwrap(), now);
        let told = times.full("2026-11-24T13:39:00Z".parse().unwrap());
        assert_eq!(words(&told), "24 November 2026, 14:39");
        assert_eq!(told.get_attr("iso").unwrap().to_string(), "2026-11-24T14:39+01:00");
    }
}
