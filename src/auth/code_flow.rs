//! The authorization code flow: begins a login, and turns the provider's answer into a proven
//! identity. Must not know what the identity is used for.

use http::{HeaderMap, HeaderValue};

use super::Authenticator;
use super::authorization;
use super::callback::{Callback, Outcome};
use super::discovery::Discovered;
use super::error::{Expiry, LoginError};
use super::last_provider;
use super::login::{LoginDone, LoginRefused, LoginStart, LoginWish};
use super::pending::{NotPending, Pending};
use super::provider::Provider;
use super::provider_claims::ProviderClaims;
use super::return_to::ReturnTo;
use super::token;
use crate::domain::{Email, ProviderId};
use crate::session::Login;

impl Authenticator {
    /// Starts a login for a browser without a live session, or for one that is to replace its
    /// session.
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

    /// Where the pending login of this answer leads, if it is pending in this browser.
    #[must_use]
    pub fn pending_return_to(&self, answer: &str, headers: &HeaderMap) -> Option<ReturnTo> {
        let callback = Callback::parse(Some(answer)).ok()?;
        let pending = self.pending.find(headers, &callback.state).ok()?;
        Some(pending.return_to())
    }

    /// Ends a login with the provider's answer: the query of the callback address, or the form that
    /// was posted there.
    pub async fn finish(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<LoginDone, LoginRefused> {
        let (callback, pending) =
            self.match_callback(provider, query, headers).map_err(|refused| *refused)?;
        let return_to = pending.return_to();
        if let Some(refused) = self.spend(&pending) {
            return Err(refused);
        }
        let ended: Vec<_> = self.pending.clear(&pending.state).into_iter().collect();
        let mut provider_claims = ProviderClaims::default();
        match self.verify(provider, callback, &pending, &mut provider_claims).await {
            Ok(login) => {
                let set_cookies =
                    ended.into_iter().chain(self.cookies_of_success(&pending, headers));
                Ok(LoginDone {
                    login,
                    provider_claims,
                    return_to,
                    purpose: pending.purpose.clone(),
                    another_account: pending.another_account,
                    set_cookies: set_cookies.collect(),
                })
            }
            Err(error) => {
                // The same answer may succeed when the provider is back, so the login stays pending.
                let stays = matches!(error, LoginError::ProviderUnreachable { .. });
                if stays {
                    self.spent.give_back(&pending.state);
                }
                Err(LoginRefused {
                    error,
                    provider_claims,
                    return_to: Some(return_to),
                    purpose: pending.purpose,
                    another_account: pending.another_account,
                    may_retry: !pending.retried,
                    set_cookies: if stays { Vec::new() } else { ended },
                })
            }
        }
    }

    /// Uses the state up, or returns the refusal: a cookie can be sent with any number of codes, so a
    /// state counts only once.
    fn spend(&self, pending: &Pending) -> Option<LoginRefused> {
        let now = self.clock.unix_seconds();
        if self.spent.spend(&pending.state, now, self.pending.until(pending)) {
            return None;
        }
        let refused = LoginRefused::because(LoginError::Expired(Expiry::Spent));
        let (return_to, purpose) = (Some(pending.return_to()), pending.purpose.clone());
        Some(LoginRefused { return_to, purpose, ..refused })
    }

    /// Counts the login in the loop guard, and remembers the provider if the customer chose it.
    fn cookies_of_success(
        &self,
        pending: &Pending,
        headers: &HeaderMap,
    ) -> impl Iterator<Item = HeaderValue> {
        let loop_guard = self.loop_guard(headers).completed(&self.public_url, &self.sealer);
        let chosen = pending.chosen.then_some(&pending.provider);
        let remembered = chosen.and_then(|id| last_provider::remember(id, &self.public_url));
        loop_guard.into_iter().chain(remembered)
    }

    pub(super) fn known(&self, id: &ProviderId) -> Result<&Provider, LoginError> {
        self.provider(id).ok_or_else(|| LoginError::UnknownProvider(id.clone()))
    }

    /// The answer, and the pending login of this browser and provider that it belongs to.
    fn match_callback(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<(Callback, Pending), Box<LoginRefused>> {
        self.known(provider).map_err(LoginRefused::because)?;
        let callback = Callback::parse(query).map_err(LoginRefused::because)?;
        let pending = self.pending.find(headers, &callback.state);
        let pending = pending.map_err(|why| self.refuse_not_pending(why))?;
        // An answer at the address of another provider is a mix-up attack (RFC 9700 section 4.4;
        // D3).
        if pending.provider != *provider {
            return Err(Box::new(LoginRefused::because(mismatch(&callback))));
        }
        Ok((callback, pending))
    }

    /// Where a login was to lead that took too long is still known.
    fn refuse_not_pending(&self, why: NotPending) -> LoginRefused {
        let refused = |expiry| LoginRefused::because(LoginError::Expired(expiry));
        match why {
            NotPending::Unknown => refused(Expiry::NotPending),
            NotPending::TooOld(pending) => LoginRefused {
                return_to: Some(pending.return_to()),
                set_cookies: self.pending.clear(&pending.state).into_iter().collect(),
                purpose: pending.purpose,
                ..refused(Expiry::TooOld)
            },
        }
    }

    /// Turns the answer into a proven identity.
    async fn verify(
        &self,
        provider: &ProviderId,
        callback: Callback,
        pending: &Pending,
        provider_claims: &mut ProviderClaims,
    ) -> Result<Login, LoginError> {
        let provider = self.known(provider)?;
        let discovered = provider.usable()?;
        // Plain OAuth 2.0 has no discovery document that would name the issuer. There each
        // provider's own callback address distinguishes their answers (RFC 9700 section 4.4).
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

    /// A provider cannot vouch for addresses of another provider's mail domain. Otherwise one
    /// compromised provider would open the portals of all customers.
    pub(super) fn check_domain(
        &self,
        provider: &Provider,
        email: Option<&Email>,
    ) -> Result<(), LoginError> {
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

/// RFC 9207 section 2.4: `iss` must be there if it was announced, and must be right whenever it is
/// there.
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

/// An answer from an unknown source. Its refusal is kept for the help desk, and not believed.
fn mismatch(callback: &Callback) -> LoginError {
    LoginError::IssuerMismatch { refusal: callback.refusal().cloned().map(Box::new) }
}
