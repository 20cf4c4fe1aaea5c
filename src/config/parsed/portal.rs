//! `[[portal]]` as the rest of the gate sees it.

use std::sync::Arc;

use crate::domain::{AccessRules, Greeting, LinkName, Mode, PortalId, ServiceProviderId};

/// `[[portal]]`: what differs for one portal.
#[derive(Clone, Debug)]
pub struct PortalRule {
    /// Project key or project id.
    pub project: String,
    /// The name in its link.
    pub link: Option<LinkName>,
    /// JSM's portal number, for a desk whose number cannot be found out.
    pub portal_id: Option<PortalId>,
    /// How it is served.
    pub mode: Mode,
    /// Sso: the service provider by which customers are logged in.
    pub service_provider: Option<ServiceProviderId>,
    /// Who may use it.
    pub rules: Arc<AccessRules>,
    /// Whether whoever may use it may raise requests, though JSM does not list them at the desk.
    pub open_desk: bool,
    /// What its home page says.
    pub greeting: Greeting,
}
