//! The keys that SAML messages are signed with, one set for each service provider: which one signs, which
//! takes its place, and which one had it. Must not know what is signed.

mod file;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::CertifiedKey;
use super::kept_file::KeyringError;
use crate::config::{ServiceProviderConfig, Signing};
use crate::domain::expiry::{self, PASTED_CERTIFICATE_DAYS};
use crate::domain::{Clock, ServiceProviderId};
use file::{Kept, SamlKeyFile};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The keyrings of all service providers of one configuration.
#[derive(Debug, Default)]
pub struct SamlKeyrings(HashMap<ServiceProviderId, Arc<SamlKeyring>>);

impl SamlKeyrings {
    /// Opens those of `service_providers` in `state_dir`. Makes a key, which takes about a second, for
    /// each that has none yet.
    ///
    /// # Errors
    /// When stored keys cannot be used, or a key cannot be stored.
    pub fn open(
        state_dir: &Path,
        service_providers: &[ServiceProviderConfig],
        clock: &Clock,
    ) -> Result<Self, KeyringError> {
        let open = |config: &ServiceProviderConfig| {
            let keyring = SamlKeyring::open(state_dir, config, clock.clone())?;
            Ok((config.id.clone(), Arc::new(keyring)))
        };
        service_providers.iter().map(open).collect::<Result<_, _>>().map(Self)
    }

    /// Writes into the log when a certificate is about to expire: now, and for ever after some times ahead
    /// and at the end every day.
    pub async fn warn_of_expiry(&self, clock: &Clock) {
        let is_always_due = |_| true;
        self.warn_if(is_always_due, clock);
        loop {
            clock.sleep(DAY).await;
            self.warn_if(is_due, clock);
        }
    }

    fn warn_if(&self, is_due: impl Fn(u64) -> bool, clock: &Clock) {
        let now = clock.unix_seconds();
        for (id, keyring) in &self.0 {
            let expires_at = keyring.keys().current.expires_at();
            let told = expiry::of_pasted(expires_at, now);
            if let Some(told) = told.filter(|_| is_due(expiry::days_left(expires_at, now))) {
                tracing::warn!(
                    remedy = format!("make the next one: jsm-gate saml rotate {id}"),
                    "service provider {id}: the certificate of its signing key {told}"
                );
            }
        }
    }

    /// That of a service provider.
    #[must_use]
    pub fn of(&self, id: &ServiceProviderId) -> Option<&Arc<SamlKeyring>> {
        self.0.get(id)
    }
}

/// The keys of one service provider at one moment.
#[derive(Clone, Debug)]
pub struct SamlKeys {
    /// It signs.
    pub current: Arc<CertifiedKey>,
    /// It will sign when its certificate is pasted.
    pub next: Option<Arc<CertifiedKey>>,
    /// It signed before.
    pub previous: Option<Arc<CertifiedKey>>,
}

impl SamlKeys {
    /// Those that a service provider has already, for whoever only looks; `None` before the first is made.
    ///
    /// # Errors
    /// When stored keys cannot be used.
    pub fn kept(
        state_dir: &Path,
        config: &ServiceProviderConfig,
    ) -> Result<Option<Self>, KeyringError> {
        match &config.signing {
            Signing::Files(pair) => Ok(Some(only(Arc::clone(pair)))),
            Signing::Made => {
                let file = SamlKeyFile::new(state_dir, &config.id);
                file.load()?.map(|kept| ready(&file, &kept)).transpose()
            }
        }
    }
}

/// The keys of one service provider.
#[derive(Debug)]
pub struct SamlKeyring {
    /// `None` for a pair of files.
    file: Option<SamlKeyFile>,
    clock: Clock,
    keys: ArcSwap<SamlKeys>,
    one_change_at_a_time: Mutex<()>,
}

/// How the keys are to change.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Make the next key, unless there is one. The current one signs on.
    MakeNext,
    /// The next key signs, and the current one becomes the previous one.
    Switch,
    /// The previous key signs, and the current one becomes the previous one.
    Undo,
}

/// Why keys do not change.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// They are files of the operator's.
    #[error(
        "its key is the one in signing_key_file: make another pair, paste its certificate, and at that \
         moment put both files in the place of the old ones at each gate and reload"
    )]
    Files,
    /// There is no next key.
    #[error("there is no next key: run `jsm-gate saml rotate` first, and paste what it prints")]
    NoNext,
    /// There is no previous key.
    #[error("there is no previous key")]
    NoPrevious,
    /// The file cannot be used.
    #[error(transparent)]
    Unusable(#[from] KeyringError),
}

impl SamlKeyring {
    /// Opens the keys of a service provider; see [`SamlKeyrings::open`].
    ///
    /// # Errors
    /// When stored keys cannot be used, or a key cannot be stored.
    pub fn open(
        state_dir: &Path,
        config: &ServiceProviderConfig,
        clock: Clock,
    ) -> Result<Self, KeyringError> {
        let (file, keys) = match &config.signing {
            Signing::Files(pair) => (None, only(Arc::clone(pair))),
            Signing::Made => {
                let file = SamlKeyFile::new(state_dir, &config.id);
                let kept = load_or_make(&file, &clock)?;
                let keys = ready(&file, &kept)?;
                (Some(file), keys)
            }
        };
        let keys = ArcSwap::from_pointee(keys);
        Ok(Self { file, clock, keys, one_change_at_a_time: Mutex::default() })
    }

    /// The keys at this moment.
    #[must_use]
    pub fn keys(&self) -> Arc<SamlKeys> {
        self.keys.load_full()
    }

    /// Changes the keys, in the file first: a key that a restart would lose never signs. Making one takes
    /// about a second.
    ///
    /// # Errors
    /// When there is no such key, or it cannot be stored. Nothing has changed then.
    pub fn change(&self, change: Change) -> Result<Arc<SamlKeys>, ChangeError> {
        let file = self.file.as_ref().ok_or(ChangeError::Files)?;
        let _alone = self.one_change_at_a_time.lock();
        // A command may have changed it while no gate ran.
        let kept = load_or_make(file, &self.clock)?;
        let changed = match change {
            Change::MakeNext if kept.next.is_some() => kept,
            Change::MakeNext => {
                let next = file.make(self.clock.unix_seconds())?;
                Kept { next: Some(next), ..kept }
            }
            Change::Switch => {
                let next = kept.next.ok_or(ChangeError::NoNext)?;
                Kept { current: next, next: None, previous: Some(kept.current) }
            }
            Change::Undo => {
                let previous = kept.previous.ok_or(ChangeError::NoPrevious)?;
                Kept { current: previous, next: kept.next, previous: Some(kept.current) }
            }
        };
        let keys = Arc::new(ready(file, &changed)?);
        file.save(&changed)?;
        self.keys.store(Arc::clone(&keys));
        Ok(keys)
    }
}

/// Whether to tell once more, with so many whole days left.
fn is_due(days: u64) -> bool {
    let [.., last] = PASTED_CERTIFICATE_DAYS;
    days < last || PASTED_CERTIFICATE_DAYS.contains(&(days + 1))
}

fn only(current: Arc<CertifiedKey>) -> SamlKeys {
    SamlKeys { current, next: None, previous: None }
}

fn load_or_make(file: &SamlKeyFile, clock: &Clock) -> Result<Kept, KeyringError> {
    if let Some(kept) = file.load()? {
        return Ok(kept);
    }
    let kept = Kept { current: file.make(clock.unix_seconds())?, next: None, previous: None };
    file.save(&kept)?;
    Ok(kept)
}

fn ready(file: &SamlKeyFile, kept: &Kept) -> Result<SamlKeys, KeyringError> {
    let read = |key: &Option<_>| key.as_ref().map(|key| file.read(key)).transpose();
    Ok(SamlKeys {
        current: file.read(&kept.current)?,
        next: read(&kept.next)?,
        previous: read(&kept.previous)?,
    })
}
