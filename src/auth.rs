//! Login through OpenID Connect providers: who somebody is, proven, and nothing about what they
//! may do. Knows no server, no pages and no JSM; it is handed headers and gives back addresses,
//! cookies and an identity.

mod authorization;
mod callback;
mod check;
mod claims;
mod client_auth;
mod discovery;
mod error;
mod fault;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod id_token;
mod jws;
mod last_provider;
mod login;
mod logout;
mod logout_address;
mod logout_token;
pub mod loop_guard;
mod marks;
mod oauth2;
mod pending;
mod pending_logout;
mod provider;
mod provider_claims;
mod refresh;
mod refusal;
mod replays;
mod return_to;
mod revocation;
mod setup_error;
mod spent;
mod text;
mod token;
mod token_endpoint;
mod tokens;
mod user_info;

use std::sync::Arc;

use ::http::{HeaderMap, HeaderValue};
use futures_util::future::join_all;

pub use error::{Expiry, LoginError, LoopCause, TokenFault};
pub use fault::JwsFault;
pub use login::{LoginDone, LoginRefused, LoginStart, LoginWish, Occasion, Purpose};
pub use logout::{FrontChannel, LoggedOut, LogoutStart};
pub use logout_token::{LogoutFault, LogoutRequest};
pub use provider::Provider;
pub use provider_claims::ProviderClaims;
pub use refusal::{Meaning, Refusal};
pub use return_to::ReturnTo;
pub use setup_error::SetupError;
pub use tokens::Tokens;

use self::callback::{Callback, Outcome};
use self::discovery::Discovered;
use self::loop_guard::LoopGuard;
use self::pending::{Pending, PendingLogins};
use self::replays::Replays;
use self::spent::SpentStates;
use crate::config::{LimitsConfig, ProviderConfig};
use crate::domain::{Clock, Email, Finding, ProviderId, PublicUrl};
use crate::session::{Login, Sealer};

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
    replays: Replays,
    spent: SpentStates,
    public_url: PublicUrl,
    sealer: Arc<Sealer>,
    clock: Clock,
}

impl Authenticator {
    /// Makes one. Asks nothing of the network: the providers may be away.
    pub fn new(settings: Settings<'_>) -> Result<Self, SetupError> {
        let Settings { providers, public_url, limits, sealer, clock } = settings;
        let provider = |config| Provider::new(config, public_url, clock.clone());
        let providers = providers.iter().map(provider).collect::<Result<_, _>>()?;
        let pending =
            PendingLogins::new(public_url.clone(), *limits, Arc::clone(&sealer), clock.clone());
        let (replays, spent) = (Replays::default(), SpentStates::default());
        let public_url = public_url.clone();
        Ok(Self { providers, pending, replays, spent, public_url, sealer, clock })
    }

    /// Takes over what an authenticator of an earlier configuration has found out about the providers
    /// that are still the same.
    pub fn inherit(&self, before: &Self) {
        for provider in &self.providers {
            if let Some(known) = before.provider(provider.id()) {
                provider.inherit(known);
            }
        }
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

    /// The provider whose people have addresses of this domain.
    #[must_use]
    pub fn provider_of(&self, email: &Email) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.is_of(email))
    }

    /// The provider this browser chose last, unless it is gone.
    #[must_use]
    pub fn last_provider(&self, headers: &HeaderMap) -> Option<&Provider> {
        self.provider(&last_provider::read(headers, &self.public_url)?)
    }

    /// Starts a login for a browser without a valid session, or for one that wants another.
    pub async fn begin(
        &self,
        provider: &ProviderId,
        wish: &LoginWish<'_>,
        headers: &HeaderMap,
    ) -> Result<LoginStart, LoginError> {
        let provider = self.known(provider)?;
        let loop_guard = (!wish.replaces_session).then(|| self.loop_guard(headers));
        if let Some(cause) =
            loop_guard.and_then(|loop_guard| loop_guard.cause(headers, &self.public_url))
        {
            return Err(LoginError::Loop { cause });
        }
        let discovered = provider.usable()?;
        let request = authorization::Request::new(provider, &discovered, wish).await?;
        let pending = self.pending.start(provider.id(), wish, request.secrets);
        let set_cookies = self.pending.add(headers, &pending).ok_or(LoginError::CookieFailed)?;
        Ok(LoginStart { location: request.location, set_cookies })
    }

    /// Where the login leads that an answer belongs to, if it is pending in this browser.
    #[must_use]
    pub fn pending_return_to(&self, answer: &str, headers: &HeaderMap) -> Option<ReturnTo> {
        let callback = Callback::parse(Some(answer)).ok()?;
        let pending = self.pending.find(headers, &callback.state).ok()?;
        Some(pending.return_to())
    }

    /// Ends a login with the provider's answer, which is the query of the callback address or the
    /// form that is posted there.
    pub async fn finish(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<LoginDone, LoginRefused> {
        let (callback, pending) =
            self.answered(provider, query, headers).map_err(LoginRefused::because)?;
        let return_to = pending.return_to();
        // A cookie can be sent with any number of codes: the state counts once.
        let now = self.clock.unix_seconds();
        if !self.spent.spend(&pending.state, now, self.pending.until(&pending)) {
            let refused = LoginRefused::because(LoginError::Expired(Expiry::Spent));
            let purpose = pending.purpose;
            return Err(LoginRefused { return_to: Some(return_to), purpose, ..refused });
        }
        let ended: Vec<_> = self.pending.clear(&pending.state).into_iter().collect();
        let mut provider_claims = ProviderClaims::default();
        match self.prove(provider, callback, &pending, &mut provider_claims).await {
            Ok(login) => {
                let loop_guard = self.loop_guard(headers).completed(&self.public_url, &self.sealer);
                let remembered = pending.chosen.then_some(&pending.provider);
                let remembered =
                    remembered.and_then(|id| last_provider::remember(id, &self.public_url));
                let set_cookies = ended.into_iter().chain(loop_guard).chain(remembered).collect();
                Ok(LoginDone {
                    login,
                    provider_claims,
                    return_to,
                    purpose: pending.purpose,
                    set_cookies,
                })
            }
            Err(error) => {
                // The same answer may still do when the provider is back, so the login stays pending.
                let stays = matches!(error, LoginError::ProviderUnreachable { .. });
                if stays {
                    self.spent.give_back(&pending.state);
                }
                Err(LoginRefused {
                    error,
                    provider_claims,
                    return_to: Some(return_to),
                    purpose: pending.purpose,
                    may_retry: !pending.retried,
                    set_cookies: if stays { Vec::new() } else { ended },
                })
            }
        }
    }

    /// How often this browser logged in within the last minute.
    #[must_use]
    pub fn loop_guard(&self, headers: &HeaderMap) -> LoopGuard {
        LoopGuard::read(headers, &self.public_url, &self.sealer, &self.clock)
    }

    /// A `Set-Cookie` value that forgets how often this browser logged in of late.
    #[must_use]
    pub fn clear_loop_guard(&self) -> Option<HeaderValue> {
        LoopGuard::forget(&self.public_url)
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
            return Err(mismatch(&callback));
        }
        Ok((callback, pending))
    }

    /// Turns the answer into a proven identity.
    async fn prove(
        &self,
        provider: &ProviderId,
        callback: Callback,
        pending: &Pending,
        provider_claims: &mut ProviderClaims,
    ) -> Result<Login, LoginError> {
        let provider = self.known(provider)?;
        let discovered = provider.usable()?;
        // Without a document nothing tells what plain OAuth 2.0 would call itself; there each
        // provider's own callback address is what tells their answers apart (RFC 9700 section 4.4).
        if provider.config.oauth2.is_none() {
            check_issuer(&callback, provider.issuer(), &discovered)?;
        }
        let code = match callback.outcome {
            Outcome::Code(code) => code,
            Outcome::Refused(refusal) => return Err(LoginError::ProviderRefused(refusal)),
        };
        let proven = token::redeem(provider, &discovered, code, pending, provider_claims).await?;
        self.check_domain(provider, proven.identity.email.known())?;
        Ok(proven)
    }

    /// A provider cannot make somebody of another one's mail domain, or one compromised provider
    /// would open the portals of all customers.
    fn check_domain(&self, provider: &Provider, email: Option<&Email>) -> Result<(), LoginError> {
        let Some(email) = email else { return Ok(()) };
        match self.provider_of(email) {
            Some(owner) if owner.id() != provider.id() && !provider.may_speak_for(email) => {
                let (email, owner) = (email.to_string(), owner.id().clone());
                Err(LoginError::EmailDomainElsewhere { email, owner })
            }
            _ => Ok(()),
        }
    }
}

/// RFC 9207 section 2.4: `iss` must be there when announced, and right whenever it is there.
fn check_issuer(
    callback: &Callback,
    spelled: &str,
    discovered: &Discovered,
) -> Result<(), LoginError> {
    let announced = discovered.metadata.authorization_response_iss_parameter_supported;
    let issuer = callback.issuer.as_deref();
    let right = issuer.map_or(!announced, |issuer| issuer == spelled);
    right.then_some(()).ok_or_else(|| mismatch(callback))
}

/// An answer of nobody knows whom: what it refuses with is kept for the help desk, and not believed.
fn mismatch(callback: &Callback) -> LoginError {
    LoginError::IssuerMismatch { refusal: callback.refusal().cloned().map(Box::new) }
}

/// Where providers send browsers after logout.
fn logged_out(public_url: &PublicUrl) -> String {
    public_url.join("/_gate/logged-out")
}
