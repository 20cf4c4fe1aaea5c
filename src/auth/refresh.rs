//! Refreshes a login: asks the provider again who the person is, with the refresh token (RFC 6749
//! section 6; OpenID Connect Core 1.0 section 12). Must not know when.

use std::sync::Arc;

use async_trait::async_trait;
use secrecy::{ExposeSecret as _, SecretString};

use super::claims::{self, Claims, Said, UserInfo};
use super::discovery::Discovered;
use super::error::LoginError;
use super::id_token::{self, Login};
use super::provider::Provider;
use super::text::shown;
use super::token_endpoint::{self, Answer};
use super::tokens::Tokens;
use super::{Authenticator, oauth2, token, user_info};
use crate::domain::Identity;
use crate::session::{ProviderData, RefreshError, RefreshedTokens, TokenRefresher};

#[async_trait]
impl TokenRefresher for Authenticator {
    async fn refresh(
        &self,
        before: &Identity,
        provider_data: &ProviderData,
    ) -> Result<RefreshedTokens, RefreshError> {
        let provider = self.known(&before.provider)?;
        let discovered = provider.usable()?;
        let nothing = || RefreshError::Temporary("there is no refresh token".to_owned());
        let tokens = Tokens::from_state(&provider_data.state);
        let refresh = tokens.refresh.as_ref().ok_or_else(nothing)?;
        let answer = ask(provider, &discovered, refresh).await?;
        let refresh = Refresh { gate: self, provider, discovered, before, tokens: &tokens };
        let identity = refresh.identity(&answer).await;
        let provider_data = match &identity {
            Ok(_) => ProviderData {
                state: refresh.worth_keeping(&answer).to_state(),
                token_lifetime: Some(token::token_lifetime(&answer, self.clock.unix_seconds())),
            },
            Err(_) => ProviderData {
                state: refresh.with_its_refresh_token(&answer).to_state(),
                token_lifetime: provider_data.token_lifetime,
            },
        };
        Ok(RefreshedTokens { provider_data, identity })
    }
}

async fn ask(
    provider: &Provider,
    discovered: &Discovered,
    token: &SecretString,
) -> Result<Answer, LoginError> {
    let parameters = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("refresh_token", token.expose_secret().to_owned()),
    ];
    token_endpoint::ask(provider, discovered, parameters).await
}

/// One token response, and the login that it must belong to.
struct Refresh<'a> {
    gate: &'a Authenticator,
    provider: &'a Provider,
    discovered: Arc<Discovered>,
    before: &'a Identity,
    tokens: &'a Tokens,
}

impl Refresh<'_> {
    /// Who the person is by now, by the same rules as for a login.
    async fn identity(&self, answer: &Answer) -> Result<Identity, RefreshError> {
        let identity = match &self.provider.config.oauth2 {
            Some(endpoints) => {
                let asked = oauth2::ask(self.provider, endpoints, &answer.access_token).await;
                oauth2::identity(self.provider, &asked?)?
            }
            None => self.verify_identity(answer).await?,
        };
        if identity.subject != self.before.subject {
            return Err(somebody_else());
        }
        self.gate.check_domain(self.provider, identity.email.known())?;
        // Nobody logged in now, so how strong and how recent the login was does not change.
        Ok(Identity { proof: self.before.proof.clone(), ..identity })
    }

    async fn verify_identity(&self, answer: &Answer) -> Result<Identity, RefreshError> {
        let (first, user_info) = match &answer.id_token {
            Some(id_token) => {
                self.proven_by(id_token, answer, &claims_of(&self.tokens.id)?).await?
            }
            // What was known before includes the ID token of the login.
            None => (self.user_info(answer).await?, UserInfo::Said(Claims::default())),
        };
        let said = Said { first: &first, user_info: &user_info, before: Some(self.before) };
        Ok(claims::identity(&self.provider.config, &self.before.subject, &said)?)
    }

    async fn proven_by(
        &self,
        id_token: &SecretString,
        answer: &Answer,
        login: &Claims,
    ) -> Result<(Claims, UserInfo), RefreshError> {
        let (provider, discovered) = (self.provider, &self.discovered);
        let id_token = id_token.expose_secret();
        let said = id_token::claims_of(id_token).map_err(LoginError::TokenInvalid)?;
        // A member that is missing, or is no text, is refused below, with the token.
        let other = |name: &&str| {
            let now = said.lookup(name).filter(|value| value.is_string());
            now.is_some_and(|now| Some(now) != login.lookup(name))
        };
        if ["iss", "sub"].iter().any(other) {
            return Err(somebody_else());
        }
        let (access_token, login) = (&answer.access_token, Login::Earlier(login));
        let verified = id_token::verify(provider, id_token, access_token, login, discovered).await;
        let verified = verified.map_err(LoginError::TokenInvalid)?;
        let asked = token::ask_user_info(provider, discovered, access_token, &verified).await;
        let user_info = match asked {
            Ok(claims) => claims,
            // What UserInfo would have repeated stays as it was.
            Err(user_info::Fault::NotHad(reason)) => {
                token::warn_of_user_info(provider, &reason);
                Claims::default()
            }
            Err(fault) => return Err(invalid(&fault)),
        };
        Ok((verified.claims, UserInfo::Said(user_info)))
    }

    async fn user_info(&self, answer: &Answer) -> Result<Claims, RefreshError> {
        let subject = &self.before.subject;
        user_info::of(self.provider, &self.discovered, &answer.access_token, subject)
            .await
            .map_err(|fault| invalid(&fault))
    }

    /// The tokens from now on. Tokens that are not replaced stay.
    fn worth_keeping(&self, answer: &Answer) -> Tokens {
        let new = token::worth_keeping(&self.discovered, answer);
        let is_new = !new.id.expose_secret().is_empty();
        let id = if is_new { new.id } else { self.tokens.id.clone() };
        Tokens { id, access: None, refresh: new.refresh.or_else(|| self.tokens.refresh.clone()) }
    }

    /// Of an answer that is not believed only the refresh token counts: the earlier one may be used
    /// up.
    fn with_its_refresh_token(&self, answer: &Answer) -> Tokens {
        let before = self.tokens.clone();
        Tokens { refresh: answer.refresh_token.clone().or(before.refresh), ..before }
    }
}

/// The claims of a token that was verified when it came.
fn claims_of(id_token: &SecretString) -> Result<Claims, RefreshError> {
    let malformed = |fault| RefreshError::Temporary(format!("the login's ID token: {fault}"));
    id_token::claims_of(id_token.expose_secret()).map_err(malformed)
}

fn invalid(fault: &user_info::Fault) -> RefreshError {
    LoginError::UserInfoInvalid(shown(&fault.to_string())).into()
}

fn somebody_else() -> RefreshError {
    RefreshError::Revoked("the provider answered with somebody else's tokens".to_owned())
}

/// Only the provider itself ends a session: it revokes the login (`invalid_grant`), or says
/// something about the person that would refuse a login. Everything else is temporary.
impl From<LoginError> for RefreshError {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Expired(_) => {
                Self::Revoked("the provider took the login back (invalid_grant)".to_owned())
            }
            LoginError::EmailInvalid { .. }
            | LoginError::EmailUnverified { .. }
            | LoginError::EmailDomainElsewhere { .. } => Self::Revoked(error.to_string()),
            LoginError::ProviderUnreachable { .. } => Self::NoAnswer(error.to_string()),
            _ => Self::Temporary(error.to_string()),
        }
    }
}
