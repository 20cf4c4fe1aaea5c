//! `[[provider]]`

mod address;
mod attributes;
mod client;
mod request;
mod saml_id;

use super::repeated;
use crate::config::field::{Field, Span};
use crate::config::parsed::{EmailPolicy, ProviderConfig};
use crate::config::preset::Row;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{EmailDomain, ProviderId};

pub(super) use saml_id::saml_ids;

type Providers = Field<Vec<Field<raw::Provider>>>;

pub(super) fn read(field: &Providers, reader: &mut Reader<'_>) -> Option<Vec<ProviderConfig>> {
    let raw = reader.value(field)?;
    if raw.is_empty() {
        let at = field.span().unwrap_or_default();
        reader.report.mistake(at, "is empty").expected("expected at least one [[provider]]");
    }
    let providers: Vec<_> = raw.iter().map(|provider| one(provider, reader)).collect();
    ids_are_unique(raw, reader);
    domains_lead_to_one_provider(raw, reader);
    saml_id::tell_providers_apart(raw, &providers, reader);
    providers.into_iter().collect()
}

/// The ids that portals can name.
pub(super) fn ids(field: &Providers) -> Vec<&str> {
    given_providers(field).filter_map(|raw| raw.id.value()).map(String::as_str).collect()
}

/// The extra attributes that headers can name.
pub(super) fn extra_attributes(field: &Providers) -> Vec<&str> {
    let attributes = given_providers(field).filter_map(|raw| raw.attributes.value());
    let extra = attributes.filter_map(|attributes| attributes.extra.value());
    extra.flat_map(|extra| extra.keys().map(|name| name.get_ref().as_str())).collect()
}

fn given_providers(field: &Providers) -> impl Iterator<Item = &raw::Provider> {
    field.value().into_iter().flatten().filter_map(Field::value)
}

fn one(field: &Field<raw::Provider>, reader: &mut Reader<'_>) -> Option<ProviderConfig> {
    let raw = reader.value(field)?;
    let section = field.span().unwrap_or_default();
    let row = reader.value_or(&raw.preset, <_>::default()).row();
    let id = reader.parse(&raw.id, id);
    let name = reader.parse(&raw.name, values::text);
    let address = address::read(raw, &row, &section, reader);
    let client_id = reader.parse(&raw.client_id, values::text);
    let client_auth = client::read(raw, &row, &section, reader);
    let request = request::read(raw, &row, reader);
    let refresh = reader.value_or(&raw.refresh, true);
    let signing_algorithms = request::signing_algorithms(raw, reader);
    let email = email(raw, &row, reader);
    let attributes = attributes::read(&raw.attributes, &row, reader);
    let logo = super::logo::read(&raw.logo_file, reader);
    let hidden = reader.value_or(&raw.hidden, false);
    let ca_file = reader.ca_file(&raw.ca_file);
    let saml_id = saml_id::read(raw, reader);
    let address = address?;
    let provider = ProviderConfig::new(id?, address.issuer, client_id?, client_auth?);
    Some(ProviderConfig {
        name: name.unwrap_or(provider.name),
        logo,
        hidden,
        oauth2: address.oauth2,
        endpoints: address.endpoints,
        request,
        refresh,
        signing_algorithms,
        logout: row.logout,
        asks_user_info: row.user_info,
        email,
        attributes: attributes?,
        ca_file,
        saml_id: saml_id?,
        ..provider
    })
}

/// People who come in by emergency access must not be mistaken for a provider's.
fn id(text: &str) -> Result<ProviderId, ValueError> {
    if text == ProviderId::EMERGENCY {
        return Err(ValueError::new("is the gate's own word", "expected another id"));
    }
    Ok(ProviderId::parse(text)?)
}

fn email(raw: &raw::Provider, row: &Row, reader: &mut Reader<'_>) -> EmailPolicy {
    let mut domains = |field| reader.list(field, &[], |text: &str| Ok(EmailDomain::parse(text)?));
    EmailPolicy {
        domains: domains(&raw.email_domains),
        shared_domains: domains(&raw.shared_email_domains),
        verified_domains: domains(&raw.verified_email_domains),
        authority: row.email_authority,
        insecure_allow_unverified: reader.insecure(
            &raw.insecure_allow_unverified_email,
            "whoever can set an email address at the provider can become that customer",
            "let the provider verify addresses, or name the domains whose addresses it gives out \
             itself in verified_email_domains, and remove the key",
        ),
    }
}

/// Notes that a provider lacks a key that its preset needs.
fn missing(name: &str, about: &str, section: &Span, reader: &mut Reader<'_>) {
    let path = format!("{}.{name}", reader.report.path(section));
    reader.report.missing(path, section, format!("add {name} = …: {about}"));
}

/// Two providers of one id would share a callback address.
fn ids_are_unique(raw: &[Field<raw::Provider>], reader: &mut Reader<'_>) {
    let ids = raw.iter().filter_map(|one| Some(&one.value()?.id));
    let ids = ids.filter_map(|id| id.span().zip(id.value()));
    for (again, first) in repeated(ids) {
        let mistake = reader.report.mistake(again, "is the id of another provider");
        mistake.expected("expected an id of its own").earlier(Some(first));
    }
}

/// The people of a mail domain that two providers claim could be sent to either.
fn domains_lead_to_one_provider(raw: &[Field<raw::Provider>], reader: &mut Reader<'_>) {
    let lists = raw.iter().filter_map(|one| one.value()?.email_domains.value());
    let domains = lists.flatten().filter_map(|domain| domain.span().zip(domain.value()));
    let domains = domains.map(|(span, domain)| (span, domain.to_ascii_lowercase()));
    for (again, first) in repeated(domains) {
        let mistake = reader.report.mistake(again, "leads to two providers");
        let remedy = "keep it where its people log in; the other provider may speak for it too when \
                      it has it in shared_email_domains";
        mistake.expected("expected a mail domain once").earlier(Some(first)).remedy(remedy);
    }
}
