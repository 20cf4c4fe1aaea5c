//! The gate's own login sessions: the cookie, the record, and where records are kept. Knows nothing
//! of OpenID Connect: it is handed an identity.

pub mod cookie;
mod flights;
mod record;
mod refresh;
mod seal;
mod sessions;
pub mod store;
mod upstream_headers;
mod vault;
mod vouched;
mod whose;

pub use flights::Flights;
pub use record::{FormToken, Login, Opener, Session, SessionId, SessionKey, Tokens};
pub use refresh::{OnFailure, Renewal, Renewer, Unrenewed};
pub use seal::Sealer;
pub use sessions::{Ended, Found, Grants, OnEnd, SessionLimits, Sessions};
pub use store::{SessionStore, StoreError};
pub use upstream_headers::{Slot, UpstreamHeaders};
pub use vouched::Vouched;
pub use whose::{SessionEntry, Whose};
