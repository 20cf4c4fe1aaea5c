//! One event of the trail, in full. It must not know where events come from, and has no field that a token,
//! a code, a cookie or a secret would fit into.

use std::fmt;
use std::net::IpAddr;
use std::time::SystemTime;

use serde::Serialize;
use smol_str::SmolStr;

use super::kind::{Actor, Kind};
use crate::access::Decision;
use crate::domain::{
    AccountId, Email, Identity, Portal, ProviderId, RequestKey, ServiceProviderId, visible_json,
};

/// One line of the trail. What is not known of an event is left out.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    time: String,
    #[serde(rename = "event")]
    pub(super) kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<ProviderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<SmolStr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<Email>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_provider: Option<ServiceProviderId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Whether anybody can cause it without a login.
    #[serde(skip)]
    pub(super) of_stranger: bool,
}

impl Event {
    /// Something happened, and nothing is known of it yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            time: String::new(),
            kind,
            request_id: None,
            client: None,
            provider: None,
            subject: None,
            email: None,
            account: None,
            service_provider: None,
            portal: None,
            link: None,
            request: None,
            by: None,
            uid: None,
            minutes: None,
            decision: None,
            rule: None,
            reason: None,
            count: None,
            of_stranger: false,
        }
    }

    /// The request it happened in, and where that came from.
    #[must_use]
    pub fn in_request(self, id: &str, client: Option<IpAddr>) -> Self {
        Self { request_id: Some(id.to_owned()), client, ..self }
    }

    /// Whom it is about.
    #[must_use]
    pub fn about(self, identity: &Identity) -> Self {
        let subject = Some(identity.subject.clone());
        Self { subject, email: identity.email.known().cloned(), ..self }
            .at_provider(&identity.provider)
    }

    /// Whom it is about, when only the email address is known.
    #[must_use]
    pub fn about_email(self, email: &Email) -> Self {
        Self { email: Some(email.clone()), ..self }
    }

    /// The provider it is about.
    #[must_use]
    pub fn at_provider(self, provider: &ProviderId) -> Self {
        Self { provider: Some(provider.clone()), ..self }
    }

    /// The service provider it is about.
    #[must_use]
    pub fn of_service_provider(self, id: &ServiceProviderId) -> Self {
        Self { service_provider: Some(id.clone()), ..self }
    }

    /// What was decided.
    #[must_use]
    pub fn decided(self, decision: Decision) -> Self {
        Self { decision: Some(decision.as_str()), rule: Some(decision.rule()), ..self }
    }

    /// The portal it is about, and what was decided.
    #[must_use]
    pub fn of_portal(self, portal: &Portal, decision: Decision) -> Self {
        self.of_desk(portal).decided(decision)
    }

    /// The portal it is about, of which nothing was decided.
    #[must_use]
    pub fn of_desk(self, portal: &Portal) -> Self {
        let (key, link) = (portal.project_key.clone(), portal.link.to_string());
        Self { portal: Some(key), link: Some(link), ..self }
    }

    /// The customer's request that it is about.
    #[must_use]
    pub fn of_request(self, request: &RequestKey) -> Self {
        Self { request: Some(request.clone()), ..self }
    }

    /// The account in JSM that it is about.
    #[must_use]
    pub fn with_account(self, account: &AccountId) -> Self {
        Self { account: Some(account.clone()), ..self }
    }

    /// The links of the portals it is about.
    #[must_use]
    pub fn of_links(self, links: impl Into<String>) -> Self {
        Self { link: Some(links.into()), ..self }
    }

    /// Who did it.
    #[must_use]
    pub fn by(self, actor: Actor) -> Self {
        Self { by: Some(actor), ..self }
    }

    /// The user on the gate's machine who asked for it.
    #[must_use]
    pub fn asked_by(self, uid: Option<u32>) -> Self {
        Self { uid, ..self }.by(Actor::Admin)
    }

    /// For how long it is.
    #[must_use]
    pub fn for_minutes(self, minutes: u64) -> Self {
        Self { minutes: Some(minutes), ..self }
    }

    /// The rule that decided, or the code that the page showed.
    #[must_use]
    pub fn by_rule(self, rule: &'static str) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// Why, in one sentence.
    #[must_use]
    pub fn because(self, reason: impl fmt::Display) -> Self {
        Self { reason: Some(reason.to_string()), ..self }
    }

    /// How many such events it stands for.
    pub(super) fn summed_up(self, count: u64) -> Self {
        Self { count: Some(count), ..self }.because("more of the same within a minute")
    }

    pub(super) fn of_stranger(self) -> Self {
        Self { of_stranger: true, ..self }
    }

    pub(super) fn at(self, time: SystemTime) -> Self {
        Self { time: humantime::format_rfc3339_millis(time).to_string(), ..self }
    }

    /// As a line of a file, without the newline.
    pub(super) fn line(&self) -> String {
        let line = serde_json::to_string(self).unwrap_or_default();
        visible_json(&line).into_owned()
    }

    /// As a line of the log, which adds the time.
    pub(super) fn log(&self) {
        tracing::info!(
            target: "audit",
            event = tracing::field::display(serde_json::json!(self.kind).as_str().unwrap_or("")),
            request_id = self.request_id,
            client = self.client.map(tracing::field::display),
            provider = self.provider.as_ref().map(tracing::field::display),
            subject = self.subject.as_deref(),
            email = self.email.as_ref().map(tracing::field::display),
            account = self.account.as_ref().map(tracing::field::display),
            service_provider = self.service_provider.as_ref().map(tracing::field::display),
            portal = self.portal,
            link = self.link,
            request = self.request.as_ref().map(tracing::field::display),
            by = self.by.map(Actor::as_str),
            uid = self.uid,
            minutes = self.minutes,
            decision = self.decision,
            rule = self.rule,
            reason = self.reason,
            count = self.count,
        );
    }
}
