//! `[[portal]]`

use std::num::NonZeroU64;
use std::sync::Arc;

use super::access_rules::{self, Keys};
use super::portals::Known;
use super::{greeting, portals, repeated};
use crate::config::field::Field;
use crate::config::parsed::{PortalDefaults, PortalRule};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{AccessRules, LinkName, Mode, PortalId, ServiceProviderId};

pub(super) fn read(
    field: &Field<Vec<Field<raw::PortalRule>>>,
    defaults: &PortalDefaults,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Option<Vec<PortalRule>> {
    let raw: &[_] = reader.value(field).map_or(&[], Vec::as_slice);
    let rules: Vec<_> = raw.iter().map(|portal| rule(portal, defaults, known, reader)).collect();
    projects_are_unique(raw, reader);
    links_are_unique(raw, reader);
    rules.into_iter().collect()
}

fn rule(
    field: &Field<raw::PortalRule>,
    defaults: &PortalDefaults,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Option<PortalRule> {
    let raw = reader.value(field)?;
    let project = reader.parse(&raw.project, values::project);
    let link = reader.parse(&raw.link, |text| Ok(LinkName::parse(text)?));
    let portal_id = reader.value(&raw.portal_id).copied().and_then(NonZeroU64::new);
    let access = raw.access.value().copied().unwrap_or(known.access);
    let mode = reader.value(&raw.mode).copied();
    let mode = mode.unwrap_or_else(|| defaults.mode.with(access));
    let service_provider = portals::login_by(
        (&raw.mode, mode),
        &raw.service_provider,
        defaults.service_provider.as_ref(),
        known,
        reader,
    );
    let rules = rules(raw, service_provider.as_ref(), known, reader);
    portals::mode_fits_access((&raw.mode, mode), (&raw.access, rules.access), reader);
    let open_desk = open_desk(raw, mode, reader);
    let greeting = greeting::read(raw, mode, reader);
    Some(PortalRule {
        project: project?,
        link,
        portal_id: portal_id.map(PortalId::from),
        mode,
        service_provider,
        rules,
        open_desk,
        greeting,
    })
}

/// Who may use it. A portal that logs customers in at a service provider has the rules of that, unless it
/// says something else.
fn rules(
    raw: &raw::PortalRule,
    service_provider: Option<&ServiceProviderId>,
    known: &Known<'_>,
    reader: &mut Reader<'_>,
) -> Arc<AccessRules> {
    let keys = Keys::from(raw);
    let inherited = service_provider.and_then(|id| known.rules_of(id));
    match inherited.filter(|_| !keys.any_is_given()) {
        Some(rules) => rules,
        None => Arc::new(access_rules::read(&keys, known.access, known.providers, reader)),
    }
}

/// Only the gate's own pages raise requests for somebody.
fn open_desk(raw: &raw::PortalRule, mode: Mode, reader: &mut Reader<'_>) -> bool {
    let open = reader.value_or(&raw.open_desk, false);
    if let (true, Some(at)) = (open && mode != Mode::Hosted, raw.open_desk.span()) {
        let what = format!("has no effect: the portal's mode is {:?}", mode.as_str());
        let invalid = ValueError::new(what, "expected with mode = \"hosted\" only");
        reader.invalid(at, invalid.remedy("remove it: JSM itself decides who may raise requests"));
    }
    open
}

fn projects_are_unique(raw: &[Field<raw::PortalRule>], reader: &mut Reader<'_>) {
    let projects = raw.iter().filter_map(|one| Some(&one.value()?.project));
    let projects = projects.filter_map(|project| project.span().zip(project.value()));
    let projects = projects.map(|(span, project)| (span, project.to_ascii_uppercase()));
    for (again, first) in repeated(projects) {
        let mistake = reader.report.mistake(again, "has a [[portal]] already");
        mistake.expected("expected each project once").earlier(Some(first));
    }
}

fn links_are_unique(raw: &[Field<raw::PortalRule>], reader: &mut Reader<'_>) {
    let links = raw.iter().filter_map(|one| Some(&one.value()?.link));
    let links = links.filter_map(|link| link.span().zip(link.value()));
    for (again, first) in repeated(links) {
        let mistake = reader.report.mistake(again, "is the link of another portal");
        mistake.expected("expected a link of its own").earlier(Some(first));
    }
}
