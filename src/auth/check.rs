//! What `jsm-gate check` finds out about a provider. It asks once for each thing. Must not know
//! running logins.

use std::time::{Duration, SystemTime};

use openidconnect::core::CoreJsonWebKey;
use openidconnect::{AuthType, JsonWebKey, JsonWebKeyUse, PkceCodeChallenge};
use secrecy::SecretString;

use super::discovery::Discovered;
use super::error::LoginError;
use super::fault::Fault;
use super::provider::Provider;
use super::{logged_out, logout_address, token};
use crate::config::{ClientAuth, ProviderConfig, ResponseMode};
use crate::domain::{Clock, EmailDomain, Finding, PublicUrl, own_certificate_remedy};

/// Tokens are accepted when clocks differ by this much. A warning comes at half of it.
const SKEW_ALLOWED: Duration = Duration::from_secs(60);

/// What was found out about a provider.
#[derive(Debug)]
pub struct Checked {
    /// One line a fact.
    pub findings: Vec<Finding>,
    /// Whether it lists the claim that tells whether an address is verified. `None` where it lists no
    /// claims, or could not be asked.
    pub tells_verified: Option<bool>,
}

impl From<Finding> for Checked {
    fn from(finding: Finding) -> Self {
        Self { findings: vec![finding], tells_verified: None }
    }
}

pub(super) async fn run(config: &ProviderConfig, public_url: &PublicUrl, clock: &Clock) -> Checked {
    let subject = format!("provider {}", config.id);
    let provider = match Provider::new(config, public_url, clock.clone()) {
        Ok(provider) => provider,
        Err(error) => {
            return Finding::failure(subject, error.to_string(), "correct [[provider]]").into();
        }
    };
    let discovered = match provider.describe().await {
        Ok(discovered) => discovered,
        Err(fault) => return unusable(&subject, &fault).into(),
    };
    let probe = Probe { subject, provider: &provider, discovered: &discovered };
    let mut findings = vec![
        probe.document(),
        probe.keys(),
        probe.clock(clock.now()),
        probe.client().await,
        probe.scopes(),
        probe.request(),
        probe.email(),
    ];
    findings.extend(probe.user_info());
    findings.extend([probe.logout(), probe.addresses(public_url)]);
    Checked { findings, tells_verified: probe.tells_verified() }
}

fn unusable(subject: &str, fault: &Fault) -> Finding {
    let text = fault.to_string();
    let remedy = match fault {
        Fault::Unreachable { .. } => own_certificate_remedy(&text)
            .unwrap_or("check issuer, DNS, firewall and, for an internal authority, ca_file"),
        Fault::Status { .. } | Fault::Malformed { .. } => {
            "check issuer: its address with /.well-known/openid-configuration must be the document"
        }
        Fault::NoMember(_) | Fault::OddMember { .. } => {
            "tell whoever runs the provider that its discovery document lacks it; is issuer right?"
        }
        Fault::OtherIssuer { .. } => "copy issuer from the document, slash included",
        _ => "change the client's settings at the provider",
    };
    Finding::failure(subject, text, remedy)
}

struct Probe<'a> {
    subject: String,
    provider: &'a Provider,
    discovered: &'a Discovered,
}

impl Probe<'_> {
    fn document(&self) -> Finding {
        let config = &self.provider.config;
        let odd = &self.discovered.metadata.unreadable;
        match &config.oauth2 {
            None if !odd.is_empty() => self.warning(
                format!("its document's {} cannot be read, and is not used", odd.join(", ")),
                "tell whoever runs the provider; each has to be an absolute address",
            ),
            None if config.endpoints.is_some() => self
                .ok(format!("the endpoints of {} are those of the configuration", config.issuer)),
            None => self.ok(format!("discovery of {} is valid", config.issuer)),
            Some(endpoints) => self.ok(format!(
                "plain OAuth 2.0: {} is asked who somebody is",
                endpoints.userinfo_endpoint
            )),
        }
    }

    fn keys(&self) -> Finding {
        if self.provider.config.oauth2.is_some() {
            return self.ok("it has no ID tokens, and so no keys");
        }
        let signs =
            |key: &&CoreJsonWebKey| key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        let keys = &self.discovered.keys;
        match keys.usable.iter().filter(signs).count() {
            _ if !keys.weak.is_empty() => self.warning(
                format!("keys that are too weak are not used: {}", keys.weak.join("; ")),
                "let the provider sign with RSA of at least 2048 bits, ES256, ES384 or Ed25519",
            ),
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

    /// Redeems a made-up code: only a client that has proven itself is told that the code is
    /// unknown.
    async fn client(&self) -> Finding {
        let (_, verifier) = PkceCodeChallenge::new_random_sha256();
        let code = "jsm-gate-check".to_owned();
        let answer =
            token::exchange(self.provider, self.discovered, code, verifier.into_secret()).await;
        let sure = "log in once to be sure";
        let Err(error) = answer else {
            return self.warning("the token endpoint gave tokens for a code nobody issued", sure);
        };
        match error {
            LoginError::Expired(_) => {
                self.ok(format!("it accepts the gate as its client, by {}", self.proof()))
            }
            LoginError::ClientRejected { reason, .. } => self.failure(
                format!("it does not accept client_id and {}: {reason}", self.proof()),
                "copy both again from the provider; has the secret expired, is the key registered?",
            ),
            LoginError::ProviderUnreachable { reason, .. } => {
                self.failure(reason, "check firewall and DNS")
            }
            error => self.warning(error.to_string(), sure),
        }
    }

    fn proof(&self) -> &'static str {
        match (&self.provider.config.client_auth, &self.discovered.auth_type) {
            (ClientAuth::Public, _) => "no secret (a public client)",
            (ClientAuth::Key(_), _) => "private_key_jwt",
            (ClientAuth::Secret(..), AuthType::BasicAuth) => "client secret (client_secret_basic)",
            (ClientAuth::Secret(..), _) => "client secret (client_secret_post)",
        }
    }

    /// How the request is sent and how the answer comes back.
    fn request(&self) -> Finding {
        let request = &self.provider.config.request;
        let modes = self.discovered.metadata.response_modes_supported.as_ref();
        let form_post = request.response_mode == ResponseMode::FormPost;
        let announced = |modes: &Vec<String>| modes.iter().any(|mode| mode == "form_post");
        if form_post && !modes.is_none_or(announced) {
            return self.warning(
                "it does not announce response_mode form_post",
                "log in once to be sure, or set response_mode = \"query\"",
            );
        }
        let way = if self.discovered.pushed.is_some() {
            "pushed beforehand (PAR)"
        } else {
            "sent with the browser"
        };
        let back = if form_post { "posted as a form" } else { "in the callback's query" };
        self.ok(format!("requests are {way}, answers come back {back}"))
    }

    /// Which addresses the gate trusts.
    fn email(&self) -> Finding {
        let (policy, map) = (&self.provider.config.email, &self.provider.config.attributes);
        if policy.insecure_allow_unverified {
            return self.ok("every email address is believed: insecure_allow_unverified_email");
        }
        let domains: Vec<_> = policy.verified_domains.iter().map(EmailDomain::as_str).collect();
        let announced = self.tells_verified().unwrap_or(true);
        let claim = &map.email_verified;
        self.ok(match (announced, domains.is_empty()) {
            (_, false) => format!(
                "an email address counts when {claim} is true, or unsaid for {}",
                domains.join(", ")
            ),
            (true, true) => format!("an email address counts when {claim} is true"),
            // Few providers list all their claims.
            (false, true) => format!(
                "an email address counts when {claim} is true, which is not among the claims that \
                 it lists; log in once to be sure"
            ),
        })
    }

    fn tells_verified(&self) -> Option<bool> {
        let claims = self.discovered.metadata.claims_supported.as_ref()?;
        Some(claims.contains(&self.provider.config.attributes.email_verified))
    }

    /// Where claims come from that the ID token leaves open. Whether UserInfo answers cannot be
    /// tried without a person's login. Plain OAuth 2.0 has nothing else.
    fn user_info(&self) -> Option<Finding> {
        let config = &self.provider.config;
        let (email, groups) = (&config.attributes.email, &config.attributes.groups);
        let there_is_one = self.discovered.metadata.userinfo_endpoint.is_some();
        let text = if there_is_one && config.asks_user_info {
            format!(
                "UserInfo is asked for what an ID token leaves open; if it refuses, {groups} and the \
                 rest are not known, and without {email} in the ID token nobody logs in"
            )
        } else {
            format!(
                "UserInfo is not asked: {email}, {groups} and the rest are the ID token's to say"
            )
        };
        config.oauth2.is_none().then(|| self.ok(text))
    }

    fn scopes(&self) -> Finding {
        let Some(offered) = &self.discovered.metadata.scopes_supported else {
            return self.ok("it does not list its scopes");
        };
        let wanted = self.provider.config.request.scopes.iter();
        let missing: Vec<_> = wanted.filter(|scope| !offered.contains(scope)).cloned().collect();
        if missing.is_empty() {
            return self.ok("it offers all scopes");
        }
        self.warning(
            format!("it does not list the scopes {}", missing.join(", ")),
            "add them at the provider or take them out of scopes",
        )
    }

    fn logout(&self) -> Finding {
        let (config, none) = (&self.provider.config, SecretString::default());
        match logout_address::of(config, self.discovered, &none, "", None) {
            Some(_) => self.ok("logout ends its own session too"),
            None => self.warning(
                "it has no address that ends its own session",
                "tell customers that logout leaves them logged in at the provider",
            ),
        }
    }

    fn addresses(&self, public_url: &PublicUrl) -> Finding {
        let (id, more) = (self.provider.id(), &self.discovered.metadata);
        let at = |path: &str| public_url.join(&format!("/_gate/{path}/{id}"));
        let mut all = vec![
            ("redirect URI", self.provider.redirect().to_owned()),
            ("post-logout redirect URI", logged_out(public_url)),
        ];
        if more.backchannel_logout_supported {
            all.push(("back-channel logout URI", at("backchannel-logout")));
        } else if more.frontchannel_logout_supported {
            all.push(("front-channel logout URI", at("frontchannel-logout")));
        }
        let all = all.iter().map(|(name, address)| format!("{name} {address}"));
        self.ok(format!("register there: {}", all.collect::<Vec<_>>().join(", ")))
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
