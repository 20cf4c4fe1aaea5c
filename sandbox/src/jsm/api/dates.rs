//! Dates as queries write them.

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

use super::super::moment::Moment;

/// `2026/11/28`, `"2026-11-28 14:05"` in the caller's zone, or `-7d`.
pub(super) fn moment(text: &str, now: Moment) -> Option<Moment> {
    if let Some(ago) = text.strip_prefix('-') {
        let (number, unit) = ago.split_at_checked(ago.len().checked_sub(1)?)?;
        let minutes = match unit {
            "m" => 1,
            "h" => 60,
            "d" => 24 * 60,
            "w" => 7 * 24 * 60,
            _ => return None,
        };
        let minutes = number.parse::<i64>().ok()?.checked_mul(minutes)?;
        return Some(now.plus(minutes.checked_mul(-60_000)?));
    }
    let text = text.replace('/', "-");
    let (day, clock) = text.split_once(' ').unwrap_or((&text, "00:00"));
    let parts: Vec<_> = day.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let (hour, minute) = clock.split_once(':')?;
    let time = Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()?;
    let at = PrimitiveDateTime::new(date, time);
    let at = at.assume_offset(UtcOffset::from_hms(7, 0, 0).ok()?);
    Some(Moment::from_millis(at.unix_timestamp().checked_mul(1000)?))
}
