//! A form that cannot be taken now: what was typed is kept for whoever typed it, and the page that says so
//! leads back to the form. It never redirects: the text would be gone. Must not know what the form is about.

use axum::response::{IntoResponse as _, Response};
use minijinja::context;

use super::HostedState;
use super::sent_form::{SentForm, Unreceived};
use super::visit::{NoVisit, Visit};
use crate::portal::forms::{NoTicket, Ticket};
use crate::portal::kept::NotKept;
use crate::problem::Problem;
use crate::web::addresses::another_account_path;
use crate::web::renderer::frame;
use crate::web::{Caller, FormBody};

/// A form that is not taken.
struct Untaken<'a> {
    state: &'a HostedState,
    caller: &'a Caller,
    /// Why it is not taken.
    problem: &'a Problem,
    /// The address of the page that has the form.
    form: &'a str,
}

/// What leads on from the page.
#[derive(Clone, Copy, Eq, PartialEq)]
enum WayOn {
    /// The form, where they get the text back. Whoever is not logged in logs in on the way.
    Form,
    /// A login as the form's author.
    AnotherAccount,
}

/// The two addresses of a form.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// Where it is sent to.
    pub(super) route: &'a str,
    /// The page that has it.
    pub(super) page: &'a str,
}

impl<'a> Place<'a> {
    /// Of a form that is sent to the address of its own page.
    pub(super) fn of(page: &'a str) -> Self {
        Self { route: page, page }
    }
}

/// A form of somebody who was let in that leads nowhere.
pub(super) struct NotTaken {
    pub(super) problem: Problem,
    pub(super) ticket: Result<Ticket, NoTicket>,
    /// Without the inputs that every form has.
    pub(super) texts: Vec<(String, String)>,
}

impl NotTaken {
    /// A form that did not arrive as it should.
    pub(super) fn of(
        unreceived: Unreceived,
        state: &HostedState,
        visit: &Visit,
        route: &str,
    ) -> Box<Self> {
        let Unreceived { problem, sent } = unreceived;
        let ticket = sent.ticket(state, visit, route);
        Box::new(Self { problem, ticket, texts: sent.texts })
    }

    /// Keeps what was typed, and says so. Gives it back where the form is not one of ours, or older than a
    /// day: it may stand in a new one.
    pub(super) async fn keep(
        self,
        state: &HostedState,
        visit: &Visit,
        place: Place<'_>,
    ) -> Result<Response, Vec<(String, String)>> {
        let Self { problem, ticket, texts } = self;
        if problem == Problem::StaleForm {
            visit.note_refused_form(state, "ticket");
        }
        let says_nothing = texts.iter().all(|(_, text)| text.trim().is_empty());
        if problem == Problem::NotFound || (says_nothing && ticket.is_ok()) {
            return Ok(state.pages.tell(&problem, &visit.caller));
        }
        let ticket = match ticket {
            Ok(ticket) => ticket,
            Err(NoTicket::Anothers(ticket)) => *ticket,
            Err(NoTicket::Foreign | NoTicket::Old) => return Err(texts),
        };
        let untaken = Untaken { state, caller: &visit.caller, problem: &problem, form: place.page };
        Ok(untaken.keep(&ticket, &texts).await)
    }
}

/// Keeps what somebody typed into a form that is not one of ours any more, when the new one cannot be shown.
pub(super) async fn keep_anew(
    state: &HostedState,
    visit: &Visit,
    problem: &Problem,
    place: Place<'_>,
    texts: &[(String, String)],
) -> Response {
    let caller = &visit.caller;
    // There is no page any more that could show it.
    if *problem == Problem::NotFound {
        return state.pages.tell(problem, caller);
    }
    let ticket = visit.new_ticket(state, place.route);
    Untaken { state, caller, problem, form: place.page }.keep(&ticket, texts).await
}

/// Answers a form whose sender was not let in, so that nothing is known of them but what the ticket of the
/// form proves.
pub(super) async fn of_outsider(
    state: &HostedState,
    refused: NoVisit,
    body: FormBody,
    place: Place<'_>,
) -> Response {
    let Some((caller, problem)) = refused.told.as_deref() else { return refused.into_response() };
    match SentForm::proven(state, place.route, body).await {
        Some((ticket, sent)) => {
            let untaken = Untaken { state, caller, problem, form: place.page };
            untaken.keep(&ticket, &sent.texts).await
        }
        None => refused.into_response(),
    }
}

impl Untaken<'_> {
    /// Keeps the texts of a form for the person in its ticket, and says so.
    async fn keep(self, ticket: &Ticket, texts: &[(String, String)]) -> Response {
        let kept = self.state.kept.keep(ticket, texts).await;
        if let Err(NotKept::Store(error)) = &kept {
            tracing::warn!(%error, "what was typed into a form could not be kept");
        }
        let session = self.caller.found.session();
        let is_author = session.is_none_or(|session| ticket.is_of(&session.identity));
        match (kept, is_author) {
            (Ok(()), true) => self.page("kept-text", WayOn::Form),
            (Ok(()), false) => self.page("kept-text-of-another", WayOn::AnotherAccount),
            (Err(_), _) => self.page("kept-no-text", WayOn::Form),
        }
    }

    /// `said` is the name of the sentence about the text.
    fn page(&self, said: &'static str, way_on: WayOn) -> Response {
        let Self { state, caller, problem, form } = self;
        if !caller.html {
            return state.pages.tell(problem, caller);
        }
        let reader = &caller.preferences;
        let text = state.pages.catalogue(reader.language).problem(problem);
        let logs_in = matches!(problem, Problem::LoginNeeded | Problem::StepUpNeeded { .. });
        let values = context! {
            title => text.title,
            text => text.text,
            said,
            logs_in,
            form => (way_on == WayOn::Form).then_some(*form),
            another => (way_on == WayOn::AnotherAccount).then(|| another_account_path(form)),
            code => problem.code().as_str(),
            request_id => &*caller.request_id,
            ..frame(caller.found.session().map(AsRef::as_ref), reader)
        };
        state.pages.page(reader, problem.status(), "kept.html", values)
    }
}
