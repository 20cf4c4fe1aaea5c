//! Jira Data Center's own SAML login, as its bundled plugin does it: several identity providers, a request
//! for each login, strict checks of the answer, and sessions that are Jira's own. While it is on, no header
//! says who a browser is. It must not know which identity provider answers.
//!
//! The checks are of its own making, with another library for signatures than the gate has, and are held to
//! what `xmlsec1` signs. So an identity provider is not judged by its own code.

mod authconfig;
mod canonical;
mod consumer;
mod document;
mod identity_provider;
mod judge;
mod login_page;
pub(super) mod routes;
pub(super) mod sessions;
mod signature;

use std::collections::BTreeMap;
use std::time::Duration;

pub use self::identity_provider::IdentityProvider;

use super::moment::Moment;

/// How long a request for a login is remembered.
const REQUESTED: Duration = Duration::from_secs(300);

/// What the plugin keeps.
#[derive(Debug)]
pub(super) struct SamlLogin {
    identity_providers: Vec<IdentityProvider>,
    latest_id: u64,
    show_login_form: bool,
    show_login_form_for_jsm: bool,
    enable_authentication_fallback: bool,
    last_updated: Moment,
    /// By the random name in `RelayState`.
    requested: BTreeMap<String, Requested>,
    /// Ids of the assertions that were taken.
    used: Vec<String>,
    /// By `JSESSIONID`.
    sessions: BTreeMap<String, JiraSession>,
    /// What Jira wrote into its log.
    pub(super) log: Vec<String>,
    /// How far its clock is ahead of the machine's.
    pub(super) ahead: Duration,
    /// Numbers of the portals that need no login.
    pub(super) anonymous: Vec<u64>,
    /// The scheme that Tomcat believes it was asked by, if its connector is set up wrongly.
    pub(super) scheme: Option<String>,
}

/// One session.
#[derive(Clone, Debug, Default)]
struct JiraSession {
    /// Who logged in by it.
    user: Option<String>,
}

/// A login that was begun.
#[derive(Clone, Debug)]
struct Requested {
    request_id: String,
    identity_provider: u64,
    /// Path and query below the context path.
    target: Option<String>,
    at: Moment,
}

impl Default for SamlLogin {
    fn default() -> Self {
        Self {
            identity_providers: Vec::new(),
            latest_id: 0,
            show_login_form: true,
            show_login_form_for_jsm: true,
            enable_authentication_fallback: false,
            last_updated: Moment::now(),
            requested: BTreeMap::new(),
            used: Vec::new(),
            sessions: BTreeMap::new(),
            log: Vec::new(),
            ahead: Duration::ZERO,
            anonymous: Vec::new(),
            scheme: None,
        }
    }
}

/// One way to log in that a login page has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum LoginOption {
    Form,
    IdentityProvider(u64),
}

/// Whose login page it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Gateway {
    /// `/login.jsp`
    Jira,
    /// The customers'.
    Portal,
}

impl SamlLogin {
    fn now(&self) -> Moment {
        Moment::now().plus(i64::try_from(self.ahead.as_millis()).unwrap_or(i64::MAX))
    }

    /// The ways to log in that a login page has. `fallback` says that it was asked for with `auth_fallback`.
    fn options(&self, gateway: Gateway, fallback: bool) -> Vec<LoginOption> {
        let (shows_form, offers): (bool, fn(&IdentityProvider) -> bool) = match gateway {
            Gateway::Jira => (self.show_login_form, |it| it.enabled),
            // Whether it is enabled makes no difference here.
            Gateway::Portal => (self.show_login_form_for_jsm, |it| it.include_customer_logins),
        };
        let form = shows_form || (fallback && self.enable_authentication_fallback);
        let offered = self.identity_providers.iter().filter(|it| offers(it));
        let offered = offered.map(|it| LoginOption::IdentityProvider(it.id));
        form.then_some(LoginOption::Form).into_iter().chain(offered).collect()
    }

    fn identity_provider(&self, id: u64) -> Option<&IdentityProvider> {
        self.identity_providers.iter().find(|it| it.id == id)
    }

    /// Remembers a login that begins now, and forgets those that nobody finished.
    fn remember(&mut self, relay_state: &str, requested: Requested) {
        let oldest = requested.at.plus(-i64::try_from(REQUESTED.as_millis()).unwrap_or_default());
        self.requested.retain(|_, it| it.at >= oldest);
        self.requested.insert(relay_state.to_owned(), requested);
    }

    /// The login that an answer belongs to. It can be taken once, and for five minutes.
    fn take(&mut self, relay_state: &str) -> Option<Requested> {
        let now = self.now();
        let requested = self.requested.remove(relay_state)?;
        let until = requested.at.plus(i64::try_from(REQUESTED.as_millis()).unwrap_or_default());
        (now <= until).then_some(requested)
    }
}

/// A random name of the form that Java's UUIDs have.
fn uuid() -> String {
    let hex = format!("{:032x}", rand::random::<u128>());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
