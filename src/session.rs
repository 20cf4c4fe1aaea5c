//! The gate's own login sessions: the cookie, the record, and where records are kept. Knows nothing
//! of OpenID Connect: it is handed an identity.

pub mod cookie;
mod end;
mod flights;
mod form_token;
mod id;
mod provider_state;
mod record;
mod refresh;
mod seal;
mod sessions;
pub mod store;
mod upstream_headers;
mod vault;
mod vouched;
mod whose;

pub use end::{Ended, OnEnd};
pub use flights::Flights;
pub use form_token::FormToken;
pub use id::{Opener, SessionId, SessionKey};
pub use provider_state::{ProviderData, ProviderState};
pub use record::{Login, Session};
pub use refresh::{OnFailure, Renewal, Renewer, Unrenewed};
pub use seal::Sealer;
pub use sessions::{Found, Grants, SessionLimits, Sessions};
pub use store::{RecordStore, SessionStore, StoreError, Table};
pub use upstream_headers::{Slot, UpstreamHeaders};
pub use vouched::Vouched;
pub use whose::{SessionEntry, Whose};
