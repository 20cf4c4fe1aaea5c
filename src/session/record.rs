//! One login session, the secret that opens it, and the name it is stored under.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::upstream_headers::Slot;
use crate::domain::{Identity, LinkName};

const ID_BYTES: usize = 32;

/// What the browser's cookie holds: 256 random bits. Never stored and never printed.
pub struct SessionId([u8; ID_BYTES]);

impl SessionId {
    /// A new one from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Reads a cookie's value; `None` for anything a gate did not make. The length is looked at
    /// first, so that an oversized value costs nothing (threats.md G8).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; ID_BYTES];
        let fits = text.len() == ID_BYTES.div_ceil(3) * 4 - 1;
        let written =
            fits.then(|| BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok())??;
        (written == ID_BYTES).then_some(Self(bytes))
    }

    /// The cookie's value.
    #[must_use]
    pub fn cookie_value(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The name the record is stored under: who reads the store cannot make the cookie from it.
    #[must_use]
    pub fn key(&self) -> SessionKey {
        SessionKey(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(***)")
    }
}

/// SHA-256 of a [`SessionId`].
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct SessionKey([u8; 32]);

impl fmt::Debug for SessionKey {
    /// The first bytes are enough to tell two sessions apart in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A login: who, since when, and what is needed to end it at the provider.
#[derive(Debug)]
pub struct Session {
    /// Where it is stored.
    pub key: SessionKey,
    /// Who logged in.
    pub identity: Identity,
    /// The provider's ID token: the hint that RP-initiated logout sends back.
    pub id_token: SecretString,
    /// Guards the forms of this session against requests that other sites make (CSRF).
    pub form_token: String,
    /// Unix seconds of the login.
    pub created: u64,
    /// What the upstream is told of it.
    pub upstream_headers: Slot,
    /// Unix seconds of the latest request.
    last_used: AtomicU64,
    /// Portals it has reached.
    opened: Mutex<Vec<LinkName>>,
}

impl Session {
    /// A session that begins at `now` (Unix seconds).
    #[must_use]
    pub fn new(id: &SessionId, identity: Identity, id_token: SecretString, now: u64) -> Self {
        Self {
            key: id.key(),
            identity,
            id_token,
            form_token: BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
            created: now,
            upstream_headers: Slot::default(),
            last_used: AtomicU64::new(now),
            opened: Mutex::default(),
        }
    }

    /// Unix seconds of the latest request.
    #[must_use]
    pub fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Notes that it reached a portal, and tells whether for the first time.
    pub fn opens(&self, link: &LinkName) -> bool {
        let mut opened = self.opened.lock();
        let first = !opened.contains(link);
        if first {
            opened.push(link.clone());
        }
        first
    }

    /// Notes a request at `now` (Unix seconds).
    pub fn touch(&self, now: u64) {
        self.last_used.fetch_max(now, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_cookie() {
        let id = SessionId::random();
        let read = SessionId::parse(&id.cookie_value()).unwrap();
        assert_eq!(read.key(), id.key());
    }

    #[test]
    fn g8_only_what_a_gate_made_is_an_id() {
        let value = SessionId::random().cookie_value();
        let mut flipped = value.clone();
        flipped.replace_range(0..1, "*");
        let long = "A".repeat(1 << 20);
        for text in ["", "*", &value[1..], &flipped, &long, &format!("{value}=")] {
            assert!(SessionId::parse(text).is_none());
        }
    }

    #[test]
    fn an_id_is_never_printed() {
        let id = SessionId::random();
        assert!(!format!("{id:?}").contains(&id.cookie_value()[..6]));
    }
}
