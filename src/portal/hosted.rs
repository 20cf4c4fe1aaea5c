//! The portals that the gate serves itself: their routes, and what all their pages work with. Must not
//! know what a single page shows.

mod act;
mod activity;
mod announcement;
mod article;
mod create;
mod create_sent;
mod file;
mod file_upload;
mod filled;
mod front;
mod keep;
mod list;
mod list_columns;
mod list_csv;
mod list_filter;
mod list_nothing;
mod list_page;
mod listed;
mod marks;
mod native;
mod participants;
mod people_form;
mod raise;
mod reply;
mod request;
mod request_view;
mod said;
mod search;
mod search_query;
mod sent_form;
mod sharing;
mod shown_fields;
mod suggestions;
mod transition;
mod uploads;
mod views;
mod visit;
mod visit_to_all;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use url::Url;

pub use self::listed::KnownForms;
use self::visit::Visit;
use super::authors::Authors;
use super::forms::{FileLimits, Locale, Ticket, Tickets};
use super::gatekeeper::Gatekeeper;
use super::kept::{KeptText, KeptTexts};
use super::people::People;
use crate::audit::Audit;
use crate::config::HostedConfig;
use crate::customers::Customers;
use crate::domain::{Clock, PortalsNow};
use crate::session::RecordStore;
use crate::web::times::Times;
use crate::web::{PagePolicy, Pages, Preferences, Routes};

/// Bytes of a form that makes a request. JSM's longest texts have 32,767 characters, each of which can be nine
/// bytes of a urlencoded form.
const FORM_LIMIT: usize = 512 * 1024;

/// What the pages of hosted portals work with.
#[derive(Clone)]
pub struct HostedState {
    /// Renders.
    pub pages: Arc<Pages>,
    /// The portals.
    pub portals: PortalsNow,
    /// Knows who a person is in JSM.
    pub customers: Arc<Customers>,
    /// Decides what a customer sees of JSM.
    pub gatekeeper: Arc<Gatekeeper>,
    /// Finds those whom customers name.
    pub people: Arc<People>,
    /// Makes and reads the tickets of forms.
    pub tickets: Tickets,
    /// Signs who wrote a comment.
    pub authors: Arc<Authors>,
    /// Keeps what became of forms that were sent.
    pub records: Arc<dyn RecordStore>,
    /// The trail.
    pub audit: Audit,
    /// Keeps what was typed into forms that could not be taken.
    pub kept: KeptTexts,
    /// Knows whose forms cannot be shown.
    pub known_forms: KnownForms,
    /// `[hosted]`
    pub config: HostedConfig,
    /// JSM's base address, which texts from JSM have in them.
    pub jsm: Url,
    /// Tells what day it is.
    pub clock: Clock,
}

impl HostedState {
    /// How the customer writes numbers and days.
    fn locale(&self, reader: &Preferences) -> Locale {
        let catalogue = self.pages.catalogue(reader.language);
        Locale::of(reader.language, catalogue, reader.zone.clone())
    }

    /// What was kept of a form that was sent would be shown the next time.
    async fn forget_kept(&self, ticket: &Ticket) {
        if let Err(error) = self.kept.forget(ticket).await {
            tracing::warn!(%error, "what was kept of a form that was sent stays until its hour is over");
        }
    }

    /// What somebody typed into a form before and could not send, which is shown once.
    async fn take_kept(&self, visit: &Visit, route: &str) -> Option<KeptText> {
        let identity = &visit.entered.session().identity;
        self.kept.take(identity, route).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "what was typed before cannot be read");
            None
        })
    }

    /// The same of a form with one text, with its ticket.
    async fn take_kept_text(
        &self,
        visit: &Visit,
        route: &str,
        input: &str,
    ) -> Option<(Ticket, String)> {
        let kept = self.take_kept(visit, route).await?;
        let (_, typed) = kept.texts.into_iter().find(|(name, _)| name == input)?;
        Some((kept.ticket, typed))
    }

    /// Puts back what was taken and could not be shown.
    async fn keep_again(&self, ticket: &Ticket, input: &str, typed: &str) {
        if typed.is_empty() {
            return;
        }
        let texts = [(input.to_owned(), typed.to_owned())];
        if let Err(error) = self.kept.keep(ticket, &texts).await {
            tracing::warn!(%error, "what was typed before is lost");
        }
    }

    /// What files a form takes: of the gate's own limit of bytes and Jira's, the smaller one.
    async fn file_limits(&self) -> FileLimits {
        let (own, jiras) = (self.config.file_bytes, self.gatekeeper.attachment_limit().await);
        FileLimits { bytes: jiras.map_or(own, |jiras| own.min(jiras)), count: self.config.files }
    }

    /// Tells moments in the language and the time zone of a customer.
    fn times(&self, reader: &Preferences) -> Times<'_> {
        Times::new(self.pages.catalogue(reader.language), reader.zone.clone(), self.now())
    }

    fn now(&self) -> Timestamp {
        let now = i64::try_from(self.clock.unix_seconds()).unwrap_or_default();
        Timestamp::from_second(now).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The pages of hosted portals. Every address of JSM's own portal has its counterpart below the link.
pub fn routes(state: HostedState) -> Routes {
    let text = PagePolicy::STRICT.with_body_limit(FORM_LIMIT).keeping_text();
    let form = text.with_files(all_files(&state.config));
    let (page, file) = (PagePolicy::STRICT, PagePolicy::STRICT.sandboxed());
    Routes::new()
        .route("/p/{link}", page, get(front::show))
        .route("/p/{link}/", page, get(without_slash))
        .route("/p/{link}/announcement", page, post(announcement::put_away))
        .route("/p/{link}/group/{group}", page, get(front::show_group))
        .route("/p/{link}/create/{type}", form, get(create::show).post(create_sent::send))
        .route("/p/{link}/group/{group}/create/{type}", page, get(create::show_in_group))
        .route("/p/{link}/search", page, get(search::show))
        .route("/p/{link}/suggestions", page, get(suggestions::show))
        .route("/p/{link}/kb/{article}", page, get(article::show))
        .route("/p/{link}/requests", page, get(list_page::of_portal))
        .route("/p/{link}/requests.csv", page, get(list_csv::of_portal))
        .route("/p/{link}/{key}", page, get(request::show))
        .route("/p/{link}/{key}/comment", form, post(reply::send))
        .route(
            "/p/{link}/{key}/transition/{id}",
            text,
            get(transition::show).post(transition::send),
        )
        .route("/p/{link}/{key}/participants", page, post(participants::send))
        .route("/p/{link}/{key}/organizations", page, post(sharing::send))
        .route("/p/{link}/{key}/files/{id}", file, get(file::content))
        .route("/p/{link}/{key}/files/{id}/thumbnail", file, get(file::thumbnail))
        .route("/_gate/requests", page, get(list_page::of_all))
        .route("/_gate/requests.csv", page, get(list_csv::of_all))
        .with_state(state)
}

/// Bytes of all files of one form.
fn all_files(config: &HostedConfig) -> usize {
    let each = usize::try_from(config.file_bytes).unwrap_or(usize::MAX);
    each.saturating_mul(config.files)
}

/// Links are typed with a slash at the end, too.
async fn without_slash(State(state): State<HostedState>, Path(link): Path<String>) -> Response {
    state.pages.redirect(&format!("/p/{link}"))
}
