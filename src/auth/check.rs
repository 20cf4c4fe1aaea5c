//! What `jsm-gate check` looks at in a provider. Asks the network once for each thing and knows
//! nothing of running logins.

use std::time::{Duration, SystemTime};

use openidconnect::core::{CoreErrorResponseType, CoreJsonWebKey};
use openidconnect::{
    AuthorizationCode, JsonWebKey, JsonWebKeyUse, PkceCodeChallenge, RequestTokenError,
};

use super::discovery::{self, Discovered};
use super::logged_out;
use super::provider::Provider;
use crate::config::ProviderConfig;
use crate::domain::{Clock, Finding, PublicUrl};

/// Tokens are accepted with clocks this far apart; half of it is time to act.
const SKEW_ALLOWED: Duration = Duration::from_secs(60);

pub(super) async fn run(
    config: &ProviderConfig,
    public_url: &PublicUrl,
    clock: &Clock,
) -> Vec<Finding> {
    let subject = format!("provider {}", config.id);
    let provider = match Provider::new(config, public_url, clock.clone()) {
        Ok(provider) => provider,
        Err(error) => {
            return vec![Finding::failure(subject, error.to_string(), "correct [[provider]]")];
        }
    };
    let discovered = match discovery::load(config, provider.redirect(), &provider.http).await {
        Ok(discovered) => discovered,
        Err(fault) => return vec![unusable(&subject, &fault)],
    };
    let look = Look { subject, provider: &provider, discovered: &discovered };
    vec![
        Finding::ok(look.subject.as_str(), format!("discovery of {} is valid", config.issuer)),
        look.keys(),
        look.clock(clock.now()),
        look.client().await,
        look.scopes(),
        look.logout(),
        look.addresses(public_url),
    ]
}

fn unusable(subject: &str, fault: &discovery::Fault) -> Finding {
    let remedy = match fault {
        discovery::Fault::Unreachable { .. } => {
            "check issuer, DNS, firewall and, for an internal authority, ca_file"
        }
        discovery::Fault::Status { .. } | discovery::Fault::Malformed { .. } => {
            "check issuer: its address with /.well-known/openid-configuration must be the document"
        }
        discovery::Fault::OtherIssuer { .. } => "copy issuer from the document, slash included",
        _ => "change the client's settings at the provider",
    };
    Finding::failure(subject, fault.to_string(), remedy)
}

struct Look<'a> {
    subject: String,
    provider: &'a Provider,
    discovered: &'a Discovered,
}

impl Look<'_> {
    fn keys(&self) -> Finding {
        let signs =
            |key: &&CoreJsonWebKey| key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        match self.discovered.keys.keys().iter().filter(signs).count() {
            0 => self.failure(
                "it publishes no key that signs ID tokens",
                "add a signing key at the provider",
            ),
            count => self.ok(format!("{count} signing keys")),
        }
    }

    fn clock(&self, now: SystemTime) -> Finding {
        let Some(theirs) = self.discovered.date else {
            return self.ok("it does not tell the time");
        };
        let skew = now.duration_since(theirs).unwrap_or_else(|error| error.duration());
        let text = format!("its clock and ours are {} seconds apart", skew.as_secs());
        let remedy = "synchronise the clocks (NTP); tokens are refused beyond 60 seconds";
        match skew {
            _ if skew > SKEW_ALLOWED => self.failure(text, remedy),
            _ if skew > SKEW_ALLOWED / 2 => self.warning(text, remedy),
            _ => self.ok(text),
        }
    }

    /// A code nobody issued: who is told so has proven to be the client.
    async fn client(&self) -> Finding {
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        let answer = self
            .discovered
            .client
            .exchange_code(AuthorizationCode::new("jsm-gate-check".to_owned()))
            .set_pkce_verifier(verifier)
            .request_async(&self.provider.http)
            .await;
        let error = match answer {
            Err(RequestTokenError::ServerResponse(error)) => error,
            Err(RequestTokenError::Request(error)) => {
                return self.failure(
                    format!("the token endpoint cannot be reached: {error}"),
                    "check firewall and DNS",
                );
            }
            _ => {
                return self.warning(
                    "the token endpoint did not say whether it knows the gate",
                    "log in once to be sure",
                );
            }
        };
        match error.error() {
            CoreErrorResponseType::InvalidGrant => self.ok("it accepts the gate as its client"),
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                self.failure(
                    format!("it does not accept client_id and client secret: {error}"),
                    "copy both again from the provider; has the secret expired?",
                )
            }
            _ => self
                .warning(format!("the token endpoint answered {error}"), "log in once to be sure"),
        }
    }

    fn scopes(&self) -> Finding {
        let Some(offered) = self.discovered.metadata.scopes_supported() else {
            return self.ok("it does not list its scopes");
        };
        let wanted = self.provider.config.scopes.iter();
        let missing: Vec<_> =
            wanted.filter(|scope| offered.iter().all(|o| o.as_str() != *scope)).cloned().collect();
        if missing.is_empty() {
            return self.ok("it offers all scopes");
        }
        self.warning(
            format!("it does not list the scopes {}", missing.join(", ")),
            "add them at the provider or take them out of scopes",
        )
    }

    fn logout(&self) -> Finding {
        match self.discovered.metadata.additional_metadata().end_session_endpoint {
            Some(_) => self.ok("logout ends its own session too"),
            None => self.warning(
                "it has no end_session_endpoint",
                "tell customers that logout leaves them logged in at the provider",
            ),
        }
    }

    fn addresses(&self, public_url: &PublicUrl) -> Finding {
        self.ok(format!(
            "register there: redirect URI {}, post-logout redirect URI {}",
            self.provider.redirect().as_str(),
            logged_out(public_url)
        ))
    }

    fn ok(&self, text: impl Into<String>) -> Finding {
        Finding::ok(self.subject.as_str(), text)
    }

    fn warning(&self, text: impl Into<String>, remedy: &str) -> Finding {
        Finding::warning(self.subject.as_str(), text, remedy)
    }

    fn failure(&self, text: impl Into<String>, remedy: &str) -> Finding {
        Finding::failure(self.subject.as_str(), text, remedy)
    }
}
