//! Every way a call to JSM can fail, in words an operator can act on. It must not know how calls
//! are made.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::domain::{own_certificate_remedy, tls_error_in_words};

/// A call to JSM that did not succeed. Names the call, such as `GET /rest/servicedeskapi/info`.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// JSM asks to wait longer, or more often, than a caller can.
    #[error(
        "{call}: JSM is limiting its callers (status {status}) and asks to wait {} more",
        humantime::format_duration(*wait)
    )]
    Busy {
        /// Method and path.
        call: String,
        /// 429 or 503.
        status: StatusCode,
        /// How long JSM asked to wait the last time.
        wait: Duration,
    },
    /// A web page with status 503: JSM, or what stands in front of it, is down for a while.
    #[error("{call}: JSM is down for maintenance, or is just starting (503 with a web page)")]
    Maintenance {
        /// Method and path.
        call: String,
        /// How long it asked to wait.
        wait: Duration,
    },
    /// The file named by `[jsm] ca_file` cannot be used.
    #[error("{path}: {problem}")]
    CaFile {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// JSM Cloud takes a token only together with the address of its owner.
    #[error("JSM Cloud needs the email address that its API token belongs to")]
    EmailMissing,
    /// JSM's answer is not what the call promises.
    #[error("{call}: JSM's answer is not understood: {problem}")]
    NotUnderstood {
        /// Method and path.
        call: String,
        /// What is wrong with it.
        problem: String,
    },
    /// JSM answers with a redirect, which is never followed (docs/security.md D17).
    #[error("{call}: JSM answered {status} and points to {location}")]
    Redirected {
        /// Method and path.
        call: String,
        /// 3xx.
        status: StatusCode,
        /// Where it points, without the query.
        location: String,
    },
    /// JSM refused the call.
    #[error("{call}: JSM answered {status}: {message}")]
    Refused {
        /// Method and path.
        call: String,
        /// 4xx or 5xx.
        status: StatusCode,
        /// JSM's own words.
        message: String,
        /// The whole answer where it is JSON: it may say which field each of its words is about.
        details: Option<Arc<serde_json::Value>>,
    },
    /// The HTTP client itself could not be made.
    #[error("cannot prepare the HTTP client for JSM: {}", causes(.0))]
    Setup(#[source] Arc<reqwest::Error>),
    /// JSM takes no more of a file, or has the whole and says nothing.
    #[error("{call}: JSM did not go on in time with a file that was sent")]
    Silent {
        /// Method and path.
        call: String,
    },
    /// As many calls as `[jsm] concurrency` allows are under way, and none of them ended in time.
    #[error("{call}: not made, because {limit} calls to JSM were under way for too long")]
    TooManyCalls {
        /// Method and path.
        call: String,
        /// How many there may be.
        limit: usize,
    },
    /// JSM did not recognise the token and answered as it answers a stranger.
    #[error("{call}: JSM does not take the API token ({})", reason.as_str())]
    TokenRefused {
        /// Method and path.
        call: String,
        /// JSM's reason.
        reason: TokenRefusal,
    },
    /// The answer is longer than any answer to this call should be.
    #[error("{call}: JSM's answer is longer than {limit} bytes")]
    TooLarge {
        /// Method and path.
        call: String,
        /// The cap.
        limit: usize,
    },
    /// No answer: not resolved, not connected, not in time.
    #[error("{call}: no answer from JSM: {}", causes(.source))]
    Unreachable {
        /// Method and path.
        call: String,
        /// Why.
        #[source]
        source: Arc<reqwest::Error>,
    },
}

/// Why JSM did not accept a token, in the words of its header `X-Seraph-LoginReason`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenRefusal {
    /// Wrong, expired or revoked.
    Failed,
    /// Not checked at all, because too many logins failed before.
    Denied,
}

impl TokenRefusal {
    /// JSM's own word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "AUTHENTICATED_FAILED",
            Self::Denied => "AUTHENTICATION_DENIED",
        }
    }
}

const NEW_TOKEN: &str = "the token is wrong, expired or revoked, lacks a scope, or [jsm] email is \
                         not its owner's; make a new token, put it where api_token_file, \
                         api_token_env or api_token_credential of [jsm] says, and restart the gate";

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Busy { .. } => "it is tried again by itself; if it stays, make [jsm] refresh \
                longer and see what else uses this service account"
                .to_owned(),
            Self::Maintenance { .. } => "the portals are read again by itself; see how JSM is, or \
                Atlassian's status page"
                .to_owned(),
            Self::TokenRefused { reason: TokenRefusal::Failed, .. } => NEW_TOKEN.to_owned(),
            Self::TokenRefused { reason: TokenRefusal::Denied, .. } => "too many logins of the \
                service account failed: log in once with a browser as that account and answer the \
                CAPTCHA, and look for another program with an old password of it"
                .to_owned(),
            Self::CaFile { .. } => {
                "[jsm] ca_file must name a readable file of PEM certificates".to_owned()
            }
            Self::EmailMissing => {
                "set [jsm] email to the address of the service account".to_owned()
            }
            Self::NotUnderstood { .. } => "make sure [jsm] url is the base address of Jira with \
                its context path, and that nothing in between changes its answers"
                .to_owned(),
            Self::Redirected { location, .. } => {
                format!("set [jsm] url to Jira's own base address; it points to {location}")
            }
            Self::Refused { status, message, .. } => refused(*status, message).to_owned(),
            Self::Setup(_) => {
                "check [jsm] ca_file and the machine's certificate authorities".to_owned()
            }
            Self::Silent { .. } | Self::TooManyCalls { .. } => {
                "see why JSM is slow, or raise [jsm] concurrency".to_owned()
            }
            Self::TooLarge { .. } => "make sure [jsm] url is the base address of Jira".to_owned(),
            Self::Unreachable { source, .. } => unreachable(source).to_owned(),
        }
    }

    /// How long JSM itself asks to be left alone.
    #[must_use]
    pub fn asked_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Busy { wait, .. } | Self::Maintenance { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether JSM cannot be asked at the moment, which says nothing of what was asked for.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Busy { .. }
            | Self::Maintenance { .. }
            | Self::Silent { .. }
            | Self::TooManyCalls { .. }
            | Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => status.is_server_error(),
            _ => false,
        }
    }

    /// Whether JSM does not accept the token at all.
    #[must_use]
    pub fn is_refused_token(&self) -> bool {
        matches!(self, Self::TokenRefused { .. }) || self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// The status, where JSM answered with one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Busy { status, .. }
            | Self::Redirected { status, .. }
            | Self::Refused { status, .. } => Some(*status),
            Self::Maintenance { .. } => Some(StatusCode::SERVICE_UNAVAILABLE),
            _ => None,
        }
    }
}

fn unreachable(source: &reqwest::Error) -> &'static str {
    if source.is_timeout() {
        return "check the network between this machine and JSM, or make [jsm] timeout longer";
    }
    own_certificate_remedy(&causes(source)).unwrap_or(
        "check [jsm] url, name resolution and the network; for a certificate of one's own authority \
         set [jsm] ca_file",
    )
}

fn refused(status: StatusCode, message: &str) -> &'static str {
    let says = |words: &str| message.to_ascii_lowercase().contains(words);
    // confluence.atlassian.com pageId=1384133808: the IP allowlist answers in the platform's form.
    if says("ip address") && says("allowed list") {
        return "add the address this machine reaches Atlassian from to the site's IP allowlist";
    }
    if says("xsrf") {
        return "something in between adds a browser's headers to the gate's calls; remove it";
    }
    match status {
        StatusCode::UNAUTHORIZED => NEW_TOKEN,
        StatusCode::FORBIDDEN => {
            "give the service account the permission named, or a token with the scopes \
             read:servicedesk-request and read:jira-user"
        }
        StatusCode::NOT_FOUND => {
            "make sure [jsm] url is Jira's base address with its context path, that Jira Service \
             Management is licensed there, and that the service account may see what is asked for"
        }
        StatusCode::PRECONDITION_FAILED => {
            "JSM wants the header X-ExperimentalApi, which the gate sends; let it through"
        }
        _ if status.is_server_error() => "look into Jira's own log or Atlassian's status page",
        _ => "look into Jira's log for the reason",
    }
}

/// reqwest prints only its outermost cause; the one that helps is further in.
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    tls_error_in_words(text)
}

/// Where one of several is asked for, it is no error that JSM does not have it or does not show it.
pub(in crate::jsm) fn known<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error)
            if matches!(error.status(), Some(StatusCode::NOT_FOUND | StatusCode::FORBIDDEN)) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
