//! The ticket in each form that changes something. It proves that the gate made the form for this
//! person and this address, names the one request that may come of it, and carries the files that were
//! uploaded for it. Must not know what is in the form.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::KeptFile;
use crate::domain::{Clock, Identity};
use crate::jsm::JsmSession;
use crate::session::Sealer;

/// How long a form can be sent, in seconds: a day.
const LASTS: u64 = 24 * 3600;

/// How far the clock of the gate that made a ticket may be ahead, in seconds.
const CLOCK_TOLERANCE: u64 = 300;

/// What a ticket is sealed for, so that nothing else that the gate seals is taken for one.
const PURPOSE: &str = "form-ticket";

/// What may come of a form only once, whatever is clicked twice.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SubmissionKey(String);

/// A form's ticket.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ticket {
    #[serde(rename = "p")]
    provider: String,
    #[serde(rename = "s")]
    subject: String,
    #[serde(rename = "r")]
    route: String,
    #[serde(rename = "k")]
    key: SubmissionKey,
    #[serde(rename = "t")]
    made: u64,
    /// The files that JSM holds for this form.
    #[serde(rename = "f", default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<KeptFile>,
    /// JSM's session that holds them, where there is one.
    #[serde(rename = "j", default, skip_serializing_if = "Option::is_none")]
    session: Option<Session>,
}

/// A session of JSM's, which is nobody's to see.
#[derive(Clone, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
struct Session(String);

/// Makes tickets and reads them.
#[derive(Clone, Debug)]
pub struct Tickets {
    sealer: Arc<Sealer>,
    clock: Clock,
}

/// Why a form is not taken.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoTicket {
    /// It was made for somebody else.
    #[error("the form was made for somebody else")]
    Anothers(Box<Ticket>),
    /// The gate did not make it, or not for this address.
    #[error("the form is not one that the gate made for this address")]
    Foreign,
    /// It is older than a day.
    #[error("the form is older than a day")]
    Old,
}

impl SubmissionKey {
    /// A new one from the operating system's random source.
    fn random() -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ticket {
    /// Of which one request may come.
    #[must_use]
    pub fn key(&self) -> &SubmissionKey {
        &self.key
    }

    /// JSM's session in which the files have to be taken.
    #[must_use]
    pub fn session(&self) -> Option<JsmSession> {
        self.session.as_ref().and_then(|session| JsmSession::parse(&session.0))
    }

    /// Adds a file that JSM holds now. Where JSM began another session for it, the files of the one before
    /// are lost, and returned.
    pub fn hold(&mut self, file: KeptFile, session: Option<&JsmSession>) -> Vec<KeptFile> {
        let session = session.map(|session| Session(session.expose().to_owned()));
        let goes_on = self.session.is_none() || self.session == session;
        let lost = if goes_on { Vec::new() } else { std::mem::take(&mut self.files) };
        self.session = session;
        self.files.push(file);
        lost
    }

    /// By what the browser keeps a draft of the form: the same for each form of this person at this
    /// address, and saying nothing about either.
    #[must_use]
    pub fn draft_name(&self) -> String {
        let of = Sha256::digest(format!("{}\n{}\n{}", self.provider, self.subject, self.route));
        BASE64_URL_SAFE_NO_PAD.encode(of)
    }

    /// The path that the form is sent to.
    #[must_use]
    pub fn route(&self) -> &str {
        &self.route
    }

    /// For whom the form was made: the provider, and its name for the person.
    #[must_use]
    pub fn author(&self) -> (&str, &str) {
        (&self.provider, &self.subject)
    }

    /// Whether the form was made for this person. Their login may be a new one.
    #[must_use]
    pub fn is_of(&self, identity: &Identity) -> bool {
        self.provider == identity.provider.as_str() && self.subject == identity.subject.as_str()
    }
}

impl Tickets {
    /// Tickets sealed with the secrets of sessions, so that every gate can read them.
    #[must_use]
    pub fn new(sealer: Arc<Sealer>, clock: Clock) -> Self {
        Self { sealer, clock }
    }

    /// A ticket for a form that is shown to somebody at `route`, the path it is sent to.
    #[must_use]
    pub fn issue(&self, identity: &Identity, route: &str) -> Ticket {
        Ticket {
            provider: identity.provider.as_str().to_owned(),
            subject: identity.subject.to_string(),
            route: route.to_owned(),
            key: SubmissionKey::random(),
            made: self.clock.unix_seconds(),
            files: Vec::new(),
            session: None,
        }
    }

    /// A new ticket for the same form, with its files: another request may come of it.
    #[must_use]
    pub fn renew(&self, ticket: Ticket) -> Ticket {
        Ticket { key: SubmissionKey::random(), made: self.clock.unix_seconds(), ..ticket }
    }

    /// As it is written into the form. `None` without a usable secret.
    #[must_use]
    pub fn seal(&self, ticket: &Ticket) -> Option<String> {
        self.sealer.seal(PURPOSE, &serde_json::to_string(ticket).ok()?)
    }

    /// The ticket of a form that somebody sent to `route`.
    ///
    /// # Errors
    /// When it is somebody else's, not one of ours, not for this address, or too old.
    pub fn prove(&self, sealed: &str, route: &str, sender: &Identity) -> Result<Ticket, NoTicket> {
        let ticket = self.open(sealed, route)?;
        if ticket.is_of(sender) { Ok(ticket) } else { Err(NoTicket::Anothers(Box::new(ticket))) }
    }

    /// The same for a form whose sender is not logged in any more. Whose it is, the ticket tells.
    ///
    /// # Errors
    /// When it is not one of ours, not for this address, or too old.
    pub fn open(&self, sealed: &str, route: &str) -> Result<Ticket, NoTicket> {
        let ticket = self.sealer.open(PURPOSE, sealed).ok_or(NoTicket::Foreign)?;
        let ticket: Ticket = serde_json::from_str(&ticket).map_err(|_| NoTicket::Foreign)?;
        if ticket.route != route {
            return Err(NoTicket::Foreign);
        }
        let now = self.clock.unix_seconds();
        let from_the_future = ticket.made > now.saturating_add(CLOCK_TOLERANCE);
        if from_the_future || now.saturating_sub(ticket.made) >= LASTS {
            return Err(NoTicket::Old);
        }
        Ok(ticket)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(***)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use secrecy::SecretString;

    use super::*;
    use crate::domain::ProviderId;

    const ROUTE: &str = "/p/it/create/66";

    fn tickets(secret: &str, day: u64) -> Tickets {
        let now: SystemTime = UNIX_EPOCH + Duration::from_hours(24 * day);
        let sealer = Sealer::new(&[SecretString::from(secret.repeat(32))]);
        Tickets::new(Arc::new(sealer), Clock::from_fn(move || now))
    }

    fn person(provider: &str, subject: &str) -> Identity {
        Identity::bare(ProviderId::parse(provider).unwrap(), subject)
    }

    #[test]
    fn a_ticket_comes_back_with_its_key_and_its_files() {
        let (tickets, ann) = (tickets("a", 1), person("okta", "ann"));
        let mut ticket = tickets.issue(&ann, ROUTE);
        ticket.files.push(KeptFile { id: "temp1".into(), name: "a.pdf".into(), size: 7 });
        let opened = tickets.open(&tickets.seal(&ticket).unwrap(), ROUTE).unwrap();
        assert_eq!(opened, ticket);
        assert!(opened.is_of(&ann));
        assert_ne!(tickets.issue(&ann, ROUTE).key(), ticket.key());
    }

    #[test]
    fn files_stay_as_long_as_jsms_session_does() {
        let tickets = tickets("a", 1);
        let mut ticket = tickets.issue(&person("okta", "ann"), ROUTE);
        let file = |id: &str| KeptFile { id: id.into(), name: "a.pdf".into(), size: 7 };
        let (first, second) = (JsmSession::parse("0A1B"), JsmSession::parse("2C3D"));
        assert_eq!(ticket.hold(file("temp1"), first.as_ref()), []);
        assert_eq!(ticket.hold(file("temp2"), first.as_ref()), []);
        let opened = tickets.open(&tickets.seal(&ticket).unwrap(), ROUTE).unwrap();
        assert_eq!(opened.session().unwrap().expose(), "0A1B");
        assert_eq!(ticket.hold(file("temp3"), second.as_ref()), [file("temp1"), file("temp2")]);
        assert_eq!(ticket.files, [file("temp3")]);
    }

    /// Another person's form, or one of the same name at another provider (docs/security.md P21).
    #[test]
    fn p21_a_ticket_is_of_one_person() {
        let tickets = tickets("a", 1);
        let ticket = tickets.issue(&person("okta", "ann"), ROUTE);
        for (provider, subject) in [("okta", "ben"), ("entra", "ann"), ("emergency", "ann")] {
            let other = person(provider, subject);
            let proved = tickets.prove(&tickets.seal(&ticket).unwrap(), ROUTE, &other);
            assert_eq!(proved, Err(NoTicket::Anothers(Box::new(ticket.clone()))), "{other:?}");
        }
    }

    #[test]
    fn p21_a_ticket_opens_at_its_own_address_only() {
        let tickets = tickets("a", 1);
        let ticket = tickets.issue(&person("okta", "ann"), ROUTE);
        let sealed = tickets.seal(&ticket).unwrap();
        for route in ["/p/it/create/67", "/p/hr/create/66", "/p/it/create/66/", ""] {
            assert_eq!(tickets.open(&sealed, route), Err(NoTicket::Foreign), "{route}");
        }
    }

    #[test]
    fn p21_a_made_up_or_changed_ticket_does_not_open() {
        let ours = tickets("a", 1);
        let sealed = ours.seal(&ours.issue(&person("okta", "ann"), ROUTE)).unwrap();
        let cookie = Sealer::new(&[SecretString::from("a".repeat(32))]).seal("session", "{}");
        let changed = sealed.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
        for text in [String::new(), "AAAA".to_owned(), changed, cookie.unwrap()] {
            assert_eq!(ours.open(&text, ROUTE), Err(NoTicket::Foreign));
        }
        assert_eq!(tickets("b", 1).open(&sealed, ROUTE), Err(NoTicket::Foreign));
    }

    #[test]
    fn a_ticket_lasts_a_day() {
        let ticket = tickets("a", 2).issue(&person("okta", "ann"), ROUTE);
        let sealed = tickets("a", 2).seal(&ticket).unwrap();
        assert!(tickets("a", 2).open(&sealed, ROUTE).is_ok());
        assert_eq!(tickets("a", 3).open(&sealed, ROUTE), Err(NoTicket::Old));
        assert_eq!(tickets("a", 1).open(&sealed, ROUTE), Err(NoTicket::Old));
    }
}
