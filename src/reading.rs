//! How an address and a form are read: once, strictly, and with the same result for all who decide by
//! them. What two readers could take for different things is refused here or told to be ambiguous.
//!
//! It must not know who asks, what is open to them, or how requests arrive.

mod query;
mod route;
mod target;

pub(crate) use query::{Ambiguous, Field, fields, has_escape};
pub(crate) use route::Route;
pub(crate) use target::Target;

/// Why a request target is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);
