//! Login through OpenID Connect providers: proves who a person is, and nothing about what they may
//! do. It is handed headers, and returns addresses, cookies and an identity. Must not know servers,
//! pages or JSM.

mod authorization;
mod callback;
mod check;
mod claims;
mod client_auth;
mod code_flow;
mod discovery;
mod ending;
mod error;
mod error_answer;
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

pub use check::Checked;
pub use ending::{Ended, Ending};
pub use error::{Expiry, LoginError, LoopCause, TokenFault};
pub use fault::JwsFault;
pub use login::{LoginDone, LoginRefused, LoginStart, LoginWish, Occasion, Purpose};
pub use logout::{FrontChannel, LoggedOut, LogoutStart};
pub use logout_token::{LogoutFault, LogoutRequest};
pub use provider::Provider;
pub use provider_claims::ProviderClaims;
pub use refusal::{Meaning, Refusal};
pub use return_to::{LONGEST_ANSWER, ReturnTo};
pub use setup_error::SetupError;
pub use tokens::Tokens;

use self::loop_guard::LoopGuard;
use self::pending::PendingLogins;
use self::replays::Replays;
use self::spent::SpentStates;
use crate::config::{LimitsConfig, ProviderConfig};
use crate::domain::{Clock, Email, ProviderId, PublicUrl};
use crate::session::Sealer;

/// The parts of an [`Authenticator`].
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
    /// Decides what has expired.
    pub clock: Clock,
}

/// Logs people in. It holds no state of any person, and is shared behind an `Arc`.
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
    /// Does not use the network yet: the providers may be away.
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

    /// Takes over what the authenticator of an earlier configuration knows about providers that are
    /// still the same.
    pub fn inherit(&self, before: &Self) {
        for provider in &self.providers {
            if let Some(known) = before.provider(provider.id()) {
                provider.inherit(known);
            }
        }
    }

    /// Reads discovery and keys of all providers, now and again for ever. Nobody can log in at a
    /// provider before it has answered.
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

    /// The provider that the domain of this address belongs to.
    #[must_use]
    pub fn provider_of(&self, email: &Email) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.is_of(email))
    }

    /// The provider that this browser chose last, if it still exists.
    #[must_use]
    pub fn last_provider(&self, headers: &HeaderMap) -> Option<&Provider> {
        self.provider(&last_provider::read(headers, &self.public_url)?)
    }

    /// Counts how often this browser logged in within the last minute.
    #[must_use]
    pub fn loop_guard(&self, headers: &HeaderMap) -> LoopGuard {
        LoopGuard::read(headers, &self.public_url, &self.sealer, &self.clock)
    }

    /// A `Set-Cookie` value that resets that count.
    #[must_use]
    pub fn clear_loop_guard(&self) -> Option<HeaderValue> {
        LoopGuard::forget(&self.public_url)
    }

    /// Checks a provider for `jsm-gate check`: what works, what does not, and what to do.
    pub async fn check(config: &ProviderConfig, public_url: &PublicUrl, clock: &Clock) -> Checked {
        check::run(config, public_url, clock).await
    }
}

/// Where providers send browsers after logout.
fn logged_out(public_url: &PublicUrl) -> String {
    public_url.join("/_gate/logged-out")
}
