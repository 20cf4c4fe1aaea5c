//! `[portals]` as the rest of the gate sees it.

use std::sync::Arc;

use super::Deployment;
use crate::domain::{Access, AccessRules, Mode, ServiceProviderId};

/// `[portals]`: for every portal that says nothing else.
#[derive(Clone, Debug)]
pub struct PortalDefaults {
    /// How portals are served.
    pub mode: DefaultMode,
    /// Sso: the service provider by which customers are logged in.
    pub service_provider: Option<ServiceProviderId>,
    /// Who may use them.
    pub rules: Arc<AccessRules>,
}

/// How portals are served that do not say it themselves.
#[derive(Clone, Copy, Debug)]
pub enum DefaultMode {
    /// As `[portals]` says.
    Said(Mode),
    /// As suits JSM's product, where the file tells which one it is.
    OfProduct(Option<Deployment>),
}

impl PortalDefaults {
    /// How a portal is served of which the file says nothing.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode.with(self.rules.access)
    }
}

impl DefaultMode {
    /// How a portal with this access is served. Cloud takes nobody's word for who a customer is, so the
    /// gate serves its portals itself; but it raises no requests for strangers.
    #[must_use]
    pub fn with(self, access: Access) -> Mode {
        match (self, access) {
            (Self::Said(mode), _) => mode,
            (Self::OfProduct(Some(Deployment::Cloud)), Access::Default | Access::Private) => {
                Mode::Hosted
            }
            (Self::OfProduct(_), _) => Mode::Forward,
        }
    }
}
