//! What of a path, a query or a form names a portal, and how sure that is. It must not know which
//! portals there are.

use std::borrow::Cow;

use super::Stop;
use crate::gate::policy::{stem, without_suffix};
use crate::problem::Problem;
use crate::reading::{Ambiguous, fields};

/// What a text stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
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

impl Kind {
    /// Whether what it stands for has a project's key.
    pub(super) fn has_key(self) -> bool {
        matches!(self, Self::Portal | Self::ServiceDesk | Self::Project)
    }
}

/// Who reads fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reader {
    /// A data call: a name that could be read in two ways is refused, whatever it could be.
    Program,
    /// A page, which takes over what it is given: one that could be a name of JSM's is refused.
    Page,
}

/// A text that names something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Name<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Whether what it names decides where the request goes. Only such a name can open a data
    /// call to nobody in particular; every other one can only close it.
    pub(super) opens: bool,
}

impl<'a> Name<'a> {
    pub(super) fn new(kind: Kind, text: &'a str) -> Self {
        Self { kind, text, opens: false }
    }

    fn opening(kind: Kind, text: &'a str) -> Self {
        Self { kind, text, opens: true }
    }
}

/// Tells the names in a decoded path until `tell` has had enough. A portal's own address is
/// [`crate::reading::Route`]'s.
pub(super) fn in_path<E>(
    path: &str,
    mut tell: impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(call) = path.strip_prefix("/rest/servicedeskapi/") {
        in_public_api(call.split('/'), &mut tell)?;
    } else if let Some(call) = path.strip_prefix("/rest/servicedesk/") {
        in_portals_own_api(call, 2, &mut tell)?;
    } else if let Some(call) = path.strip_prefix("/gateway/api/proforma/portal/cloudid/") {
        in_portals_own_api(call, 3, &mut tell)?;
    }
    // What a file is called says nothing; its number stands before it.
    if !path.as_bytes().contains(&b'-') || path.starts_with("/servicedesk/customershim/") {
        return Ok(());
    }
    let mut segments = path.split('/').filter(|segment| segment.contains('-'));
    segments.try_for_each(|segment| tell(Name::new(Kind::PerhapsRequest, segment)))
}

/// `/rest/servicedeskapi/…`: Atlassian's REST pages say what stands where.
fn in_public_api<'a, E>(
    mut segments: impl Iterator<Item = &'a str>,
    tell: &mut impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let kind = match segments.next() {
        Some("request") => Kind::Request,
        Some("servicedesk") => Kind::ServiceDesk,
        Some("portals") => Kind::Portal,
        _ => return Ok(()),
    };
    match (kind, segments.next().filter(|text| !text.is_empty())) {
        (Kind::Portal, Some("project")) => match segments.next() {
            Some(key) => tell(Name::opening(Kind::Project, key)),
            None => Ok(()),
        },
        (kind, Some(text)) => tell(Name::opening(kind, text)),
        (_, None) => Ok(()),
    }
}

/// `/rest/servicedesk/{version}/customer/…` and the forms of Cloud (`ProForma`),
/// `/gateway/api/proforma/portal/cloudid/{id}/api/{version}/…`: undocumented, so a portal is looked for
/// everywhere. The call is about the one whose `portal` is the segment `at`.
fn in_portals_own_api<E>(
    call: &str,
    at: usize,
    tell: &mut impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut segments = call.split('/').enumerate().peekable();
    while let Some((here, segment)) = segments.next() {
        let is_portal =
            ["portal", "portals"].iter().any(|it| stem(segment).eq_ignore_ascii_case(it));
        if let (true, Some((_, id))) = (is_portal, segments.peek()) {
            let direct = here == at && segment == "portal";
            tell(Name { kind: Kind::Portal, text: id, opens: direct })?;
        }
    }
    Ok(())
}

/// Tells the names in a query or a form, every value of a repeated field and every part of a list.
pub(super) fn in_fields(
    text: &[u8],
    reader: Reader,
    mut tell: impl FnMut(Name<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    for field in fields(text) {
        let kind = match field.name() {
            Ok(name) => kind_of_field(&name),
            Err(why) if reader == Reader::Program => return refuse(why),
            Err(why) if kind_of_field(&field.loosest_name()).is_some() => return refuse(why),
            Err(_) => None,
        };
        let mut hidden = field.behind_semicolons();
        if reader == Reader::Program && hidden.any(|it| kind_of_field(&it.loosest_name()).is_some())
        {
            return refuse(Ambiguous("a field has another one behind a ;"));
        }
        let Some(kind) = kind else { continue };
        let value = field.value().or_else(refuse)?;
        let mut texts = value.split(',').filter(|text| !text.is_empty());
        texts.try_for_each(|text| tell(Name::new(kind, text)))?;
    }
    Ok(())
}

/// Stops what two readers could take for different things.
pub(super) fn refuse<T>(why: Ambiguous) -> Result<T, Stop> {
    Err(Stop::Problem(Problem::bad_request(why.0)))
}

/// What a field or a JSON property holds whose name is this one, or is made of it (`portal.id`,
/// `project[]`, a name with blanks around it): who takes names apart finds it all the same.
pub(super) fn kind_of_field(name: &str) -> Option<Kind> {
    let mut parts = name.split(|c| is_mark(c) && c != ' ');
    parts.find_map(|part| kind_of_name(&as_java_reads(part.trim())))
}

/// What stands between names, in no name itself.
fn is_mark(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '_' | '-' | '\u{307}'))
}

fn kind_of_name(name: &str) -> Option<Kind> {
    const FIELDS: [(&str, Kind); 20] = [
        ("portalId", Kind::Portal),
        ("portalIds", Kind::Portal),
        // Objects with an id of their own, which JSM's pages send beside or instead of the number.
        ("portal", Kind::Portal),
        ("branding", Kind::Portal),
        ("statusPortalId", Kind::Portal),
        ("serviceDesk", Kind::ServiceDesk),
        ("serviceDeskId", Kind::ServiceDesk),
        ("serviceDeskIds", Kind::ServiceDesk),
        ("project", Kind::Project),
        ("pid", Kind::Project),
        ("projectKey", Kind::Project),
        ("projectKeys", Kind::Project),
        ("projectId", Kind::Project),
        ("projectIds", Kind::Project),
        ("issueIdOrKey", Kind::Request),
        // As a number it says nothing about the portal; JSM's own pages send it so.
        ("issueId", Kind::PerhapsRequest),
        ("issueKey", Kind::PerhapsRequest),
        ("requestKey", Kind::PerhapsRequest),
        ("issueKeys", Kind::PerhapsRequest),
        ("key", Kind::PerhapsRequest),
    ];
    let known = |(field, _): &&(&str, Kind)| name.eq_ignore_ascii_case(field);
    FIELDS.iter().find(known).map(|(_, kind)| *kind)
}

/// The projects in what could be requests' keys: `HR` in `hr-5`, however it goes on, and every one in a
/// list, whatever stands between.
pub(super) fn projects_of_keys(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_mark).filter_map(|part| {
        let (project, number) = part.split_once('-')?;
        let numbered = number.starts_with(char::is_numeric);
        (numbered && !project.is_empty()).then_some(project)
    })
}

/// A project's key in the letters of which Java may take other ones for a case: `ı` becomes `I` and
/// `ſ` becomes `S` where Jira writes keys in capitals, and `K` (U+212A) is `k` to `equalsIgnoreCase`.
pub(super) fn as_java_reads(key: &str) -> Cow<'_, str> {
    if key.is_ascii() {
        return Cow::Borrowed(key);
    }
    // `İ` in small letters is an `i` and a dot of its own.
    Cow::Owned(key.to_lowercase().replace('\u{307}', "").to_uppercase())
}

/// The project of a text that is a request's key from end to end, but for the suffix by which
/// Jira's REST picks a format.
pub(super) fn whole_key(text: &str) -> Option<&str> {
    let (project, number) = without_suffix(text).split_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (digits && !project.is_empty()).then_some(project)
}
