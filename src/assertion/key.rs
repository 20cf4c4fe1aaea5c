//! One signing key: ES256 (RFC 7518 section 3.4), its public half as others verify with it, and its
//! name. Knows nothing of when it is used.

use std::fmt;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use ring::error::Unspecified;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key on P-256.
pub(super) struct SigningKey {
    pair: EcdsaKeyPair,
    /// PKCS #8, in base64: to be stored again.
    stored: SecretString,
    x: String,
    y: String,
    id: String,
    /// The head of every token it signs, encoded.
    head: String,
    random: SystemRandom,
}

impl SigningKey {
    /// A new one from the operating system's random source.
    pub(super) fn generate() -> Option<Self> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::from_stored(BASE64_STANDARD.encode(document.ok()?).into())
    }

    /// One that was stored; `None` when it is no such key.
    pub(super) fn from_stored(stored: SecretString) -> Option<Self> {
        let random = SystemRandom::new();
        let document = BASE64_STANDARD.decode(stored.expose_secret()).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &random);
        let pair = pair.ok()?;
        // Uncompressed: 4, then both coordinates (SEC 1 section 2.3.3).
        let (x, y) = pair.public_key().as_ref().strip_prefix(&[4])?.split_at_checked(32)?;
        let (x, y) = (BASE64_URL_SAFE_NO_PAD.encode(x), BASE64_URL_SAFE_NO_PAD.encode(y));
        let id = thumbprint(&x, &y);
        // `JWT`, because common verifiers refuse every other type unless told otherwise.
        let head = json!({ "alg": "ES256", "typ": "JWT", "kid": id }).to_string();
        let head = BASE64_URL_SAFE_NO_PAD.encode(head);
        Some(Self { pair, stored, x, y, id, head, random })
    }

    /// As it is stored.
    pub(super) fn stored(&self) -> &SecretString {
        &self.stored
    }

    /// Its name, `kid`.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The public half (RFC 7517).
    pub(super) fn public(&self) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y,
            "alg": "ES256", "use": "sig", "kid": self.id,
        })
    }

    /// A JWT in compact form (RFC 7515 section 3.1). About 30 µs.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub(super) fn sign(&self, claims: &[u8]) -> Result<String, Unspecified> {
        let mut token = format!("{}.{}", self.head, BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.pair.sign(&self.random, token.as_bytes())?;
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.id).finish()
    }
}

/// RFC 7638: a name that two keys cannot share and that one key cannot lose.
fn thumbprint(x: &str, y: &str) -> String {
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_key_is_the_same_key() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_stored(key.stored().clone()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_ne!(SigningKey::generate().unwrap().id(), key.id());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "AAAA", "not base64"] {
            assert!(SigningKey::from_stored(text.into()).is_none(), "{text}");
        }
    }

    #[test]
    fn h6_the_private_half_is_never_printed() {
        let key = SigningKey::generate().unwrap();
        let printed = format!("{key:?} {}", key.public());
        assert!(!printed.contains(key.stored().expose_secret()) && !printed.contains("\"d\""));
    }
}
