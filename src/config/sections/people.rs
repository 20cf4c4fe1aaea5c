//! Lists of people by what is known of them: `allow` and `deny` of a portal or a service provider, and whose an organisation or
//! a group is.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use toml::Spanned;

use crate::config::field::Field;
use crate::config::parsed::{Config, ProviderConfig};
use crate::config::raw::Texts;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{Email, EmailDomain, People, ProviderId};

/// The lists, wherever in the file they stand.
pub(super) struct Lists<'a> {
    groups: &'a Texts,
    email_domains: &'a Texts,
    emails: &'a Texts,
    providers: &'a Texts,
    claims: &'a Field<BTreeMap<Spanned<String>, Texts>>,
}

impl Lists<'_> {
    /// Whether any of them is there, well formed or not.
    pub(super) fn any_is_given(&self) -> bool {
        let texts = [self.groups, self.email_domains, self.emails, self.providers];
        texts.into_iter().any(Field::is_given) || self.claims.is_given()
    }
}

macro_rules! lists_in {
    ($($shape:ty)*) => {$(
        impl<'a> From<&'a $shape> for Lists<'a> {
            fn from(raw: &'a $shape) -> Self {
                let (groups, email_domains, emails) = (&raw.groups, &raw.email_domains, &raw.emails);
                Self { groups, email_domains, emails, providers: &raw.providers, claims: &raw.claims }
            }
        }
    )*};
}

lists_in! { raw::People raw::OrganizationRule raw::GroupRule }

pub(super) fn read(field: &Field<raw::People>, reader: &mut Reader<'_>) -> People {
    let Some(raw) = reader.value(field) else { return People::default() };
    of(&Lists::from(raw), reader)
}

/// The people whom some lists name.
pub(super) fn of(lists: &Lists<'_>, reader: &mut Reader<'_>) -> People {
    let groups = reader.list(lists.groups, &[], values::text);
    let domains = reader.list(lists.email_domains, &[], |text| Ok(EmailDomain::parse(text)?));
    let emails = reader.list(lists.emails, &[], |text| Ok(Email::parse(text)?));
    let providers = reader.list(lists.providers, &[], |text| Ok(ProviderId::parse(text)?));
    People {
        groups: groups.into_iter().collect(),
        email_domains: domains.into_iter().collect(),
        emails: emails.into_iter().collect(),
        providers: providers.into_iter().collect(),
        claims: claims(lists, reader),
        told_by: BTreeMap::new(),
    }
}

/// Notes in all rules which providers tell the attributes that they ask for.
pub(super) fn note_tellers(config: &mut Config) {
    let providers = &config.providers;
    let tellers = |name: &str| {
        let tells = |it: &&ProviderConfig| it.attributes.extra.iter().any(|(told, _)| told == name);
        providers.iter().filter(tells).map(|it| it.id.clone()).collect()
    };
    let note = |people: &mut People| {
        people.told_by = people.claims.keys().map(|name| (name.clone(), tellers(name))).collect();
    };
    let portals = config.portals.iter_mut().map(|portal| &mut portal.rules);
    let service_providers = config.service_providers.iter_mut().map(|one| &mut one.rules);
    for rules in portals.chain(service_providers).chain([&mut config.portal_defaults.rules]) {
        let rules = Arc::make_mut(rules);
        note(&mut rules.allow);
        note(&mut rules.deny);
    }
    config.customers.organizations.iter_mut().for_each(|rule| note(&mut rule.people));
    config.customers.groups.iter_mut().for_each(|rule| note(&mut rule.people));
}

fn claims(lists: &Lists<'_>, reader: &mut Reader<'_>) -> BTreeMap<String, HashSet<String>> {
    let mut claims = BTreeMap::new();
    for (name, field) in reader.value(lists.claims).into_iter().flatten() {
        let values: HashSet<_> = reader.list(field, &[], values::text).into_iter().collect();
        if values.is_empty() && !field.is_broken() {
            let at = field.span().unwrap_or_default();
            reader.invalid(at, ValueError::new("has no value", "expected at least one value"));
        }
        claims.insert(name.get_ref().clone(), values);
    }
    claims
}

/// All lists of the file.
pub(super) fn everywhere(file: &raw::File) -> Vec<Lists<'_>> {
    fn items<T>(field: &Field<Vec<Field<T>>>) -> impl Iterator<Item = &T> {
        field.value().into_iter().flatten().filter_map(Field::value)
    }
    let portals = items(&file.portal).flat_map(|rule| [&rule.allow, &rule.deny]);
    let others = items(&file.service_provider).flat_map(|rule| [&rule.allow, &rule.deny]);
    let rules = portals.chain(others);
    let mut all: Vec<_> = rules.filter_map(Field::value).map(Lists::from).collect();
    if let Some(customers) = file.customers.value() {
        all.extend(items(&customers.organization).map(Lists::from));
        all.extend(items(&customers.group).map(Lists::from));
    }
    all
}

/// A provider that does not exist lets nobody in and, worse, keeps nobody out.
pub(super) fn providers_exist(
    all: &[Lists<'_>],
    providers: Option<&[ProviderConfig]>,
    reader: &mut Reader<'_>,
) {
    let Some(providers) = providers else { return };
    let known: Vec<_> = providers.iter().map(|provider| provider.id.as_str()).collect();
    let named = all.iter().filter_map(|lists| lists.providers.value()).flatten();
    for (at, name) in named.filter_map(|name| name.span().zip(name.value())) {
        if ProviderId::parse(name).is_ok() && !known.contains(&name.as_str()) {
            let what = format!("names a provider that there is not: {name:?}");
            let expected = format!("expected one of {}", known.join(", "));
            reader.invalid(at, ValueError::new(what, expected));
        }
    }
}

/// An attribute that no provider fills keeps nobody out either.
pub(super) fn claims_exist(all: &[Lists<'_>], extra: &[&str], reader: &mut Reader<'_>) {
    for claims in all.iter().map(|lists| lists.claims) {
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
