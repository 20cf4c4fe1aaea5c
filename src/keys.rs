//! Signing keys: read or made, their public halves as JWKs (RFC 7517), compact JWS (RFC 7515), and the
//! rotation of the keys that the gate publishes. Must not know what is signed.

pub mod compact;
mod file;
mod jwk;
mod keyring;
mod published;
mod signing_key;

pub use file::KeyringError;
pub use keyring::Keyring;
pub use published::PublishedKey;
pub use signing_key::SigningKey;
