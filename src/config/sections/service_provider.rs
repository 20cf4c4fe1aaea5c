//! `[[service_provider]]`

mod address;
mod assertion;
mod certificates;

use std::sync::Arc;

use super::access_rules::{self, Keys};
use super::repeated;
use crate::config::field::{Field, Span};
use crate::config::parsed::{
    ForwardConfig, GateConfig, JsmConfig, ServiceProviderConfig, SessionConfig, SloBinding,
    StoreConfig,
};
use crate::config::reader::Reader;
use crate::config::service_provider_preset::{self, NameIds};
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{Access, AccessRules, ServiceProviderId, ServiceProviderPreset};

type ServiceProviders = Field<Vec<Field<raw::ServiceProvider>>>;

/// What other sections say that matters here. What is `None` has mistakes.
pub(super) struct Around<'a> {
    pub(super) gate: Option<&'a GateConfig>,
    pub(super) jsm: Option<&'a JsmConfig>,
    pub(super) forward: Option<&'a ForwardConfig>,
    pub(super) session: Option<&'a SessionConfig>,
    /// The ids of the providers.
    pub(super) providers: &'a [&'a str],
    /// The names in `[provider.attributes.extra]`.
    pub(super) extra: &'a [&'a str],
}

impl Around<'_> {
    /// Whether there are several gates. A shared store suggests it.
    fn several_gates(&self) -> bool {
        self.session.is_some_and(|session| matches!(session.store, StoreConfig::Redis(_)))
    }
}

pub(super) fn read(
    field: &ServiceProviders,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<Vec<ServiceProviderConfig>> {
    let raw: &[_] = reader.value(field).map_or(&[], Vec::as_slice);
    let all: Vec<_> = raw.iter().map(|one| service_provider(one, around, reader)).collect();
    ids_are_unique(raw, reader);
    all.into_iter().collect()
}

/// The ids that portals can name.
pub(super) fn ids(field: &ServiceProviders) -> Vec<&str> {
    let all = field.value().into_iter().flatten().filter_map(Field::value);
    all.filter_map(|raw| raw.id.value()).map(String::as_str).collect()
}

fn service_provider(
    field: &Field<raw::ServiceProvider>,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> Option<ServiceProviderConfig> {
    let raw = reader.value(field)?;
    let section = field.span().unwrap_or_default();
    let preset = reader.value_or(&raw.preset, ServiceProviderPreset::Saml);
    let row = service_provider_preset::row(preset);
    let id = reader.parse(&raw.id, |text| Ok(ServiceProviderId::parse(text)?));
    let name = reader.parse(&raw.name, values::text);
    let (entity_id, acs_urls) = address::read(raw, row.addresses, &section, around, reader);
    let rules = rules(raw, around, reader);
    let keys = certificates::of_service_provider(&raw.certificate_file, reader);
    let signing = certificates::signing(raw, &section, around.several_gates(), reader);
    let start_url = reader.parse(&raw.start_url, values::endpoint);
    let slo_url = reader.parse(&raw.slo_url, values::endpoint);
    let slo_binding = slo_binding(raw, reader);
    let allow_staff = allow_staff(raw, &row.name_id, reader);
    let name_id = assertion::name_id(raw, row.name_id, &rules, around, reader);
    let attributes = assertion::attributes(&raw.attributes, row.attributes, around.extra, reader);
    let id = id?;
    Some(ServiceProviderConfig {
        name: name.unwrap_or_else(|| id.as_str().to_owned()),
        id,
        preset,
        entity_id: entity_id?,
        acs_urls: acs_urls?,
        rules: Arc::new(rules),
        keys: keys?,
        signing: signing?,
        start_url,
        slo_url,
        slo_binding,
        allow_staff,
        name_id: name_id?,
        attributes,
    })
}

/// Only who has logged in can be vouched for.
fn rules(raw: &raw::ServiceProvider, around: &Around<'_>, reader: &mut Reader<'_>) -> AccessRules {
    if let (Some(Access::Public), Some(at)) = (raw.access.value(), raw.access.span()) {
        let what = "lets strangers in, and the gate can vouch for nobody whom it does not know";
        reader.invalid(at, ValueError::new(what, "expected default or private access"));
    }
    access_rules::read(&Keys::from(raw), Access::Default, around.providers, reader)
}

/// Nothing goes to a service provider without an address for it.
fn slo_binding(raw: &raw::ServiceProvider, reader: &mut Reader<'_>) -> SloBinding {
    if let (false, Some(at)) = (raw.slo_url.is_given(), raw.slo_binding.span()) {
        let invalid = ValueError::new("has no effect", "expected with slo_url only");
        reader.invalid(at, invalid.remedy("add slo_url, or leave it out"));
    }
    reader.value_or(&raw.slo_binding, SloBinding::default())
}

/// Only Jira's usernames can be staff's.
fn allow_staff(raw: &raw::ServiceProvider, name_id: &NameIds, reader: &mut Reader<'_>) -> bool {
    let allowed = reader.value_or(&raw.allow_staff, false);
    if let (true, Some(at)) = (!matches!(name_id, NameIds::JiraUsername), raw.allow_staff.span()) {
        let what = "has no effect with this preset";
        let expected = "expected with preset = \"jira-data-center\" only";
        reader.invalid(at, ValueError::new(what, expected).remedy("leave it out"));
    }
    allowed
}

/// Notes that a service provider lacks a key.
fn missing(name: &str, about: &str, section: &Span, reader: &mut Reader<'_>) {
    let path = format!("{}.{name}", reader.report.path(section));
    reader.report.missing(path, section, format!("add {name} = …: {about}"));
}

/// Two service providers of one id would share addresses and a key.
fn ids_are_unique(raw: &[Field<raw::ServiceProvider>], reader: &mut Reader<'_>) {
    let ids = raw.iter().filter_map(|one| Some(&one.value()?.id));
    let ids = ids.filter_map(|id| id.span().zip(id.value()));
    for (again, first) in repeated(ids) {
        let mistake = reader.report.mistake(again, "is the id of another service provider");
        mistake.expected("expected an id of its own").earlier(Some(first));
    }
}
