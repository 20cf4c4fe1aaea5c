//! What the stand-in provider remembers: its settings, keys, codes, access tokens, faults and the
//! requests it saw. Knows nothing of HTTP.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::ProviderSettings;
use super::faults::Fault;
use super::keys::{SigningKey, random};
use super::users::{PASSWORD, User};

/// A request the provider saw.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its path.
    pub path: &'static str,
    /// Parameters of its query or form, in order.
    pub parameters: Vec<(String, String)>,
    /// Its `Authorization` header.
    pub authorization: Option<String>,
}

impl Seen {
    /// The first value of a parameter.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What a code was issued for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) username: String,
    pub(super) redirect_uri: String,
    pub(super) nonce: Option<String>,
    pub(super) challenge: String,
    pub(super) sid: String,
    /// Whether it is to last beyond the login (`offline_access`).
    pub(super) offline: bool,
}

/// Somebody who is logged in with one browser.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) username: String,
    pub(super) sid: String,
}

/// Where the gate wants to be told of logouts.
#[derive(Clone, Debug, Default)]
pub(super) struct ToldOfLogouts {
    pub(super) back_channel: Option<String>,
    pub(super) front_channel: Option<String>,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: ProviderSettings,
    pub(super) issuer: String,
    state: Mutex<Memory>,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The first signs; all are published.
    pub(super) keys: Vec<SigningKey>,
    /// What is published beside them.
    pub(super) beside: Vec<serde_json::Value>,
    /// What is published instead.
    pub(super) published: Option<Vec<SigningKey>>,
    pub(super) faults: Vec<Fault>,
    pub(super) seen: Vec<Seen>,
    pub(super) stopped: bool,
    pub(super) told_of_logouts: ToldOfLogouts,
    codes: HashMap<String, Grant>,
    /// Access token to user name.
    tokens: HashMap<String, String>,
    /// Refresh token to what it was issued for.
    offline: HashMap<String, Grant>,
    /// Value of the single sign-on cookie to whoever has it.
    logins: HashMap<String, Login>,
    /// User name to the latest of their sessions.
    latest: HashMap<String, String>,
    /// Reference to the request that was pushed.
    pushed: HashMap<String, Vec<(String, String)>>,
    /// Assertions seen before.
    assertions: HashSet<String>,
}

impl Shared {
    pub(super) fn new(settings: ProviderSettings, issuer: String, key: SigningKey) -> Self {
        let state = Mutex::new(Memory { keys: vec![key], ..Memory::default() });
        Self { settings, issuer, state }
    }

    /// Never held across an await.
    pub(super) fn state(&self) -> MutexGuard<'_, Memory> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn user(&self, username: &str) -> Option<&User> {
        self.settings.users.iter().find(|user| user.username == username)
    }

    pub(super) fn authenticate(&self, username: &str, password: &str) -> Option<&User> {
        self.user(username).filter(|_| password == PASSWORD)
    }
}

impl Memory {
    pub(super) fn saw(
        &mut self,
        path: &'static str,
        parameters: &[(String, String)],
        authorization: Option<&str>,
    ) {
        let authorization = authorization.map(str::to_owned);
        self.seen.push(Seen { path, parameters: parameters.to_vec(), authorization });
    }

    pub(super) fn issue_code(&mut self, grant: Grant) -> String {
        let code = random();
        self.codes.insert(code.clone(), grant);
        code
    }

    /// A code works once.
    /// For somebody whose login is to last.
    pub(super) fn issue_refresh_token(&mut self, grant: &Grant) -> String {
        let token = self.issue_token(&grant.username);
        // A refreshed ID token has no nonce (OpenID Connect Core 1.0 section 12.2).
        self.offline.insert(token.clone(), Grant { nonce: None, ..grant.clone() });
        token
    }

    /// A refresh token works once: its successor comes with the answer.
    pub(super) fn redeem_refresh_token(&mut self, token: &str) -> Option<Grant> {
        self.tokens.remove(token)?;
        self.offline.remove(token)
    }

    pub(super) fn redeem_code(&mut self, code: &str) -> Option<Grant> {
        self.codes.remove(code)
    }

    pub(super) fn push(&mut self, request: Vec<(String, String)>) -> String {
        let reference = format!("urn:ietf:params:oauth:request_uri:{}", random());
        self.pushed.insert(reference.clone(), request);
        reference
    }

    /// A pushed request works once.
    pub(super) fn pull(&mut self, reference: &str) -> Option<Vec<(String, String)>> {
        self.pushed.remove(reference)
    }

    /// Whether an assertion was not seen before.
    pub(super) fn is_first(&mut self, assertion: &str) -> bool {
        self.assertions.insert(assertion.to_owned())
    }

    pub(super) fn issue_token(&mut self, username: &str) -> String {
        let token = random();
        self.tokens.insert(token.clone(), username.to_owned());
        token
    }

    pub(super) fn token_owner(&self, token: &str) -> Option<String> {
        self.tokens.get(token).cloned()
    }

    pub(super) fn forget_token(&mut self, token: &str) {
        self.tokens.remove(token);
    }

    /// The value of the cookie, and what it stands for.
    pub(super) fn log_in(&mut self, username: &str) -> (String, Login) {
        let (cookie, login) = (random(), Login { username: username.to_owned(), sid: random() });
        self.logins.insert(cookie.clone(), login.clone());
        self.latest.insert(login.username.clone(), login.sid.clone());
        (cookie, login)
    }

    pub(super) fn logged_in(&self, cookie: &str) -> Option<Login> {
        self.logins.get(cookie).cloned()
    }

    pub(super) fn log_out(&mut self, cookie: &str) -> Option<Login> {
        self.logins.remove(cookie)
    }

    pub(super) fn latest_login(&self, username: &str) -> Option<Login> {
        let sid = self.latest.get(username)?.clone();
        Some(Login { username: username.to_owned(), sid })
    }
}

/// Seconds since 1970-01-01 UTC.
pub(super) fn now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a provider of its own has a clock of its own")]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
