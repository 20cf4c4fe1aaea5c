//! Which events count as the same, so that nobody fills the trail by doing one thing over and over. It
//! must not know how many of them are written.

use std::net::IpAddr;

use smol_str::SmolStr;

use super::event::Event;
use super::kind::Kind;
use crate::domain::{Email, ProviderId, network_of};

/// What strangers do is the same for an address, or for the /64 of an IPv6 one.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct StrangerKey {
    kind: Kind,
    client: Option<IpAddr>,
    provider: Option<ProviderId>,
    rule: Option<&'static str>,
}

impl StrangerKey {
    pub(super) fn of(event: &Event) -> Self {
        let (client, provider) = (event.client.map(network_of), event.provider.clone());
        Self { kind: event.kind, client, provider, rule: event.rule }
    }

    /// The key of all addresses together.
    pub(super) fn of_anybody(self) -> Self {
        Self { client: None, provider: None, ..self }
    }

    /// The event that stands for so many.
    pub(super) fn summed_up(self, count: u64) -> Event {
        let mut event = Event::new(self.kind).summed_up(count);
        (event.client, event.provider, event.rule) = (self.client, self.provider, self.rule);
        event
    }
}

/// What customers do is the same for a person, whichever portal it is about: there can be hundreds.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct CustomerKey {
    kind: Kind,
    provider: Option<ProviderId>,
    subject: Option<SmolStr>,
    email: Option<Email>,
}

impl CustomerKey {
    pub(super) fn of(event: &Event) -> Self {
        let (provider, subject) = (event.provider.clone(), event.subject.clone());
        Self { kind: event.kind, provider, subject, email: event.email.clone() }
    }

    /// The key of all people together.
    pub(super) fn of_anybody(self) -> Self {
        Self { provider: None, subject: None, email: None, ..self }
    }

    /// The event that stands for so many.
    pub(super) fn summed_up(self, count: u64) -> Event {
        let mut event = Event::new(self.kind).summed_up(count);
        (event.provider, event.subject, event.email) = (self.provider, self.subject, self.email);
        event
    }
}
