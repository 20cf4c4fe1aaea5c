//! Turns the file's shape into valid values, one section a file, and checks what must hold between
//! sections. Every section is read to its end, whatever is wrong in another.

mod access_rules;
mod assertion;
mod audit;
mod branding;
mod customers;
mod emergency;
mod forward;
mod gate;
mod greeting;
mod hosted;
mod identity_headers;
mod jsm;
mod limits;
mod log;
mod logo;
mod people;
mod portal;
mod portals;
mod provider;
mod service_provider;
mod session;
mod templates;

use std::hash::Hash;

use super::field::Span;
use super::parsed::Config;
use super::raw;
use super::reader::Reader;

/// The configuration, unless something in it is missing or wrong.
#[expect(clippy::too_many_lines, reason = "each section has a line to read it and one to keep it")]
pub(super) fn read(raw: &raw::File, reader: &mut Reader<'_>) -> Option<Config> {
    let gate = gate::read(&raw.gate, reader);
    let jsm = jsm::read(&raw.jsm, reader);
    let providers = provider::read(&raw.provider, reader);
    let provider_ids = provider::ids(&raw.provider);
    let extra = provider::extra_attributes(&raw.provider);
    let session = session::read(&raw.session, reader);
    let forward = forward::read(&raw.forward, &extra, reader);
    let around = service_provider::Around {
        gate: gate.as_ref(),
        jsm: jsm.as_ref(),
        forward: forward.as_ref(),
        session: session.as_ref(),
        providers: &provider_ids,
        extra: &extra,
    };
    let service_providers = service_provider::read(&raw.service_provider, &around, reader);
    forward::jira_login_works(&raw.forward, jsm.as_ref(), service_providers.as_deref(), reader);
    let known = portals::Known::new(raw, &provider_ids, service_providers.as_deref());
    let portal_defaults = portals::read(&raw.portals, &known, reader);
    let portals = portal::read(&raw.portal, &portal_defaults, &known, reader);
    let lists = people::everywhere(raw);
    people::providers_exist(&lists, providers.as_deref(), reader);
    people::claims_exist(&lists, &extra, reader);
    let customers = customers::read(&raw.customers, reader);
    customers::suits_product(&raw.customers, jsm.as_ref(), reader);
    let binds = customers::any_bound(&portal_defaults, portals.as_deref(), forward.as_ref());
    let store = session.as_ref().map(|session| &session.store);
    customers::suits_store(&raw.session, store, binds, reader);
    assertion::suits(session.as_ref(), &raw.forward, reader);
    let hosted = hosted::read(&raw.hosted, reader);
    let emergency = emergency::read(&raw.emergency, reader);
    let limits = limits::read(&raw.limits, reader);
    let audit = audit::read(&raw.audit, reader);
    let branding = branding::read(&raw.branding, reader);
    let log = log::read(&raw.log, reader);
    let mut config = Config {
        gate: gate?,
        jsm: jsm?,
        saml_ids: provider::saml_ids(providers.as_deref()),
        providers: providers?,
        service_providers: service_providers?,
        portal_defaults,
        portals: portals?,
        customers,
        session: session?,
        forward: forward?,
        hosted,
        branding,
        emergency,
        limits: limits?,
        audit: audit?,
        log: log?,
    };
    people::note_tellers(&mut config);
    Some(config)
}

/// The places of values that were there before, each with the place of the first.
fn repeated<T: Eq + Hash>(values: impl IntoIterator<Item = (Span, T)>) -> Vec<(Span, Span)> {
    let mut first = std::collections::HashMap::new();
    let mut again = Vec::new();
    for (span, value) in values {
        match first.entry(value) {
            std::collections::hash_map::Entry::Occupied(seen) => {
                again.push((span, Span::clone(seen.get())));
            }
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(span);
            }
        }
    }
    again
}
