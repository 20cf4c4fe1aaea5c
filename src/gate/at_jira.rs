//! Which session in Jira a request may use, where Jira has a login of its own, and whom Jira has to take its
//! sender for. It must not know SAML, or how a session in Jira is remembered.

pub(super) mod answered;

use std::borrow::Cow;

use http::HeaderMap;

use crate::jira_login::{JiraLogin, JiraSession};
use crate::jsm::paths::{LoginStep, SESSION_COOKIE, logs_in};
use crate::session::{Session, cookie};

/// What a request is to Jira.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// A page, or what a page asks for: Jira has to know the customer.
    Page,
    /// A file that is the same for everybody.
    File,
    /// A step of Jira's own login.
    LogIn(LoginStep),
}

/// The session in Jira that belongs to a request.
pub(crate) struct AtJira {
    kept: JiraSession,
    /// Whether the browser brings it.
    is_brought: bool,
    purpose: Purpose,
    /// Whether its sender can be sent on to a login.
    is_navigation: bool,
}

/// Whom Jira takes a browser for.
enum Named<'a> {
    /// It does not say.
    Unsaid,
    Nobody,
    Somebody(Cow<'a, str>),
}

impl AtJira {
    /// Of a request of this session's, or of nobody's.
    pub(super) fn of(
        jira_login: &JiraLogin,
        headers: &HeaderMap,
        session: Option<&Session>,
    ) -> Self {
        let kept = jira_login.read(headers).of(session);
        let is_brought = cookie::pairs(headers)
            .any(|(name, value)| name == SESSION_COOKIE && kept.has_id(value));
        Self { kept, is_brought, purpose: Purpose::Page, is_navigation: false }
    }

    /// The same, of a request for this purpose.
    pub(super) fn with(self, purpose: Purpose, is_navigation: bool) -> Self {
        Self { purpose, is_navigation, ..self }
    }

    /// What is kept of it.
    pub(super) fn kept(&self) -> &JiraSession {
        &self.kept
    }

    /// Whom Jira has to take the sender for.
    pub(super) fn account(&self) -> Option<&str> {
        self.kept.account().filter(|_| self.is_brought)
    }

    /// Whether Jira must not see one of the browser's cookies: that of a session which is another person's,
    /// or by which Jira would log somebody in by itself (docs/security.md DC10).
    pub(super) fn hides(&self, name: &str, value: &str) -> bool {
        let is_session = name.eq_ignore_ascii_case(SESSION_COOKIE);
        (is_session && !(name == SESSION_COOKIE && self.kept.has_id(value))) || logs_in(name)
    }

    /// Whether an answer that names this person is for the sender.
    fn fits(&self, named: &Named<'_>) -> bool {
        match (named, self.account()) {
            (Named::Unsaid, _) | (Named::Nobody, None) => true,
            (Named::Nobody, Some(_)) => self.purpose != Purpose::Page,
            (Named::Somebody(_), None) => false,
            (Named::Somebody(name), Some(account)) => is_same(name, account),
        }
    }
}

/// Jira tells usernames apart without regard to letter case.
fn is_same(name: &str, account: &str) -> bool {
    name == account || name.to_lowercase() == account.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_alike_in_any_case() {
        assert!(is_same("Ann@Example.com", "ann@example.com"));
        assert!(!is_same("ann@example.com.evil", "ann@example.com") && !is_same("", "ann"));
    }
}
