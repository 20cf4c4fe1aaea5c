//! One-time links that an admin on the gate's machine asks for, for emergency access and test
//! logins, and who may be let in by one. Must not know pages, sockets, or the commands that ask.

pub mod emergency;
pub mod test_login;

pub use emergency::{EmergencyAccess, EmergencyLinks, EmergencyWish};
pub use test_login::{TEST_LOGIN_TIMEOUT, TestAnswer, TestId, TestLogins, TestReport, TestWish};
