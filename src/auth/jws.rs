//! A signed token in compact form (RFC 7515): whether the provider signed it. The OpenID Connect
//! library checks the signature. The claims are read here, because the library's types refuse a
//! token for any odd claim, used or not. Must not know what the claims mean.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{
    AccessToken, AccessTokenHash, JsonWebKey as _, JsonWebKeyAlgorithm, JsonWebKeyUse,
    JwsSigningAlgorithm as _,
};
use serde_json::Value;

use super::claims::Claims;
use super::discovery::Discovered;
use super::fault::JwsFault;
use super::provider::{KeysFor, Provider};

/// A token that was taken apart. Nothing in it is believed yet.
pub(super) struct Jws<'t> {
    message: &'t str,
    signature: Vec<u8>,
    header: Claims,
    payload: Claims,
    algorithm: Algorithm,
}

/// A token that the provider signed.
pub(super) struct Proven<'t> {
    /// Its claims.
    pub(super) claims: &'t Claims,
    key: CoreJsonWebKey,
    algorithm: Algorithm,
}

impl Proven<'_> {
    /// What `at_hash` must be for an access token (OpenID Connect Core 1.0 section 3.1.3.6).
    pub(super) fn hash_of(&self, token: &AccessToken) -> Option<AccessTokenHash> {
        AccessTokenHash::from_token(token, &self.algorithm, &self.key).ok()
    }
}

impl<'t> Jws<'t> {
    pub(super) fn parse(token: &'t str) -> Result<Self, JwsFault> {
        Self::read(token).ok_or(JwsFault::Malformed)
    }

    fn read(token: &'t str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // A payload that contains a dot, as with five parts, is no base64url.
        let [header, payload] = [header, payload].map(|part| -> Option<Claims> {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
        });
        let (header, payload) = (header?, payload?);
        let algorithm = serde_json::from_value(header.lookup("alg")?.clone()).ok()?;
        let plain = !header.has("crit") && !header.has("cty");
        plain.then_some(Self { message, signature, header, payload, algorithm })
    }

    /// The type in the header.
    pub(super) fn kind(&self) -> Option<&Value> {
        self.header.lookup("typ")
    }

    /// The claims, before anything is proven.
    pub(super) fn unproven(&self) -> &Claims {
        &self.payload
    }

    /// The claims, if the provider signed the token. If the known keys do not match, its newest
    /// keys are fetched.
    pub(super) async fn proven(
        &self,
        provider: &Provider,
        known: &Arc<Discovered>,
        keys_for: KeysFor,
    ) -> Result<Proven<'_>, JwsFault> {
        match self.proven_by(known) {
            Err(fault) if fault.may_pass() => {
                let newer = provider.newer_keys(known, keys_for).await.ok_or(fault)?;
                self.proven_by(&newer)
            }
            result => result,
        }
    }

    /// Keys come only from the provider's own address. A key in the header, or an address there, is
    /// ignored (docs/security.md D8).
    fn proven_by(&self, discovered: &Discovered) -> Result<Proven<'_>, JwsFault> {
        if !discovered.algorithms.contains(&self.algorithm) {
            return Err(JwsFault::Algorithm);
        }
        let id = self.header.lookup("kid");
        let fits = |key: &&CoreJsonWebKey| {
            let named = key.key_id().map(|id| id.as_str());
            fits(key, &self.algorithm) && id.is_none_or(|id| id.as_str() == named)
        };
        let mut keys = discovered.keys.usable.iter().filter(fits).peekable();
        if keys.peek().is_none() {
            return Err(JwsFault::NoKey);
        }
        let signed = |key: &&CoreJsonWebKey| {
            let message = self.message.as_bytes();
            key.verify_signature(&self.algorithm, message, &self.signature).is_ok()
        };
        let key = keys.find(signed).cloned().ok_or(JwsFault::Signature)?;
        Ok(Proven { claims: &self.payload, key, algorithm: self.algorithm.clone() })
    }
}

/// Whether a key is for such signatures (RFC 7517 sections 4.1, 4.2 and 4.4).
fn fits(key: &CoreJsonWebKey, algorithm: &Algorithm) -> bool {
    let signs = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
    let kind = algorithm.key_type().as_ref() == Some(key.key_type());
    let bound = match key.signing_alg() {
        JsonWebKeyAlgorithm::Unspecified => true,
        JsonWebKeyAlgorithm::Algorithm(only) => only == algorithm,
        JsonWebKeyAlgorithm::Unsupported => false,
    };
    signs && kind && bound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Anybody can post a logout token.
        #[test]
        fn whatever_is_sent_is_read_or_refused(token in r"[\w.=+/%-]{0,80}|.{0,80}") {
            if Jws::parse(&token).is_ok() {
                prop_assert_eq!(token.split('.').count(), 3);
            }
        }

        #[test]
        fn whatever_the_parts_hold_is_read_or_refused(
            header in r#"\{"alg":("ES256"|"none"|1|null|\{\})(,"kid":.{0,8})?\}|.{0,20}"#,
            payload in any::<Vec<u8>>(),
        ) {
            let parts = [header.as_bytes(), &payload, b"s"].map(|part| URL_SAFE_NO_PAD.encode(part));
            let read = Jws::parse(&parts.join(".")).is_ok();
            prop_assert!(!read || serde_json::from_slice::<Value>(&payload).is_ok());
        }
    }
}
