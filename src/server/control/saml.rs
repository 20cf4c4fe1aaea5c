//! What a service provider has to be told of the gate, and its signing keys. Must not know how that is
//! shown.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ControlAnswer;
use crate::audit::{Event, Kind};
use crate::config::{Config, ServiceProviderConfig};
use crate::domain::{ServiceProviderId, ServiceProviderPreset};
use crate::keys::{CertifiedKey, Change, ChangeError, Fingerprint, SamlKeys};
use crate::server::Assembly;

/// What is asked about a service provider.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SamlRequest {
    /// Its id.
    pub id: String,
    /// How its keys are to change; not at all when `None`.
    pub change: Option<Change>,
}

/// What a service provider has to be told.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SamlValues {
    /// Its id.
    pub id: String,
    /// What kind of application it is.
    pub preset: ServiceProviderPreset,
    /// What the gate calls itself there; also the address of its metadata.
    pub entity_id: String,
    /// Where it sends requests.
    pub sso_url: String,
    /// Where it sends logout requests.
    pub logout_url: String,
    /// The certificate of the key that signs.
    pub current: CertificateText,
    /// The one that waits until it is pasted.
    pub next: Option<CertificateText>,
    /// The one that signed before.
    pub previous: Option<CertificateText>,
}

/// A certificate as it is pasted and compared.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CertificateText {
    /// The certificate.
    pub pem: String,
    /// Its SHA-1 fingerprint.
    pub sha1: String,
    /// Its SHA-256 fingerprint.
    pub sha256: String,
    /// When it expires, in Unix seconds.
    pub expires_at: u64,
}

impl From<&Arc<CertifiedKey>> for CertificateText {
    fn from(key: &Arc<CertifiedKey>) -> Self {
        Self {
            pem: key.certificate_pem(),
            sha1: key.fingerprint(Fingerprint::Sha1),
            sha256: key.fingerprint(Fingerprint::Sha256),
            expires_at: key.expires_at(),
        }
    }
}

impl SamlValues {
    /// Those of a service provider with these keys.
    #[must_use]
    pub fn new(config: &Config, service_provider: &ServiceProviderConfig, keys: &SamlKeys) -> Self {
        let id = &service_provider.id;
        let address = |page| config.gate.public_url.join(&id.path(page));
        Self {
            id: id.to_string(),
            preset: service_provider.preset,
            entity_id: address("metadata"),
            sso_url: address("sso"),
            logout_url: address("logout"),
            current: CertificateText::from(&keys.current),
            next: keys.next.as_ref().map(CertificateText::from),
            previous: keys.previous.as_ref().map(CertificateText::from),
        }
    }
}

/// The event of a change of keys, by a user of the machine.
#[must_use]
pub fn changed(change: Change, id: &ServiceProviderId, keys: &SamlKeys, uid: Option<u32>) -> Event {
    let (kind, key) = match change {
        Change::MakeNext => (Kind::KeyMade, keys.next.as_ref().unwrap_or(&keys.current)),
        Change::Switch => (Kind::KeySwitched, &keys.current),
        Change::Undo => (Kind::KeyRestored, &keys.current),
    };
    let event = Event::new(kind).of_service_provider(id).asked_by(uid);
    event.because(format!("SHA-256 {}", key.fingerprint(Fingerprint::Sha256)))
}

/// Answers, and writes a change into the audit trail.
pub(super) async fn answer(
    assembly: &Assembly,
    request: SamlRequest,
    uid: Option<u32>,
) -> ControlAnswer {
    match values(assembly, request, uid).await {
        Ok(values) => ControlAnswer::Saml(Box::new(values)),
        Err(why) => ControlAnswer::Refused(why),
    }
}

async fn values(
    assembly: &Assembly,
    SamlRequest { id, change }: SamlRequest,
    uid: Option<u32>,
) -> Result<SamlValues, String> {
    // A reload would read the keys while they change.
    let _no_reload = assembly.reloads().hold().await;
    let config = assembly.config();
    let service_provider = find(&config, &id)?;
    let keyrings = assembly.saml_keyrings();
    let keyring = keyrings.of(&service_provider.id).ok_or("it has no keys")?;
    let keys = match change {
        None => keyring.keys(),
        Some(change) => {
            let keyring = Arc::clone(keyring);
            let changing = tokio::task::spawn_blocking(move || keyring.change(change)).await;
            let keys = changing.map_err(|error| error.to_string())?;
            let keys = keys.map_err(|error: ChangeError| error.to_string())?;
            assembly.audit().note(changed(change, &service_provider.id, &keys, uid));
            keys
        }
    };
    Ok(SamlValues::new(&config, service_provider, &keys))
}

/// The service provider of that id.
///
/// # Errors
/// Says which there are.
pub fn find<'c>(config: &'c Config, id: &str) -> Result<&'c ServiceProviderConfig, String> {
    let all = &config.service_providers;
    all.iter().find(|one| one.id.as_str() == id).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|one| one.id.as_str()).collect();
        if known.is_empty() {
            "there is no [[service_provider]] in the configuration".to_owned()
        } else {
            format!("there is no service provider {id:?}; known are {}", known.join(", "))
        }
    })
}
