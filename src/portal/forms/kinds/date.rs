//! Days and moments, typed in parts.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ZonedDateTime};

use super::super::FieldId;
use super::super::answer::Answer;
use super::super::form::Field;
use super::super::kind::FieldKind;
use super::super::locale::{DateOrder, Locale};
use super::super::mistake::{DatePart, Mistake};
use super::super::posted::{Posted, ascii_width};
use super::super::widget::{Control, Part};
use super::{Wrong, control_id, time};

/// A day, or none where no part was typed.
pub(super) fn day(id: &FieldId, posted: &Posted, locale: &Locale) -> Result<Option<Date>, Wrong> {
    let order = order(locale, false);
    if order.iter().all(|part| typed(id, posted, *part).is_empty()) {
        return Ok(None);
    }
    parse_day(id, posted, locale).map(Some).map_err(|at| at.wrong(id, &order))
}

/// A day and a time in the customer's zone.
pub(super) fn moment(
    id: &FieldId,
    posted: &Posted,
    locale: &Locale,
) -> Result<Option<Answer>, Wrong> {
    let order = order(locale, true);
    if order.iter().all(|part| typed(id, posted, *part).is_empty()) {
        return Ok(None);
    }
    let day = parse_day(id, posted, locale).map_err(|at| at.wrong(id, &order))?;
    let time = parse_time(id, posted).map_err(|at| at.wrong(id, &order))?;
    let moment = day.to_datetime(time).to_zoned_datetime(locale.zone.clone());
    let impossible = At(DatePart::Day, Mistake::DateImpossible);
    moment.map(Answer::DateTime).map(Some).map_err(|_| impossible.wrong(id, &order))
}

/// A mistake, and the part that it is in.
struct At(DatePart, Mistake);

impl At {
    fn wrong(self, id: &FieldId, order: &[DatePart]) -> Wrong {
        let at = order.iter().position(|part| *part == self.0).unwrap_or(0);
        Wrong { mistake: self.1, control: Some(control_id(id, at, self.0.as_str())) }
    }
}

fn order(locale: &Locale, with_time: bool) -> Vec<DatePart> {
    let mut order = vec![DatePart::Day, DatePart::Month, DatePart::Year];
    if locale.order == DateOrder::YearFirst {
        order.reverse();
    }
    order.extend(with_time.then_some(DatePart::Time));
    order
}

/// What was typed into a part, without blanks and the punctuation that dates are written with.
fn typed(id: &FieldId, posted: &Posted, part: DatePart) -> String {
    let typed = ascii_width(posted.part(id, part.as_str()));
    let around = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | '/' | '-' | '年' | '日');
    typed.trim_matches(around).to_owned()
}

fn parse_day(id: &FieldId, posted: &Posted, locale: &Locale) -> Result<Date, At> {
    let parts = [DatePart::Day, DatePart::Month, DatePart::Year];
    let [day, month, year] = parts.map(|part| typed(id, posted, part));
    for (part, typed) in parts.into_iter().zip([&day, &month, &year]) {
        if typed.is_empty() {
            return Err(At(part, Mistake::DateIncomplete(part)));
        }
    }
    let impossible = |part| At(part, Mistake::DateImpossible);
    let month = parse_month(&month, locale).ok_or_else(|| impossible(DatePart::Month))?;
    let year = match (year.len(), number(&year)) {
        (4, Some(year @ 1000..)) => year,
        (1..=3, Some(_)) => return Err(At(DatePart::Year, Mistake::YearShort)),
        _ => return Err(impossible(DatePart::Year)),
    };
    let first = Date::new(year, month, 1).map_err(|_| impossible(DatePart::Year))?;
    let days = first.days_in_month();
    let day = number(&day).and_then(|day| i8::try_from(day).ok());
    match day.ok_or_else(|| impossible(DatePart::Day))? {
        day @ 1..=31 if day > days => {
            let month = locale.month_name(month).to_owned();
            Err(At(DatePart::Day, Mistake::DayImpossible { month, year, days }))
        }
        day => Date::new(year, first.month(), day).map_err(|_| impossible(DatePart::Day)),
    }
}

fn parse_month(typed: &str, locale: &Locale) -> Option<i8> {
    match number(typed.trim_end_matches('月')) {
        Some(number) => i8::try_from(number).ok().filter(|month| (1..=12).contains(month)),
        None => locale.month_by_name(typed),
    }
}

fn parse_time(id: &FieldId, posted: &Posted) -> Result<Time, At> {
    match posted.part(id, DatePart::Time.as_str()).trim() {
        "" => Err(At(DatePart::Time, Mistake::DateIncomplete(DatePart::Time))),
        typed => time::parse(typed).ok_or(At(DatePart::Time, Mistake::TimeImpossible)),
    }
}

fn number(typed: &str) -> Option<i16> {
    let plain = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| typed.parse().ok()).flatten()
}

/// Fills the parts in from `2026-11-30`, `2026-11-30T14:30` or `2026-11-30T14:30:00.000+0100`.
pub(super) fn fill(id: &FieldId, value: &str, posted: &mut Posted, locale: &Locale) {
    let Some(moment) = parse_iso(value, locale) else { return };
    let (day, time) = (moment.date(), moment.time());
    let mut set = |part: DatePart, text: String| posted.set(id.part(part.as_str()), vec![text]);
    set(DatePart::Day, day.day().to_string());
    set(DatePart::Month, day.month().to_string());
    set(DatePart::Year, day.year().to_string());
    if value.contains('T') {
        set(DatePart::Time, format!("{:02}:{:02}", time.hour(), time.minute()));
    }
}

fn parse_iso(value: &str, locale: &Locale) -> Option<DateTime> {
    let with_offset = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", value);
    let here = |at: Timestamp| ZonedDateTime::new(at, locale.zone.clone()).datetime();
    with_offset.ok().map(here).or_else(|| value.parse().ok())
}

pub(super) fn parts(field: &Field, posted: &Posted, locale: &Locale) -> Control {
    let order = order(locale, field.kind == FieldKind::DateTime);
    let part = |(at, part): (usize, &DatePart)| Part {
        id: control_id(&field.id, at, part.as_str()),
        name: field.id.part(part.as_str()),
        part: *part,
        value: posted.part(&field.id, part.as_str()).to_owned(),
    };
    Control::Parts(order.iter().enumerate().map(part).collect())
}
