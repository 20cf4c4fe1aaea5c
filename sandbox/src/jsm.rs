//! A stand-in Jira Service Management on a real socket: its REST calls, its portal, and switches
//! to make it misbehave. It must not know the gate.

mod api;
mod attachments;
mod control;
mod cookies;
mod data;
mod desk;
mod faults;
mod marks;
mod middleware;
mod models;
mod moment;
mod pages;
mod platform;
mod record;
mod redirect;
mod requests;
mod rest;
mod saml_login;
mod sending;
mod server;
mod settings;
mod spellings;
mod state;
mod visitor;
mod xsrf;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

pub use self::data::articles::Article;
pub use self::data::fields::{Choice, Field, FieldKind};
pub use self::data::people::{Account, AccountKind, Group, Organization};
pub use self::data::requests::{Approval, Comment, CustomerRequest, Status};
pub use self::desk::{Desk, RequestType, RequestTypeGroup};
pub use self::faults::Canned;
pub use self::marks::*;
pub use self::moment::Moment;
pub use self::record::{SeenRequest, one_after_the_other};
pub use self::saml_login::IdentityProvider;
use self::server::Server;
pub use self::settings::{Flavour, JsmSettings};
use self::state::{Content, Shared};

/// A running stand-in. Stops when dropped.
#[derive(Debug)]
pub struct Jsm {
    shared: Arc<Shared>,
    server: tokio::sync::Mutex<Option<Server>>,
    address: SocketAddr,
}

impl Jsm {
    /// Starts on a free port of the loopback address.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(settings: JsmSettings) -> io::Result<Self> {
        Self::start_on(TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?, settings)
    }

    /// Starts on a listener.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn start_on(listener: TcpListener, settings: JsmSettings) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(settings, &format!("http://{address}")));
        let server = Server::start(listener, Arc::clone(&shared));
        Ok(Self { shared, server: tokio::sync::Mutex::new(Some(server)), address })
    }

    /// Where it listens, with the context path and without a trailing slash: `[jsm] url`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.shared.context_path())
    }

    /// Where it listens, without the context path: `[jsm] cloud_api_url`.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets the base address that its absolute links and its origin check use, context path
    /// included.
    pub fn set_base_url(&self, url: &str) {
        self.shared.change(|state| url.trim_end_matches('/').clone_into(&mut state.base_url));
    }

    /// Every request since the start or the last [`Jsm::clear_seen`], in order of arrival.
    #[must_use]
    pub fn seen(&self) -> Vec<SeenRequest> {
        self.shared.seen()
    }

    /// How many requests were under way at once since this was asked the last time.
    pub fn most_at_once(&self) -> usize {
        self.shared.change(|state| state.crowd.take_most())
    }

    /// Forgets the requests seen.
    pub fn clear_seen(&self) {
        self.shared.change(|state| state.seen.clear());
    }

    /// Stops listening and ends all connections; connecting is refused from then on.
    pub async fn go_down(&self) {
        if let Some(server) = self.server.lock().await.take() {
            server.stop().await;
        }
    }

    /// Listens again at the same address.
    ///
    /// # Errors
    /// When the port has been taken meanwhile.
    pub async fn come_up(&self) -> io::Result<()> {
        let mut server = self.server.lock().await;
        if server.is_none() {
            let listener = TcpListener::bind(self.address).await?;
            *server = Some(Server::start(listener, Arc::clone(&self.shared)));
        }
        Ok(())
    }

    /// Answers the next requests with canned answers, in the order given, before anything else.
    pub fn answer_next(&self, times: usize, canned: &Canned) {
        self.shared.change(|state| state.faults.can(times, canned));
    }

    /// Answers 429 so many times, with this `Retry-After`.
    pub fn limit_rate(&self, times: usize, retry_after: &str) {
        let error = r#"{"errorMessages":["Rate limit exceeded."],"errors":{}}"#;
        self.answer_next(times, &Canned::json(429, error).header("retry-after", retry_after));
    }

    /// Lets each answer wait so long.
    pub fn slow_down(&self, delay: Duration) {
        self.shared.change(|state| state.faults.delay = delay);
    }

    /// Compresses text answers with `gzip` or `br` for whoever accepts it; none at start.
    pub fn compress_answers(&self, coding: Option<&'static str>) {
        self.shared.change(|state| state.sending.coding = coding);
    }

    /// Sends text answers in pieces of so many bytes; whole at start.
    pub fn cut_answers(&self, piece: Option<usize>) {
        self.shared.change(|state| state.sending.piece = piece);
    }

    /// Sends at most so many entries a page, whatever is asked for.
    pub fn cap_pages(&self, entries: usize) {
        self.shared.change(|state| state.faults.page_cap = entries);
    }

    /// Answers lists with empty pages that are not the last.
    pub fn stall_pages(&self, stall: bool) {
        self.shared.change(|state| state.faults.stall_pages = stall);
    }

    /// Refuses the token everywhere.
    pub fn refuse_token(&self, refuse: bool) {
        self.shared.change(|state| state.faults.refuse_token = refuse);
    }

    /// Makes the token a scoped one: refused on the site, taken under `/ex/jira/{cloudId}`.
    pub fn scope_token(&self, scoped: bool) {
        self.shared.change(|state| state.faults.scoped_token = scoped);
    }

    /// Whether the token's owner is Jira administrator; true at start.
    pub fn make_administrator(&self, administrator: bool) {
        if administrator {
            self.grant_permission("ADMINISTER");
        } else {
            self.revoke_permission("ADMINISTER");
        }
    }

    /// Adds a service desk.
    pub fn add_desk(&self, desk: Desk) {
        self.shared.change(|state| state.desks.push(desk));
    }

    /// Gives the desk with this project key another name.
    pub fn rename_desk(&self, key: &str, name: &str) {
        self.shared.change_desk(key, |desk| name.clone_into(&mut desk.name));
    }

    /// Gives the desk with this project key another key.
    pub fn rekey_desk(&self, key: &str, new_key: &str) {
        self.shared.change_desk(key, |desk| new_key.clone_into(&mut desk.key));
    }

    /// Removes and returns the desk with this project key.
    #[must_use]
    pub fn remove_desk(&self, key: &str) -> Option<Desk> {
        self.shared.change(|state| {
            let index = state.desks.iter().position(|desk| desk.key == key)?;
            Some(state.desks.remove(index))
        })
    }

    /// Offers a made-up attachment of so many bytes to everybody, sent in pieces of 64 KiB with
    /// `pause` before each; returns its path, context path included.
    #[must_use]
    pub fn add_download(&self, name: &str, bytes: u64, pause: Duration) -> String {
        let content = Content::MadeUp { bytes, pause };
        let id = self.shared.change(|state| state.attach(name, None, "", content));
        attachments::path(self.shared.context_path(), id, name)
    }
}
