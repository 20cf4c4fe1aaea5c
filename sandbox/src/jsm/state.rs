//! What the stand-in knows at one moment, behind one lock that is never held across an await.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;

use super::api::values::View;
use super::data::articles::Article;
use super::data::media_types::media_type;
use super::data::people::{Account, People};
use super::data::requests::{Comment, CustomerRequest};
use super::desk::Desk;
use super::faults::Faults;
use super::moment::Moment;
use super::record::{Crowd, Recorded, SeenRequest};
use super::saml_login::SamlLogin;
use super::sending::Sending;
use super::settings::{Flavour, JsmSettings};

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
    pub(super) temporary: Vec<Temporary>,
    /// How many bytes a file may have.
    pub(super) file_limit: u64,
    /// Whether attachments are switched on.
    pub(super) takes_files: bool,
    pub(super) articles: Vec<Article>,
    /// What searches find while the index is held, instead of the requests as they are.
    pub(super) index: Option<Vec<CustomerRequest>>,
    /// The number of the first custom field that JSM adds by itself; another on every site.
    pub(super) first_field: u64,
    /// Where files are redirected to on Cloud.
    pub(super) media: String,
    latest: Moment,
    ids: u64,
    pub(super) faults: Faults,
    pub(super) sending: Sending,
    /// The service account first.
    pub(super) people: People,
    /// Keys of the permissions that the token's owner does not have.
    pub(super) revoked: BTreeSet<String>,
    pub(super) seen: Vec<Recorded>,
    pub(super) saml: SamlLogin,
    pub(super) crowd: Arc<Crowd>,
}

/// A file of a request, or one that everybody may fetch.
#[derive(Clone, Debug)]
pub(super) struct Attachment {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) request: Option<String>,
    /// Id of the account that brought it.
    pub(super) author: String,
    pub(super) created: Moment,
    pub(super) mime_type: String,
    pub(super) content: Content,
}

/// A file that was uploaded and belongs to no request yet.
#[derive(Debug)]
pub(super) struct Temporary {
    pub(super) id: String,
    pub(super) name: String,
    /// The beginning, if it is a long one.
    pub(super) bytes: Bytes,
    pub(super) len: u64,
    /// Id of the service desk.
    pub(super) desk: u64,
    /// The session it dies with, on Data Center.
    pub(super) session: Option<String>,
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
            temporary: Vec::new(),
            file_limit: 100 * 1024 * 1024,
            takes_files: true,
            articles: Vec::new(),
            index: None,
            first_field: 10_030,
            media: origin.replace("127.0.0.1", "localhost"),
            latest: Moment::from_millis(0),
            ids: 20_000,
            faults: Faults::default(),
            sending: Sending::default(),
            people: people(&settings),
            revoked: BTreeSet::new(),
            seen: Vec::new(),
            saml: SamlLogin::default(),
            crowd: Arc::default(),
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
    /// The time, later than at any call before.
    pub(super) fn now(&mut self) -> Moment {
        self.latest = Moment::now().max(self.latest.plus(1));
        self.latest
    }

    /// An id that nothing else has.
    pub(super) fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// Keeps a file and returns its id.
    pub(super) fn attach(
        &mut self,
        name: &str,
        request: Option<&str>,
        author: &str,
        content: Content,
    ) -> u64 {
        let (id, created) = (10_001 + self.attachments.len() as u64, self.now());
        let (name, request) = (name.to_owned(), request.map(str::to_owned));
        let (author, mime_type) = (author.to_owned(), media_type(&name).to_owned());
        self.attachments.push(Attachment {
            id,
            name,
            request,
            author,
            created,
            mime_type,
            content,
        });
        id
    }

    /// Makes a temporary file one of a request's; it can be used once, and at its desk.
    pub(super) fn keep_file(&mut self, id: &str, key: &str, author: &str) -> Option<u64> {
        let at = self.temporary.iter().position(|it| it.id == id)?;
        let Temporary { name, bytes, len, .. } = self.temporary.swap_remove(at);
        let content = if bytes.len() as u64 == len {
            Content::Uploaded(bytes)
        } else {
            Content::MadeUp { bytes: len, pause: Duration::ZERO }
        };
        Some(self.attach(&name, Some(key), author, content))
    }

    /// Keeps a request and returns its key, `{project key}-{n}`.
    pub(super) fn raise(&mut self, desk: &Desk, request: CustomerRequest) -> String {
        let portal = desk.portal_id;
        let number = self.requests.iter().filter(|it| it.portal_id == portal).count() + 1;
        let key = format!("{}-{number}", desk.key);
        let (issue_id, now) = (self.id(), self.now());
        let history = vec![(request.status, now)];
        let mut fields = request.fields.clone();
        let it = request.type_id.and_then(|id| desk.request_type(id));
        for field in it.iter().flat_map(|it| &it.fields) {
            if let Some(preset) = &field.preset {
                fields.entry(field.id.clone()).or_insert_with(|| preset.as_str().into());
            }
        }
        self.requests.push(CustomerRequest {
            key: key.clone(),
            issue_id,
            history,
            fields,
            created: now,
            updated: now,
            ..request
        });
        key
    }

    /// A comment that somebody writes now; it belongs to nothing yet.
    pub(super) fn new_comment(&mut self, author: &str, body: &str, public: bool) -> Comment {
        Comment {
            id: self.id(),
            author: author.to_owned(),
            body: body.to_owned(),
            document: None,
            html: None,
            public,
            visible_to: None,
            properties: BTreeMap::new(),
            attachments: Vec::new(),
            created: self.now(),
        }
    }

    /// Puts a comment to the request with this key.
    pub(super) fn say(&mut self, key: &str, comment: Comment) {
        if let Some(request) = self.find(key) {
            request.updated = comment.created;
            request.comments.push(comment);
        }
    }

    /// The account that a name in the trusted header stands for, made if there is none.
    pub(super) fn known(&mut self, name: &str) -> String {
        if self.people.account(name).is_none() {
            self.people.add(Account::customer(name, name).with_id(name), false);
        }
        name.to_owned()
    }

    /// A request by its key, in whatever case, or the issue's id.
    pub(super) fn find(&mut self, key: &str) -> Option<&mut CustomerRequest> {
        let id = key.parse::<u64>().unwrap_or_default();
        let fits = |it: &CustomerRequest| it.key.eq_ignore_ascii_case(key) || it.issue_id == id;
        self.requests.iter_mut().find(|it| fits(it))
    }
}

/// What handlers take as axum state.
pub(super) type App = Arc<Shared>;
