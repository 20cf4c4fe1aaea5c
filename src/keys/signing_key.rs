//! A private key: read once, able to sign, and never printed. Must not know what it signs.

use std::fmt;
use std::sync::Arc;

use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

/// A key on P-256, or an RSA key of 2048 to 4096 bits (RFC 7518 sections 3.3 and 3.4).
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<Pair>,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(rsa::KeyPair),
}

impl SigningKey {
    /// Reads a key from a PEM file, in PKCS #8 or PKCS #1.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn from_pem(pem: &str) -> Result<Self, &'static str> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| "there is no private key in it")?;
        let key = match &der {
            PrivateKeyDer::Pkcs8(der) => Self::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => {
                rsa::KeyPair::from_der(der.secret_pkcs1_der()).ok().map(Pair::Rs256).map(Self::from)
            }
            _ => return Err("it is not in PKCS #8 form; convert it with openssl pkcs8 -topk8"),
        };
        key.ok_or("it is neither a P-256 key nor an RSA key of 2048 to 4096 bits")
    }

    /// Reads a PKCS #8 document; `None` when it holds no key that signs here.
    #[must_use]
    pub fn from_pkcs8(der: &[u8]) -> Option<Self> {
        let on_p256 =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new());
        let rsa = || rsa::KeyPair::from_pkcs8(der).ok().map(Pair::Rs256);
        on_p256.ok().map(Pair::Es256).or_else(rsa).map(Self::from)
    }

    /// A key that nobody knows, in place of one that is not available.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, &'static str> {
        let made =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        made.ok().and_then(|made| Self::from_pkcs8(made.as_ref())).ok_or("there is no randomness")
    }

    /// The signature algorithm's name in JOSE, such as `ES256`.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match *self.pair {
            Pair::Es256(_) => "ES256",
            Pair::Rs256(_) => "RS256",
        }
    }

    /// The public half of a P-256 key as an uncompressed point; `None` for an RSA key.
    pub(super) fn public_point(&self) -> Option<&[u8]> {
        match &*self.pair {
            Pair::Es256(pair) => Some(pair.public_key().as_ref()),
            Pair::Rs256(_) => None,
        }
    }

    /// Signs; `None` when the operating system has no randomness to give.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Es256(pair) => Some(pair.sign(&random, message).ok()?.as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

impl From<Pair> for SigningKey {
    fn from(pair: Pair) -> Self {
        Self { pair: Arc::new(pair) }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.algorithm()).finish()
    }
}

#[cfg(test)]
mod tests {
    use ::rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
    use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384};

    use super::*;

    #[test]
    fn keys_of_both_kinds_sign() {
        let p256 = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
        let p256 = SigningKey::from_pem(&p256).unwrap();
        assert_eq!((p256.algorithm(), p256.sign(b"x").unwrap().len()), ("ES256", 64));
        let rsa = ::rsa::RsaPrivateKey::new(&mut ::rsa::rand_core::OsRng, 2048).unwrap();
        let rsa = SigningKey::from_pem(&rsa.to_pkcs8_pem(LineEnding::LF).unwrap()).unwrap();
        assert_eq!((rsa.algorithm(), rsa.sign(b"x").unwrap().len()), ("RS256", 256));
        assert_eq!(format!("{rsa:?}"), "SigningKey(\"RS256\")");
    }

    #[test]
    fn what_cannot_sign_is_refused_with_its_reason() {
        let p384 = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap().serialize_pem();
        assert!(SigningKey::from_pem(&p384).unwrap_err().contains("P-256"));
        assert!(SigningKey::from_pem("hunter2").unwrap_err().contains("no private key"));
    }
}
