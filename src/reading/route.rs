//! What a path means: one of the gate's own pages, a substitute link, or JSM.

use crate::domain::{LinkName, PortalId};

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
    /// A portal's address with a number that JSM would not print. JSM may still read it as one
    /// (`02` as 2), so nothing can be decided about it.
    NoPortal,
    /// JSM, in no portal that the path names.
    Upstream,
}

impl Route {
    /// Reads a path that [`super::Target`] has let through.
    pub(crate) fn of(path: &str, raw_path: &str) -> Self {
        if path == "/" || path == "/_gate" || path.starts_with("/_gate/") {
            return Self::Page;
        }
        if path == "/p" || path.starts_with("/p/") {
            return Self::link(raw_path);
        }
        Self::native(path)
    }

    /// The portal that JSM's own address names, if it is one of a portal.
    pub(crate) fn portal(&self) -> Option<PortalId> {
        match self {
            Self::Portal(id) => Some(*id),
            _ => None,
        }
    }

    /// The portal in `/servicedesk/customer/portal/{id}` and all below it.
    fn native(path: &str) -> Self {
        let Some(rest) = path.strip_prefix("/servicedesk/customer/portal/") else {
            return Self::Upstream;
        };
        let number = rest.split('/').next().unwrap_or(rest);
        PortalId::parse(number).map_or(Self::NoPortal, Self::Portal)
    }

    /// Links are plain, so one that arrives encoded is none: raw and decoded cannot differ.
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
        assert_eq!(Route::of(path, path), expected);
    }
}
