//! A P-256 key that the gate makes, stores and publishes: it signs the assertion to the upstream
//! (ES256, RFC 7518 section 3.4). Must not know when it is used.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::jwk::PublicPoint;
use super::{SigningKey, compact};

/// A signing key with its `kid` and its public half.
pub struct PublishedKey {
    key: SigningKey,
    /// PKCS #8 in base64, as it is stored.
    stored: SecretString,
    public: PublicPoint,
    id: String,
    /// The header of every token it signs, encoded.
    header: String,
}

impl PublishedKey {
    /// Makes a new key; `None` when the operating system has no randomness to give.
    #[must_use]
    pub fn generate() -> Option<Self> {
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::from_stored(BASE64_STANDARD.encode(document.ok()?).into())
    }

    /// Reads a stored key; `None` when it is not one.
    #[must_use]
    pub fn from_stored(stored: SecretString) -> Option<Self> {
        let document = BASE64_STANDARD.decode(stored.expose_secret()).ok()?;
        let key = SigningKey::from_pkcs8(&document)?;
        let public = PublicPoint::from_uncompressed(key.public_point()?)?;
        let id = public.thumbprint();
        // Common verifiers refuse every type except `JWT`, unless they are configured otherwise.
        let header =
            compact::encode_header(&json!({ "alg": key.algorithm(), "typ": "JWT", "kid": id }));
        Some(Self { key, stored, public, id, header })
    }

    /// The key as it is stored.
    #[must_use]
    pub fn stored(&self) -> &SecretString {
        &self.stored
    }

    /// The key's name, `kid`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half (RFC 7517).
    #[must_use]
    pub fn public(&self) -> Value {
        self.public.to_jwk(&self.id)
    }

    /// Signs a JWT; `None` when the operating system has no randomness to give.
    #[must_use]
    pub fn sign(&self, claims: &[u8]) -> Option<String> {
        compact::sign(&self.header, claims, &self.key)
    }
}

impl fmt::Debug for PublishedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublishedKey").field(&self.id).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_key_is_the_same_key() {
        let key = PublishedKey::generate().unwrap();
        let again = PublishedKey::from_stored(key.stored().clone()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_ne!(PublishedKey::generate().unwrap().id(), key.id());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "AAAA", "not base64"] {
            assert!(PublishedKey::from_stored(text.into()).is_none(), "{text}");
        }
    }

    #[test]
    fn h6_the_private_half_is_never_printed() {
        let key = PublishedKey::generate().unwrap();
        let printed = format!("{key:?} {}", key.public());
        assert!(!printed.contains(key.stored().expose_secret()) && !printed.contains("\"d\""));
    }
}
