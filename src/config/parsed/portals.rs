//! `[portals]` as the rest of the gate sees it.

use std::sync::Arc;

use crate::domain::{AccessRules, Mode, ServiceProviderId};

/// `[portals]`: for every portal that says nothing else.
#[derive(Clone, Debug)]
pub struct PortalDefaults {
    /// How portals are served.
    pub mode: Mode,
    /// Sso: the service provider by which customers are logged in.
    pub service_provider: Option<ServiceProviderId>,
    /// Who may use them.
    pub rules: Arc<AccessRules>,
}
