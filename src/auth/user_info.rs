//! The UserInfo endpoint: claims that the ID token left out. Must not know what they are for.

use http::{HeaderValue, Method, Request, StatusCode, header};
use openidconnect::{AccessToken, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::claims::Claims;
use super::discovery::Discovered;
use super::http::HttpClient;
use super::provider::Provider;

/// Why UserInfo is not believed. `Display` is a sentence for the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// It does not answer as it should. A signed answer was not asked for and is not read.
    #[error("{0}")]
    NotHad(String),
    /// It is about another `sub` (OpenID Connect Core 1.0 section 5.3.2; docs/security.md D18).
    #[error("its sub is not the one of the ID token")]
    SomebodyElse,
}

/// Asks for the claims of the person whom the ID token is about; for nothing if there is no
/// UserInfo.
pub(super) async fn of(
    provider: &Provider,
    discovered: &Discovered,
    access_token: &AccessToken,
    subject: &str,
) -> Result<Claims, Fault> {
    let metadata = &discovered.metadata;
    let Some(url) = &metadata.userinfo_endpoint else {
        // Unknown is not no: there is an endpoint, and only its address cannot be read.
        return if metadata.unreadable.contains(&"userinfo_endpoint") {
            Err(Fault::NotHad("userinfo_endpoint of the discovery document is odd".to_owned()))
        } else {
            Ok(Claims::default())
        };
    };
    let claims: Claims = ask(&provider.http, url, access_token).await.map_err(Fault::NotHad)?;
    match claims.lookup("sub") {
        Some(Value::String(sub)) if sub == subject => Ok(claims),
        Some(Value::String(_)) => Err(Fault::SomebodyElse),
        Some(_) => Err(Fault::NotHad(format!("sub in the answer of {url} is not a text"))),
        None => Err(Fault::NotHad(format!("{url} does not say whom it is about: it has no sub"))),
    }
}

/// What an endpoint answers to the holder of the token.
///
/// # Errors
/// A sentence for the log when there is no answer, or not the JSON that was expected.
pub(super) async fn ask<T: DeserializeOwned>(
    http: &HttpClient,
    url: &Url,
    access_token: &AccessToken,
) -> Result<T, String> {
    let answer = http
        .send(request(url, access_token)?)
        .await
        .map_err(|error| format!("{url} cannot be read: {error}"))?;
    if answer.status() != StatusCode::OK {
        return Err(format!("{url} answered {}", answer.status()));
    }
    serde_json::from_slice(answer.body())
        .map_err(|error| format!("{url} answered not the plain JSON it should: {error}"))
}

fn request(url: &Url, access_token: &AccessToken) -> Result<HttpRequest, String> {
    let invalid = "the access token holds characters that no header can";
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", access_token.secret()))
        .map_err(|_| invalid.to_owned())?;
    bearer.set_sensitive(true);
    Request::builder()
        .method(Method::GET)
        .uri(url.as_str())
        .header(header::ACCEPT, "application/json")
        .header(header::AUTHORIZATION, bearer)
        .body(Vec::new())
        .map_err(|error| error.to_string())
}
