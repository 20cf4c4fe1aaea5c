//! `allow` and `deny`: people by what is known of them.

use std::collections::{BTreeMap, HashSet};

use crate::config::given::Given;
use crate::config::parsed::ProviderConfig;
use crate::config::reader::Reader;
use crate::config::values::Wrong;
use crate::config::{raw, values};
use crate::domain::{Email, EmailDomain, People, ProviderId};

pub(super) fn read(given: &Given<raw::People>, reader: &mut Reader<'_>) -> People {
    let Some(raw) = reader.value(given) else { return People::default() };
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

/// No provider fills attributes yet, and a `deny` that can never fit would let people in.
fn claims(raw: &raw::People, reader: &mut Reader<'_>) -> BTreeMap<String, HashSet<String>> {
    if let Some(at) = raw.claims.span() {
        let expected = "expected groups, email_domains, emails or providers";
        reader.wrong(at, Wrong::new("is not available yet in this version", expected));
    }
    BTreeMap::new()
}

/// A provider that does not exist lets nobody in and, worse, keeps nobody out.
pub(super) fn providers_exist(
    given: &Given<Vec<Given<raw::PortalRule>>>,
    providers: Option<&[ProviderConfig]>,
    reader: &mut Reader<'_>,
) {
    let Some(providers) = providers else { return };
    let known: Vec<_> = providers.iter().map(|provider| provider.id.as_str()).collect();
    let rules = given.value().into_iter().flatten().filter_map(Given::value);
    let people = rules.flat_map(|rule| [&rule.allow, &rule.deny]).filter_map(Given::value);
    let named = people.filter_map(|people| people.providers.value()).flatten();
    for (at, name) in named.filter_map(|name| name.span().zip(name.value())) {
        if ProviderId::parse(name).is_ok() && !known.contains(&name.as_str()) {
            let what = format!("names a provider that there is not: {name:?}");
            let expected = format!("expected one of {}", known.join(", "));
            reader.wrong(at, Wrong::new(what, expected));
        }
    }
}
