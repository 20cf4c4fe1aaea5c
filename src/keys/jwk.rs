//! The public half of a P-256 key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2). Must not know
//! the private half.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A point on P-256, both coordinates in base64url.
pub(super) struct PublicPoint {
    x: String,
    y: String,
}

impl PublicPoint {
    /// Reads an uncompressed point: a 4, then both coordinates (SEC 1, 2.3.3).
    pub(super) fn from_uncompressed(bytes: &[u8]) -> Option<Self> {
        let (x, y) = bytes.strip_prefix(&[4])?.split_at_checked(32)?;
        Some(Self { x: BASE64_URL_SAFE_NO_PAD.encode(x), y: BASE64_URL_SAFE_NO_PAD.encode(y) })
    }

    /// The key's thumbprint, which is its `kid` (RFC 7638): each key has one, which never changes,
    /// and no two keys share it.
    pub(super) fn thumbprint(&self) -> String {
        let Self { x, y } = self;
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(members))
    }

    /// The key as it is published.
    pub(super) fn to_jwk(&self, id: &str) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "x": self.x, "y": self.y,
            "alg": "ES256", "use": "sig", "kid": id,
        })
    }
}
