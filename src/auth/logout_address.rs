//! The address where a browser ends the provider's own session: by the standard, or in the form of
//! the product. Must not know the gate's sessions.

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::discovery::Discovered;
use crate::config::{LogoutForm, ProviderConfig};

/// The longest ID token that is sent as a hint. Servers that accept addresses of 8 KB have room
/// left for the rest. Without the hint the provider may ask whether to log out.
const LONGEST_HINT: usize = 6 * 1024;

/// The address; `None` for a provider without one.
pub(super) fn of(
    config: &ProviderConfig,
    discovered: &Discovered,
    id_token: &SecretString,
    logged_out: &str,
    state: Option<&str>,
) -> Option<Url> {
    let client_id = ("client_id", config.client_id.as_str());
    let standard = discovered.metadata.end_session_endpoint.clone();
    let login = &discovered.metadata.authorization_endpoint;
    match (config.logout, standard) {
        // https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
        (LogoutForm::Cognito, endpoint) => {
            let endpoint = endpoint.or_else(|| login.join("/logout").ok())?;
            Some(with(endpoint, &[client_id, ("logout_uri", logged_out)]))
        }
        // Tenants created before the end of 2023 do not announce the standard's endpoint:
        // https://auth0.com/docs/authenticate/login/logout/log-users-out-of-auth0
        (LogoutForm::Auth0, None) => {
            Some(with(login.join("/v2/logout").ok()?, &[client_id, ("returnTo", logged_out)]))
        }
        (LogoutForm::EndSession | LogoutForm::Auth0, Some(endpoint)) => {
            let fits = |token: &&str| !token.is_empty() && token.len() <= LONGEST_HINT;
            let token = Some(id_token.expose_secret()).filter(fits);
            let mut url = with(endpoint, &[]);
            url.query_pairs_mut()
                .extend_pairs(token.map(|token| ("id_token_hint", token)))
                .extend_pairs([client_id, ("post_logout_redirect_uri", logged_out)])
                .extend_pairs(state.map(|state| ("state", state)));
            Some(url)
        }
        (LogoutForm::EndSession, None) => None,
    }
}

fn with(mut url: Url, parameters: &[(&str, &str)]) -> Url {
    url.query_pairs_mut().extend_pairs(parameters);
    url
}
