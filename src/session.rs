//! The gate's own login sessions: the cookie, the record, and where records are kept. Knows nothing
//! of OpenID Connect: it is handed an identity.

pub mod cookie;
mod seal;

pub use seal::Sealer;
