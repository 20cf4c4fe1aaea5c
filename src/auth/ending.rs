//! Ends a session for good: here, its tokens, and the provider's own. Must not know who wants that, or what a
//! page says about it.

use std::sync::Arc;

use http::HeaderValue;
use secrecy::SecretString;

use super::{Authenticator, LogoutStart, ReturnTo, Tokens};
use crate::domain::ProviderId;
use crate::session::{Session, Sessions, StoreError};

/// Ends sessions.
pub struct Ending {
    /// Where they are.
    pub sessions: Arc<Sessions>,
    /// Speaks with their providers.
    pub authenticator: Arc<Authenticator>,
    /// `Set-Cookie` values that remove Jira's own login from a browser, when a session begins or ends.
    pub clear_cookies: Arc<[HeaderValue]>,
}

/// A session that has ended.
pub struct Ended {
    /// Where the browser ends the provider's own session, if that is possible.
    pub location: Option<String>,
    /// `Set-Cookie` values, each in a header of its own.
    pub set_cookies: Vec<HeaderValue>,
}

impl Ending {
    /// Ends a session. The browser goes on to its provider, or to `elsewhere` where another login is to end,
    /// and may want to come back to `return_to`.
    ///
    /// # Errors
    /// When the store does not answer. Nothing has ended then.
    pub async fn end(
        &self,
        session: &Session,
        elsewhere: Option<&ProviderId>,
        return_to: &ReturnTo,
    ) -> Result<Ended, StoreError> {
        let tokens = self.end_and_keep_tokens(session).await?;
        let own = &session.identity.provider;
        let at_provider = match elsewhere.filter(|other| *other != own) {
            Some(other) => self.authenticator.log_out(other, &SecretString::default(), return_to),
            None => self.authenticator.log_out(own, &tokens.id, return_to),
        };
        self.give_back(own, tokens);
        let (location, left) = match at_provider {
            Some(LogoutStart { location, set_cookie }) => (Some(location), set_cookie),
            None => (None, None),
        };
        // A logout on purpose is no loop.
        let loop_guard = self.authenticator.clear_loop_guard();
        let own_cookies = [self.sessions.clear_cookie(), loop_guard, left];
        let set_cookies = own_cookies.into_iter().flatten();
        Ok(Ended {
            location,
            set_cookies: set_cookies.chain(self.clear_cookies.iter().cloned()).collect(),
        })
    }

    /// Takes the tokens out of the session before it ends. Afterwards nobody else has them.
    async fn end_and_keep_tokens(&self, session: &Session) -> Result<Tokens, StoreError> {
        let provider_data = self.sessions.provider_data(session).await?;
        self.sessions.end(session).await?;
        Ok(Tokens::from_state(&provider_data.state))
    }

    /// Revokes the tokens. The customer does not wait for that.
    fn give_back(&self, provider: &ProviderId, tokens: Tokens) {
        let (authenticator, provider) = (Arc::clone(&self.authenticator), provider.clone());
        tokio::spawn(async move { authenticator.revoke(&provider, &tokens).await });
    }
}
