//! The gate's own login sessions: the cookie, the record, and the stores. Must not know OpenID Connect: it
//! is handed an identity.

pub mod cookie;
mod end;
mod form_token;
mod header_cache;
mod id;
mod limits;
mod lookup;
mod provider_state;
mod record;
mod refresh;
mod refresh_tasks;
mod seal;
mod selector;
mod sessions;
mod signatures;
pub mod store;
mod token_lifetime;
mod vault;

pub use end::{Ended, OnEnd};
pub use form_token::FormToken;
pub use header_cache::{HeaderCache, UpstreamHeaders};
pub use id::{SessionCredential, SessionId, SessionKey};
pub use limits::SessionLimits;
pub use lookup::SessionLookup;
pub use provider_state::{ProviderData, ProviderState};
pub use record::{Login, Session};
pub use refresh::{OnFailure, RefreshError, RefreshedTokens, TokenRefresher};
pub use refresh_tasks::RefreshTasks;
pub use seal::{Sealer, short_digest};
pub use selector::{SessionEntry, SessionSelector};
pub use sessions::{GrantCheck, Sessions};
pub use signatures::Signatures;
pub use store::{RecordStore, SessionStore, StoreError, Table};
pub use token_lifetime::TokenLifetime;
