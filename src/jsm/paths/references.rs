//! What in a path, a query, a form or a JSON body names a portal, and how sure that is. It must not know
//! who may use which portal.

mod json;
mod resolve;

use std::borrow::Cow;

use super::suffix::{stem, without_suffix};
use crate::reading::{Ambiguous, fields};

pub(crate) use json::in_json;
pub(crate) use resolve::{Resolved, resolve};

/// What a text stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ReferenceKind {
    /// A portal's number.
    Portal,
    /// A service desk's id, or its project's.
    ServiceDesk,
    /// A project's key or id.
    Project,
    /// A request's key, and nothing else is let through in its place: Jira would take a number,
    /// which says nothing about the portal.
    Request,
    /// A request's key, if it looks like one.
    PerhapsRequest,
}

impl ReferenceKind {
    /// Whether what it stands for has a project's key.
    fn has_key(self) -> bool {
        matches!(self, Self::Portal | Self::ServiceDesk | Self::Project)
    }
}

/// How strictly fields are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Reader {
    /// For a data call: a name that could be read in two ways is refused, whatever it could be.
    Program,
    /// For a page, which may be given anything: a name is refused only if it could be one of JSM's.
    Page,
}

/// A text that names something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Reference<'a> {
    kind: ReferenceKind,
    text: &'a str,
    /// Whether what it names decides where the request goes. Only such a reference can open a data
    /// call to everybody; any other can only close it.
    pub(crate) opens: bool,
}

impl<'a> Reference<'a> {
    fn new(kind: ReferenceKind, text: &'a str) -> Self {
        Self { kind, text, opens: false }
    }

    fn opening(kind: ReferenceKind, text: &'a str) -> Self {
        Self { kind, text, opens: true }
    }
}

/// Visits the references in a decoded path and its query until `visit` fails.
pub(crate) fn in_target<E: From<Ambiguous>>(
    path: &str,
    query: &str,
    mut visit: impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    in_path(path, &mut visit)?;
    let reader = if is_data_call(path) { Reader::Program } else { Reader::Page };
    in_fields(query.as_bytes(), reader, visit)
}

/// Visits the references in a posted form until `visit` fails.
pub(crate) fn in_form<E: From<Ambiguous>>(
    body: &[u8],
    visit: impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    in_fields(body, Reader::Program, visit)
}

/// Whether a program answers the path. Its fields are few and have plain names; the query of a page
/// may be whatever link a customer was given.
fn is_data_call(path: &str) -> bool {
    path.starts_with("/rest/") || path.starts_with("/gateway/")
}

/// The references in a path, but for the portal in a portal's own address: [`super::Route`] reads that.
fn in_path<E>(path: &str, mut visit: impl FnMut(Reference<'_>) -> Result<(), E>) -> Result<(), E> {
    if let Some(call) = path.strip_prefix("/rest/servicedeskapi/") {
        in_public_api(call.split('/'), &mut visit)?;
    } else if let Some(call) = path.strip_prefix("/rest/servicedesk/") {
        in_portals_own_api(call, 2, &mut visit)?;
    } else if let Some(call) = path.strip_prefix("/gateway/api/proforma/portal/cloudid/") {
        in_portals_own_api(call, 3, &mut visit)?;
    }
    // The name of a file says nothing; the number before it does.
    if !path.as_bytes().contains(&b'-') || path.starts_with("/servicedesk/customershim/") {
        return Ok(());
    }
    let mut segments = path.split('/').filter(|segment| segment.contains('-'));
    segments.try_for_each(|segment| visit(Reference::new(ReferenceKind::PerhapsRequest, segment)))
}

/// `/rest/servicedeskapi/…`: Atlassian's REST pages say what stands where.
fn in_public_api<'a, E>(
    mut segments: impl Iterator<Item = &'a str>,
    visit: &mut impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let kind = match segments.next() {
        Some("request") => ReferenceKind::Request,
        Some("servicedesk") => ReferenceKind::ServiceDesk,
        Some("portals") => ReferenceKind::Portal,
        _ => return Ok(()),
    };
    match (kind, segments.next().filter(|text| !text.is_empty())) {
        (ReferenceKind::Portal, Some("project")) => match segments.next() {
            Some(key) => visit(Reference::opening(ReferenceKind::Project, key)),
            None => Ok(()),
        },
        (kind, Some(text)) => visit(Reference::opening(kind, text)),
        (_, None) => Ok(()),
    }
}

/// `/rest/servicedesk/{version}/customer/…` and the forms of Cloud (`ProForma`),
/// `/gateway/api/proforma/portal/cloudid/{id}/api/{version}/…`. They are undocumented, so every
/// segment is checked for a portal. The call is about the one after the segment `portal`, which is
/// at `at`.
fn in_portals_own_api<E>(
    call: &str,
    at: usize,
    visit: &mut impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut segments = call.split('/').enumerate().peekable();
    while let Some((here, segment)) = segments.next() {
        let is_portal =
            ["portal", "portals"].iter().any(|it| stem(segment).eq_ignore_ascii_case(it));
        if let (true, Some((_, id))) = (is_portal, segments.peek()) {
            let direct = here == at && segment == "portal";
            visit(Reference { kind: ReferenceKind::Portal, text: id, opens: direct })?;
        }
    }
    Ok(())
}

/// The references in a query or a form: every value of a repeated field and every part of a list.
fn in_fields<E: From<Ambiguous>>(
    text: &[u8],
    reader: Reader,
    mut visit: impl FnMut(Reference<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for field in fields(text) {
        let kind = match field.name() {
            Ok(name) => kind_of_field(&name),
            Err(why) if reader == Reader::Program => return Err(why.into()),
            Err(why) if kind_of_field(&field.loosest_name()).is_some() => return Err(why.into()),
            Err(_) => None,
        };
        let mut hidden = field.behind_semicolons();
        if reader == Reader::Program && hidden.any(|it| kind_of_field(&it.loosest_name()).is_some())
        {
            return Err(Ambiguous("a field has another one behind a ;").into());
        }
        let Some(kind) = kind else { continue };
        let value = field.value()?;
        let mut texts = value.split(',').filter(|text| !text.is_empty());
        texts.try_for_each(|text| visit(Reference::new(kind, text)))?;
    }
    Ok(())
}

/// What a field or JSON property holds that has this name, or a name made of it (`portal.id`,
/// `project[]`, the name with blanks around it): a reader that splits names would find it.
fn kind_of_field(name: &str) -> Option<ReferenceKind> {
    let mut parts = name.split(|c| is_mark(c) && c != ' ');
    parts.find_map(|part| kind_of_name(&as_java_reads(part.trim())))
}

/// What stands between names, in no name itself.
fn is_mark(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '_' | '-' | '\u{307}'))
}

fn kind_of_name(name: &str) -> Option<ReferenceKind> {
    const FIELDS: [(&str, ReferenceKind); 20] = [
        ("portalId", ReferenceKind::Portal),
        ("portalIds", ReferenceKind::Portal),
        // Objects with an id of their own, which JSM's pages send beside or instead of the number.
        ("portal", ReferenceKind::Portal),
        ("branding", ReferenceKind::Portal),
        ("statusPortalId", ReferenceKind::Portal),
        ("serviceDesk", ReferenceKind::ServiceDesk),
        ("serviceDeskId", ReferenceKind::ServiceDesk),
        ("serviceDeskIds", ReferenceKind::ServiceDesk),
        ("project", ReferenceKind::Project),
        ("pid", ReferenceKind::Project),
        ("projectKey", ReferenceKind::Project),
        ("projectKeys", ReferenceKind::Project),
        ("projectId", ReferenceKind::Project),
        ("projectIds", ReferenceKind::Project),
        ("issueIdOrKey", ReferenceKind::Request),
        // As a number it says nothing about the portal; JSM's own pages send it so.
        ("issueId", ReferenceKind::PerhapsRequest),
        ("issueKey", ReferenceKind::PerhapsRequest),
        ("requestKey", ReferenceKind::PerhapsRequest),
        ("issueKeys", ReferenceKind::PerhapsRequest),
        ("key", ReferenceKind::PerhapsRequest),
    ];
    let known = |(field, _): &&(&str, ReferenceKind)| name.eq_ignore_ascii_case(field);
    FIELDS.iter().find(known).map(|(_, kind)| *kind)
}

/// The projects in what could be keys of requests: `HR` in `hr-5`, whatever follows, and each one
/// in a list, whatever separates them.
fn projects_of_keys(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_mark).filter_map(|part| {
        let (project, number) = part.split_once('-')?;
        let numbered = number.starts_with(char::is_numeric);
        (numbered && !project.is_empty()).then_some(project)
    })
}

/// A project's key as Java could read it. When Jira writes keys in capitals, `ı` becomes `I` and
/// `ſ` becomes `S`; to `equalsIgnoreCase`, `K` (U+212A) is `k`.
fn as_java_reads(key: &str) -> Cow<'_, str> {
    if key.is_ascii() {
        return Cow::Borrowed(key);
    }
    // `İ` in small letters is an `i` and a dot of its own.
    Cow::Owned(key.to_lowercase().replace('\u{307}', "").to_uppercase())
}

/// The project of a text that is a request's key from end to end, but for the suffix by which
/// Jira's REST picks a format.
fn whole_key(text: &str) -> Option<&str> {
    let (project, number) = without_suffix(text).split_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (digits && !project.is_empty()).then_some(project)
}
