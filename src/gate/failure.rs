//! What failed of a request: what its customer reads, and what the log says. pingora's own text may
//! quote what was read, cookies and pages with it, and reaches neither.

use std::fmt;

use pingora::{Error, ErrorSource, ErrorType};

use crate::domain::tls_error_in_words;
use crate::problem::Problem;

/// What is wrong with a form that has a login for Jira in it.
pub(super) const LOGIN_IN_FORM: &str = "its form has a login for Jira in it";

/// A failure as the log names it: on which side, of what kind, and why where the reason quotes
/// nothing of a message.
pub(crate) struct Cause<'a>(pub(crate) &'a Error);

impl fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.0.esource() {
            ErrorSource::Upstream => "upstream: ",
            ErrorSource::Downstream => "customer: ",
            ErrorSource::Internal | ErrorSource::Unset => "",
        };
        write!(f, "{side}{}", kind(self.0.etype()))?;
        match self.0.root_cause().downcast_ref::<Error>() {
            None if is_before_any_message(self.0.etype()) => {
                write!(f, ": {}", tls_error_in_words(self.0.root_cause().to_string()))
            }
            _ => Ok(()),
        }
    }
}

/// A connection that fails while it is made has carried nothing yet.
fn is_before_any_message(kind: &ErrorType) -> bool {
    matches!(
        kind,
        ErrorType::ConnectTimedout
            | ErrorType::ConnectRefused
            | ErrorType::ConnectNoRoute
            | ErrorType::ConnectError
            | ErrorType::TLSHandshakeFailure
            | ErrorType::TLSHandshakeTimedout
            | ErrorType::InvalidCert
            | ErrorType::SocketError
    )
}

fn kind(kind: &ErrorType) -> &'static str {
    match kind {
        ErrorType::ConnectTimedout => "no connection in time",
        ErrorType::ConnectRefused => "connection refused",
        ErrorType::ConnectNoRoute => "no address to connect to",
        ErrorType::ConnectError | ErrorType::SocketError => "cannot connect",
        ErrorType::TLSHandshakeFailure | ErrorType::InvalidCert => "TLS failed",
        ErrorType::TLSHandshakeTimedout => "no TLS in time",
        ErrorType::InvalidHTTPHeader => "malformed head",
        ErrorType::H1Error | ErrorType::H2Error | ErrorType::InvalidH2 => "malformed message",
        ErrorType::ReadError => "broke off while it was read",
        ErrorType::WriteError => "broke off while it was written to",
        ErrorType::ReadTimedout => "nothing to read in time",
        ErrorType::WriteTimedout => "took nothing in time",
        ErrorType::ConnectionClosed => "closed early",
        ErrorType::HTTPStatus(413) => "request body over the limit",
        ErrorType::HTTPStatus(400) => LOGIN_IN_FORM,
        ErrorType::HTTPStatus(408) => "request body below the least rate",
        other => other.as_str(),
    }
}

/// What to tell about a failure; `None` when there is nobody left to tell. JSM that does not answer
/// while it waits for the request's body is not to blame.
pub(super) fn problem_of(error: &Error, body_limit: u64, waits_for_body: bool) -> Option<Problem> {
    match (error.etype(), error.esource()) {
        (ErrorType::HTTPStatus(413), _) => Some(Problem::BodyTooLarge { limit: body_limit }),
        (ErrorType::HTTPStatus(408), _) | (ErrorType::ReadTimedout, ErrorSource::Downstream) => {
            Some(Problem::RequestTooSlow)
        }
        (ErrorType::ReadTimedout, ErrorSource::Upstream) if waits_for_body => {
            Some(Problem::RequestTooSlow)
        }
        (ErrorType::HTTPStatus(400), _) => Some(Problem::bad_request(LOGIN_IN_FORM)),
        (ErrorType::ReadTimedout, ErrorSource::Upstream) => Some(Problem::UpstreamSlow),
        (ErrorType::ConnectNoRoute, _) | (_, ErrorSource::Upstream) => {
            Some(Problem::UpstreamUnreachable)
        }
        (
            ErrorType::WriteError
            | ErrorType::WriteTimedout
            | ErrorType::ReadError
            | ErrorType::ConnectionClosed,
            ErrorSource::Downstream,
        ) => None,
        (_, ErrorSource::Downstream) => Some(Problem::bad_request("it broke off or is malformed")),
        _ => Some(Problem::Internal),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use rstest::rstest;

    use super::*;

    const SECRET: &str = "buf: HTTP/1.1 200 OK\\r\\nSet-Cookie: JSESSIONID=secret";

    fn refused() -> io::Error {
        io::Error::new(io::ErrorKind::ConnectionRefused, "refused by 10.0.0.5")
    }

    #[rstest]
    #[case(Error::explain(ErrorType::InvalidHTTPHeader, SECRET).into_up(), "upstream: malformed head")]
    #[case(
        Error::because(ErrorType::InvalidHTTPHeader, "head", io::Error::other(SECRET)).into_up(),
        "upstream: malformed head"
    )]
    #[case(
        Error::because(ErrorType::ReadError, SECRET, io::Error::other(SECRET)).into_down(),
        "customer: broke off while it was read"
    )]
    #[case(
        Error::because(ErrorType::ConnectRefused, "peer", refused()).into_up(),
        "upstream: connection refused: refused by 10.0.0.5"
    )]
    #[case(Error::explain(ErrorType::ConnectNoRoute, SECRET), "no address to connect to")]
    #[case(
        Error::explain(ErrorType::Custom("its length can be read in two ways"), SECRET).into_up(),
        "upstream: its length can be read in two ways"
    )]
    fn g11_a_cause_quotes_nothing_of_a_message(#[case] error: Box<Error>, #[case] said: &str) {
        assert_eq!(Cause(&error).to_string(), said);
    }
}
