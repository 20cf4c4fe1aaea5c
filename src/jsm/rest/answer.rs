//! What JSM answered: success with a JSON body, or one of its ways to say no. It must not know
//! how the answer was fetched.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::Error;
use super::call::Call;
use super::error::TokenRefusal;

/// How much is kept of JSM's own words, which go to logs and terminals.
const LONGEST_MESSAGE: usize = 300;

/// The longest refusal, in bytes, that is looked into for what it says of fields.
const LONGEST_DETAILS: usize = 64 * 1024;

/// Says why Jira took a caller for a stranger (`com.atlassian.seraph.auth.LoginReason`). It comes
/// with answers of any status: Cloud answers a list with 200 and nothing in it.
const LOGIN_REASON: &str = "x-seraph-loginreason";

/// A complete answer.
pub(in crate::jsm) struct Answer {
    pub(in crate::jsm) status: StatusCode,
    pub(in crate::jsm) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The answer itself when it is a success; else the error it stands for.
    pub(super) fn into_success(self, call: Call<'_>) -> Result<Self, Error> {
        let (call, status) = (call.to_string(), self.status);
        if let Some(reason) = token_refusal(&self.headers) {
            return Err(Error::TokenRefused { call, reason });
        }
        if status.is_success() {
            return Ok(self);
        }
        if status.is_redirection() {
            return Err(Error::Redirected { call, status, location: location(&self.headers) });
        }
        let details = details(&self.body);
        Err(Error::Refused { call, status, message: message(&self.body), details })
    }

    /// The body as `T`.
    pub(in crate::jsm) fn json<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        parse(&self.body, call)
    }

    /// The body as a text.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as `T`, where JSM may answer without one (204).
    pub(super) fn json_or_null<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        let body: &[u8] = if self.body.is_empty() { b"null" } else { &self.body };
        parse(body, call)
    }
}

/// What a refusal says, unless that is longer than any about a request's fields.
fn details(body: &[u8]) -> Option<Arc<serde_json::Value>> {
    (body.len() <= LONGEST_DETAILS).then(|| serde_json::from_slice(body).ok()).flatten()
}

fn parse<T: DeserializeOwned>(body: &[u8], call: Call<'_>) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::NotUnderstood {
        call: call.to_string(),
        problem: error.to_string(),
    })
}

/// Why Jira did not accept the token, where it says so.
fn token_refusal(headers: &HeaderMap) -> Option<TokenRefusal> {
    let all = headers.get_all(LOGIN_REASON).iter().filter_map(|value| value.to_str().ok());
    let mut reasons = all.flat_map(|value| value.split(',')).map(str::trim);
    reasons.find_map(|reason| match reason.to_ascii_uppercase().as_str() {
        "AUTHENTICATED_FAILED" => Some(TokenRefusal::Failed),
        "AUTHENTICATION_DENIED" => Some(TokenRefusal::Denied),
        _ => None,
    })
}

/// Whether a body is a page for people, such as a front or Atlassian sends in Jira's place.
pub(super) fn is_web_page(answer: &Answer) -> bool {
    let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.trim_start().to_ascii_lowercase().starts_with("text/html"))
        || looks_like_html(&String::from_utf8_lossy(&answer.body))
}

fn looks_like_html(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date. A date is held against the same
/// answer's `Date`, so that a clock that differs from JSM's does not matter.
pub(super) fn wait_asked_for(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let now = date(headers)?;
    Some(until.duration_since(now).unwrap_or(Duration::ZERO))
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(header::DATE)?.to_str().ok()?).ok()
}

/// Where a redirect points, without the query: that of a login page may hold what must not be
/// logged.
fn location(headers: &HeaderMap) -> String {
    let text = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let text = text.unwrap_or("nowhere");
    match Url::parse(text) {
        Ok(mut url) => {
            url.set_query(None);
            url.set_fragment(None);
            url.into()
        }
        Err(_) => tidy(text.split(['?', '#']).next().unwrap_or_default()),
    }
}

/// The error shapes of JSM and of the platform in one.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Complaint {
    /// JSM: `{"errorMessage":"…","i18nErrorMessage":{…}}`.
    error_message: Option<String>,
    /// Platform: `{"errorMessages":[…],"errors":{field: message}}`.
    error_messages: Vec<String>,
    errors: serde_json::Map<String, serde_json::Value>,
    /// Atlassian's API gateway: `{"code":401,"message":"…"}`.
    message: Option<String>,
}

impl Complaint {
    fn sentences(self) -> impl Iterator<Item = String> {
        let fields = self.errors.into_iter().map(|(field, problem)| match problem.as_str() {
            Some(problem) => format!("{field}: {problem}"),
            None => format!("{field}: {problem}"),
        });
        let whole = self.error_message.into_iter().chain(self.error_messages).chain(self.message);
        whole.chain(fields).filter(|sentence| !sentence.trim().is_empty())
    }
}

/// What the body says, for people.
fn message(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    match serde_json::from_slice::<Complaint>(body) {
        Ok(complaint) => {
            let sentences: Vec<_> = complaint.sentences().collect();
            if sentences.is_empty() {
                "no reason given".to_owned()
            } else {
                tidy(&sentences.join("; "))
            }
        }
        Err(_) if looks_like_html(&text) => "a web page instead of an answer".to_owned(),
        Err(_) if text.trim().is_empty() => "no reason given".to_owned(),
        Err(_) => tidy(&text),
    }
}

/// One line of bounded length without control characters: it ends in logs and on terminals.
fn tidy(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    visible.take(LONGEST_MESSAGE).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::jsm(
        r#"{"errorMessage":"No.","i18nErrorMessage":{"i18nKey":"k","parameters":[]}}"#,
        "No."
    )]
    #[case::platform(r#"{"errorMessages":["No.","Never."],"errors":{}}"#, "No.; Never.")]
    #[case::fields(r#"{"errorMessages":[],"errors":{"email":"taken"}}"#, "email: taken")]
    #[case::gateway(
        r#"{"code":401,"message":"Unauthorized; scope does not match"}"#,
        "Unauthorized; scope does not match"
    )]
    #[case::plain("XSRF check failed\n", "XSRF check failed")]
    #[case::html("<html><title>Oops</title></html>", "a web page instead of an answer")]
    #[case::empty("", "no reason given")]
    #[case::empty_object("{}", "no reason given")]
    #[case::terminal_escape("\u{1b}[31mred", "[31mred")]
    fn every_shape_of_complaint_becomes_one_line(#[case] body: &str, #[case] expected: &str) {
        assert_eq!(message(body.as_bytes()), expected);
    }

    #[rstest]
    #[case::seconds("7", Some(7))]
    #[case::now("0", Some(0))]
    #[case::date("Sun, 06 Nov 1994 08:50:07 GMT", Some(30))]
    #[case::past("Sun, 06 Nov 1994 08:00:00 GMT", Some(0))]
    #[case::nonsense("soon", None)]
    fn retry_after_is_seconds_or_a_date(
        #[case] value: &'static str,
        #[case] expected: Option<u64>,
    ) {
        let headers = HeaderMap::from_iter([
            (header::DATE, http::HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT")),
            (header::RETRY_AFTER, http::HeaderValue::from_static(value)),
        ]);
        assert_eq!(wait_asked_for(&headers), expected.map(Duration::from_secs));
    }

    #[rstest]
    #[case::expired("AUTHENTICATED_FAILED", Some(TokenRefusal::Failed))]
    #[case::locked_out("AUTHENTICATION_DENIED", Some(TokenRefusal::Denied))]
    #[case::one_of_two("OUT, AUTHENTICATED_FAILED", Some(TokenRefusal::Failed))]
    #[case::other_case("Authenticated_Failed", Some(TokenRefusal::Failed))]
    #[case::taken("OK", None)]
    #[case::nonsense("maybe", None)]
    fn jira_says_in_a_header_that_it_does_not_take_the_token(
        #[case] value: &'static str,
        #[case] expected: Option<TokenRefusal>,
    ) {
        let value = http::HeaderValue::from_static(value);
        let name = http::HeaderName::from_static(LOGIN_REASON);
        assert_eq!(token_refusal(&HeaderMap::from_iter([(name, value)])), expected);
    }

    #[test]
    fn a_redirect_is_named_without_its_query() {
        let to = |value: &'static str| {
            let value = http::HeaderValue::from_static(value);
            location(&HeaderMap::from_iter([(header::LOCATION, value)]))
        };
        assert_eq!(
            to("https://sso.example.com/login?token=abc#x"),
            "https://sso.example.com/login"
        );
        assert_eq!(to("/login.jsp?os_destination=%2F"), "/login.jsp");
    }
}
