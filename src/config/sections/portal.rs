//! `[[portal]]`

use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use super::{greeting, people, portals, repeated};
use crate::config::field::Field;
use crate::config::parsed::{PortalDefaults, PortalRule};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::{
    Access, AccessRules, LinkName, LoginDemand, Mode, People, PortalId, ProviderId,
};

const NAMES_NOBODY: &str =
    "expected at least one name in groups, email_domains, emails, providers or claims";

pub(super) fn read(
    field: &Field<Vec<Field<raw::PortalRule>>>,
    defaults: PortalDefaults,
    providers: &[&str],
    reader: &mut Reader<'_>,
) -> Option<Vec<PortalRule>> {
    let raw: &[_] = reader.value(field).map_or(&[], Vec::as_slice);
    let rules: Vec<_> =
        raw.iter().map(|portal| rule(portal, defaults, providers, reader)).collect();
    projects_are_unique(raw, reader);
    links_are_unique(raw, reader);
    rules.into_iter().collect()
}

fn rule(
    field: &Field<raw::PortalRule>,
    defaults: PortalDefaults,
    providers: &[&str],
    reader: &mut Reader<'_>,
) -> Option<PortalRule> {
    let raw = reader.value(field)?;
    let project = reader.parse(&raw.project, values::project);
    let link = reader.parse(&raw.link, |text| Ok(LinkName::parse(text)?));
    let portal_id = reader.value(&raw.portal_id).copied().and_then(NonZeroU64::new);
    let mode = portals::mode(&raw.mode, defaults.mode, reader);
    let access = reader.value_or(&raw.access, defaults.access);
    portals::mode_fits_access((&raw.mode, mode), (&raw.access, access), reader);
    let allow = people::read(&raw.allow, reader);
    let deny = people::read(&raw.deny, reader);
    access_fits_allow(raw, &allow, access, reader);
    access_fits_deny(raw, &deny, access, reader);
    let portal_id = portal_id.map(PortalId::from);
    let provider = reader.parse(&raw.provider, |id| one_of(id, providers));
    let demand = demand(raw, access, reader);
    let open_desk = open_desk(raw, mode, reader);
    let greeting = greeting::read(raw, mode, reader);
    Some(PortalRule {
        project: project?,
        link,
        portal_id,
        mode,
        service_provider: None,
        rules: Arc::new(AccessRules { access, allow, deny, provider, demand }),
        open_desk,
        greeting,
    })
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

/// Step-up (OpenID Connect Core 1.0 section 3.1.2.1).
fn demand(raw: &raw::PortalRule, access: Access, reader: &mut Reader<'_>) -> LoginDemand {
    let given = [raw.acr_values.span(), raw.max_age.span()];
    if let (Access::Public, Some(at)) = (access, given.into_iter().flatten().next()) {
        let what = "has no effect: nobody logs in for a portal whose access is \"public\"";
        reader.invalid(at, ValueError::new(what, "expected default or private access"));
    }
    let acr_values = reader.list(&raw.acr_values, &[], values::scope);
    LoginDemand { acr_values, max_age: reader.parse(&raw.max_age, max_age), since: None }
}

/// Shorter ones would be over before a form is filled in, and lost between two clocks.
fn max_age(text: &str) -> Result<Duration, ValueError> {
    let invalid =
        || ValueError::new("is less than a minute", "expected a duration such as \"15m\"");
    values::duration(text)
        .and_then(|age| if age >= Duration::from_secs(60) { Ok(age) } else { Err(invalid()) })
}

/// A misspelt provider would lock everybody out.
fn one_of(id: &str, providers: &[&str]) -> Result<ProviderId, ValueError> {
    let expected = || format!("expected the id of a [[provider]]: {}", providers.join(", "));
    let known = providers.contains(&id).then(|| ProviderId::parse(id).ok()).flatten();
    known.ok_or_else(|| ValueError::new("is the id of no provider", expected()))
}

/// A rule that lets nobody in, or that guards nothing, is not what its writer meant.
fn access_fits_allow(
    raw: &raw::PortalRule,
    allow: &People,
    access: Access,
    reader: &mut Reader<'_>,
) {
    let explicit = raw.access.span().filter(|_| raw.access.value() == Some(&Access::Private));
    if let (Some(at), None) = (explicit.clone(), raw.allow.span()) {
        let path = reader.report.path(&at).replace(".access", ".allow");
        let remedy = "private access lets in only those whom allow names: add allow = \
                      { groups = […], email_domains = […], emails = […] }";
        reader.report.missing(path, &at, remedy);
    }
    if let (Some(_), Some(allowed)) =
        (explicit, raw.allow.span().filter(|_| !raw.allow.is_broken()))
        && allow.is_empty()
    {
        let mistake = reader.report.mistake(allowed, "lets nobody in");
        mistake.expected(NAMES_NOBODY);
    }
    if raw.allow.is_given() && access != Access::Private && !raw.access.is_broken() {
        let at = raw.allow.span().unwrap_or_default();
        let what = format!("has no effect: the portal's access is {:?}", access.as_str());
        let mistake = reader.report.mistake(at, what).expected("expected with private access only");
        mistake.remedy("write access = \"private\", or remove allow");
    }
}

/// The same for who stays out.
fn access_fits_deny(raw: &raw::PortalRule, deny: &People, access: Access, reader: &mut Reader<'_>) {
    let Some(at) = raw.deny.span().filter(|_| !raw.deny.is_broken()) else { return };
    if access == Access::Public && !raw.access.is_broken() {
        let what = "has no effect: nobody logs in for a portal whose access is \"public\"";
        let mistake =
            reader.report.mistake(at, what).expected("expected default or private access");
        mistake.remedy("write access = \"default\", or remove deny");
    } else if deny.is_empty() {
        reader.report.mistake(at, "keeps nobody out").expected(NAMES_NOBODY);
    }
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
