//! Providers that speak OAuth 2.0 but not OpenID Connect, such as GitHub: asks who an access token
//! belongs to. Must not know how the token was obtained.

use openidconnect::AccessToken;
use serde::Deserialize;
use serde_json::Value;

use super::claims::{self, Claims, Said, UserInfo};
use super::error::LoginError;
use super::provider::Provider;
use super::text::shown;
use super::user_info;
use crate::config::OAuth2;
use crate::domain::Identity;

/// One of a person's addresses (GitHub REST, `GET /user/emails`).
#[derive(Deserialize)]
struct Address {
    email: String,
    primary: bool,
    verified: bool,
}

/// What the provider says about the owner of the token. There is no signature to check: it came
/// from the provider itself, over TLS, for a code that PKCE binds to this browser.
pub(super) async fn ask(
    provider: &Provider,
    endpoints: &OAuth2,
    access_token: &AccessToken,
) -> Result<Claims, LoginError> {
    let http = &provider.http;
    let mut claims: Claims =
        user_info::ask(http, &endpoints.userinfo_endpoint, access_token).await.map_err(refused)?;
    if let Some(url) = &endpoints.emails_endpoint {
        let all: Vec<Address> = user_info::ask(http, url, access_token).await.map_err(refused)?;
        use_primary(&mut claims, provider, all);
    }
    Ok(claims)
}

/// The identity of that person.
pub(super) fn identity(provider: &Provider, claims: &Claims) -> Result<Identity, LoginError> {
    let path = &provider.config.attributes.subject;
    let subject = match claims.lookup(path) {
        Some(Value::String(subject)) if !subject.is_empty() => subject.clone(),
        Some(Value::Number(subject)) => subject.to_string(),
        _ => return Err(refused(format!("it has no {path} that names the person"))),
    };
    // UserInfo is the only source, and is complete each time.
    let (first, user_info) = (Claims::default(), UserInfo::Said(claims.clone()));
    let said = Said { first: &first, user_info: &user_info, before: None };
    claims::identity(&provider.config, &subject, &said)
}

fn refused(reason: impl AsRef<str>) -> LoginError {
    LoginError::UserInfoInvalid(shown(reason.as_ref()))
}

/// The person's primary address, and whether it was verified. Addresses in the profile are the
/// person's own choice and do not count.
fn use_primary(claims: &mut Claims, provider: &Provider, addresses: Vec<Address>) {
    let map = &provider.config.attributes;
    let primary = addresses.into_iter().find(|address| address.primary);
    let verified = primary.as_ref().is_some_and(|address| address.verified);
    claims.set(&map.email, primary.map(|address| address.email.into()).unwrap_or_default());
    claims.set(&map.email_verified, verified.into());
}
