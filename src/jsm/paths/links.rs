//! JSM's own addresses of portals, and the substitute links in their place. It must not know who follows
//! them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Route;
use crate::domain::{ContextPath, Mode, PortalId, Portals, PublicUrl};

/// What every address of a portal begins with, below the context path.
const PORTAL: &str = "/servicedesk/customer/portal/";

/// JSM's own address of a page in a portal. `deeper` is what follows the portal's number.
pub(crate) fn portal_address(id: PortalId, deeper: &str) -> String {
    format!("{PORTAL}{id}{deeper}")
}

/// JSM's own login for customers of a portal, which comes back to a page in it. `deeper` is what follows the
/// portal's number.
pub(crate) fn login_address(id: PortalId, deeper: &str) -> String {
    let page = format!("portal/{id}{deeper}");
    let page = utf8_percent_encode(&page, NON_ALPHANUMERIC);
    format!("/servicedesk/customer/user/login?destination={page}")
}

/// What follows the portal's number in JSM's own address of a page in a portal. The address may have
/// a query.
pub(crate) fn within_portal(address: &str) -> Option<&str> {
    let rest = address.strip_prefix(PORTAL)?;
    rest.get(rest.find(['/', '?']).unwrap_or(rest.len())..)
}

/// The gate's own page in place of one of JSM's that is of no portal in particular.
pub(crate) fn own_page(path: &str) -> Option<&'static str> {
    match path.trim_end_matches('/') {
        "/servicedesk/customer/portals" => Some("/"),
        "/servicedesk/customer/user/requests" => Some("/_gate/requests"),
        _ => None,
    }
}

/// The text in the place of the portal's number, if the path is one of a portal. JSM may read it as
/// a number although JSM would not write it so.
pub(super) fn portal_number(path: &str) -> Option<&str> {
    path.strip_prefix(PORTAL).map(|rest| rest.split('/').next().unwrap_or(rest))
}

/// The substitute link in place of JSM's own address in `Location`, for a browser that comes from `here`.
/// `None` where that address has no link, and within one portal.
pub(crate) fn substitute_link(
    location: &str,
    here: &Route,
    (public_url, context_path): (&PublicUrl, &ContextPath),
    portals: &Portals,
) -> Option<String> {
    let path = location.strip_prefix(public_url.origin()).unwrap_or(location);
    let address = context_path.below(path)?;
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let number = portal_number(path)?;
    let id = PortalId::parse(number).ok().filter(|id| *here != Route::Portal(*id))?;
    let portal = portals.by_id(id).filter(|portal| !portal.gone && portal.mode == Mode::Forward)?;
    let deeper = address.get(PORTAL.len() + number.len()..)?;
    Some(public_url.join(&format!("/p/{}{deeper}", portal.link)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::domain::{LinkName, Portal};

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
            service_provider: None,
            rules: Arc::default(),
            open_desk: false,
            greeting: Arc::default(),
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
        let here = here.map_or(Route::Upstream, Route::Portal);
        let expected = expected.map(|path| public.join(path));
        let none = ContextPath::default();
        assert_eq!(substitute_link(location, &here, (&public, &none), &portals()), expected);
    }

    #[rstest]
    #[case("/servicedesk/customer/portal/2", Some(""))]
    #[case("/servicedesk/customer/portal/2/", Some("/"))]
    #[case("/servicedesk/customer/portal/2?a=/b", Some("?a=/b"))]
    #[case("/servicedesk/customer/portal/2/group/5/create/66?x=y", Some("/group/5/create/66?x=y"))]
    #[case("/servicedesk/customer/portals", None)]
    fn what_follows_the_number_is_the_page(#[case] address: &str, #[case] page: Option<&str>) {
        assert_eq!(within_portal(address), page);
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
        assert_eq!(
            substitute_link(location, &Route::Upstream, (&public, &jira), &portals()),
            expected
        );
    }
}
