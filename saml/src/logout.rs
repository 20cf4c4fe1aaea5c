//! Single logout (core section 3.7, profiles section 4.4): requests in both directions and their answers, all of
//! them signed. Must not know which sessions there are.

mod received;
mod sent;

pub use received::{
    LogoutRequest, LogoutResponse, request_by_post, request_by_redirect, response_by_post,
    response_by_redirect,
};
pub use sent::{OwnLogoutRequest, OwnLogoutResponse};

/// What became of a logout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogoutStatus {
    /// All sessions have ended.
    Success,
    /// Some have ended; those that the other side began elsewhere may go on.
    Partial,
    /// None has ended.
    Failed,
}

const PARTIAL_LOGOUT: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
