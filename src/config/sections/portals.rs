//! `[portals]`

use std::sync::Arc;

use super::{jsm, service_provider};
use crate::config::field::Field;
use crate::config::parsed::{DefaultMode, Deployment, PortalDefaults, ServiceProviderConfig};
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::domain::{Access, AccessRules, Mode, ServiceProviderId};

/// What portals can name.
pub(super) struct Known<'a> {
    /// The ids of the providers.
    pub(super) providers: &'a [&'a str],
    /// The ids of the service providers, those with mistakes too.
    pub(super) service_providers: Vec<&'a str>,
    /// The service providers without mistakes, if all are.
    pub(super) parsed: Option<&'a [ServiceProviderConfig]>,
    /// `access` in `[portals]`.
    pub(super) access: Access,
    /// JSM's product, where the file tells it.
    pub(super) product: Option<Deployment>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        file: &'a raw::File,
        providers: &'a [&'a str],
        parsed: Option<&'a [ServiceProviderConfig]>,
    ) -> Self {
        let portals = file.portals.value();
        let access = portals.and_then(|portals| portals.access.value().copied());
        let service_providers = service_provider::ids(&file.service_provider);
        let (access, product) = (access.unwrap_or_default(), jsm::deployment(&file.jsm));
        Self { providers, service_providers, parsed, access, product }
    }

    /// Who may log in at a service provider.
    pub(super) fn rules_of(&self, id: &ServiceProviderId) -> Option<Arc<AccessRules>> {
        let found = self.parsed?.iter().find(|one| one.id == *id)?;
        Some(Arc::clone(&found.rules))
    }
}

pub(super) fn read(
    field: &Field<raw::Portals>,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> PortalDefaults {
    let nothing = raw::Portals::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let said = reader.value(&raw.mode).copied();
    let default = said.map_or(DefaultMode::OfProduct(known.product), DefaultMode::Said);
    let access = reader.value_or(&raw.access, known.access);
    let mode = default.with(access);
    let named = &raw.service_provider;
    let service_provider = login_by((&raw.mode, mode), named, None, known, reader);
    mode_fits_access((&raw.mode, mode), (&raw.access, access), reader);
    let inherited = service_provider.as_ref().and_then(|id| known.rules_of(id));
    let inherited = inherited.filter(|_| !raw.access.is_given());
    let rules = inherited.unwrap_or_else(|| Arc::new(access.into()));
    PortalDefaults { mode: default, service_provider, rules }
}

/// The service provider by which customers of a portal with `mode = "sso"` are logged in: the one that
/// is named, or the default.
pub(super) fn login_by(
    mode: (&Field<Mode>, Mode),
    named: &Field<String>,
    default: Option<&ServiceProviderId>,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Option<ServiceProviderId> {
    let (mode_field, mode) = mode;
    let id = reader.parse(named, |id| one_of(id, &known.service_providers));
    match (mode, named.span(), mode_field.span()) {
        (Mode::Sso, Some(_), _) => id,
        (Mode::Sso, None, Some(at)) if default.is_none() => {
            let path = reader.report.path(&at).replace(".mode", ".service_provider");
            let remedy = "add service_provider = …: the id of the [[service_provider]] by which \
                          customers are logged in";
            reader.report.missing(path, &at, remedy);
            None
        }
        (Mode::Sso, None, _) => default.cloned(),
        (_, Some(at), _) => {
            let what = format!("has no effect: the mode is {:?}", mode.as_str());
            let invalid = ValueError::new(what, "expected with mode = \"sso\" only");
            reader.invalid(at, invalid.remedy("write mode = \"sso\", or remove it"));
            None
        }
        (_, None, _) => None,
    }
}

fn one_of(id: &str, known: &[&str]) -> Result<ServiceProviderId, ValueError> {
    let found = known.contains(&id).then(|| ServiceProviderId::parse(id).ok()).flatten();
    found.ok_or_else(|| {
        let expected = match known {
            [] => "there is no [[service_provider]]".to_owned(),
            known => format!("expected the id of a [[service_provider]]: {}", known.join(", ")),
        };
        ValueError::new("is the id of no service provider", expected)
    })
}

/// The gate asks everybody who comes to a hosted portal who they are, since there is nobody to raise a
/// stranger's request for; and it has nobody to log in at a service provider but those who log in here.
pub(super) fn mode_fits_access(
    mode: (&Field<Mode>, Mode),
    access: (&Field<Access>, Access),
    reader: &mut Reader<'_>,
) {
    let (mode_field, mode) = mode;
    let (access_field, access) = access;
    let Some(at) = access_field.span().or_else(|| mode_field.span()) else { return };
    if mode != Mode::Forward && access == Access::Public {
        let what = format!("lets strangers into a portal whose mode is {:?}", mode.as_str());
        let invalid = ValueError::new(what, "expected default or private access");
        reader.invalid(at, invalid.remedy("write access = \"default\", or mode = \"forward\""));
    }
}
