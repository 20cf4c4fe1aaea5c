//! The page, or for programs the JSON, that tells a problem. Must not know why there is one.

use axum::body::Body;
use bytes::Bytes;
use http::header::{RETRY_AFTER, VARY};
use http::{HeaderValue, Response, StatusCode};
use minijinja::context;
use serde_json::json;

use super::{Pages, frame};
use crate::domain::{Language, ProviderId};
use crate::problem::Problem;
use crate::web::addresses::{another_account_path, login_at, login_path};
use crate::web::caller::{Brings, Caller, Viewer};
use crate::web::catalogue::ProblemText;
use crate::web::response::{JSON, with_body};

/// A problem depends on what its reader has chosen, on what their browser asks for, and on whether they are
/// a program.
const VARIES_IN_KIND: HeaderValue = HeaderValue::from_static("Accept, Accept-Language, Cookie");

/// The ways on from a login that failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoginRetry<'a> {
    /// Where the login was to lead.
    pub(crate) return_to: &'a str,
    /// A logout that may help.
    pub(crate) logout: Option<LogoutOffer<'a>>,
}

/// A logout at a provider that a page offers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogoutOffer<'a> {
    /// Which provider.
    pub(crate) provider: &'a ProviderId,
    /// What customers know it as.
    pub(crate) name: &'a str,
}

impl Pages {
    /// The page, or for programs the JSON, that tells a problem.
    #[must_use]
    pub fn problem(&self, problem: &Problem, viewer: &Viewer<'_>) -> Response<Bytes> {
        self.problem_with(problem, viewer, None)
    }

    /// The page that tells a problem to whoever asks.
    #[must_use]
    pub fn tell(&self, problem: &Problem, caller: &Caller) -> Response<Body> {
        self.problem(problem, &caller.viewer()).map(Body::from)
    }

    /// The same for a login that failed: with a way to log in again, and without what the provider put
    /// into the address.
    pub(crate) fn login_problem(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        retry: LoginRetry<'_>,
    ) -> Response<Bytes> {
        self.problem_with(problem, viewer, Some(retry))
    }

    fn problem_with(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        retry: Option<LoginRetry<'_>>,
    ) -> Response<Bytes> {
        let mut response = if viewer.html {
            self.problem_page(problem, viewer, retry)
        } else {
            self.problem_json(problem, viewer)
        };
        let headers = response.headers_mut();
        headers.insert(VARY, VARIES_IN_KIND);
        if let Some(seconds) = problem.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn problem_page(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        retry: Option<LoginRetry<'_>>,
    ) -> Response<Bytes> {
        let login_to = retry.map(|retry| retry.return_to);
        let logout = retry.and_then(|retry| retry.logout).filter(|_| problem.is_of_account());
        let again = login_to.map(login_path);
        let retry_after = problem.retry_after();
        let repeats = viewer.brings == Brings::Nothing;
        let another = login_to.filter(|_| problem.is_of_account());
        let another = another.or_else(|| problem.for_another_account());
        let text = self.problem_text(problem, viewer, viewer.preferences.language);
        let values = context! {
            title => text.title,
            text => text.text,
            remedy => text.remedy,
            code => problem.code().as_str(),
            reason => problem.reason(),
            status => problem.status().as_u16(),
            retry_after => retry_after.filter(|_| repeats),
            again => again.as_deref(),
            address => again.as_deref(),
            return_to => login_to.or(another),
            login => problem.login().map(login_at),
            another => another.map(another_account_path),
            logout_at => logout.map(|logout| logout.provider.as_str()),
            logout_name => logout.map(|logout| logout.name),
            login_name => problem.login().map(|login| login.provider.as_str()),
            request_id => viewer.request_id,
            ..frame(viewer.session, viewer.preferences)
        };
        self.html(viewer.preferences, problem.status(), "problem.html", values)
    }

    /// What goes on by itself elsewhere is left to the reader where it must not be asked for again.
    fn problem_text(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        language: Language,
    ) -> ProblemText {
        let catalogue = self.catalogue(language);
        let text = catalogue.problem(problem);
        let remedy = match (problem.retry_after(), viewer.brings) {
            (None, _) | (_, Brings::Nothing) => return text,
            (Some(_), Brings::Form) => catalogue.plain("of-sent-form"),
            (Some(_), Brings::Answer) => catalogue.plain("of-answer"),
        };
        ProblemText { remedy, ..text }
    }

    /// Programs are told in English, whatever language their user speaks: their makers read it.
    fn problem_json(&self, problem: &Problem, viewer: &Viewer<'_>) -> Response<Bytes> {
        let text = self.problem_text(problem, viewer, Language::En);
        let login = (problem.status() == StatusCode::UNAUTHORIZED)
            .then(|| self.public_url.join("/_gate/login"));
        let body = json!({
            "error": problem.code().as_str(),
            "message": text.text,
            "reason": problem.reason(),
            "remedy": text.remedy,
            "login": login,
            "request_id": viewer.request_id,
        });
        with_body(problem.status(), JSON, body.to_string())
    }
}
