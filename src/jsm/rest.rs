//! JSM's REST API: the calls, made as the service account, and every way they fail. It must not know
//! what the answers are used for.

mod answer;
mod call;
mod calls;
mod client;
mod download;
mod error;
mod forms;
mod jsm_session;
mod language;
mod limits;
mod listed;
mod paging;
mod portal_ids;
mod shapes;
mod shares;
mod transport;
mod turns;
mod upload;

pub(super) use answer::Answer;
pub use call::Change;
pub(super) use call::{Call, Query};
pub(super) use client::SEGMENT;
pub use client::{Client, TokenKind};
pub use download::{ByteRange, Download};
pub(super) use error::known;
pub use error::{Error, TokenRefusal};
pub use jsm_session::JsmSession;
pub use language::RequestLanguage;
pub use listed::Listed;
pub(super) use paging::Entry;
pub(super) use portal_ids::PortalIds;
pub use shapes::{Account, ServerInfo, ServiceDesk};
pub(super) use shapes::{or_default, text_or_number};
pub(super) use shares::Part;
pub use shares::{for_customer, for_everybody};
pub use upload::Upload;
