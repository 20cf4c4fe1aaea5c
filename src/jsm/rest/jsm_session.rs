//! A session at JSM itself, in which the service account continues what it began. It must not know what
//! the session is for.

use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};

use crate::jsm::paths::SESSION_COOKIE;

/// Longer names of sessions exist nowhere.
const LONGEST_SESSION: usize = 256;

/// The session in which Data Center keeps a file until it is attached. A call that attaches it has to be
/// made in the same one (docs.atlassian.com/jira-servicedesk/10.3.12, `ServiceDeskCommentCreateParameters`).
#[derive(Clone, Debug)]
pub struct JsmSession(SecretString);

impl JsmSession {
    /// A session that was noted.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let valid = (1..=LONGEST_SESSION).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._!~".contains(&b));
        valid.then(|| Self(text.to_owned().into()))
    }

    /// To be noted, sealed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// As a browser would send it.
    pub(super) fn cookie(&self) -> String {
        format!("{SESSION_COOKIE}={}", self.expose())
    }

    /// The session that an answer begins.
    pub(super) fn in_answer(headers: &HeaderMap) -> Option<Self> {
        let mut cookies = headers.get_all(header::SET_COOKIE).iter();
        cookies.find_map(|cookie| {
            let (name, rest) = cookie.to_str().ok()?.split_once('=')?;
            (name.trim() == SESSION_COOKIE).then(|| rest.split(';').next())?.and_then(Self::parse)
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("JSESSIONID=0A1B2C.node1; Path=/jira; Secure; HttpOnly", Some("0A1B2C.node1"))]
    #[case("JSESSIONID=; Path=/", None)]
    #[case("JSESSIONID=a b; Path=/", None)]
    #[case("atlassian.xsrf.token=JSESSIONID=1; Path=/", None)]
    fn the_session_is_the_one_of_jira(#[case] cookie: &'static str, #[case] session: Option<&str>) {
        let value = http::HeaderValue::from_static(cookie);
        let found = JsmSession::in_answer(&HeaderMap::from_iter([(header::SET_COOKIE, value)]));
        assert_eq!(found.as_ref().map(JsmSession::expose), session);
    }
}
