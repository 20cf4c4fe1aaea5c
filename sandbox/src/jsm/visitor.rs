//! Who a browser is to the portal: the customer that the trusted header names, and the session
//! and token that Jira's own cookies carry.

use axum::extract::FromRequestParts;
use cookie::Cookie;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use super::state::{App, Shared};

const XSRF_COOKIE: &str = "atlassian.xsrf.token";
const SESSION_COOKIE: &str = "JSESSIONID";

/// The caller of a portal page.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// As an authenticator in Jira would take it from the header; never on Cloud.
    pub(super) customer: Option<String>,
    /// What a form must send back.
    pub(super) xsrf_token: String,
    is_new: bool,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let header = parts.headers.get(&app.settings.identity_header);
        let named = header.and_then(|value| value.to_str().ok()).filter(|name| !name.is_empty());
        let customer = named.filter(|_| !app.is_cloud()).map(str::to_owned);
        let token = cookie(&parts.headers, XSRF_COOKIE);
        let is_new = token.is_none();
        Ok(Self { customer, xsrf_token: token.unwrap_or_else(new_token), is_new })
    }
}

impl Visitor {
    /// What the portal calls the visitor.
    pub(super) fn label(&self) -> &str {
        self.customer.as_deref().unwrap_or("anonymous")
    }

    /// The cookies of a first visit, for the whole context path as Tomcat sets them.
    pub(super) fn set_cookies(&self, app: &Shared, headers: &mut HeaderMap) {
        if !self.is_new {
            return;
        }
        let path = if app.context_path().is_empty() { "/" } else { app.context_path() };
        let secure = if app.base_url().starts_with("https:") { "; Secure" } else { "" };
        let session = format!("{:032X}", rand::random::<u128>());
        let cookies = [
            format!("{SESSION_COOKIE}={session}; Path={path}; HttpOnly{secure}"),
            format!("{XSRF_COOKIE}={}; Path={path}{secure}", self.xsrf_token),
        ];
        let values = cookies.iter().filter_map(|it| HeaderValue::from_str(it).ok());
        values.for_each(|value| {
            headers.append(header::SET_COOKIE, value);
        });
    }
}

/// Jira's form: a random part, and `lin` or `lout` for logged in or out.
fn new_token() -> String {
    format!("{:032x}_lout", rand::random::<u128>())
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}
