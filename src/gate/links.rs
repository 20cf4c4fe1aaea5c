//! Turns JSM's own address of a portal back into its substitute link, where JSM sends a browser
//! into a portal. It must not know how links are made.

use http::StatusCode;
use http::header::LOCATION;
use pingora::Result;
use pingora::http::ResponseHeader;

use super::context::RequestContext;
use crate::domain::{ContextPath, Mode, PortalId, Portals, PublicUrl};
use crate::reading::Route;

/// Rewrites `Location` when it leads from outside a portal into it. Within a portal it stays: its
/// pages are at JSM's own address, and every step would take the way by the link and back. 307 and
/// 308 stay too: the link answers with a redirect that does not repeat a POST.
pub(super) fn shorten(response: &mut ResponseHeader, context: &RequestContext) -> Result<()> {
    const SENT_ON: [StatusCode; 3] =
        [StatusCode::MOVED_PERMANENTLY, StatusCode::FOUND, StatusCode::SEE_OTHER];
    if !SENT_ON.contains(&response.status) {
        return Ok(());
    }
    let location = response.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let public_url = &context.app.config.gate.public_url;
    let here = context.passed.as_ref().and_then(|passed| {
        let target = &passed.target;
        Route::of(target.path(), target.raw_path()).portal()
    });
    let portals = context.app.portals.load();
    let context_path = context.app.upstream.context_path();
    let link = |location| link(location, here, (public_url, context_path), &portals);
    match location.and_then(link) {
        Some(link) => response.insert_header(LOCATION, link),
        None => Ok(()),
    }
}

fn link(
    location: &str,
    here: Option<PortalId>,
    (public_url, context_path): (&PublicUrl, &ContextPath),
    portals: &Portals,
) -> Option<String> {
    const PORTAL: &str = "/servicedesk/customer/portal/";
    let path = location.strip_prefix(public_url.origin()).unwrap_or(location);
    let path = context_path.below(path)?;
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let id = Route::of(path.get(..end)?, "").portal().filter(|id| Some(*id) != here)?;
    let portal = portals.by_id(id).filter(|portal| !portal.gone && portal.mode == Mode::Forward)?;
    let deeper = path.get(PORTAL.len()..)?.trim_start_matches(|c: char| c.is_ascii_digit());
    Some(public_url.join(&format!("/p/{}{deeper}", portal.link)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::domain::{Access, LinkName, Portal};

    fn portals() -> Portals {
        let portal = |id: &str, link: &str, gone| Portal {
            service_desk_id: format!("1{id}"),
            portal_id: PortalId::parse(id).ok(),
            project_id: format!("1000{id}"),
            project_key: link.to_ascii_uppercase(),
            former_keys: Vec::new(),
            name: link.to_owned(),
            link: LinkName::parse(link).unwrap(),
            mode: Mode::Forward,
            access: Access::Default,
            allow: Arc::default(),
            deny: Arc::default(),
            demand: Arc::default(),
            provider: None,
            gone,
        };
        Portals::new([portal("2", "it", false), portal("4", "fac", false), portal("5", "x", true)])
    }

    #[rstest]
    #[case("/servicedesk/customer/portal/2", None, Some("/p/it"))]
    #[case("/servicedesk/customer/portal/2/IT-1?a=b#c", None, Some("/p/it/IT-1?a=b#c"))]
    #[case("https://help.example.com/servicedesk/customer/portal/2/", None, Some("/p/it/"))]
    #[case("/servicedesk/customer/portal/2?x", Some("4"), Some("/p/it?x"))]
    #[case::within("/servicedesk/customer/portal/2/IT-1", Some("2"), None)]
    #[case::gone("/servicedesk/customer/portal/5", None, None)]
    #[case::unknown("/servicedesk/customer/portal/9", None, None)]
    #[case::no_number("/servicedesk/customer/portal/02", None, None)]
    #[case::other_page("/servicedesk/customer/portals", None, None)]
    #[case::other_site("https://evil.example/servicedesk/customer/portal/2", None, None)]
    #[case::other_host("//evil.example/servicedesk/customer/portal/2", None, None)]
    #[case::longer_host("https://help.example.com.evil/servicedesk/customer/portal/2", None, None)]
    fn the_way_into_a_portal_is_its_link(
        #[case] location: &str,
        #[case] here: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        let here = here.and_then(|id| PortalId::parse(id).ok());
        let expected = expected.map(|path| public.join(path));
        let none = ContextPath::default();
        assert_eq!(link(location, here, (&public, &none), &portals()), expected);
    }

    #[rstest]
    #[case("/jira/servicedesk/customer/portal/2/IT-1?a=b", Some("/p/it/IT-1?a=b"))]
    #[case("https://help.example.com/jira/servicedesk/customer/portal/2", Some("/p/it"))]
    #[case("/servicedesk/customer/portal/2", None)]
    #[case("/wiki/servicedesk/customer/portal/2", None)]
    #[case("https://evil.example/jira/servicedesk/customer/portal/2", None)]
    fn portals_are_below_the_context_path(#[case] location: &str, #[case] expected: Option<&str>) {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        let jira = ContextPath::of(&"https://jira.example.com/jira".parse().unwrap());
        let expected = expected.map(|path| public.join(path));
        assert_eq!(link(location, None, (&public, &jira), &portals()), expected);
    }
}
