//! What the stand-in knows at one moment, behind one lock that is never held across an await.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use super::api::View;
use super::data::people::{Account, People};
use super::faults::Faults;
use super::record::{Recorded, SeenRequest};
use super::sending::Sending;
use super::{Desk, Flavour, JsmSettings};

/// Shared by all handlers.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: JsmSettings,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) base_url: String,
    pub(super) desks: Vec<Desk>,
    pub(super) requests: Vec<CustomerRequest>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) faults: Faults,
    pub(super) sending: Sending,
    /// The service account first.
    pub(super) people: People,
    /// Keys of the permissions that the token's owner does not have.
    pub(super) revoked: BTreeSet<String>,
    pub(super) seen: Vec<Recorded>,
}

/// A request that a customer raised.
#[derive(Clone, Debug)]
pub(super) struct CustomerRequest {
    pub(super) key: String,
    pub(super) portal_id: u64,
    pub(super) type_name: String,
    pub(super) summary: String,
    pub(super) description: String,
    /// `None` for an anonymous one.
    pub(super) reporter: Option<String>,
}

/// A file of a request, or one that everybody may fetch.
#[derive(Clone, Debug)]
pub(super) struct Attachment {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) request: Option<String>,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    /// As uploaded.
    Uploaded(Bytes),
    /// Counted out on demand, so that a large one costs no memory.
    MadeUp { bytes: u64, pause: Duration },
}

impl Shared {
    pub(super) fn new(settings: JsmSettings, origin: &str) -> Self {
        let own = format!("{origin}{}", settings.context_path);
        let state = State {
            base_url: settings.base_url.clone().unwrap_or(own),
            desks: settings.desks.clone(),
            requests: Vec::new(),
            attachments: Vec::new(),
            faults: Faults::default(),
            sending: Sending::default(),
            people: people(&settings),
            revoked: BTreeSet::new(),
            seen: Vec::new(),
        };
        Self { settings, state: Mutex::new(state) }
    }

    pub(super) fn context_path(&self) -> &str {
        &self.settings.context_path
    }

    pub(super) fn is_cloud(&self) -> bool {
        self.settings.flavour == Flavour::Cloud
    }

    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn change_desk(&self, key: &str, change: impl FnOnce(&mut Desk)) {
        self.change(|state| state.desks.iter_mut().find(|desk| desk.key == key).map(change));
    }

    pub(super) fn base_url(&self) -> String {
        self.change(|state| state.base_url.clone())
    }

    /// What answers depend on besides what they are about.
    pub(super) fn view(&self) -> View {
        View { cloud: self.is_cloud(), base_url: self.base_url() }
    }

    /// The id of the token's owner.
    pub(super) fn service_account(&self) -> String {
        let first = self.change(|state| state.people.accounts.first().map(|it| it.id.clone()));
        first.unwrap_or_default()
    }

    pub(super) fn desks(&self) -> Vec<Desk> {
        self.change(|state| state.desks.clone())
    }

    pub(super) fn desk_by_portal(&self, portal_id: u64) -> Option<Desk> {
        self.desks().into_iter().find(|desk| desk.portal_id == portal_id)
    }

    pub(super) fn seen(&self) -> Vec<SeenRequest> {
        self.change(|state| state.seen.iter().map(Recorded::so_far).collect())
    }

    /// The request, if this customer may see it.
    pub(super) fn request(&self, key: &str, customer: Option<&str>) -> Option<CustomerRequest> {
        self.change(|state| {
            let found = state.requests.iter().find(|request| request.key == key)?;
            (found.reporter.as_deref() == customer).then(|| found.clone())
        })
    }
}

/// The service account alone.
fn people(settings: &JsmSettings) -> People {
    let cloud = settings.flavour == Flavour::Cloud;
    let id = if cloud { "5b10a2844c20165700ede21g" } else { "portal-gate" };
    let mut people = People::default();
    people.add(Account::agent("Portal Gate", &settings.email).with_id(id), cloud);
    people
}

impl State {
    /// Keeps a file and returns its id.
    pub(super) fn attach(&mut self, name: &str, request: Option<&str>, content: Content) -> u64 {
        let id = 10_001 + self.attachments.len() as u64;
        let (name, request) = (name.to_owned(), request.map(str::to_owned));
        self.attachments.push(Attachment { id, name, request, content });
        id
    }

    /// Keeps a request and returns its key, `{project key}-{n}`.
    pub(super) fn raise(&mut self, desk: &Desk, request: CustomerRequest) -> String {
        let portal = desk.portal_id;
        let number = self.requests.iter().filter(|it| it.portal_id == portal).count() + 1;
        let key = format!("{}-{number}", desk.key);
        self.requests.push(CustomerRequest { key: key.clone(), ..request });
        key
    }
}

/// What handlers take as axum state.
pub(super) type App = Arc<Shared>;
