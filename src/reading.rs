//! How an address, a query, a form and the type of a body are read: once, strictly, and with the same
//! result for all who decide by them. What two readers could take for different things is refused or
//! reported as ambiguous.
//!
//! It must not know who asks, what is open to them, how requests arrive, or what a path means to JSM.

mod media_type;
mod query;
mod target;

pub(crate) use media_type::MediaType;
pub(crate) use query::{Ambiguous, Field, fields, has_escape};
pub(crate) use target::Target;

/// Why a request target is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);
