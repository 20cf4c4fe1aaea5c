//! Which address takes the service account's token: JSM's own, or Atlassian's API gateway. Must not know what is
//! asked there.

use http::StatusCode;
use percent_encoding::utf8_percent_encode;

use super::super::Error;
use super::super::answer::Answer;
use super::super::call::Call;
use super::super::shapes::TenantInfo;
use super::{Client, SEGMENT, without_trailing_slash};
use crate::config::Deployment;

/// What kind of token the service account uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// Data Center's personal access token.
    Personal,
    /// Cloud's token with all rights of its owner; works on the site's own address.
    Plain,
    /// Cloud's token with scopes; works through Atlassian's API gateway only.
    Scoped,
}

/// The address that takes the token, once it is known.
pub(super) enum Base {
    Site,
    Gateway(String),
}

impl Client {
    /// What kind of token it is, as far as the calls made until now have shown.
    #[must_use]
    pub fn token_kind(&self) -> Option<TokenKind> {
        match (self.inner.deployment.get()?, self.inner.base.get()) {
            (Deployment::DataCenter, _) => Some(TokenKind::Personal),
            (Deployment::Cloud, Some(Base::Site)) => Some(TokenKind::Plain),
            (Deployment::Cloud, Some(Base::Gateway(_))) => Some(TokenKind::Scoped),
            (Deployment::Cloud, None) => None,
        }
    }

    /// Finds out which address takes the token, by a call that may be sent twice.
    pub(in crate::jsm::rest) async fn know_base(&self) -> Result<(), Error> {
        if self.token_kind().is_none() {
            self.myself().await?;
        }
        Ok(())
    }

    pub(super) async fn answer(&self, call: Call<'_>) -> Result<Answer, Error> {
        match (self.deployment().await?, self.inner.base.get()) {
            (Deployment::Cloud, None) => self.send_finding_base(call).await,
            _ => self.send_as_known(call).await,
        }
    }

    /// The address that takes the token, as far as the calls made until now have shown.
    pub(in crate::jsm::rest) fn base(&self) -> &str {
        match self.inner.base.get() {
            Some(Base::Gateway(base)) => base,
            Some(Base::Site) | None => &self.inner.site,
        }
    }

    /// A scoped token is refused on the site's address and works only through the API gateway;
    /// nothing in the token tells which it is (Atlassian KB "401 Unauthorized error when service
    /// account accesses Jira").
    async fn send_finding_base(&self, call: Call<'_>) -> Result<Answer, Error> {
        let refusal = match self.send(&self.inner.site, call).await {
            Err(error) if may_be_a_scoped_token(&error) => error,
            answer => return answer,
        };
        let Ok(base) = self.gateway("ex/jira").await else { return Err(refusal) };
        match self.send(&base, call).await {
            Ok(answer) => {
                tracing::info!(
                    through = self.inner.gateway.as_str(),
                    "the JSM token is a scoped one"
                );
                let _ = self.inner.base.set(Base::Gateway(base));
                Ok(answer)
            }
            // These answers only come once the gateway has accepted the token; they name the
            // missing scope.
            Err(error) if is_busy_or_forbidden(&error) => Err(error),
            Err(_) => Err(refusal),
        }
    }

    /// The address of one of Cloud's interfaces behind Atlassian's API gateway.
    pub(in crate::jsm::rest) async fn gateway(&self, interface: &str) -> Result<String, Error> {
        let ask = || async {
            let tenant: TenantInfo = self.read_anonymously("/_edge/tenant_info").await?;
            Ok::<_, Error>(tenant.cloud_id)
        };
        let id = self.inner.cloud_id.get_or_try_init(ask).await?;
        let id = utf8_percent_encode(id, SEGMENT);
        Ok(format!("{}/{interface}/{id}", without_trailing_slash(&self.inner.gateway)))
    }
}

fn may_be_a_scoped_token(error: &Error) -> bool {
    error.is_refused_token() || error.status() == Some(StatusCode::FORBIDDEN)
}

fn is_busy_or_forbidden(error: &Error) -> bool {
    matches!(error, Error::Busy { .. } | Error::Maintenance { .. })
        || error.status() == Some(StatusCode::FORBIDDEN)
}
