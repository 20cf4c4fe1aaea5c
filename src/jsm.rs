//! The REST client for JSM, the directory of its portals, and what its addresses mean (`paths`): the
//! only room that knows JSM's shapes and how Cloud and Data Center differ. It must not know sessions,
//! the login, or how requests arrive.

mod answer;
mod check;
mod client;
mod directory;
mod error;
mod paging;
pub(crate) mod paths;
mod portal_ids;
mod shapes;
mod transport;

pub use check::check;
pub use client::{Client, TokenKind};
pub use directory::{Directory, PortalRules, Refreshed};
pub use error::{Error, TokenRefusal};
pub use paging::Listed;
pub use shapes::{Account, ServerInfo, ServiceDesk};
