//! Templates to responses. The templates are part of the binary; everything they print is escaped.

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE, VARY};
use http::{HeaderValue, Response, StatusCode};
use minijinja::{Environment, Value, context};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use super::assets;
use crate::domain::PublicUrl;
use crate::problem::{LoginOffer, Problem};
use crate::session::Session;
use crate::web::catalogue::{Catalogue, CatalogueError, ProblemText};

/// What may stand unescaped in a query value: RFC 3986 unreserved, and `/` for readable addresses.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Renders the gate's pages.
#[derive(Debug)]
pub struct Pages {
    templates: Environment<'static>,
    catalogue: Catalogue,
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

/// For whom a page is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Viewer<'a> {
    /// The request's name in logs, shown on error pages.
    pub request_id: &'a str,
    /// Their session, if they are logged in.
    pub session: Option<&'a Session>,
    /// Whether they read HTML, rather than JSON.
    pub html: bool,
    /// What came with their request.
    pub brings: Brings,
}

/// What came with a request, and so whether it may be made again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Brings {
    /// Nothing: a page may ask for itself again.
    Nothing,
    /// A form: nobody knows whether it arrived, so nothing sends it again.
    Form,
    /// The provider's answer, which counts once.
    Answer,
}

impl Pages {
    /// Compiles the templates and reads the texts. With several providers there is a choice to be offered.
    ///
    /// # Errors
    /// When a template or the message catalogue is malformed.
    pub fn new(public_url: &PublicUrl, several_providers: bool) -> Result<Self, PagesError> {
        let mut templates = Environment::new();
        for (name, source) in [
            ("page.html", include_str!("templates/page.html")),
            ("choose.html", include_str!("templates/choose.html")),
            ("continue.html", include_str!("templates/continue.html")),
            ("emergency.html", include_str!("templates/emergency.html")),
            ("home.html", include_str!("templates/home.html")),
            ("logged-out.html", include_str!("templates/logged-out.html")),
            ("logout.html", include_str!("templates/logout.html")),
            ("tested.html", include_str!("templates/tested.html")),
            ("problem.html", include_str!("templates/problem.html")),
            ("resubmit.html", include_str!("templates/resubmit.html")),
        ] {
            templates.add_template(name, source)?;
        }
        templates.add_global("site", public_url.authority());
        templates.add_global("several_providers", several_providers);
        templates.add_global("icon", assets::ICON.address());
        templates.add_global("style", assets::STYLE.address());
        templates.add_global("retry_script", assets::RETRY.address());
        templates.add_global("address_script", assets::ADDRESS.address());
        templates.add_global("filter_script", assets::FILTER.address());
        templates.add_global("continue_script", assets::CONTINUE.address());
        templates.add_global("resubmit_script", assets::RESUBMIT.address());
        Ok(Self { templates, catalogue: Catalogue::english()?, public_url: public_url.clone() })
    }

    /// A page from a template.
    pub(super) fn page(&self, status: StatusCode, name: &str, values: Value) -> Response<Body> {
        self.html(status, name, values).map(Body::from)
    }

    /// The page, or for programs the JSON, that tells a problem.
    #[must_use]
    pub fn problem(&self, problem: &Problem, viewer: &Viewer<'_>) -> Response<Bytes> {
        self.problem_with(problem, viewer, None)
    }

    /// The same for a login that leads to `return_to`: with a way to log in again, and without what
    /// the provider put into the address.
    pub(super) fn login_problem(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        return_to: &str,
    ) -> Response<Bytes> {
        self.problem_with(problem, viewer, Some(return_to))
    }

    fn problem_with(
        &self,
        problem: &Problem,
        viewer: &Viewer<'_>,
        login_to: Option<&str>,
    ) -> Response<Bytes> {
        let mut response = if viewer.html {
            self.problem_page(problem, viewer, login_to)
        } else {
            self.problem_json(problem, viewer)
        };
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Some(seconds) = problem.code().retry_after() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// Sends the browser to another address of the gate.
    #[must_use]
    pub fn redirect(&self, path: &str) -> Response<Body> {
        redirect(&self.public_url.join(path))
    }

    /// The path of an absolute address on this gate, with all that follows it.
    pub(super) fn path_of<'a>(&self, address: &'a str) -> Option<&'a str> {
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
        login_to: Option<&str>,
    ) -> Response<Bytes> {
        let again = login_to.map(login_path);
        let retry_after = problem.code().retry_after();
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
            login_name => problem.login().map(|login| login.provider.as_str()),
            request_id => viewer.request_id,
            ..frame(viewer.session)
        };
        self.html(problem.status(), "problem.html", values)
    }

    /// What goes on by itself elsewhere is left to the reader where it must not be asked for again.
    fn problem_text(&self, problem: &Problem, viewer: &Viewer<'_>) -> ProblemText {
        let text = self.catalogue.problem(problem);
        let remedy = match (problem.code().retry_after(), viewer.brings) {
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
        response(problem.status(), JSON, body.to_string())
    }

    fn html(&self, status: StatusCode, name: &str, values: Value) -> Response<Bytes> {
        let rendered = self.templates.get_template(name).and_then(|page| page.render(values));
        match rendered {
            Ok(text) => response(status, HTML, text),
            Err(error) => {
                tracing::error!(%error, template = name, "a page could not be rendered");
                let plain = HeaderValue::from_static("text/plain; charset=utf-8");
                response(StatusCode::INTERNAL_SERVER_ERROR, plain, "internal error".to_owned())
            }
        }
    }
}

/// What the frame of a page says of whoever is logged in.
pub(super) fn frame(session: Option<&Session>) -> Value {
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

/// The address of the login that comes back to `return_to`.
pub(super) fn login_path(return_to: &str) -> String {
    format!("/_gate/login?return_to={}", utf8_percent_encode(return_to, QUERY_VALUE))
}

/// The same at a provider that is said, at once.
fn login_at(login: &LoginOffer) -> String {
    let provider = login.at.as_ref().map(|id| format!("&provider={id}&go=1"));
    format!("{}{}", login_path(&login.return_to), provider.unwrap_or_default())
}

/// The address of a login as somebody else that comes back to `return_to`.
pub(super) fn another_account_path(return_to: &str) -> String {
    format!("{}&another=1&go=1", login_path(return_to))
}

/// Sends the browser to an absolute address.
pub(super) fn redirect(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    match HeaderValue::try_from(location) {
        Ok(location) => drop(response.headers_mut().insert(LOCATION, location)),
        Err(_) => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}

pub(super) fn json_response(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    response(status, JSON, body.to_string()).map(Body::from)
}

/// Adds `Set-Cookie` headers.
pub(super) fn with_cookies(
    mut response: Response<Body>,
    cookies: &[HeaderValue],
) -> Response<Body> {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

fn response(status: StatusCode, kind: HeaderValue, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}
