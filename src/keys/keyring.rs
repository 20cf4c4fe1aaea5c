//! The keys of the assertion over time: which one signs, which are published, and when the next is
//! made. Must not know what is signed.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use serde_json::{Value, json};

use super::PublishedKey;
use super::file::{KeyFile, Scheduled};
use super::kept_file::KeyringError;
use crate::domain::Clock;

/// How long a key is published before it signs and after it last signed, in seconds. So a verifier
/// that caches the key set has the key in time (docs/security.md D10).
const OVERLAP: u64 = 24 * 60 * 60;

/// How often it is checked whether a key is due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait after a key could not be stored.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// All keys in use. One of them always signs.
pub struct Keyring {
    file: KeyFile,
    clock: Clock,
    /// How long a key signs, in seconds.
    rotate: u64,
    keys: ArcSwap<Keys>,
}

/// The oldest comes first. There is at least one.
type Keys = Vec<Scheduled>;

impl Keyring {
    /// Opens the keys in `state_dir`, or makes and stores the first one. Each signs for `rotate`.
    ///
    /// # Errors
    /// When the stored keys cannot be used, or a key cannot be stored.
    pub fn open(state_dir: &Path, rotate: Duration, clock: Clock) -> Result<Self, KeyringError> {
        let file = KeyFile::new(state_dir);
        let keys = match file.load()? {
            Some(keys) => keys,
            None => generate_and_store(&file, clock.unix_seconds())?,
        };
        let keyring =
            Self { file, clock, rotate: rotate.as_secs(), keys: ArcSwap::from_pointee(keys) };
        keyring.maintain()?;
        Ok(keyring)
    }

    /// The keys that verify assertions, as a JWK set (RFC 7517 section 5).
    #[must_use]
    pub fn public(&self) -> Value {
        let keys: Vec<_> = self.keys.load().iter().map(|one| one.key.public()).collect();
        json!({ "keys": keys })
    }

    /// Makes and drops keys when they are due, for ever.
    pub async fn keep_rotated(&self) {
        loop {
            let pause = match self.maintain() {
                Ok(()) => LOOK_EVERY,
                Err(error) => {
                    tracing::error!(%error, "the present key of the assertion signs on");
                    TRY_AGAIN
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// The key that signs now: the latest whose time has come.
    #[must_use]
    pub fn signing(&self) -> Option<Arc<PublishedKey>> {
        let now = self.clock.unix_seconds();
        let keys = self.keys.load();
        let due = keys.iter().rfind(|one| one.signs_from <= now);
        // Before the time of all keys the clock was set back. Every verifier knows the oldest key.
        due.or_else(|| keys.first()).map(|one| Arc::clone(&one.key))
    }

    /// Stores a key before it publishes it: a key that a restart would lose never signs.
    fn maintain(&self) -> Result<(), KeyringError> {
        let keys = self.keys.load_full();
        let now = self.clock.unix_seconds();
        let mut kept = without_retired(&keys, now);
        if let Some(signs_from) = next_is_due(&keys, now, self.rotate) {
            kept.push(Scheduled { key: generate(&self.file)?, signs_from });
        } else if kept.len() == keys.len() {
            return Ok(());
        }
        self.file.save(&kept)?;
        let ids: Vec<_> = kept.iter().map(|one| one.key.id()).collect();
        tracing::info!(keys = ids.join(","), "the keys of the assertion have changed");
        self.keys.store(Arc::new(kept));
        Ok(())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keyring").field(&self.keys.load()).finish()
    }
}

fn generate_and_store(file: &KeyFile, now: u64) -> Result<Keys, KeyringError> {
    let keys = vec![Scheduled { key: generate(file)?, signs_from: now }];
    file.save(&keys)?;
    Ok(keys)
}

fn generate(file: &KeyFile) -> Result<Arc<PublishedKey>, KeyringError> {
    PublishedKey::generate().map(Arc::new).ok_or_else(|| file.no_randomness())
}

/// The time from which a new key signs, if one is due to be published.
fn next_is_due(keys: &[Scheduled], now: u64, rotate: u64) -> Option<u64> {
    let ends = keys.last()?.signs_from.saturating_add(rotate);
    // After a long stop the old key signs until verifiers know the new one.
    (now.saturating_add(OVERLAP) >= ends).then(|| ends.max(now.saturating_add(OVERLAP)))
}

/// A key is retired when its successor has signed for the overlap, which is much longer than an
/// assertion is valid.
fn without_retired(keys: &[Scheduled], now: u64) -> Keys {
    let retired = |successor: &&Scheduled| successor.signs_from.saturating_add(OVERLAP) <= now;
    let gone = keys.iter().skip(1).take_while(retired).count();
    keys.iter().skip(gone).cloned().collect()
}

#[cfg(test)]
mod tests;
