//! Renders pages from templates, and problems for people and programs. The templates are part of the
//! binary, and everything they print is escaped. Must not know when a page is shown.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::header::{RETRY_AFTER, VARY};
use http::{HeaderValue, Response, StatusCode};
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde_json::json;

use super::addresses::{another_account_path, login_at, login_path};
use super::assets;
use super::caller::{Brings, Caller, Viewer};
use super::catalogue::{Catalogue, CatalogueError, ProblemText};
use super::response::{JSON, redirect, with_body};
use super::template_texts;
use crate::domain::{ProviderId, PublicUrl};
use crate::problem::Problem;
use crate::session::Session;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Every template, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("page.html", include_str!("templates/page.html")),
    ("article.html", include_str!("templates/article.html")),
    ("choose.html", include_str!("templates/choose.html")),
    ("continue.html", include_str!("templates/continue.html")),
    ("emergency.html", include_str!("templates/emergency.html")),
    ("create.html", include_str!("templates/create.html")),
    ("fields.html", include_str!("templates/fields.html")),
    ("file-parts.html", include_str!("templates/file-parts.html")),
    ("home.html", include_str!("templates/home.html")),
    ("icons.html", include_str!("templates/icons.html")),
    ("kept.html", include_str!("templates/kept.html")),
    ("logged-out.html", include_str!("templates/logged-out.html")),
    ("logout.html", include_str!("templates/logout.html")),
    ("tested.html", include_str!("templates/tested.html")),
    ("parts.html", include_str!("templates/parts.html")),
    ("people.html", include_str!("templates/people.html")),
    ("portal-home.html", include_str!("templates/portal-home.html")),
    ("portal-search.html", include_str!("templates/portal-search.html")),
    ("problem.html", include_str!("templates/problem.html")),
    ("reply.html", include_str!("templates/reply.html")),
    ("request.html", include_str!("templates/request.html")),
    ("request-native.html", include_str!("templates/request-native.html")),
    ("request-shown.html", include_str!("templates/request-shown.html")),
    ("requests.html", include_str!("templates/requests.html")),
    ("resubmit.html", include_str!("templates/resubmit.html")),
    ("same-account.html", include_str!("templates/same-account.html")),
];

/// Renders the gate's pages.
#[derive(Debug)]
pub struct Pages {
    templates: Environment<'static>,
    catalogue: Arc<Catalogue>,
    public_url: PublicUrl,
}

/// The gate's own pages cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is malformed.
    #[error(transparent)]
    Template(#[from] minijinja::Error),
    /// The texts are malformed.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

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
    /// Compiles the templates and reads the texts. With several providers there is a choice to be offered.
    ///
    /// # Errors
    /// When a template or the message catalogue is malformed.
    pub fn new(public_url: &PublicUrl, several_providers: bool) -> Result<Self, PagesError> {
        let mut templates = Environment::new();
        let catalogue = Arc::new(Catalogue::english()?);
        template_texts::add(&mut templates, &catalogue);
        // A misspelt variable is an error, not an empty place; asking whether one is there is fine.
        templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        for &(name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        templates.add_global("site", public_url.authority());
        templates.add_global("several_providers", several_providers);
        for (name, asset) in assets::ALL {
            templates.add_global(name, asset.address());
        }
        Ok(Self { templates, catalogue, public_url: public_url.clone() })
    }

    /// A page from a template.
    pub(crate) fn page(&self, status: StatusCode, name: &str, values: Value) -> Response<Body> {
        self.html(status, name, values).map(Body::from)
    }

    /// The public address.
    pub(crate) fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// The texts that pages are made of.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

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
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Some(seconds) = problem.retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// Sends the browser to another address of the gate.
    #[must_use]
    pub fn redirect(&self, path: &str) -> Response<Body> {
        redirect(&self.public_url.join(path))
    }

    /// Sends the browser on after a form was taken, with a GET (RFC 9110 section 15.4.4).
    pub(crate) fn see_other(&self, path: &str) -> Response<Body> {
        let mut response = self.redirect(path);
        *response.status_mut() = StatusCode::SEE_OTHER;
        response
    }

    /// The path of an absolute address on this gate, with all that follows it.
    pub(crate) fn path_of<'a>(&self, address: &'a str) -> Option<&'a str> {
        address.strip_prefix(self.public_url.origin()).filter(|rest| rest.starts_with('/'))
    }

    /// Sends the browser to log in and then back to `return_to`.
    #[must_use]
    pub fn login_redirect(&self, return_to: &str) -> Response<Body> {
        self.redirect(&login_path(return_to))
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
        let text = self.problem_text(problem, viewer);
        let values = context! {
            title => text.title,
            text => text.text,
            remedy => text.remedy,
            code => problem.code().as_str(),
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
            ..frame(viewer.session)
        };
        self.html(problem.status(), "problem.html", values)
    }

    /// What goes on by itself elsewhere is left to the reader where it must not be asked for again.
    fn problem_text(&self, problem: &Problem, viewer: &Viewer<'_>) -> ProblemText {
        let text = self.catalogue.problem(problem);
        let remedy = match (problem.retry_after(), viewer.brings) {
            (None, _) | (_, Brings::Nothing) => return text,
            (Some(_), Brings::Form) => self.catalogue.plain("of-sent-form"),
            (Some(_), Brings::Answer) => self.catalogue.plain("of-answer"),
        };
        ProblemText { remedy, ..text }
    }

    fn problem_json(&self, problem: &Problem, viewer: &Viewer<'_>) -> Response<Bytes> {
        let text = self.problem_text(problem, viewer);
        let login = (problem.status() == StatusCode::UNAUTHORIZED)
            .then(|| self.public_url.join("/_gate/login"));
        let body = json!({
            "error": problem.code().as_str(),
            "message": text.text,
            "remedy": text.remedy,
            "login": login,
            "request_id": viewer.request_id,
        });
        with_body(problem.status(), JSON, body.to_string())
    }

    fn html(&self, status: StatusCode, name: &str, values: Value) -> Response<Bytes> {
        let rendered = self.templates.get_template(name).and_then(|page| page.render(values));
        match rendered {
            Ok(text) => with_body(status, HTML, text),
            Err(error) => {
                tracing::error!(%error, template = name, "a page could not be rendered");
                let plain = HeaderValue::from_static("text/plain; charset=utf-8");
                with_body(StatusCode::INTERNAL_SERVER_ERROR, plain, "internal error".to_owned())
            }
        }
    }
}

/// What the frame of a page says of whoever is logged in.
pub(crate) fn frame(session: Option<&Session>) -> Value {
    let until = session.and_then(|session| session.identity.until());
    context! {
        who => session.map(|session| session.identity.label()),
        form_token => session.map(|session| session.form_token.text()),
        emergency_until => until.map(time_of_day),
    }
}

/// Hours and minutes of Unix seconds.
fn time_of_day(unix_seconds: u64) -> String {
    let (hours, minutes) = (unix_seconds / 3600 % 24, unix_seconds / 60 % 60);
    format!("{hours:02}:{minutes:02} UTC")
}

#[cfg(test)]
mod tests;
