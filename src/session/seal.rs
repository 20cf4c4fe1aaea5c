//! Seals values for cookies, so that only the gate can make and read them. Must not know what they mean.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cookie::{Cookie, CookieJar, Key};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

/// Seals with the first key and opens with any key, so that keys can be rotated with an overlap.
///
/// AES-256-GCM with a fresh nonce; the cookie's name is authenticated with the value, so that a
/// value sealed for one purpose opens for no other (docs/security.md C3, C4, C11).
pub struct Sealer {
    keys: Vec<Key>,
}

impl Sealer {
    /// Derives one key from each secret. It skips secrets under 32 bytes, which the configuration refuses
    /// already. Without any key nothing is sealed and nothing opens.
    #[must_use]
    pub fn new(secrets: &[SecretString]) -> Self {
        let long_enough = |secret: &&SecretString| secret.expose_secret().len() >= 32;
        let derive = |secret: &SecretString| Key::derive_from(secret.expose_secret().as_bytes());
        Self { keys: secrets.iter().filter(long_enough).map(derive).collect() }
    }

    /// Seals a value under a cookie's name.
    #[must_use]
    pub fn seal(&self, name: &str, value: &str) -> Option<String> {
        let mut jar = CookieJar::new();
        jar.private_mut(self.keys.first()?).add(Cookie::new(name.to_owned(), value.to_owned()));
        jar.get(name).map(|cookie| cookie.value().to_owned())
    }

    /// Opens what was sealed under the same name with any of the keys; `None` for everything else.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str) -> Option<String> {
        let cookie = Cookie::new(name.to_owned(), sealed.to_owned());
        self.keys.iter().find_map(|key| {
            let opened = CookieJar::new().private(key).decrypt(cookie.clone())?;
            Some(opened.value().to_owned())
        })
    }
}

/// A digest to seal in the place of a long text: half of its SHA-256, because a cookie or an address has little
/// room. 132 bits, in 22 characters of Base64 for addresses.
#[must_use]
pub fn short_digest(text: &str) -> String {
    let mut digest = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text));
    digest.truncate(22);
    digest
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("keys", &self.keys.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(secrets: &[&str]) -> Sealer {
        let secrets: Vec<_> = secrets.iter().map(|s| SecretString::from(s.repeat(32))).collect();
        Sealer::new(&secrets)
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let keys = sealer(&["a"]);
        let sealed = keys.seal("login", "verifier").unwrap();
        assert_eq!(keys.open("login", &sealed).as_deref(), Some("verifier"));
    }

    #[test]
    fn c3_the_same_value_never_seals_alike_and_every_flipped_bit_is_refused() {
        let keys = sealer(&["a"]);
        let sealed = keys.seal("login", "verifier").unwrap();
        assert_ne!(keys.seal("login", "verifier").unwrap(), sealed);
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let flipped = String::from_utf8(bytes).unwrap();
            assert_eq!(keys.open("login", &flipped), None, "at {at}");
        }
    }

    #[test]
    fn c11_a_value_opens_only_under_the_name_it_was_sealed_for() {
        let keys = sealer(&["a"]);
        let sealed = keys.seal("login", "verifier").unwrap();
        assert_eq!(keys.open("session", &sealed), None);
    }

    #[test]
    fn a_rotated_key_still_opens_and_a_removed_one_no_longer_does() {
        let sealed = sealer(&["a"]).seal("login", "verifier").unwrap();
        assert_eq!(sealer(&["b", "a"]).open("login", &sealed).as_deref(), Some("verifier"));
        assert_eq!(sealer(&["b"]).open("login", &sealed), None);
    }

    #[test]
    fn c1_rubbish_is_no_value() {
        for rubbish in ["", "=", "%%%", "AAAA", &"A".repeat(5000), "\u{0}"] {
            assert_eq!(sealer(&["a"]).open("login", rubbish), None);
        }
    }
}
