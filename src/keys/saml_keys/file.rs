//! The keys of one service provider on disk. Must not know when which of them signs.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::domain::ServiceProviderId;
use crate::keys::certified_key::{self, CertifiedKey};
use crate::keys::kept_file::{KeptFile, KeyringError};

const WHEN_DAMAGED: &str = "restore it from a backup, or delete it: the gate then makes a new key, and nobody can log \
     in there until its certificate is pasted";

/// The file.
#[derive(Clone, Debug)]
pub(super) struct SamlKeyFile {
    service_provider: ServiceProviderId,
    file: KeptFile,
}

/// The keys, as they are kept.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Kept {
    pub(super) current: KeptKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<KeptKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<KeptKey>,
}

/// A key as it is kept.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct KeptKey {
    /// PKCS #8 in base64.
    pkcs8: String,
    /// DER in base64.
    certificate: String,
}

/// What the file of a service provider is called in `state_dir`.
fn name(service_provider: &ServiceProviderId) -> String {
    format!("saml-keys-{service_provider}.json")
}

impl SamlKeyFile {
    pub(super) fn new(state_dir: &Path, service_provider: &ServiceProviderId) -> Self {
        let file = KeptFile {
            whose: format!("service provider {service_provider}'s"),
            path: state_dir.join(name(service_provider)),
            when_damaged: WHEN_DAMAGED,
        };
        Self { service_provider: service_provider.clone(), file }
    }

    /// The keys in the file; `None` when there is no file.
    pub(super) fn load(&self) -> Result<Option<Kept>, KeyringError> {
        self.file.load()
    }

    /// Replaces the keys in the file.
    pub(super) fn save(&self, keys: &Kept) -> Result<(), KeyringError> {
        self.file.save(keys)
    }

    /// Makes a new key, at `now` (Unix seconds). Takes about a second.
    pub(super) fn make(&self, now: u64) -> Result<KeptKey, KeyringError> {
        let made = certified_key::make(self.service_provider.as_str(), now);
        let no_randomness = "the system gives no random numbers";
        let (pkcs8, certificate) =
            made.ok_or_else(|| self.file.error("no key can be made", no_randomness))?;
        let [pkcs8, certificate] = [pkcs8, certificate].map(|der| BASE64_STANDARD.encode(der));
        Ok(KeptKey { pkcs8, certificate })
    }

    /// A key, ready to sign.
    pub(super) fn read(&self, kept: &KeptKey) -> Result<Arc<CertifiedKey>, KeyringError> {
        let damaged = || self.file.damaged("a key in the file is damaged");
        let decode = |text: &str| BASE64_STANDARD.decode(text).map_err(|_| damaged());
        let (pkcs8, certificate) = (decode(&kept.pkcs8)?, decode(&kept.certificate)?);
        CertifiedKey::new(&pkcs8, &certificate)
            .map(Arc::new)
            .map_err(|error| self.file.damaged(&format!("a key in the file is damaged: {error}")))
    }
}
