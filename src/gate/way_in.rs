//! Where a customer is sent for a portal that JSM serves at its own address (`mode = "sso"`), as each door of
//! Atlassian's wants it. It must not know who the customer is.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use saml::RELAY_STATE_BYTES;
use url::Url;

use crate::config::ServiceProviderConfig;
use crate::domain::{PortalId, ServiceProviderPreset};
use crate::jsm::paths::{login_address, portal_address};

/// The way to a page of a portal.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum WayIn {
    /// A page of the gate's own, which vouches for the customer there.
    ByTheGate(String),
    /// JSM's own address, from where the customer comes back to the gate to log in.
    ByJsm(String),
}

impl WayIn {
    /// The way into the portal with this number, to the page at `deeper` below it.
    pub(super) fn to(
        service_provider: &ServiceProviderConfig,
        jsm: &Url,
        id: PortalId,
        deeper: &str,
    ) -> Self {
        let at_jsm = |path: &str| format!("{}{path}", jsm.as_str().trim_end_matches('/'));
        if let Some(start_url) = &service_provider.start_url {
            return Self::ByJsm(start_url.to_string());
        }
        match service_provider.preset {
            // Without the gate's word Atlassian first asks for the address, and nothing skips that page.
            ServiceProviderPreset::AtlassianAccounts => {
                let page = at_jsm(&portal_address(id, deeper));
                let fits = page.len() <= RELAY_STATE_BYTES;
                let page = if fits { page } else { at_jsm(&portal_address(id, "")) };
                let page = utf8_percent_encode(&page, NON_ALPHANUMERIC);
                Self::ByTheGate(format!(
                    "/_gate/saml/{}/start?RelayState={page}",
                    service_provider.id
                ))
            }
            // The site asks its identity provider itself, and goes on to the page.
            ServiceProviderPreset::AtlassianPortal => {
                Self::ByJsm(at_jsm(&login_address(id, deeper)))
            }
            // Whoever has an Atlassian account of their own logs in with that first.
            _ => Self::ByJsm(at_jsm(&portal_address(id, deeper))),
        }
    }
}
