//! The session id in a browser's cookie: one half finds the record, the other half opens it. Must not
//! know what a record holds.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

/// 192 bits: base64 writes them without padding.
const HALF_BYTES: usize = 24;
const HALF_TEXT: usize = HALF_BYTES / 3 * 4;

/// What the browser's cookie holds: `name.secret`. The record is found by a hash of the name and
/// opened with the secret. Neither is ever stored or printed.
pub struct SessionId {
    name: [u8; HALF_BYTES],
    secret: [u8; HALF_BYTES],
}

impl SessionId {
    /// A new one from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        Self { name: rand::random(), secret: rand::random() }
    }

    /// Reads a cookie's value; `None` for anything a gate did not make. The length is looked at
    /// first, so that an oversized value costs nothing (docs/security.md G8).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != HALF_TEXT + 1 + HALF_TEXT {
            return None;
        }
        let (name, secret) = text.split_once('.')?;
        Some(Self { name: half(name)?, secret: half(secret)? })
    }

    /// The cookie's value.
    #[must_use]
    pub fn cookie_value(&self) -> String {
        let [name, secret] = [self.name, self.secret].map(|it| BASE64_URL_SAFE_NO_PAD.encode(it));
        format!("{name}.{secret}")
    }

    /// What finds and opens the record. The cookie cannot be made from it: the key is a hash.
    #[must_use]
    pub fn credential(&self) -> SessionCredential {
        SessionCredential { key: SessionKey(Sha256::digest(self.name).into()), secret: self.secret }
    }
}

fn half(text: &str) -> Option<[u8; HALF_BYTES]> {
    let mut bytes = [0; HALF_BYTES];
    let written = BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (written == HALF_BYTES).then_some(bytes)
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(***)")
    }
}

/// What a session cookie gives: the key under which the record is stored, and the secret that opens it.
#[derive(Clone)]
pub struct SessionCredential {
    /// Where it is stored.
    pub key: SessionKey,
    secret: [u8; HALF_BYTES],
}

impl SessionCredential {
    /// The secret of another cookie with this key.
    #[cfg(test)]
    pub(super) fn of(key: SessionKey, other: &Self) -> Self {
        Self { key, secret: other.secret }
    }

    /// The half that only the browser holds. Keys are derived from it.
    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// Whether both halves are equal, in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.key == other.key && self.secret.ct_eq(&other.secret).into()
    }
}

impl fmt::Debug for SessionCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionCredential({:?}, ***)", self.key)
    }
}

/// SHA-256 of the first half of a [`SessionId`].
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// The bytes that a store writes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key that a store wrote.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SessionKey {
    /// The first bytes are enough to tell two sessions apart in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_cookie() {
        let id = SessionId::random();
        let read = SessionId::parse(&id.cookie_value()).unwrap();
        assert!(read.credential().matches(&id.credential()));
    }

    #[test]
    fn another_secret_with_the_same_name_is_another_id() {
        let id = SessionId::random();
        let forged = SessionId { name: id.name, secret: [0; HALF_BYTES] };
        assert_eq!(forged.credential().key, id.credential().key);
        assert!(!forged.credential().matches(&id.credential()));
    }

    #[test]
    fn g8_only_what_a_gate_made_is_an_id() {
        let value = SessionId::random().cookie_value();
        let mut flipped = value.clone();
        flipped.replace_range(0..1, "*");
        let shifted = format!("A{}.{}", &value[..31], &value[32..64]).replace("..", ".");
        let long = "A".repeat(1 << 20);
        let rubbish = ["", "*", ".", &value[1..], &value[33..], &flipped, &shifted[1..], &long];
        for text in rubbish.into_iter().chain([format!("{value}=").as_str()]) {
            assert!(SessionId::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_id_is_never_printed() {
        let id = SessionId::random();
        let printed = format!("{id:?} {:?}", id.credential());
        for half in id.cookie_value().split('.') {
            assert!(!printed.contains(&half[..6]));
        }
    }
}
