//! Logout: at the provider when the customer asks for it, and here when the provider asks. Must not
//! know sessions, except which ones are meant.

use http::{HeaderMap, HeaderValue};
use secrecy::SecretString;
use url::{Url, form_urlencoded};

use super::logout_token::{self, LogoutFault, LogoutRequest};
use super::pending_logout::PendingLogout;
use super::provider::Provider;
use super::return_to::ReturnTo;
use super::tokens::Tokens;
use super::{Authenticator, logged_out, logout_address, revocation};
use crate::domain::ProviderId;
use crate::session::SessionSelector;

/// A logout that continues at the provider: the browser is sent there with this cookie.
#[derive(Clone, Debug)]
pub struct LogoutStart {
    /// The provider's address.
    pub location: String,
    /// A `Set-Cookie` value.
    pub set_cookie: Option<HeaderValue>,
}

/// A browser that is back from the provider, or was never there.
#[derive(Clone, Debug)]
pub struct LoggedOut {
    /// The provider that it was sent to.
    pub provider: Option<ProviderId>,
    /// Whether the provider has ended its own session, as it says itself.
    pub is_done: bool,
    /// Where the customer came from.
    pub return_to: ReturnTo,
    /// A `Set-Cookie` value.
    pub set_cookie: Option<HeaderValue>,
}

/// Which session a page of the provider wants ended.
#[derive(Debug)]
pub enum FrontChannel {
    /// The one that it names.
    Named(SessionSelector),
    /// Any session that this browser has of that provider.
    ThisBrowser,
}

impl Authenticator {
    /// Where the browser ends the provider's own session (RP-Initiated Logout 1.0). `None` for a
    /// provider without such an address, or one that is away.
    #[must_use]
    pub fn log_out(
        &self,
        provider: &ProviderId,
        id_token: &SecretString,
        return_to: &ReturnTo,
    ) -> Option<LogoutStart> {
        let provider = self.provider(provider)?;
        let (discovered, back) = (provider.discovered()?, logged_out(&self.public_url));
        let leaving = PendingLogout::start(provider.id(), return_to);
        let state = Some(leaving.state.as_str());
        let url = logout_address::of(&provider.config, &discovered, id_token, &back, state)?;
        let set_cookie = leaving.cookie(&self.public_url, &self.sealer);
        Some(LogoutStart { location: url.into(), set_cookie })
    }

    /// Whether a provider has a page on which its own session ends.
    #[must_use]
    pub fn has_logout(&self, provider: &ProviderId) -> bool {
        self.log_out(provider, &SecretString::default(), &ReturnTo::home()).is_some()
    }

    /// What a browser at the post-logout address comes back from. Anybody can be sent there with
    /// any state, so nothing happens except that a page is shown.
    #[must_use]
    pub fn after_logout(&self, query: Option<&str>, headers: &HeaderMap) -> LoggedOut {
        let state = query.and_then(|query| once(query, "state").ok().flatten());
        let Some(left) = PendingLogout::read(headers, &self.public_url, &self.sealer) else {
            let (provider, return_to) = (None, ReturnTo::home());
            return LoggedOut { provider, is_done: false, return_to, set_cookie: None };
        };
        let (return_to, is_done) = (left.return_to(), left.is_done(state.as_deref()));
        let set_cookie = PendingLogout::clear(&self.public_url);
        LoggedOut { provider: Some(left.provider), is_done, return_to, set_cookie }
    }

    /// Revokes the tokens of a session at the provider.
    pub async fn revoke(&self, provider: &ProviderId, tokens: &Tokens) {
        if let Some(provider) = self.provider(provider) {
            revocation::revoke(provider, tokens).await;
        }
    }

    /// Checks a back-channel logout request (Back-Channel Logout 1.0 section 2.5).
    pub async fn back_channel(
        &self,
        provider: &ProviderId,
        form: &str,
    ) -> Result<LogoutRequest, LogoutFault> {
        let provider = self.provider(provider).ok_or(LogoutFault::ProviderUnreachable)?;
        let token = once(form, "logout_token")?;
        let token = token.ok_or(LogoutFault::Request("logout_token is missing"))?;
        logout_token::verify(provider, &token, &self.replays).await
    }

    /// Records that a logout request was carried out. One that failed may come again.
    pub fn record_logout(&self, provider: &ProviderId, request: &LogoutRequest) {
        self.replays.remember(provider, &request.id, request.until);
    }

    /// Checks a front-channel logout request (Front-Channel Logout 1.0 section 2).
    pub fn front_channel(
        &self,
        provider: &ProviderId,
        query: Option<&str>,
    ) -> Result<FrontChannel, LogoutFault> {
        let provider = self.provider(provider).ok_or(LogoutFault::ProviderUnreachable)?;
        let query = query.unwrap_or_default();
        match (once(query, "iss")?, once(query, "sid")?) {
            (None, None) => Ok(FrontChannel::ThisBrowser),
            (Some(issuer), Some(sid)) if issuer == provider.config.issuer => {
                Ok(FrontChannel::Named(SessionSelector::AtProvider(provider.id().clone(), sid)))
            }
            (Some(_), Some(_)) => Err(LogoutFault::Issuer),
            _ => Err(LogoutFault::Request("iss and sid belong together")),
        }
    }

    /// The origins that may show the front-channel page in a frame: those of the provider's pages.
    #[must_use]
    pub fn frame_ancestors(&self, provider: &ProviderId) -> Vec<String> {
        self.provider(provider).map(frame_ancestors).unwrap_or_default()
    }
}

fn frame_ancestors(provider: &Provider) -> Vec<String> {
    let Some(discovered) = provider.discovered() else { return Vec::new() };
    let metadata = &discovered.metadata;
    let end_session = metadata.end_session_endpoint.as_ref();
    let pages = [&metadata.issuer, &metadata.authorization_endpoint];
    let origin = |url: &Url| url.origin().ascii_serialization();
    let mut origins: Vec<_> = pages.into_iter().chain(end_session).map(origin).collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

/// A parameter that occurs at most once (docs/security.md D14).
fn once(parameters: &str, name: &str) -> Result<Option<String>, LogoutFault> {
    let all = form_urlencoded::parse(parameters.as_bytes());
    let mut values = all.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let first = values.next().filter(|value| !value.is_empty());
    match values.next() {
        None => Ok(first),
        Some(_) => Err(LogoutFault::Request("a parameter is given twice")),
    }
}
