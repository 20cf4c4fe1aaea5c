//! Signing keys: read or made, their public halves as JWKs (RFC 7517) or certificates, compact JWS
//! (RFC 7515), and how one key takes the place of another. Must not know what is signed.

mod certified_key;
pub mod compact;
mod file;
mod jwk;
mod kept_file;
mod keyring;
mod published;
mod saml_keys;
mod signing_key;

pub use certified_key::{CertifiedKey, Fingerprint};
pub use kept_file::KeyringError;
pub use keyring::Keyring;
pub use published::PublishedKey;
pub use saml_keys::{Change, ChangeError, SamlKeyring, SamlKeyrings, SamlKeys};
pub use signing_key::SigningKey;
