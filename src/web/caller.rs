//! Who asks for a page, as the request path found out. Must not know what the page is about.

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, Method, header};

use super::Preferences;
use crate::audit::{Event, Kind};
use crate::session::{Session, SessionLookup};

/// Who asks. Every request to a page carries it as an extension.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session that their cookie opens.
    pub found: SessionLookup,
    /// The id of the request in logs.
    pub request_id: Arc<str>,
    /// Their address.
    pub client: Option<IpAddr>,
    /// Whether they read HTML, rather than JSON.
    pub html: bool,
    /// What came with their request.
    pub brings: Brings,
    /// The language and the time zone in which they read pages.
    pub preferences: Preferences,
}

impl Caller {
    /// An event of this request for the audit trail.
    #[must_use]
    pub fn event(&self, kind: Kind) -> Event {
        Event::new(kind).in_request(&self.request_id, self.client)
    }

    /// The same caller, as the renderer wants it.
    #[must_use]
    pub fn viewer(&self) -> Viewer<'_> {
        let session = self.found.session().map(AsRef::as_ref);
        let (request_id, html, brings) = (&*self.request_id, self.html, self.brings);
        Viewer { request_id, session, html, brings, preferences: &self.preferences }
    }
}

/// For whom a page is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The id of the request in logs, which error pages show.
    pub request_id: &'a str,
    /// Their session, if they are logged in.
    pub session: Option<&'a Session>,
    /// Whether they read HTML, rather than JSON.
    pub html: bool,
    /// What came with their request.
    pub brings: Brings,
    /// The language and the time zone in which they read pages.
    pub preferences: &'a Preferences,
}

/// What a request brought, which decides whether it may be made again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Brings {
    /// Nothing: a page may ask for itself again.
    Nothing,
    /// A form: it is unknown whether it arrived, so nothing sends it again.
    Form,
    /// The provider's answer, which counts once.
    Answer,
}

impl Brings {
    /// By its method: what only reads can be asked for again (RFC 9110 section 9.2.1).
    #[must_use]
    pub fn with(method: &Method) -> Self {
        if matches!(*method, Method::GET | Method::HEAD) { Self::Nothing } else { Self::Form }
    }
}

/// Whether the client shows HTML to a person.
#[must_use]
pub fn wants_html(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    accepted.any(|line| line.contains("text/html") || line.contains("application/xhtml+xml"))
}
