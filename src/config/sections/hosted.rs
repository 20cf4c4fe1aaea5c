//! `[hosted]`

use jiff::tz::TimeZone;

use crate::config::field::Field;
use crate::config::parsed::HostedConfig;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::{KnowledgeBase, Language, OrganizationRequests, Participants, ShownField};

pub(super) fn read(field: &Field<raw::Hosted>, reader: &mut Reader<'_>) -> HostedConfig {
    let nothing = raw::Hosted::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let file_bytes = reader.parse_or(&raw.file_bytes, default::HOSTED_FILE_BYTES, values::size);
    let files = reader.value_or(&raw.files, default::HOSTED_FILES);
    HostedConfig {
        languages: languages(&raw.languages, reader),
        time_zone: reader.parse(&raw.time_zone, time_zone).unwrap_or(TimeZone::UTC),
        organization_requests: reader
            .value_or(&raw.organization_requests, OrganizationRequests::None),
        participants: reader.value_or(&raw.participants, Participants::Organization),
        // What is wrong is reported, and the file is not taken.
        file_bytes: file_bytes.unwrap_or_default(),
        files: usize::try_from(files).unwrap_or_default(),
        knowledge_base: reader.value_or(&raw.knowledge_base, KnowledgeBase::Off),
        native_links: reader.value_or(&raw.native_links, false),
        show_fields: show_fields(&raw.show_fields, reader),
        groups: reader.list(&raw.groups, &[], values::text),
    }
}

fn show_fields(field: &Field<Vec<Field<ShownField>>>, reader: &mut Reader<'_>) -> Vec<ShownField> {
    let mut shown = Vec::new();
    for field in reader.value(field).into_iter().flatten() {
        shown.extend(reader.value(field).filter(|it| !shown.contains(*it)).copied());
    }
    shown
}

fn languages(field: &Field<Vec<Field<Language>>>, reader: &mut Reader<'_>) -> Vec<Language> {
    let Some(items) = reader.value(field) else { return Language::ALL.to_vec() };
    let mut languages: Vec<Language> = Vec::new();
    for item in items {
        let Some(language) = reader.value(item) else { continue };
        if languages.contains(language) {
            let invalid = ValueError::new("is there twice", "expected each language once");
            reader.invalid(item.span().unwrap_or_default(), invalid);
        }
        languages.push(*language);
    }
    if items.is_empty() {
        let invalid = ValueError::new("is empty", "expected at least one language, such as \"en\"");
        reader.invalid(field.span().unwrap_or_default(), invalid);
    }
    languages
}

fn time_zone(name: &str) -> Result<TimeZone, ValueError> {
    TimeZone::get(name).map_err(|_| {
        let expected = "expected a name of the IANA time zone database, such as \"Europe/Berlin\"";
        ValueError::new("is no time zone", expected)
    })
}
