//! What of a path or a query names a portal, and how sure that is. It must not know which portals
//! there are.

use std::borrow::Cow;

use url::form_urlencoded;

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
/// [`crate::gate::route`]'s.
pub(super) fn in_path<E>(
    path: &str,
    mut tell: impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    if let Some(call) = path.strip_prefix("/rest/") {
        in_data_call(call, &mut tell)?;
    }
    if !path.as_bytes().contains(&b'-') {
        return Ok(());
    }
    let mut segments = path.split('/').filter(|segment| segment.contains('-'));
    segments.try_for_each(|segment| tell(Name::new(Kind::PerhapsRequest, segment)))
}

fn in_data_call<E>(call: &str, tell: &mut impl FnMut(Name<'_>) -> Result<(), E>) -> Result<(), E> {
    let mut segments = call.split('/');
    match segments.next() {
        Some("servicedeskapi") => in_public_api(segments, tell),
        Some("servicedesk") => in_portals_own_api(segments, tell),
        _ => Ok(()),
    }
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

/// `/rest/servicedesk/{version}/customer/…`: undocumented, so a portal is looked for everywhere.
fn in_portals_own_api<'a, E>(
    segments: impl Iterator<Item = &'a str>,
    tell: &mut impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut segments = segments.skip(1).enumerate().peekable();
    while let Some((at, segment)) = segments.next() {
        let is_portal = ["portal", "portals"].iter().any(|it| segment.eq_ignore_ascii_case(it));
        if let (true, Some((_, id))) = (is_portal, segments.peek()) {
            let direct = at == 1 && segment == "portal";
            tell(Name { kind: Kind::Portal, text: id, opens: direct })?;
        }
    }
    Ok(())
}

/// Tells the names in a query or a form, every value of a repeated parameter and every part of a list.
pub(super) fn in_query<E>(
    query: &[u8],
    mut tell: impl FnMut(Name<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for (field, value) in form_urlencoded::parse(query) {
        let Some(kind) = kind_of_field(&field) else { continue };
        let mut texts = value.split(',').filter(|text| !text.is_empty());
        texts.try_for_each(|text| tell(Name::new(kind, text)))?;
    }
    Ok(())
}

/// What a parameter or a JSON property of this name holds.
pub(super) fn kind_of_field(name: &str) -> Option<Kind> {
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

/// The project in what could be a request's key: `HR` in `hr-5`, however it goes on.
pub(super) fn project_of_key(text: &str) -> Option<&str> {
    let (project, number) = text.trim().split_once('-')?;
    let numbered = number.starts_with(char::is_numeric);
    (numbered && !project.is_empty()).then_some(project)
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
    let stem = [".json", ".xml"].iter().find_map(|suffix| text.strip_suffix(suffix));
    let (project, number) = stem.unwrap_or(text).split_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (digits && !project.is_empty()).then_some(project)
}
