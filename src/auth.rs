//! Login through OpenID Connect providers: who somebody is, proven, and nothing about what they
//! may do. Knows no server, no pages and no JSM; it is handed headers and gives back addresses,
//! cookies and an identity.

mod authorization;
mod callback;
mod check;
mod claims;
mod discovery;
mod error;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod id_token;
mod pending;
mod provider;
mod return_to;
pub mod rounds;
pub mod signals;
mod token;
mod user_info;

use std::sync::Arc;

use ::http::{HeaderMap, HeaderValue};
use futures_util::future::join_all;
use secrecy::{ExposeSecret, SecretString};

pub use error::{Expiry, LoginError, LoopCause, SetupError, TokenFault};
pub use provider::Provider;
pub use return_to::ReturnTo;

use self::callback::{Callback, Outcome};
use self::discovery::Discovered;
use self::pending::{Pending, PendingLogins};
use self::rounds::Rounds;
use crate::config::{LimitsConfig, ProviderConfig};
use crate::domain::{Clock, Finding, Identity, ProviderId, PublicUrl};
use crate::session::Sealer;

/// What an [`Authenticator`] is made of.
#[derive(Debug)]
pub struct Settings<'a> {
    /// The providers to log in at.
    pub providers: &'a [ProviderConfig],
    /// Where customers reach the gate; callback and logout addresses derive from it.
    pub public_url: &'a PublicUrl,
    /// Number and age of pending logins.
    pub limits: &'a LimitsConfig,
    /// Seals the cookies of pending logins.
    pub sealer: Arc<Sealer>,
    /// For every expiry.
    pub clock: Clock,
}

/// Logs people in. Holds no state of anybody; share it behind an `Arc`.
#[derive(Debug)]
pub struct Authenticator {
    providers: Vec<Provider>,
    pending: PendingLogins,
    public_url: PublicUrl,
    sealer: Arc<Sealer>,
    clock: Clock,
}

/// A login that may start: send the browser there, with these cookies.
#[derive(Clone, Debug)]
pub struct LoginStart {
    /// The provider's address, for `Location`.
    pub location: String,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

/// A login that succeeded.
#[derive(Clone, Debug)]
pub struct LoginDone {
    /// Who it is.
    pub identity: Identity,
    /// The proof, to be given back at logout.
    pub id_token: SecretString,
    /// Where the customer wanted to go.
    pub return_to: ReturnTo,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

/// A login that did not succeed.
#[derive(Clone, Debug)]
pub struct LoginRefused {
    /// Why.
    pub error: LoginError,
    /// Where the customer wanted to go, for a link that starts again; unknown without a pending
    /// login.
    pub return_to: Option<ReturnTo>,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

impl Authenticator {
    /// Makes one. Asks nothing of the network: the providers may be away.
    pub fn new(settings: Settings<'_>) -> Result<Self, SetupError> {
        let Settings { providers, public_url, limits, sealer, clock } = settings;
        let provider = |config| Provider::new(config, public_url, clock.clone());
        let providers = providers.iter().map(provider).collect::<Result<_, _>>()?;
        let pending =
            PendingLogins::new(public_url.clone(), *limits, Arc::clone(&sealer), clock.clone());
        Ok(Self { providers, pending, public_url: public_url.clone(), sealer, clock })
    }

    /// Reads discovery and keys of all providers now and for ever after; never returns. Until a
    /// provider has answered, nobody can log in there.
    pub async fn keep_fresh(&self) {
        join_all(self.providers.iter().map(Provider::keep_fresh)).await;
    }

    /// All providers, in the order of the configuration.
    #[must_use]
    pub fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// One provider.
    #[must_use]
    pub fn provider(&self, id: &ProviderId) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id() == id)
    }

    /// Starts a login for a browser without a valid session.
    pub fn begin(
        &self,
        provider: &ProviderId,
        return_to: &ReturnTo,
        headers: &HeaderMap,
    ) -> Result<LoginStart, LoginError> {
        let provider = self.known(provider)?;
        if let Some(cause) = self.rounds(headers).cause(headers, &self.public_url) {
            return Err(LoginError::Loop { cause });
        }
        let request = authorization::Request::new(&*provider.usable()?, &provider.config.scopes);
        let pending = self.pending.start(provider.id(), return_to, request.secrets);
        let set_cookies = self.pending.add(headers, &pending).ok_or(LoginError::CookieFailed)?;
        Ok(LoginStart { location: request.location, set_cookies })
    }

    /// Ends a login with the provider's answer, which is the query of the callback address.
    pub async fn finish(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<LoginDone, LoginRefused> {
        let (callback, pending) = self
            .answered(provider, query, headers)
            .map_err(|error| LoginRefused { error, return_to: None, set_cookies: Vec::new() })?;
        let ended: Vec<_> = self.pending.clear(&callback.state).into_iter().collect();
        let return_to = pending.return_to();
        match self.prove(provider, callback, &pending).await {
            Ok((identity, id_token)) => {
                let rounds = self.rounds(headers).completed(&self.public_url, &self.sealer);
                let set_cookies = ended.into_iter().chain(rounds).collect();
                Ok(LoginDone { identity, id_token, return_to, set_cookies })
            }
            // The same answer may still do when the provider is back, so the login stays pending.
            Err(error @ LoginError::ProviderUnreachable { .. }) => {
                Err(LoginRefused { error, return_to: Some(return_to), set_cookies: Vec::new() })
            }
            Err(error) => {
                Err(LoginRefused { error, return_to: Some(return_to), set_cookies: ended })
            }
        }
    }

    /// Where to send the browser to end the provider's own session (RP-initiated logout 1.0); none
    /// for a provider without such an address, or one that is away.
    #[must_use]
    pub fn end_session_address(
        &self,
        provider: &ProviderId,
        id_token: &SecretString,
        state: Option<&str>,
    ) -> Option<String> {
        let provider = self.provider(provider)?;
        let discovered = provider.discovered()?;
        let mut url = discovered.metadata.additional_metadata().end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("id_token_hint", id_token.expose_secret())
            .append_pair("client_id", &provider.config.client_id)
            .append_pair("post_logout_redirect_uri", &logged_out(&self.public_url))
            .extend_pairs(state.map(|state| ("state", state)));
        Some(url.into())
    }

    /// How often this browser logged in within the last minute.
    #[must_use]
    pub fn rounds(&self, headers: &HeaderMap) -> Rounds {
        Rounds::read(headers, &self.public_url, &self.sealer, &self.clock)
    }

    /// A `Set-Cookie` value that forgets how often this browser logged in of late.
    #[must_use]
    pub fn forget_rounds(&self) -> Option<HeaderValue> {
        Rounds::forget(&self.public_url)
    }

    /// Looks at a provider as `jsm-gate check` does: what works, what does not, and what to do.
    pub async fn check(
        config: &ProviderConfig,
        public_url: &PublicUrl,
        clock: &Clock,
    ) -> Vec<Finding> {
        check::run(config, public_url, clock).await
    }

    fn known(&self, id: &ProviderId) -> Result<&Provider, LoginError> {
        self.provider(id).ok_or_else(|| LoginError::UnknownProvider(id.clone()))
    }

    /// The answer, and the login of this browser at this provider that it belongs to.
    fn answered(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<(Callback, Pending), LoginError> {
        self.known(provider)?;
        let callback = Callback::parse(query)?;
        let pending = self.pending.find(headers, &callback.state).map_err(LoginError::Expired)?;
        // An answer at another provider's address is a mix-up (RFC 9700 section 4.4; D3).
        if pending.provider != *provider {
            return Err(LoginError::IssuerMismatch);
        }
        Ok((callback, pending))
    }

    /// Turns the answer into a proven identity.
    async fn prove(
        &self,
        provider: &ProviderId,
        callback: Callback,
        pending: &Pending,
    ) -> Result<(Identity, SecretString), LoginError> {
        let provider = self.known(provider)?;
        let discovered = provider.usable()?;
        check_issuer(callback.issuer.as_deref(), &discovered)?;
        let code = match callback.outcome {
            Outcome::Code(code) => code,
            Outcome::Refused { error, description } => {
                return Err(LoginError::ProviderRefused { error, description });
            }
        };
        token::redeem(provider, &discovered, code, pending, &self.clock).await
    }
}

/// RFC 9207 section 2.4: `iss` must be there when announced, and right whenever it is there.
fn check_issuer(issuer: Option<&str>, discovered: &Discovered) -> Result<(), LoginError> {
    let metadata = &discovered.metadata;
    let announced = metadata.additional_metadata().authorization_response_iss_parameter_supported;
    let right = issuer.map_or(!announced, |issuer| issuer == metadata.issuer().as_str());
    right.then_some(()).ok_or(LoginError::IssuerMismatch)
}

/// Where providers send browsers after logout.
fn logged_out(public_url: &PublicUrl) -> String {
    public_url.join("/_gate/logged-out")
}
