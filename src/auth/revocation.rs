//! Revokes tokens that nobody needs any more (RFC 7009), where the provider has an endpoint for
//! that. Must not know why.

use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use super::client_auth;
use super::provider::Provider;
use super::tokens::Tokens;

/// Revokes the tokens of a session. The session has ended, whatever the result; the log tells a
/// failure.
pub(super) async fn revoke(provider: &Provider, tokens: &Tokens) {
    let kinds = [("refresh_token", &tokens.refresh), ("access_token", &tokens.access)];
    for (kind, token) in kinds.into_iter().filter_map(|(kind, token)| Some((kind, token.as_ref()?)))
    {
        if let Err(reason) = one(provider, kind, token).await {
            tracing::warn!(provider = %provider.id(), kind, reason, "a token was not revoked");
        }
    }
}

/// Revokes one token (section 2.1). A token that the provider does not know counts as revoked
/// (section 2.2).
async fn one(provider: &Provider, kind: &str, token: &SecretString) -> Result<(), String> {
    let discovered = provider.discovered().ok_or("the provider is away")?;
    let Some(endpoint) = &discovered.metadata.revocation_endpoint else {
        return Ok(());
    };
    let parameters = [
        ("token", token.expose_secret().to_owned()),
        ("token_type_hint", kind.to_owned()),
        ("client_id", provider.config.client_id.clone()),
    ];
    let request = client_auth::form(provider, &discovered, endpoint.as_str(), &parameters);
    let request = request.ok_or("the request could not be signed")?;
    let answer = provider.http.send(request).await.map_err(|error| error.to_string())?;
    match answer.status() {
        StatusCode::OK | StatusCode::NO_CONTENT => Ok(()),
        status => Err(format!("{endpoint} answered {status}")),
    }
}
