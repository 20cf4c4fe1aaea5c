//! What a customer is told when JSM cannot be asked for them. It must not know what was asked.

use std::time::Duration;

use http::StatusCode;

use super::Error;
use crate::problem::Problem;

impl Error {
    /// The problem as a customer is told of it. What an operator needs to know of it goes to the log.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        let (error, remedy) = (self.without_words(), self.remedy());
        tracing::warn!(error, remedy, "JSM could not be asked for a customer");
        match self {
            Self::Busy { wait, .. } => Problem::UpstreamBusy { wait: Some(whole_seconds(wait)) },
            Self::TooManyCalls { .. } => Problem::UpstreamBusy { wait: None },
            Self::Silent { .. } | Self::Refused { status: StatusCode::GATEWAY_TIMEOUT, .. } => {
                Problem::UpstreamSlow
            }
            Self::Unreachable { source, .. } if source.is_timeout() => Problem::UpstreamSlow,
            _ => Problem::UpstreamUnreachable,
        }
    }

    /// The error for the log: without JSM's own words, which may repeat what a customer wrote.
    #[must_use]
    pub fn without_words(&self) -> String {
        match self {
            Self::Refused { call, status, .. } => format!("{call}: JSM answered {status}"),
            error => error.to_string(),
        }
    }
}

fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {

    use rstest::rstest;

    use super::*;

    fn call() -> String {
        "POST /rest/api/3/search/jql".to_owned()
    }

    #[rstest]
    #[case::busy(
        Error::Busy {
            call: call(), status: StatusCode::TOO_MANY_REQUESTS, wait: Duration::from_secs(9),
        },
        Problem::UpstreamBusy { wait: Some(9) }
    )]
    #[case::crowded(Error::TooManyCalls { call: call(), limit: 16 }, Problem::UpstreamBusy { wait: None })]
    #[case::maintenance(
        Error::Maintenance { call: call(), wait: Duration::from_secs(9) },
        Problem::UpstreamUnreachable
    )]
    #[case::nonsense(
        Error::NotUnderstood { call: call(), problem: "x".to_owned() },
        Problem::UpstreamUnreachable
    )]
    fn a_customer_is_told_what_may_help(#[case] error: Error, #[case] told: Problem) {
        assert_eq!(error.into_problem(), told);
    }

    #[test]
    fn what_a_customer_wrote_is_not_logged() {
        let message = "Error in the JQL Query: 'my secret'".to_owned();
        let (call, status) = (call(), StatusCode::BAD_REQUEST);
        let error = Error::Refused { call, status, message, details: None };
        assert!(!error.without_words().contains("secret"));
    }
}
