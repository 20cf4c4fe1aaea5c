//! The authorization request: the address a browser is sent to, and the secrets its answer will be
//! held against. Knows nothing of the browser.

use openidconnect::core::{CoreAuthenticationFlow, CoreResponseType};
use openidconnect::{AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, Scope};

use super::discovery::Discovered;

/// Added by the library.
const OPENID: &str = "openid";

/// A fresh request.
pub(super) struct Request {
    pub(super) location: String,
    /// State, nonce and PKCE verifier: 128, 128 and 256 random bits.
    pub(super) secrets: [String; 3],
}

impl Request {
    /// The code flow with `state`, `nonce` and PKCE S256, always (RFC 9700 section 2.1.1). Nothing
    /// a customer sent becomes a parameter (threats.md D15).
    pub(super) fn new(discovered: &Discovered, scopes: &[String]) -> Self {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow: CoreAuthenticationFlow =
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let scopes = scopes.iter().filter(|scope| *scope != OPENID).cloned().map(Scope::new);
        let (url, state, nonce) = discovered
            .client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .set_pkce_challenge(challenge)
            .add_scopes(scopes)
            .url();
        let secrets = [state.into_secret(), nonce.secret().clone(), verifier.into_secret()];
        Self { location: url.into(), secrets }
    }
}
