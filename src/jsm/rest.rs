//! JSM's REST API: the calls, made as the service account, and every way they fail. It must not know
//! what the answers are used for.

mod answer;
mod call;
mod client;
mod error;
mod listed;
mod paging;
mod portal_ids;
mod shapes;
mod transport;

pub use call::Change;
pub use client::{Client, TokenKind};
pub use error::{Error, TokenRefusal};
pub use listed::Listed;
pub(super) use portal_ids::PortalIds;
pub use shapes::{Account, ServerInfo, ServiceDesk};
