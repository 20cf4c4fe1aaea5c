//! Asks a provider again who somebody is, with the refresh token of their login (RFC 6749 section 6;
//! OpenID Connect Core 1.0 section 12). Knows nothing of when.

use std::str::FromStr as _;
use std::sync::Arc;

use async_trait::async_trait;
use openidconnect::core::{CoreIdToken, CoreTokenResponse};
use openidconnect::{OAuth2TokenResponse as _, RefreshToken, TokenResponse as _};
use secrecy::{ExposeSecret as _, SecretString};

use super::claims::{self, Claims};
use super::discovery::Discovered;
use super::error::{LoginError, shown};
use super::id_token::{self, Login};
use super::provider::Provider;
use super::token::{self, TokenError};
use super::{Authenticator, client_auth, oauth2, user_info};
use crate::domain::Identity;
use crate::session::{Renewal, Renewer, Tokens, Unrenewed};

#[async_trait]
impl Renewer for Authenticator {
    async fn renew(&self, before: &Identity, tokens: &Tokens) -> Result<Renewal, Unrenewed> {
        let provider = self.known(&before.provider)?;
        let discovered = provider.usable()?;
        let nothing = || Unrenewed::NotNow("there is no refresh token".to_owned());
        let refresh = tokens.refresh.as_ref().ok_or_else(nothing)?;
        let answer = ask(provider, &discovered, refresh)
            .await
            .map_err(|error| token::refusal(provider, error))?;
        let refresh = Refresh { gate: self, provider, discovered, before, tokens };
        let identity = refresh.identity(&answer).await;
        let tokens = refresh.worth_keeping(&answer, identity.is_ok());
        Ok(Renewal { tokens, identity })
    }
}

async fn ask(
    provider: &Provider,
    discovered: &Discovered,
    token: &SecretString,
) -> Result<CoreTokenResponse, TokenError> {
    let token = RefreshToken::new(token.expose_secret().to_owned());
    let request = discovered.client.exchange_refresh_token(&token);
    let assertion = client_auth::assertion(provider, discovered).into_iter().flatten();
    assertion
        .fold(request, |request, (name, value)| request.add_extra_param(name, value))
        .request_async(&provider.http)
        .await
}

/// One answer, and the login it has to belong to.
struct Refresh<'a> {
    gate: &'a Authenticator,
    provider: &'a Provider,
    discovered: Arc<Discovered>,
    before: &'a Identity,
    tokens: &'a Tokens,
}

impl Refresh<'_> {
    /// Who it is by now, by everything that a login asks.
    async fn identity(&self, answer: &CoreTokenResponse) -> Result<Identity, Unrenewed> {
        let identity = match &self.provider.config.oauth2 {
            Some(endpoints) => {
                let asked = oauth2::ask(self.provider, endpoints, answer.access_token()).await;
                oauth2::identity(self.provider, &asked?)?
            }
            None => self.proven(answer).await?,
        };
        if identity.subject != self.before.subject {
            return Err(somebody_else());
        }
        self.gate.check_domain(self.provider, identity.email.as_ref())?;
        // Nobody logged in: how strong and how recent that was stays as it is.
        Ok(Identity { proof: self.before.proof.clone(), ..identity })
    }

    async fn proven(&self, answer: &CoreTokenResponse) -> Result<Identity, Unrenewed> {
        let login = claims_of(&self.tokens.id)?;
        let (first, second) = match answer.id_token() {
            Some(id_token) => self.proven_by(id_token, answer, &login).await?,
            // The login's own token is old: whatever is said now outweighs it.
            None => (self.user_info(answer).await?, login),
        };
        let subject = &self.before.subject;
        Ok(claims::identity(&self.provider.config, subject, &first, &second)?)
    }

    async fn proven_by(
        &self,
        id_token: &CoreIdToken,
        answer: &CoreTokenResponse,
        login: &Claims,
    ) -> Result<(Claims, Claims), Unrenewed> {
        let said = id_token::raw_claims(id_token).map_err(LoginError::TokenInvalid)?;
        if ["iss", "sub"].iter().any(|name| said.lookup(name) != login.lookup(name)) {
            return Err(somebody_else());
        }
        let (provider, gate) = (self.provider, self.gate);
        let (access_token, login) = (answer.access_token(), Login::Earlier(login));
        let verified = id_token::verify(
            provider,
            id_token,
            access_token,
            login,
            &gate.clock,
            &self.discovered,
        );
        let verified = verified.await.map_err(LoginError::TokenInvalid)?;
        let asked = token::ask_user_info(provider, &self.discovered, answer, &verified).await;
        Ok((verified.claims, asked?))
    }

    async fn user_info(&self, answer: &CoreTokenResponse) -> Result<Claims, Unrenewed> {
        let Some(url) = self.discovered.metadata.userinfo_endpoint() else {
            return Ok(Claims::default());
        };
        let (http, subject) = (&self.provider.http, &self.before.subject);
        let asked = user_info::fetch(http, url, answer.access_token(), subject).await;
        Ok(asked.map_err(|reason| LoginError::UserInfoInvalid(shown(&reason)))?)
    }

    /// What is not given anew stays as it is. Of an answer that is not believed, nothing counts but
    /// its refresh token: the one before may be used up.
    fn worth_keeping(&self, answer: &CoreTokenResponse, believed: bool) -> Tokens {
        let before = self.tokens.clone();
        let new = token::worth_keeping(&self.discovered, answer);
        let refresh = new.refresh.or(before.refresh);
        if !believed {
            return Tokens { refresh, ..before };
        }
        let id = if new.id.expose_secret().is_empty() { before.id } else { new.id };
        let vouched = token::vouched(answer, self.gate.clock.unix_seconds());
        Tokens { id, access: None, refresh, vouched: Some(vouched) }
    }
}

/// The claims of a token that was verified when it came.
fn claims_of(id_token: &SecretString) -> Result<Claims, Unrenewed> {
    let malformed = |reason: String| Unrenewed::NotNow(format!("the login's ID token: {reason}"));
    let token = CoreIdToken::from_str(id_token.expose_secret());
    let token = token.map_err(|error| malformed(error.to_string()))?;
    id_token::raw_claims(&token).map_err(|fault| malformed(fault.to_string()))
}

fn somebody_else() -> Unrenewed {
    Unrenewed::Over("the provider answered with somebody else's tokens".to_owned())
}

/// Only the provider's own word ends a session: that it takes the login back (`invalid_grant`), or
/// that it says of the person what would not let them in. All else may pass.
impl From<LoginError> for Unrenewed {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Expired(_) => {
                Self::Over("the provider took the login back (invalid_grant)".to_owned())
            }
            LoginError::EmailInvalid { .. }
            | LoginError::EmailUnverified { .. }
            | LoginError::EmailDomainElsewhere { .. } => Self::Over(error.to_string()),
            LoginError::ProviderUnreachable { .. } => Self::NoAnswer(error.to_string()),
            _ => Self::NotNow(error.to_string()),
        }
    }
}
