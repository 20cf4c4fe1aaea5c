//! Keys: our own with its certificate, and those of service providers. Must not know what is signed.

use std::fmt;

use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, UnparsedPublicKey, VerificationAlgorithm};
use x509_parser::parse_x509_certificate;
use x509_parser::public_key::PublicKey;

/// RSA keys below this size are broken or will be (NIST SP 800-131A).
const MIN_BITS: usize = 2048;

/// An RSA key of 2048 to 4096 bits and the certificate that service providers know it by.
pub struct SigningKey {
    pair: rsa::KeyPair,
    certificate: Vec<u8>,
}

/// The public key of a service provider. Only the key counts: nobody looks at the certificate's dates or
/// issuer, because it was given by hand.
#[derive(Clone, Eq, PartialEq)]
pub struct PeerKey(Vec<u8>);

/// Why a key or certificate is not usable.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// The private key is none, or of another kind.
    #[error("it is not an RSA key of 2048 to 4096 bits in PKCS #8 form")]
    PrivateKey,
    /// The certificate is none.
    #[error("it is not an X.509 certificate")]
    Certificate,
    /// The certificate is of a key of another kind.
    #[error(
        "the certificate is not of an RSA key; SAML signatures of other kinds are not supported"
    )]
    NotRsa,
    /// The certificate is of a small key.
    #[error("the certificate is of an RSA key of {bits} bits; {MIN_BITS} are the least")]
    Small {
        /// The size that it has.
        bits: usize,
    },
    /// The certificate is of another key.
    #[error("the certificate is not of this private key")]
    Mismatch,
}

impl SigningKey {
    /// Takes a private key in PKCS #8 form and its certificate in DER form.
    ///
    /// # Errors
    /// When one of them is not usable, or they do not belong together.
    pub fn new(pkcs8: &[u8], certificate_der: &[u8]) -> Result<Self, KeyError> {
        let pair = rsa::KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::PrivateKey)?;
        let certified = PeerKey::from_certificate_der(certificate_der)?;
        let own: &[u8] = pair.public_key().as_ref();
        if certified.0 != own {
            return Err(KeyError::Mismatch);
        }
        Ok(Self { pair, certificate: certificate_der.to_vec() })
    }

    /// The certificate, in DER form.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// Signs with RSA-SHA256 (PKCS #1 v1.5), which takes about 2 ms with 3072 bits. `None` when it fails,
    /// which ring keeps possible for other ways to sign.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        // The padding has no randomness in it.
        let unused = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &unused, message, &mut signature).ok()?;
        Some(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

impl PeerKey {
    /// Takes the key of a certificate in DER form.
    ///
    /// # Errors
    /// When it is no certificate of an RSA key of at least 2048 bits.
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, KeyError> {
        let (rest, certificate) = parse_x509_certificate(der).map_err(|_| KeyError::Certificate)?;
        if !rest.is_empty() {
            return Err(KeyError::Certificate);
        }
        let key = certificate.public_key();
        match key.parsed() {
            Ok(PublicKey::RSA(rsa)) if rsa.key_size() >= MIN_BITS => {
                Ok(Self(key.subject_public_key.data.to_vec()))
            }
            Ok(PublicKey::RSA(rsa)) => Err(KeyError::Small { bits: rsa.key_size() }),
            Ok(_) => Err(KeyError::NotRsa),
            Err(_) => Err(KeyError::Certificate),
        }
    }

    /// Whether the key made this signature.
    pub(crate) fn verifies(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        UnparsedPublicKey::new(algorithm, &self.0).verify(message, signature).is_ok()
    }
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerKey").finish_non_exhaustive()
    }
}
