//! One service provider, ready to be vouched to: what the configuration says of it, its addresses at the gate,
//! and the keys on both sides. Must not know requests.

use std::sync::Arc;

use saml::WriteError;
use saml::metadata::{self, IdentityProvider};

use crate::config::{NameId, ServiceProviderConfig, SloBinding};
use crate::domain::{AccessRules, PublicUrl, ServiceProviderId, ServiceProviderPreset, Template};
use crate::keys::{CertifiedKey, SamlKeyring};

/// A `[[service_provider]]`.
#[derive(Debug)]
pub struct ServiceProvider {
    config: ServiceProviderConfig,
    entity_id: String,
    sso_url: String,
    logout_url: String,
    keyring: Arc<SamlKeyring>,
}

impl ServiceProvider {
    /// A service provider to which answers are signed with the keys of `keyring`.
    #[must_use]
    pub fn new(
        config: &ServiceProviderConfig,
        public_url: &PublicUrl,
        keyring: Arc<SamlKeyring>,
    ) -> Self {
        let [entity_id, sso_url, logout_url] =
            ["metadata", "sso", "logout"].map(|page| public_url.join(&config.id.path(page)));
        Self { config: config.clone(), entity_id, sso_url, logout_url, keyring }
    }

    /// Part of its addresses at the gate.
    #[must_use]
    pub fn id(&self) -> &ServiceProviderId {
        &self.config.id
    }

    /// What customers know it as.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// What kind of application it is.
    #[must_use]
    pub fn preset(&self) -> ServiceProviderPreset {
        self.config.preset
    }

    /// Who may log in there.
    #[must_use]
    pub fn rules(&self) -> &Arc<AccessRules> {
        &self.config.rules
    }

    /// What the gate calls itself to it.
    pub(super) fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where it sends requests.
    pub(super) fn sso_url(&self) -> &str {
        &self.sso_url
    }

    /// Where it sends logout messages.
    pub(super) fn logout_url(&self) -> &str {
        &self.logout_url
    }

    /// Where it takes logout messages, if it does.
    pub(super) fn its_slo_url(&self) -> Option<&str> {
        self.config.slo_url.as_ref().map(url::Url::as_str)
    }

    /// How they go there.
    pub(super) fn slo_binding(&self) -> SloBinding {
        self.config.slo_binding
    }

    /// What it calls itself.
    pub(super) fn audience(&self) -> &str {
        &self.config.entity_id
    }

    /// The addresses where it takes answers; the first is the default.
    pub(super) fn acs_urls(&self) -> &[String] {
        &self.config.acs_urls
    }

    /// What it knows people by.
    pub(super) fn name_id(&self) -> &NameId {
        &self.config.name_id
    }

    /// What else it is told of them.
    pub(super) fn attributes(&self) -> &[(String, Template)] {
        &self.config.attributes
    }

    /// Whether it is Jira Data Center.
    pub(super) fn is_jira(&self) -> bool {
        self.config.preset == ServiceProviderPreset::JiraDataCenter
    }

    /// Whether people who work in Jira are logged in too.
    pub(super) fn allows_staff(&self) -> bool {
        self.config.allow_staff
    }

    /// What is known of it when one of its messages is read.
    pub(super) fn peer(&self) -> saml::ServiceProvider<'_> {
        saml::ServiceProvider {
            entity_id: &self.config.entity_id,
            acs_urls: &self.config.acs_urls,
            keys: &self.config.keys,
        }
    }

    /// What signs now.
    #[must_use]
    pub fn key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.keyring.keys().current)
    }

    /// The metadata of the gate for it.
    pub(super) fn metadata(&self) -> Result<String, WriteError> {
        let keys = self.keyring.keys();
        let certificates: Vec<_> = std::iter::once(&keys.current)
            .chain(&keys.next)
            .map(|key| key.signing().certificate_der())
            .collect();
        metadata::identity_provider(&IdentityProvider {
            entity_id: &self.entity_id,
            sso_url: &self.sso_url,
            slo_url: self.its_slo_url().map(|_| self.logout_url.as_str()),
            certificates: &certificates,
            name_id_format: self.config.name_id.format.uri(),
            want_authn_requests_signed: !self.config.keys.is_empty(),
        })
    }
}
