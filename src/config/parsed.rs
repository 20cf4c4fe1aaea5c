//! What the rest of the gate sees of the configuration: every field a valid value, every default
//! filled in, every secret read. One file for each section; how the file spells it is not known here.

mod assertion;
mod audit;
mod branding;
mod customers;
mod emergency;
mod forward;
mod gate;
mod hosted;
mod jsm;
mod limits;
mod log;
mod portal;
mod portals;
mod provider;
mod service_provider;
mod session;

use std::sync::Arc;

use crate::domain::{Mode, SamlIds, ServiceProviderId, ServiceProviderPreset};

pub use assertion::AssertionConfig;
pub use audit::{AuditConfig, AuditTo};
pub use branding::{BrandingConfig, Color, Contact};
pub use customers::{CustomersConfig, GroupRule, OrganizationRule};
pub use emergency::EmergencyConfig;
pub use forward::{ForwardConfig, ForwardedHost, JiraLogin, ServerName};
pub use gate::{GateConfig, TlsFiles};
pub use hosted::HostedConfig;
pub use jsm::{Deployment, JsmConfig};
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use portal::PortalRule;
pub use portals::{DefaultMode, PortalDefaults};
pub use provider::{
    AttributeMap, ClientAuth, ClientKeyAudience, ClientKeyConfig, EmailAuthority, EmailPolicy,
    Endpoints, Logo, LogoutForm, OAuth2, ProviderConfig, RequestConfig, ResponseMode, SecretMethod,
    SigningAlgorithm,
};
pub use service_provider::{
    NameId, NameIdFormat, NameIdValue, ServiceProviderConfig, Signing, SloBinding,
};
pub use session::{RedisConfig, SessionConfig, StoreConfig};

/// The whole configuration. Immutable; a reload makes a new one.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[gate]`
    pub gate: GateConfig,
    /// `[jsm]`
    pub jsm: JsmConfig,
    /// `[[provider]]`, in the file's order, at least one.
    pub providers: Vec<ProviderConfig>,
    /// By what service providers know people.
    pub saml_ids: SamlIds,
    /// `[[service_provider]]`, in the file's order.
    pub service_providers: Vec<ServiceProviderConfig>,
    /// `[portals]`
    pub portal_defaults: PortalDefaults,
    /// `[[portal]]`, in the file's order.
    pub portals: Vec<PortalRule>,
    /// `[customers]`
    pub customers: CustomersConfig,
    /// `[session]`
    pub session: SessionConfig,
    /// `[forward]`
    pub forward: ForwardConfig,
    /// `[hosted]`
    pub hosted: HostedConfig,
    /// `[branding]`
    pub branding: Arc<BrandingConfig>,
    /// `[emergency]`; `None` while it is off.
    pub emergency: Option<EmergencyConfig>,
    /// `[limits]`
    pub limits: LimitsConfig,
    /// `[audit]`
    pub audit: AuditConfig,
    /// `[log]`
    pub log: LogConfig,
}

impl Config {
    /// Whether portals can be served in a mode.
    #[must_use]
    pub fn has_portals_in(&self, mode: Mode) -> bool {
        self.portal_defaults.mode() == mode || self.portals.iter().any(|rule| rule.mode == mode)
    }

    /// A service provider by its id.
    #[must_use]
    pub fn service_provider(&self, id: &ServiceProviderId) -> Option<&ServiceProviderConfig> {
        self.service_providers.iter().find(|one| one.id == *id)
    }

    /// The service provider that is Jira's built-in login, where the gate logs customers in by that.
    #[must_use]
    pub fn jira_login(&self) -> Option<&ServiceProviderConfig> {
        let is_jira =
            |one: &&ServiceProviderConfig| one.preset == ServiceProviderPreset::JiraDataCenter;
        let by_saml = self.forward.jira_login == JiraLogin::Saml;
        self.service_providers.iter().find(is_jira).filter(|_| by_saml)
    }
}
