//! Signs what others keep, so that the gate knows it again as its own. Must not know what it is.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

/// Signs with the first secret and knows what any of them signed, so that secrets can be rotated
/// (HMAC-SHA256, RFC 2104). A key is derived for each purpose (RFC 5869): what is signed for one proves
/// nothing for another.
pub struct Signatures(Vec<hmac::Key>);

impl Signatures {
    /// Signatures for one purpose. Without any secret nothing is signed and nothing is known.
    #[must_use]
    pub fn new(secrets: &[SecretString], purpose: &'static str) -> Self {
        let key = |secret: &SecretString| {
            let salt = Salt::new(HKDF_SHA256, b"jsm-gate signatures");
            let master = salt.extract(secret.expose_secret().as_bytes());
            Some(hmac::Key::from(master.expand(&[purpose.as_bytes()], hmac::HMAC_SHA256).ok()?))
        };
        Self(secrets.iter().filter_map(key).collect())
    }

    /// The signature of a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<String> {
        let tag = hmac::sign(self.0.first()?, message);
        Some(BASE64_URL_SAFE_NO_PAD.encode(tag.as_ref()))
    }

    /// Whether one of the secrets signed a message.
    #[must_use]
    pub fn know(&self, message: &[u8], signature: &str) -> bool {
        let Ok(tag) = BASE64_URL_SAFE_NO_PAD.decode(signature) else { return false };
        self.0.iter().any(|key| hmac::verify(key, message, &tag).is_ok())
    }
}

impl fmt::Debug for Signatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signatures").field("keys", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signatures(secrets: &[&str], purpose: &'static str) -> Signatures {
        let secrets: Vec<_> = secrets.iter().map(|it| SecretString::from(it.repeat(32))).collect();
        Signatures::new(&secrets, purpose)
    }

    #[test]
    fn what_was_signed_is_known_again_after_a_change_of_secrets() {
        let signed = signatures(&["a"], "x").sign(b"text").unwrap();
        assert!(signatures(&["b", "a"], "x").know(b"text", &signed));
        assert!(!signatures(&["b"], "x").know(b"text", &signed));
    }

    #[test]
    fn p18_nothing_else_is_known() {
        let signed = signatures(&["a"], "x").sign(b"text").unwrap();
        assert!(!signatures(&["a"], "x").know(b"other", &signed));
        assert!(!signatures(&["a"], "y").know(b"text", &signed));
        for made_up in ["", "x", "%", &signed[1..], &format!("{signed}A")] {
            assert!(!signatures(&["a"], "x").know(b"text", made_up), "{made_up}");
        }
        assert_eq!(signatures(&[], "x").sign(b"text"), None);
    }
}
