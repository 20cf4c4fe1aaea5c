//! What went wrong with a request: what its customer reads, and what the log says. pingora's own
//! error text must reach neither, because it may quote what was read, with cookies and pages in it.

use std::fmt;

use pingora::{Error, ErrorSource, ErrorType};

use crate::domain::tls_error_in_words;
use crate::problem::Problem;

/// A failure as the log names it: on which side and of what kind, and the reason where that quotes
/// no message.
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

/// Whether the error is from before any message: a connection that fails while it is made has
/// carried nothing.
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
        other => other.as_str(),
    }
}

/// What to tell about a failure that pingora found; `None` when there is nobody left to tell. While
/// JSM waits for the request's body, a timeout is not JSM's fault.
pub(super) fn problem_of(error: &Error, waits_for_body: bool) -> Option<Problem> {
    match (error.etype(), error.esource()) {
        (ErrorType::ReadTimedout, ErrorSource::Downstream) => Some(Problem::RequestTooSlow),
        (ErrorType::ReadTimedout, ErrorSource::Upstream) if waits_for_body => {
            Some(Problem::RequestTooSlow)
        }
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
    #[case(400)]
    #[case(408)]
    #[case(413)]
    fn a_status_explains_nothing(#[case] status: u16) {
        let error = Error::explain(ErrorType::HTTPStatus(status), "of pingora's own");
        assert_eq!(problem_of(&error, false), Some(Problem::Internal));
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
