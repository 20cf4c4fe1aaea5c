//! Requests, and what agents do to them.

use bytes::Bytes;

use super::super::data::articles::Article;
use super::super::data::requests::{Approval, Comment, CustomerRequest, Status};
use super::super::marks::{INTERNAL_COMMENT, INTERNAL_FILE};
use super::super::state::{Content, State};
use super::super::{Account, Jsm};

impl Jsm {
    /// Raises a request at the desk with this project key, of its first type, and returns its key.
    pub fn add_request(&self, project: &str, reporter: &str, summary: &str) -> String {
        self.shared.change(|state| {
            let Some(desk) = state.desks.iter().find(|desk| desk.key == project).cloned() else {
                return String::new();
            };
            let first = desk.groups.first().and_then(|group| group.types.first());
            let request = CustomerRequest {
                type_id: first.map(|it| it.id),
                type_name: first.map(|it| it.name.clone()).unwrap_or_default(),
                reporter: Some(reporter.to_owned()),
                creator: reporter.to_owned(),
                ..CustomerRequest::new(desk.portal_id, summary, "")
            };
            state.raise(&desk, request)
        })
    }

    /// The request with this key.
    #[must_use]
    pub fn request(&self, key: &str) -> Option<CustomerRequest> {
        self.shared.change(|state| state.find(key).cloned())
    }

    /// All requests, the first first.
    #[must_use]
    pub fn requests(&self) -> Vec<CustomerRequest> {
        self.shared.change(|state| state.requests.clone())
    }

    /// Changes the request with this key, if there is one: its reporter, participants,
    /// organisations, or anything else.
    pub fn change_request(&self, key: &str, change: impl FnOnce(&mut CustomerRequest)) {
        self.shared.change(|state| {
            let now = state.now();
            if let Some(request) = state.find(key) {
                change(request);
                request.updated = now;
            }
        });
    }

    /// Moves the request with this key on.
    pub fn set_status(&self, key: &str, status: Status) {
        self.shared.change(|state| {
            let now = state.now();
            state.find(key).map(|request| request.move_to(status, now))
        });
    }

    /// An agent answers the customer. Returns the comment's id.
    pub fn answer(&self, key: &str, text: &str) -> u64 {
        self.comment(key, text, true)
    }

    /// An agent writes an internal comment, with a marked word before the text.
    pub fn note(&self, key: &str, text: &str) -> u64 {
        self.comment(key, &format!("{INTERNAL_COMMENT} {text}"), false)
    }

    fn comment(&self, key: &str, text: &str, public: bool) -> u64 {
        self.shared.change(|state| {
            let author = an_agent(state);
            let comment = state.new_comment(&author, text, public);
            let id = comment.id;
            state.say(key, comment);
            id
        })
    }

    /// Changes a comment of the request with this key.
    pub fn change_comment(&self, key: &str, id: u64, change: impl FnOnce(&mut Comment)) {
        self.change_request(key, |request| {
            request.comments.iter_mut().find(|comment| comment.id == id).map(change);
        });
    }

    /// An agent attaches a file with a public comment. Returns the file's id.
    pub fn answer_with_file(&self, key: &str, name: &str, bytes: impl Into<Bytes>) -> u64 {
        let comment = self.answer(key, &format!("Please see [^{name}]."));
        self.file(key, comment, name, bytes.into())
    }

    /// An agent attaches a file with an internal comment; name and content have a marked word.
    pub fn note_with_file(&self, key: &str, name: &str) -> u64 {
        let comment = self.note(key, "see the file");
        let name = format!("{INTERNAL_FILE} {name}");
        self.file(key, comment, &name, Bytes::from_static(INTERNAL_FILE.as_bytes()))
    }

    fn file(&self, key: &str, comment: u64, name: &str, bytes: Bytes) -> u64 {
        let id = self.shared.change(|state| {
            let author = an_agent(state);
            state.attach(name, Some(key), &author, Content::Uploaded(bytes))
        });
        self.change_comment(key, comment, |comment| comment.attachments.push(id));
        id
    }

    /// Has these accounts asked to approve the request with this key. Returns the approval's id.
    pub fn ask_approval(&self, key: &str, approvers: &[&str]) -> u64 {
        self.shared.change(|state| {
            let (id, created) = (state.id(), state.now());
            let approvers = approvers.iter().map(|&it| it.to_owned()).collect();
            let name = "Waiting for approval".to_owned();
            let approval = Approval { id, name, approvers, decision: "pending", created };
            if let Some(request) = state.find(key) {
                request.approvals.push(approval);
            }
            id
        })
    }

    /// Adds an article to the knowledge base.
    pub fn add_article(&self, article: Article) {
        self.shared.change(|state| state.articles.push(article));
    }

    /// Has searches go on finding what they find now, whatever happens to requests, or again what
    /// there is.
    pub fn hold_index(&self, hold: bool) {
        self.shared.change(|state| state.index = hold.then(|| state.requests.clone()));
    }

    /// Numbers the custom fields that JSM adds by itself from here on, as another site does.
    pub fn number_fields_from(&self, first: u64) {
        self.shared.change(|state| state.first_field = first);
    }

    /// Refuses files of more bytes.
    pub fn limit_files(&self, bytes: u64) {
        self.shared.change(|state| state.file_limit = bytes);
    }

    /// Switches attachments on or off.
    pub fn take_files(&self, takes: bool) {
        self.shared.change(|state| state.takes_files = takes);
    }

    /// Forgets the files that belong to no request yet, as JSM does after a while.
    pub fn forget_temporary_files(&self) {
        self.shared.change(|state| state.temporary.clear());
    }

    /// The names and the bytes of a request's files, in order.
    #[must_use]
    pub fn files(&self, key: &str) -> Vec<(String, Bytes)> {
        let bytes = |content: &Content| match content {
            Content::Uploaded(bytes) => bytes.clone(),
            Content::MadeUp { .. } => Bytes::new(),
        };
        self.shared.change(|state| {
            let own = state.attachments.iter().filter(|it| it.request.as_deref() == Some(key));
            own.map(|it| (it.name.clone(), bytes(&it.content))).collect()
        })
    }

    /// Redirects files to another host on Cloud: `http://other.example`.
    pub fn redirect_media_to(&self, origin: &str) {
        self.shared.change(|state| origin.clone_into(&mut state.media));
    }
}

/// The agent who answers, made at the first answer.
fn an_agent(state: &mut State) -> String {
    let agent = Account::agent("Alex Agent", "alex.agent@example.com").with_id("agent-alex");
    if state.people.account(&agent.id).is_none() {
        state.people.add(agent.clone(), true);
    }
    agent.id
}
