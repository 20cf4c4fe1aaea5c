//! What assertions say about a person: the name that the service provider knows them by, and attributes.

use super::Around;
use crate::config::field::Field;
use crate::config::parsed::{NameId, NameIdFormat, NameIdValue};
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::sections::{repeated, templates};
use crate::config::service_provider_preset::NameIds;
use crate::config::values::{self, ValueError};
use crate::domain::{AccessRules, Template};

/// What only service providers are told: the provider's `saml_id` of the person.
const SAML_ID: &str = "saml_id";

/// What people are known by; `None` when it is wrong.
pub(super) fn name_id(
    raw: &raw::ServiceProvider,
    preset: NameIds,
    rules: &AccessRules,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<NameId> {
    let (format, default) = match preset {
        NameIds::Usually(format, default) => (format, default),
        NameIds::Always(format, template) => {
            is_the_presets(raw, reader);
            let value = NameIdValue::Template(template_of(template, around.extra).ok()?);
            return Some(NameId { format, value });
        }
        NameIds::JiraUsername => {
            is_the_presets(raw, reader);
            let format = NameIdFormat::Unspecified;
            return Some(NameId { format, value: NameIdValue::JiraUsername });
        }
    };
    let format = reader.value_or(&raw.name_id_format, format);
    let providers = if rules.provider.is_some() { &[] } else { around.providers };
    let template = reader.parse_or(&raw.name_id, default, |text| {
        let template = template_of(text, around.extra)?;
        names_one_person(&template, providers, around.extra)?;
        Ok(template)
    });
    Some(NameId { format, value: NameIdValue::Template(template?) })
}

fn is_the_presets(raw: &raw::ServiceProvider, reader: &mut Reader<'_>) {
    for at in [raw.name_id.span(), raw.name_id_format.span()].into_iter().flatten() {
        let what = "has no effect: this preset says what people are known by";
        let invalid = ValueError::new(what, "expected with other presets only");
        reader.invalid(at, invalid.remedy("leave it out"));
    }
}

fn template_of(text: &str, extra: &[&str]) -> Result<Template, ValueError> {
    let more: Vec<_> = [SAML_ID].iter().chain(extra).copied().collect();
    templates::parse(text, &more)
}

/// Whoever gets another person's name gets that person's account. `providers` are those whose people there are.
fn names_one_person(
    template: &Template,
    providers: &[&str],
    extra: &[&str],
) -> Result<(), ValueError> {
    let own: Vec<_> = template.placeholders().filter(|name| *name != "provider").collect();
    let is_alone = own.len() == template.placeholders().count();
    match *own {
        // Addresses are verified, and the other checks that nobody gets another's.
        ["email" | SAML_ID] if is_alone => Ok(()),
        [one] if ["email", SAML_ID, "subject"].contains(&one) || extra.contains(&one) => {
            tells_providers_apart(template, providers)
        }
        [] | [_] => {
            let expected = "expected {email}, {saml_id}, {subject} or an attribute";
            Err(ValueError::new("does not tell people apart", expected))
        }
        [_, _, ..] => {
            let what = "has two placeholders that differ from person to person";
            Err(ValueError::new(what, "expected one, so that no two people can have the same"))
        }
    }
}

/// What names begin with tells whose they are, if no beginning continues another.
fn tells_providers_apart(template: &Template, providers: &[&str]) -> Result<(), ValueError> {
    let beginnings = providers.iter().map(|id| template.with("provider", id).beginning());
    let mut beginnings: Vec<_> = beginnings.collect();
    beginnings.sort();
    if !beginnings.iter().zip(beginnings.iter().skip(1)).any(|(one, next)| next.starts_with(one)) {
        return Ok(());
    }
    let what = "may be the same for people of two providers";
    let invalid =
        ValueError::new(what, "expected {email} or {saml_id} alone, or {provider}: before it");
    Err(invalid.remedy("or let the people of one provider in only: provider = \"…\""))
}

/// The attributes of the preset and of the file. Where both have one, the file's counts.
pub(super) fn attributes(
    field: &Field<raw::Named>,
    preset: &[(&str, &str)],
    extra: &[&str],
    reader: &mut Reader<'_>,
) -> Vec<(String, Template)> {
    let path = reader.report.path(&field.span().unwrap_or_default());
    let mut given = Vec::new();
    for (name, value) in reader.value(field).into_iter().flatten() {
        let template = reader.parse(value, |text| attribute(text, extra));
        match values::text(name.get_ref()) {
            Ok(text) => given.push((name.span(), text, template)),
            Err(invalid) => {
                let mistake = reader.report.mistake_of(&path, name.span(), invalid.what);
                mistake.expected("expected the name of an attribute");
            }
        }
    }
    let folded = given.iter().map(|(at, name, _)| (at.clone(), name.trim().to_lowercase()));
    for (again, first) in repeated(folded) {
        let mistake = reader.report.mistake_of(&path, again, "names an attribute twice");
        mistake.expected("expected each once, in any case").earlier(Some(first));
    }
    let is_given = |name: &str| given.iter().any(|(_, given, _)| given == name);
    let of_preset = preset.iter().filter(|(name, _)| !is_given(name));
    let of_preset = of_preset
        .filter_map(|(name, text)| Some(((*name).to_owned(), template_of(text, extra).ok()?)));
    let mut all: Vec<_> = of_preset.collect();
    all.extend(given.into_iter().filter_map(|(_, name, template)| Some((name, template?))));
    all
}

/// The value of an attribute. Of two lists each value would be put together with each of the other.
fn attribute(text: &str, extra: &[&str]) -> Result<Template, ValueError> {
    let template = template_of(text, extra)?;
    let is_list = |name: &&str| *name == "groups" || extra.contains(name);
    let lists = template.placeholders().filter(is_list).count();
    let has_groups = template.placeholders().any(|name| name == "groups");
    if has_groups && lists > 1 {
        let what = "has {groups} and another list";
        return Err(ValueError::new(
            what,
            "expected one of them, and another attribute for the other",
        ));
    }
    Ok(template)
}
