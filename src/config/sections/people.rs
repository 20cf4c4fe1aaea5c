//! `allow` and `deny`: people by what is known of them.

use std::collections::{BTreeMap, HashSet};

use crate::config::field::Field;
use crate::config::parsed::ProviderConfig;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{Email, EmailDomain, People, ProviderId};

pub(super) fn read(field: &Field<raw::People>, reader: &mut Reader<'_>) -> People {
    let Some(raw) = reader.value(field) else { return People::default() };
    let groups = reader.list(&raw.groups, &[], values::text);
    let domains = reader.list(&raw.email_domains, &[], |text| Ok(EmailDomain::parse(text)?));
    let emails = reader.list(&raw.emails, &[], |text| Ok(Email::parse(text)?));
    let providers = reader.list(&raw.providers, &[], |text| Ok(ProviderId::parse(text)?));
    People {
        groups: groups.into_iter().collect(),
        email_domains: domains.into_iter().collect(),
        emails: emails.into_iter().collect(),
        providers: providers.into_iter().collect(),
        claims: claims(raw, reader),
    }
}

fn claims(raw: &raw::People, reader: &mut Reader<'_>) -> BTreeMap<String, HashSet<String>> {
    let mut claims = BTreeMap::new();
    for (name, field) in reader.value(&raw.claims).into_iter().flatten() {
        let values: HashSet<_> = reader.list(field, &[], values::text).into_iter().collect();
        if values.is_empty() && !field.is_broken() {
            let at = field.span().unwrap_or_default();
            reader.invalid(at, ValueError::new("has no value", "expected at least one value"));
        }
        claims.insert(name.get_ref().clone(), values);
    }
    claims
}

/// A provider that does not exist lets nobody in and, worse, keeps nobody out.
pub(super) fn providers_exist(
    field: &Field<Vec<Field<raw::PortalRule>>>,
    providers: Option<&[ProviderConfig]>,
    reader: &mut Reader<'_>,
) {
    let Some(providers) = providers else { return };
    let known: Vec<_> = providers.iter().map(|provider| provider.id.as_str()).collect();
    let rules = field.value().into_iter().flatten().filter_map(Field::value);
    let people = rules.flat_map(|rule| [&rule.allow, &rule.deny]).filter_map(Field::value);
    let named = people.filter_map(|people| people.providers.value()).flatten();
    for (at, name) in named.filter_map(|name| name.span().zip(name.value())) {
        if ProviderId::parse(name).is_ok() && !known.contains(&name.as_str()) {
            let what = format!("names a provider that there is not: {name:?}");
            let expected = format!("expected one of {}", known.join(", "));
            reader.invalid(at, ValueError::new(what, expected));
        }
    }
}

/// An attribute that no provider fills keeps nobody out either.
pub(super) fn claims_exist(
    field: &Field<Vec<Field<raw::PortalRule>>>,
    extra: &[&str],
    reader: &mut Reader<'_>,
) {
    let rules = field.value().into_iter().flatten().filter_map(Field::value);
    let people = rules.flat_map(|rule| [&rule.allow, &rule.deny]).filter_map(Field::value);
    for claims in people.map(|people| &people.claims) {
        for name in claims.value().into_iter().flat_map(|claims| claims.keys()) {
            if !extra.contains(&name.get_ref().as_str()) {
                let path = reader.report.path(&claims.span().unwrap_or_default());
                let what = format!("names {:?}, which no provider fills", name.get_ref());
                let mistake = reader.report.mistake_of(path, name.span(), what);
                let remedy = "give the claim this name in [provider.attributes.extra]";
                mistake.expected("expected a name of [provider.attributes.extra]").remedy(remedy);
            }
        }
    }
}
