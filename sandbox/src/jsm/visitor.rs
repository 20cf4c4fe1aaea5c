//! Who a browser is to the portal: the customer that the trusted header names, and the session
//! and token that Jira's own cookies carry.

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use super::cookies::{SESSION_COOKIE, cookie};
use super::saml_login::sessions::session_of;
use super::state::{App, Shared};

const XSRF_COOKIE: &str = "atlassian.xsrf.token";

/// The caller of a portal page.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// As an authenticator in Jira would take it from the header, or by Jira's own session where it has a
    /// login of its own; never on Cloud.
    pub(super) customer: Option<String>,
    /// What a form must send back.
    pub(super) xsrf_token: String,
    has_token: bool,
    /// The id of a session that begins now.
    new_session: Option<String>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let token = cookie(&parts.headers, XSRF_COOKIE);
        let has_token = token.is_some();
        let (new_session, customer) = if app.settings.saml_login {
            session_of(app, &parts.headers)
        } else {
            let new = (!has_token).then(|| format!("{:032X}", rand::random::<u128>()));
            (new, named_in_header(app, &parts.headers))
        };
        let xsrf_token = token.unwrap_or_else(new_token);
        Ok(Self { customer, xsrf_token, has_token, new_session })
    }
}

fn named_in_header(app: &Shared, headers: &HeaderMap) -> Option<String> {
    let header = headers.get(&app.settings.identity_header)?;
    let named = header.to_str().ok().filter(|name| !name.is_empty());
    named.filter(|_| !app.is_cloud()).map(str::to_owned)
}

impl Visitor {
    /// What the portal calls the visitor.
    pub(super) fn label(&self) -> &str {
        self.customer.as_deref().unwrap_or("anonymous")
    }

    /// The cookies of a first visit, for the whole context path as Tomcat sets them.
    pub(super) fn set_cookies(&self, app: &Shared, headers: &mut HeaderMap) {
        let path = if app.context_path().is_empty() { "/" } else { app.context_path() };
        let secure = if app.base_url().starts_with("https:") { "; Secure" } else { "" };
        let session = self.new_session.as_ref();
        let session =
            session.map(|id| format!("{SESSION_COOKIE}={id}; Path={path}; HttpOnly{secure}"));
        let token = (!self.has_token)
            .then(|| format!("{XSRF_COOKIE}={}; Path={path}{secure}", self.xsrf_token));
        let cookies = session.into_iter().chain(token);
        let values = cookies.filter_map(|it| HeaderValue::from_str(&it).ok());
        values.for_each(|value| {
            headers.append(header::SET_COOKIE, value);
        });
    }
}

/// Jira's form: a random part, and `lin` or `lout` for logged in or out.
fn new_token() -> String {
    format!("{:032x}_lout", rand::random::<u128>())
}
