//! Jira Data Center's own login with the gate as its identity provider (`[forward] jira_login = "saml"`):
//! whom Jira is told, when a request of Jira's for a login is answered, and what the gate remembers of a
//! browser's session in Jira. Must not know SAML, pingora or pages.
//!
//! A browser may use a session in Jira for as long as it has the session here that it was made for. That is
//! kept in the browser, sealed, and needs nothing of a store.

mod record;

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

pub use self::record::JiraSession;

use crate::customers::{Customer, Customers};
use crate::domain::{AccountId, Clock, Identity, Portal, PublicUrl};
use crate::problem::Problem;
use crate::session::{Sealer, Session, cookie};

/// The purpose of the cookie that has a [`JiraSession`].
const PURPOSE: &str = "jira";

/// How old a request of Jira's may be when it is answered, in seconds. After 300 Jira has forgotten it.
const LATEST: u64 = 270;

/// How many seconds after an answer Jira is not answered again about the same customer: it has just been
/// told, and asks because it does not let them in.
const JUST_ANSWERED: u64 = 60;

/// What becomes of a request of Jira's for a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It is answered.
    Answer,
    /// Jira has forgotten it, or soon will. The browser begins again at this address here.
    BeginAgain(String),
    /// Jira was answered a moment ago: another answer would change nothing.
    Refuse(Problem),
}

/// A request of Jira's for a login.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Whether Jira asks for a new login although it has one (`ForceAuthn`).
    pub again: bool,
    /// Unix seconds of its arrival.
    pub arrived: u64,
}

/// What it takes.
pub struct JiraLoginParts {
    /// Says who people are in Jira.
    pub customers: Arc<Customers>,
    /// Whether people who work in Jira are logged in as well.
    pub allow_staff: bool,
    /// Seals what is kept in browsers.
    pub sealer: Sealer,
    /// The gate's public address.
    pub public_url: PublicUrl,
    /// Tells the time.
    pub clock: Clock,
}

/// Jira's own login, of one configuration.
pub struct JiraLogin {
    parts: JiraLoginParts,
    cookie_name: String,
}

impl JiraLogin {
    /// Asks nothing of anybody yet.
    #[must_use]
    pub fn new(parts: JiraLoginParts) -> Self {
        let cookie_name = cookie::name(&parts.public_url, PURPOSE);
        Self { parts, cookie_name }
    }

    /// The account by which Jira is told who somebody is.
    ///
    /// # Errors
    /// With what to tell them when there is none, or when it cannot be found out.
    pub async fn account(&self, identity: &Identity) -> Result<Arc<Customer>, Problem> {
        self.parts.customers.to_log_in(identity, self.parts.allow_staff).await
    }

    /// The same, on the way into a portal, whose desk they are listed at if the configuration says so.
    ///
    /// # Errors
    /// As for [`Self::account`].
    pub async fn account_at(
        &self,
        identity: &Identity,
        portal: &Portal,
    ) -> Result<Arc<Customer>, Problem> {
        self.parts.customers.to_log_in_at(identity, portal, self.parts.allow_staff).await
    }

    /// What becomes of a request of Jira's for a login, both when it arrives and when it can be answered.
    #[must_use]
    pub fn judge(&self, headers: &HeaderMap, identity: &Identity, asked: Asked) -> Verdict {
        let kept = self.read(headers);
        let return_to = kept.wanted().unwrap_or("/").to_owned();
        if asked.again && kept.was_answered_since(asked.arrived.saturating_sub(JUST_ANSWERED)) {
            let who = identity.label().to_owned();
            return Verdict::Refuse(Problem::JiraDenied { who, return_to });
        }
        if self.now() > asked.arrived.saturating_add(LATEST) {
            return Verdict::BeginAgain(return_to);
        }
        Verdict::Answer
    }

    /// The `Set-Cookie` value that goes with an answer to Jira, as the browser is to post it. The gate lets no
    /// other answer through to Jira.
    #[must_use]
    pub fn answered(
        &self,
        headers: &HeaderMap,
        session: &Session,
        account: &AccountId,
        answer: &str,
    ) -> Option<HeaderValue> {
        let kept = self.read(headers).of(Some(session));
        self.write(&kept.answered(account, answer, self.now()))
    }

    /// What is kept of a browser's session in Jira.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> JiraSession {
        let sealed = cookie::value(headers, &self.cookie_name);
        let opened = sealed.and_then(|sealed| self.parts.sealer.open(&self.cookie_name, sealed));
        opened.and_then(|text| JiraSession::parse(&text)).unwrap_or_default()
    }

    /// The `Set-Cookie` value that keeps it.
    #[must_use]
    pub fn write(&self, kept: &JiraSession) -> Option<HeaderValue> {
        let sealed = self.parts.sealer.seal(&self.cookie_name, &kept.to_string())?;
        cookie::set(&self.parts.public_url, &self.cookie_name, &sealed, None)
    }

    /// Whether Jira was answered so short a time ago that another answer would change nothing.
    #[must_use]
    pub fn was_just_answered(&self, kept: &JiraSession) -> bool {
        kept.was_answered_since(self.now().saturating_sub(JUST_ANSWERED))
    }

    fn now(&self) -> u64 {
        self.parts.clock.unix_seconds()
    }
}
