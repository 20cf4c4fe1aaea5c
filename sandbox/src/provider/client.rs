//! How the stand-in provider makes sure who its client is: a secret in one of two places, or an
//! assertion signed with the client's key.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use url::form_urlencoded;

use super::state::{Shared, now};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longer than that an assertion is not short-lived.
const LONGEST_SECONDS: u64 = 300;

/// Parameters of a form.
pub(super) type Parameters = Vec<(String, String)>;

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    exp: u64,
    jti: String,
}

/// Whether a request is our client's: exactly one way to authenticate, and the right one
/// (RFC 6749 section 2.3).
pub(super) fn is_ours(shared: &Shared, headers: &HeaderMap, form: &Parameters) -> bool {
    let settings = &shared.settings;
    if let Some(key) = &settings.client_key {
        return parameter(form, "client_secret").is_none()
            && basic(headers).is_none()
            && assertion(shared, key, form).is_some();
    }
    let posted = parameter(form, "client_secret").map(str::to_owned);
    let (id, secret) = match (basic(headers), posted) {
        (Some((id, secret)), None) => (id, Some(secret)),
        (None, posted) => (parameter(form, "client_id").unwrap_or_default().to_owned(), posted),
        (Some(_), Some(_)) => return false,
    };
    id == settings.client_id && secret == settings.client_secret
}

/// The `Authorization` header.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()
}

/// The first value of a parameter.
pub(super) fn parameter<'a>(form: &'a Parameters, name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Id and secret are form-encoded before they are joined (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = authorization(headers)?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        let mut pairs = form_urlencoded::parse(text.as_bytes());
        pairs.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}

/// RFC 7523 section 3: signed by the client, about the client, for us, once and soon.
fn assertion(shared: &Shared, key: &str, form: &Parameters) -> Option<()> {
    let right_type = parameter(form, "client_assertion_type") == Some(ASSERTION_TYPE);
    let token = parameter(form, "client_assertion").filter(|_| right_type)?;
    let algorithm = jsonwebtoken::decode_header(token).ok()?.alg;
    let key = match algorithm {
        Algorithm::ES256 => DecodingKey::from_ec_pem(key.as_bytes()),
        Algorithm::RS256 => DecodingKey::from_rsa_pem(key.as_bytes()),
        _ => return None,
    };
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[shared.issuer.clone(), format!("{}/token", shared.issuer)]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    let claims = jsonwebtoken::decode::<Assertion>(token, &key.ok()?, &rules).ok()?.claims;
    let client = &shared.settings.client_id;
    let ours = claims.iss == *client && claims.sub == *client;
    let short = claims.exp <= now() + LONGEST_SECONDS;
    (ours && short && shared.state().is_first(&claims.jti)).then_some(())
}
