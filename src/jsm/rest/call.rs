//! One call to JSM: where it goes and whether it may be sent again. It must not know the service
//! account or the address of JSM.

use std::fmt;

use http::Method;
use serde_json::Value;

/// Query parameters of a call.
pub(in crate::jsm) type Query<'a> = [(&'a str, String)];

/// A call to JSM. Its `Display`, such as `GET /rest/servicedeskapi/info`, names it in messages.
#[derive(Clone, Copy, Debug)]
pub(in crate::jsm) enum Call<'a> {
    /// Changes nothing in JSM ("safe", RFC 9110 section 9.2.1), so it may be sent again.
    Read { path: &'a str, query: &'a Query<'a> },
    /// Changes nothing in JSM either, though its method is `POST`: a search, for example, whose
    /// question is too long for an address. So it may be sent again.
    Query { path: &'a str, body: &'a Value },
    /// Changes something in JSM, so it is sent once: an answer that does not say so leaves open
    /// whether JSM did it, and a second one could raise a request twice.
    Change { change: Change, path: &'a str, body: &'a Value },
    /// Sends a file. It cannot be sent again: its bytes are gone by then.
    Upload { path: &'a str },
}

/// How a call changes JSM.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl<'a> Call<'a> {
    /// A reading call without query parameters.
    pub(in crate::jsm) fn read(path: &'a str) -> Self {
        Self::Read { path, query: &[] }
    }

    pub(super) fn method(&self) -> Method {
        match self {
            Self::Read { .. } => Method::GET,
            Self::Query { .. }
            | Self::Upload { .. }
            | Self::Change { change: Change::Post, .. } => Method::POST,
            Self::Change { change: Change::Put, .. } => Method::PUT,
            Self::Change { change: Change::Patch, .. } => Method::PATCH,
            Self::Change { change: Change::Delete, .. } => Method::DELETE,
        }
    }

    pub(super) fn path(&self) -> &'a str {
        match self {
            Self::Read { path, .. }
            | Self::Query { path, .. }
            | Self::Change { path, .. }
            | Self::Upload { path } => path,
        }
    }

    /// Whether sending it a second time does no harm.
    pub(super) fn is_repeatable(&self) -> bool {
        match self {
            Self::Read { .. } | Self::Query { .. } => true,
            Self::Change { .. } | Self::Upload { .. } => false,
        }
    }
}

impl fmt::Display for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.path())
    }
}
