//! How the gate proves to a provider that it is its client. Must not know what the endpoint is
//! asked.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderValue, Method, Request, header};
use openidconnect::{AuthType, HttpRequest};
use secrecy::ExposeSecret as _;
use serde_json::json;
use url::form_urlencoded;

use super::discovery::Discovered;
use super::provider::Provider;
use crate::config::{ClientAuth, ClientKeyAudience, ClientKeyConfig};
use crate::keys::compact;

/// The lifetime of a client assertion. It is used at once; this allows for clocks that differ.
const LIFETIME_SECONDS: u64 = 60;

/// RFC 7523 section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The parameters of a client assertion; none without a key.
pub(super) fn assertion(
    provider: &Provider,
    discovered: &Discovered,
) -> Option<[(&'static str, String); 2]> {
    let ClientAuth::Key(config) = &provider.config.client_auth else { return None };
    let metadata = &discovered.metadata;
    let audience = match config.audience {
        ClientKeyAudience::TokenEndpoint => metadata.token_endpoint.as_str(),
        ClientKeyAudience::Issuer => provider.issuer(),
    };
    let now = provider.clock.unix_seconds();
    let assertion = sign(config, &provider.config.client_id, audience, now)?;
    let kind = ("client_assertion_type", ASSERTION_TYPE.to_owned());
    Some([kind, ("client_assertion", assertion)])
}

/// A form for one of the provider's endpoints, with the proof.
pub(super) fn form(
    provider: &Provider,
    discovered: &Discovered,
    endpoint: &str,
    parameters: &[(&str, String)],
) -> Option<HttpRequest> {
    let config = &provider.config;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    form.extend_pairs(assertion(provider, discovered).into_iter().flatten());
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(endpoint)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let ClientAuth::Secret(secret, _) = &config.client_auth {
        if matches!(discovered.auth_type, AuthType::BasicAuth) {
            request = request.header(
                header::AUTHORIZATION,
                basic(config.client_id.as_str(), secret.expose_secret())?,
            );
        } else {
            form.append_pair("client_secret", secret.expose_secret());
        }
    }
    request.body(form.finish().into_bytes()).ok()
}

/// Both are form-encoded before they are joined (RFC 6749 section 2.3.1).
fn basic(id: &str, secret: &str) -> Option<HeaderValue> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encode(id), encode(secret)));
    let mut value = HeaderValue::try_from(format!("Basic {pair}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// RFC 7523 section 3. `None` when the operating system has no randomness to give.
fn sign(config: &ClientKeyConfig, client_id: &str, audience: &str, now: u64) -> Option<String> {
    let mut head = json!({ "alg": config.key.algorithm(), "typ": "JWT" });
    if let (Some(head), Some(id)) = (head.as_object_mut(), &config.id) {
        head.insert("kid".to_owned(), json!(id));
    }
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "jti": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()),
    });
    compact::sign(&compact::encode_header(&head), claims.to_string().as_bytes(), &config.key)
}
