//! `[[provider]]`

use super::{repeated, tls};
use crate::config::given::Given;
use crate::config::parsed::{AttributeMap, ProviderConfig};
use crate::config::reader::Reader;
use crate::config::secret::{self, Places};
use crate::config::{default, raw, values};
use crate::domain::{EmailDomain, ProviderId};

type Providers = Given<Vec<Given<raw::Provider>>>;

pub(super) fn read(given: &Providers, reader: &mut Reader<'_>) -> Option<Vec<ProviderConfig>> {
    let raw = reader.value(given)?;
    if raw.is_empty() {
        let at = given.span().unwrap_or_default();
        reader.report.mistake(at, "is empty").expected("expected at least one [[provider]]");
    }
    let providers: Vec<_> = raw.iter().map(|provider| one(provider, reader)).collect();
    ids_are_unique(raw, reader);
    domains_lead_to_one_provider(raw, reader);
    providers.into_iter().collect()
}

fn one(given: &Given<raw::Provider>, reader: &mut Reader<'_>) -> Option<ProviderConfig> {
    let raw = reader.value(given)?;
    let id = reader.parse(&raw.id, |text| Ok(ProviderId::parse(text)?));
    let name = reader.parse(&raw.name, values::text);
    // They all speak OpenID Connect, and none needs anything of its own yet.
    reader.value(&raw.preset);
    let issuer = reader.parse(&raw.issuer, values::issuer);
    let client_id = reader.parse(&raw.client_id, values::text);
    let client_secret = secret::optional(reader, &client_secret(raw));
    let scopes = scopes(raw, reader);
    let email_domains = reader.list(&raw.email_domains, &[], |text| Ok(EmailDomain::parse(text)?));
    let attributes = attributes(&raw.attributes, reader);
    let insecure_allow_unverified_email = reader.insecure(
        &raw.insecure_allow_unverified_email,
        "whoever can set an email address at the provider can become that customer",
        "let the provider verify addresses and remove the key",
    );
    let ca_file = tls::ca_file(&raw.ca_file, reader);
    let id = id?;
    Some(ProviderConfig {
        name: name.unwrap_or_else(|| id.as_str().to_owned()),
        id,
        issuer: issuer?,
        client_id: client_id?,
        client_secret,
        scopes,
        email_domains,
        attributes: attributes?,
        insecure_allow_unverified_email,
        ca_file,
    })
}

fn client_secret(raw: &raw::Provider) -> Places<'_> {
    Places {
        name: "client_secret",
        file: &raw.client_secret_file,
        env: &raw.client_secret_env,
        credential: &raw.client_secret_credential,
    }
}

fn scopes(raw: &raw::Provider, reader: &mut Reader<'_>) -> Vec<String> {
    let scopes = reader.list(&raw.scopes, default::PROVIDER_SCOPES, values::scope);
    if !scopes.iter().any(|scope| scope == "openid") {
        let at = raw.scopes.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "lacks \"openid\"");
        mistake.expected("expected \"openid\" and what else is needed");
    }
    scopes
}

fn attributes(given: &Given<raw::Attributes>, reader: &mut Reader<'_>) -> Option<AttributeMap> {
    let nothing = raw::Attributes::default();
    let raw = reader.value(given).unwrap_or(&nothing);
    let email = reader.parse_or(&raw.email, default::ATTRIBUTE_EMAIL, values::text);
    let name = reader.parse_or(&raw.name, default::ATTRIBUTE_NAME, values::text);
    let first_name = reader.parse_or(&raw.first_name, default::ATTRIBUTE_FIRST_NAME, values::text);
    let last_name = reader.parse_or(&raw.last_name, default::ATTRIBUTE_LAST_NAME, values::text);
    let groups = reader.parse_or(&raw.groups, default::ATTRIBUTE_GROUPS, values::text);
    Some(AttributeMap {
        email: email?,
        name: name?,
        first_name: first_name?,
        last_name: last_name?,
        groups: groups?,
    })
}

/// Two providers of one id would share a callback address.
fn ids_are_unique(raw: &[Given<raw::Provider>], reader: &mut Reader<'_>) {
    let ids = raw.iter().filter_map(|one| Some(&one.value()?.id));
    let ids = ids.filter_map(|id| id.span().zip(id.value()));
    for (again, first) in repeated(ids) {
        let mistake = reader.report.mistake(again, "is the id of another provider");
        mistake.expected("expected an id of its own").earlier(Some(first));
    }
}

/// A mail domain that two providers claim would send its people to either.
fn domains_lead_to_one_provider(raw: &[Given<raw::Provider>], reader: &mut Reader<'_>) {
    let lists = raw.iter().filter_map(|one| one.value()?.email_domains.value());
    let domains = lists.flatten().filter_map(|domain| domain.span().zip(domain.value()));
    let domains = domains.map(|(span, domain)| (span, domain.to_ascii_lowercase()));
    for (again, first) in repeated(domains) {
        let mistake = reader.report.mistake(again, "leads to two providers");
        mistake.expected("expected a mail domain once").earlier(Some(first));
    }
}
