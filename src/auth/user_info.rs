//! The UserInfo endpoint: claims that the ID token left out. Knows nothing of what they are for.

use http::{HeaderValue, Method, Request, StatusCode, header};
use openidconnect::{AccessToken, HttpRequest, UserInfoUrl};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::claims::Claims;
use super::http::HttpClient;

/// Asks for the claims of the person the ID token is about.
///
/// # Errors
/// A sentence for the log when there is no answer, no plain JSON object, or one about another
/// `sub` (OpenID Connect Core 1.0 section 5.3.2; threats.md D18). A signed answer was not asked
/// for and is not read.
pub(super) async fn fetch(
    http: &HttpClient,
    url: &UserInfoUrl,
    access_token: &AccessToken,
    subject: &str,
) -> Result<Claims, String> {
    let claims: Claims = ask(http, url.url(), access_token).await?;
    if claims.lookup("sub").and_then(Value::as_str) != Some(subject) {
        return Err("its sub is not the one of the ID token".to_owned());
    }
    Ok(claims)
}

/// What an endpoint says to whoever has the token.
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
