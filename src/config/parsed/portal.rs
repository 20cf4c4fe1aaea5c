//! `[[portal]]` as the rest of the gate sees it.

use crate::domain::{Access, Greeting, LinkName, LoginDemand, Mode, People, PortalId, ProviderId};

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
    /// Who may use it.
    pub access: Access,
    /// Whom `private` lets in.
    pub allow: People,
    /// Who stays out, whatever else lets them in.
    pub deny: People,
    /// The only provider whose people may use it.
    pub provider: Option<ProviderId>,
    /// What a login has to be like.
    pub demand: LoginDemand,
    /// Whether whoever may use it may raise requests, though JSM does not list them at the desk.
    pub open_desk: bool,
    /// What its home page says.
    pub greeting: Greeting,
}
