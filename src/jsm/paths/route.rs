//! Where a path leads: to one of the gate's own pages, to a substitute link, or to JSM. It must not know
//! whether it is open.

use std::sync::Arc;

use super::links::portal_number;
use crate::domain::{LinkName, Portal, PortalId, Portals};
use crate::reading::Target;

/// Where a request goes, by its decoded path alone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Route {
    /// A page of the gate's own.
    Page,
    /// A substitute link, with whatever follows it.
    Link {
        /// The name in the link.
        link: LinkName,
        /// How many bytes of the raw path come before what follows the link.
        prefix: usize,
    },
    /// `/p/` and something that cannot be a link.
    NoLink,
    /// JSM, in a portal that the path names.
    Portal(PortalId),
    /// A portal's address with a number that JSM would not write. JSM may still read it as one
    /// (`02` as 2), so nothing can be decided about it.
    NoPortal,
    /// JSM, in no portal that the path names.
    Upstream,
}

impl Route {
    /// Reads the path of a target, below JSM's context path.
    pub(crate) fn of(target: &Target) -> Self {
        Self::of_path(target.path(), target.raw_path())
    }

    /// The portal that it leads into. A substitute link and JSM's own address are the same here.
    pub(crate) fn portal<'a>(&self, portals: &'a Portals) -> Option<&'a Arc<Portal>> {
        match self {
            Self::Link { link, .. } => portals.by_link(link),
            Self::Portal(id) => portals.by_id(*id),
            Self::Page | Self::NoLink | Self::NoPortal | Self::Upstream => None,
        }
    }

    fn of_path(path: &str, raw_path: &str) -> Self {
        if path == "/" || path == "/_gate" || path.starts_with("/_gate/") {
            return Self::Page;
        }
        if path == "/p" || path.starts_with("/p/") {
            return Self::link(raw_path);
        }
        match portal_number(path).map(PortalId::parse) {
            None => Self::Upstream,
            Some(Ok(id)) => Self::Portal(id),
            Some(Err(_)) => Self::NoPortal,
        }
    }

    /// Links are plain text, so an encoded one is none: raw and decoded cannot differ.
    fn link(raw_path: &str) -> Self {
        let name = raw_path.strip_prefix("/p/").map(|rest| rest.split('/').next().unwrap_or(rest));
        match name.map(LinkName::parse) {
            Some(Ok(link)) => {
                let prefix = "/p/".len() + link.as_str().len();
                Self::Link { link, prefix }
            }
            _ => Self::NoLink,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn link(name: &str, prefix: usize) -> Route {
        Route::Link { link: LinkName::parse(name).unwrap(), prefix }
    }

    fn portal(id: &str) -> Route {
        Route::Portal(PortalId::parse(id).unwrap())
    }

    #[rstest]
    #[case("/", Route::Page)]
    #[case("/_gate/login", Route::Page)]
    #[case("/_gate", Route::Page)]
    #[case("/_gateway", Route::Upstream)]
    #[case("/p/it", link("it", 5))]
    #[case("/p/it/", link("it", 5))]
    #[case("/p/it/create/66", link("it", 5))]
    #[case("/p", Route::NoLink)]
    #[case("/p/", Route::NoLink)]
    #[case("/p/IT", Route::NoLink)]
    #[case("/portal", Route::Upstream)]
    #[case("/servicedesk/customer/portal/2", portal("2"))]
    #[case("/servicedesk/customer/portal/2/create/66", portal("2"))]
    #[case("/servicedesk/customer/portal/02", Route::NoPortal)]
    #[case("/servicedesk/customer/portal/ 2/create/66", Route::NoPortal)]
    #[case("/servicedesk/customer/portal/+2", Route::NoPortal)]
    #[case("/servicedesk/customer/portal/", Route::NoPortal)]
    #[case("/servicedesk/customer/portals", Route::Upstream)]
    fn paths_have_one_meaning(#[case] path: &str, #[case] expected: Route) {
        assert_eq!(Route::of_path(path, path), expected);
    }
}
