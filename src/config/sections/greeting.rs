//! `description` and `announcement` of a `[[portal]]`

use jiff::civil::{Date, DateTime};

use crate::config::field::Field;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::values::{self, ValueError};
use crate::domain::{Announcement, Greeting, Mode, TextByLanguage};

/// What the portal's home page says.
pub(super) fn read(raw: &raw::PortalRule, mode: Mode, reader: &mut Reader<'_>) -> Greeting {
    for at in [raw.description.span(), raw.announcement.span()].into_iter().flatten() {
        if mode != Mode::Hosted {
            let what = format!("has no effect: the portal's mode is {:?}", mode.as_str());
            let invalid = ValueError::new(what, "expected with mode = \"hosted\" only");
            reader.invalid(at, invalid.remedy("remove it: JSM shows its own"));
        }
    }
    Greeting {
        description: text(&raw.description, reader),
        announcement: announcement(&raw.announcement, reader),
    }
}

fn announcement(field: &Field<raw::Announcement>, reader: &mut Reader<'_>) -> Option<Announcement> {
    let raw = reader.value(field)?;
    let text = text(&raw.text, reader);
    let from = reader.parse(&raw.from, |text| moment(text, Some));
    let until = reader.parse(&raw.until, |text| moment(text, |day| day.tomorrow().ok()));
    if let (Some(from), Some(until), Some(at)) = (from, until, raw.until.span())
        && until <= from
    {
        reader.invalid(at, ValueError::new("is before it begins", "expected a later day"));
    }
    Some(Announcement { text: text?, from, until })
}

fn text(field: &Field<raw::TextByLanguage>, reader: &mut Reader<'_>) -> Option<TextByLanguage> {
    let at = field.span().unwrap_or_default();
    let (text, texts) = match reader.value(field)? {
        raw::TextByLanguage::One(text) => (Some(TextByLanguage::one(text)), vec![text]),
        raw::TextByLanguage::ByLanguage(texts) => {
            let tags = texts.keys().filter(|tag| !is_tag(tag));
            for tag in tags {
                let what = format!("has a text for {tag:?}, which is no language");
                let expected = "expected tags such as \"en\", \"de\" or \"pt-BR\"";
                reader.invalid(at.clone(), ValueError::new(what, expected));
            }
            (TextByLanguage::of(texts.clone()), texts.values().collect())
        }
    };
    if texts.is_empty() || texts.iter().any(|text| values::text(text).is_err()) {
        reader.invalid(at, ValueError::new("says nothing", "expected a text"));
    }
    text
}

/// A language's tag, as far as it matters here (RFC 5646).
fn is_tag(tag: &str) -> bool {
    let part = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    tag.split('-').all(part)
}

/// A day, or a day and a time of it.
fn moment(text: &str, of_day: impl Fn(Date) -> Option<Date>) -> Result<DateTime, ValueError> {
    let day = text.parse::<Date>().ok().filter(|_| !text.contains('T'));
    let moment = match day {
        Some(day) => of_day(day).map(|day| day.at(0, 0, 0, 0)),
        None => text.parse().ok(),
    };
    moment.ok_or_else(|| {
        let expected =
            "expected a day such as \"2026-12-01\", or a time such as \"2026-12-01T18:00\"";
        ValueError::new("is no time", expected)
    })
}
