//! A form that cannot be taken now: what was typed is kept for whoever typed it, and the page that says so
//! leads back to the form. It never redirects: the text would be gone. Must not know what the form is about.

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use minijinja::context;

use super::HostedState;
use super::sent_form::SentForm;
use super::visit::NoVisit;
use crate::portal::forms::Ticket;
use crate::portal::kept::NotKept;
use crate::problem::Problem;
use crate::web::addresses::another_account_path;
use crate::web::renderer::frame;
use crate::web::{Caller, FormBody, NotEntered};

/// A form that is not taken.
pub(super) struct Untaken<'a> {
    pub(super) state: &'a HostedState,
    pub(super) caller: &'a Caller,
    /// Why it is not taken.
    pub(super) problem: &'a Problem,
    /// The address of the page that has the form.
    pub(super) form: &'a str,
}

/// What leads on from the page.
#[derive(Clone, Copy, Eq, PartialEq)]
enum WayOn {
    /// The form, where they get the text back. Whoever is not logged in logs in on the way.
    Form,
    /// A login as the form's author.
    AnotherAccount,
}

/// Goes before the handler of a reply: the reply of somebody who was not let in gets no further.
pub(super) async fn reply_of_outsider(
    State(state): State<HostedState>,
    Path((link, key)): Path<(String, String)>,
    request: Request,
    next: Next,
) -> Response {
    let refused = request.extensions().get::<NotEntered>().cloned();
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(refused), Some(caller)) = (refused, caller) else { return next.run(request).await };
    let refused = NoVisit::of(&state, &caller, refused.problem().clone());
    let page = format!("/p/{link}/{key}");
    let route = format!("{page}/comment");
    match FormBody::from_request(request, &state).await {
        Ok(body) => of_outsider(&state, refused, body, (&route, &page)).await,
        Err(never) => match never {},
    }
}

/// Answers a form whose sender was not let in, so that nothing is known of them but what the ticket of the
/// form proves. `route` is where the form was sent to, `form` the address of the page that has it.
pub(super) async fn of_outsider(
    state: &HostedState,
    refused: NoVisit,
    body: FormBody,
    (route, form): (&str, &str),
) -> Response {
    let Some((caller, problem)) = refused.told.as_deref() else { return refused.into_response() };
    match SentForm::proven(state, route, body).await {
        Some((ticket, sent)) => {
            Untaken { state, caller, problem, form }.keep(&ticket, &sent.texts).await
        }
        None => refused.into_response(),
    }
}

impl Untaken<'_> {
    /// Keeps the texts of a form for the person in its ticket, and says so.
    pub(super) async fn keep(self, ticket: &Ticket, texts: &[(String, String)]) -> Response {
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
