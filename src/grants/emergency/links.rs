//! The links for emergency access that wait to be opened, and the number of sessions that began by
//! one. They are only in memory: a restart revokes every link. Must not decide who may be let in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use parking_lot::{Mutex, MutexGuard};
use sha2::{Digest, Sha256};
use smol_str::ToSmolStr as _;
use subtle::ConstantTimeEq as _;

use crate::audit::Event;
use crate::domain::{Clock, Email, Identity, Proof, ProviderId, Told};

/// How long a link waits to be opened, in seconds: long enough to read it out on the telephone.
const LINK_TIMEOUT: u64 = 15 * 60;

/// How many may be open. More would be a mistake.
const MOST: usize = 32;

/// What a link gives.
#[derive(Clone, Debug)]
pub struct EmergencyAccess {
    /// To whom.
    pub email: Email,
    /// JSM's ids of the service desks it opens.
    pub service_desks: Vec<String>,
    /// The same as links, for people.
    pub links: String,
    /// For how long.
    pub minutes: u64,
    /// Why.
    pub reason: String,
}

impl EmergencyAccess {
    /// An event about it.
    #[must_use]
    pub fn told(&self, event: Event) -> Event {
        let event = event.about_email(&self.email).of_links(self.links.as_str());
        event.for_minutes(self.minutes).because(&self.reason)
    }
}

/// The links that wait to be opened.
#[derive(Debug)]
pub struct EmergencyLinks {
    waiting: Mutex<Vec<Link>>,
    sessions: AtomicUsize,
    clock: Clock,
}

#[derive(Debug)]
struct Link {
    /// SHA-256 of the secret: nothing in the gate's memory opens a link.
    hash: [u8; 32],
    until: u64,
    access: EmergencyAccess,
}

impl EmergencyLinks {
    /// Without any link.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { waiting: Mutex::default(), sessions: AtomicUsize::new(0), clock }
    }

    /// The path that gives `access` once; `None` when too many are open.
    pub fn mint(&self, access: EmergencyAccess) -> Option<String> {
        let key = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        let (hash, until) = (hash(&key), self.clock.unix_seconds() + LINK_TIMEOUT);
        let mut waiting = self.waiting();
        if waiting.len() >= MOST {
            return None;
        }
        waiting.push(Link { hash, until, access });
        Some(format!("/_gate/emergency?key={key}"))
    }

    /// What a link gives.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<EmergencyAccess> {
        let hash = hash(key);
        self.waiting().iter().find(|link| link.is(&hash)).map(|link| link.access.clone())
    }

    /// The same, and uses the link up.
    pub fn take(&self, key: &str) -> Option<EmergencyAccess> {
        let (mut waiting, hash) = (self.waiting(), hash(key));
        let at = waiting.iter().position(|link| link.is(&hash))?;
        Some(waiting.swap_remove(at).access)
    }

    /// Revokes all links, and returns what they would have given.
    pub fn take_all(&self) -> Vec<EmergencyAccess> {
        self.waiting().drain(..).map(|link| link.access).collect()
    }

    /// How many links may be opened and sessions that began by one are live.
    #[must_use]
    pub fn open(&self) -> usize {
        self.waiting().len() + self.sessions.load(Ordering::Relaxed)
    }

    /// The identity of the person who opens a link now.
    #[must_use]
    pub fn identity(&self, access: &EmergencyAccess) -> Identity {
        let until = self.clock.unix_seconds() + access.minutes * 60;
        Identity {
            provider: ProviderId::emergency(),
            subject: access.email.to_smolstr(),
            email: Told::Known(access.email.clone()),
            name: None,
            first_name: None,
            last_name: None,
            groups: Told::Absent,
            attributes: BTreeMap::new(),
            proof: Proof::Emergency { service_desks: access.service_desks.clone(), until },
        }
    }

    /// Counts a session as open until the returned value is dropped.
    #[must_use]
    pub fn opened(self: &Arc<Self>) -> OpenSession {
        self.sessions.fetch_add(1, Ordering::Relaxed);
        OpenSession(Arc::clone(self))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Link>> {
        let now = self.clock.unix_seconds();
        let mut waiting = self.waiting.lock();
        waiting.retain(|link| link.until > now);
        waiting
    }
}

impl Link {
    fn is(&self, hash: &[u8; 32]) -> bool {
        self.hash.ct_eq(hash).into()
    }
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// A session that counts as open.
#[derive(Debug)]
pub struct OpenSession(Arc<EmergencyLinks>);

impl OpenSession {
    /// Whether the time of an identity has passed.
    #[must_use]
    pub fn is_due(&self, identity: &Identity) -> bool {
        let now = self.0.clock.unix_seconds();
        identity.until().is_some_and(|until| now >= until)
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.0.sessions.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    fn links() -> (EmergencyLinks, Arc<AtomicU64>) {
        let (clock, now) = Clock::stopped_at(1_800_000_000);
        (EmergencyLinks::new(clock), now)
    }

    fn mint(links: &EmergencyLinks) -> Option<String> {
        let path = links.mint(EmergencyAccess {
            email: Email::parse("ann@example.com").unwrap(),
            service_desks: vec!["1".to_owned()],
            links: "it".to_owned(),
            minutes: 30,
            reason: "the provider is down".to_owned(),
        })?;
        Some(path.split_once("key=").unwrap().1.to_owned())
    }

    #[test]
    fn a_link_opens_once() {
        let (links, _) = links();
        let key = mint(&links).unwrap();
        assert_eq!((key.len(), links.open()), (43, 1));
        assert!(links.find(&key).is_some() && links.find("").is_none());
        assert!(links.take(&key[1..]).is_none() && links.take(&key).is_some());
        assert!(links.take(&key).is_none() && links.find(&key).is_none());
        assert_eq!(links.open(), 0);
    }

    #[test]
    fn a_link_waits_for_a_quarter_of_an_hour() {
        let (links, now) = links();
        let key = mint(&links).unwrap();
        now.fetch_add(LINK_TIMEOUT - 1, Ordering::SeqCst);
        assert!(links.find(&key).is_some());
        now.fetch_add(1, Ordering::SeqCst);
        assert!(links.take(&key).is_none());
        assert_eq!(links.open(), 0);
    }

    #[test]
    fn there_are_never_many_links() {
        let (links, _) = links();
        assert_eq!((0..MOST + 5).filter_map(|_| mint(&links)).count(), MOST);
        assert_eq!(links.take_all().len(), MOST);
        assert!(mint(&links).is_some());
    }

    #[test]
    fn what_is_in_memory_opens_nothing() {
        let (links, _) = links();
        let key = mint(&links).unwrap();
        assert!(!format!("{links:?}").contains(&key));
    }
}
