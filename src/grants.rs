//! One-time links that somebody on the gate's machine asks for: emergency access and test logins. Who
//! may be let in is decided here. Must not know pages, sockets, or the commands that ask.

pub mod emergency;
pub mod test_login;

pub use emergency::{EmergencyAccess, EmergencyLinks, EmergencyWish};
pub use test_login::{TEST_LOGIN_TIMEOUT, TestId, TestLogins, TestReport};
