//! Small plain types that every room uses. They know nothing of sockets, OpenID Connect or JSM's
//! REST API, and a value of one of these types is always valid: parsing is the only way to get one.

mod clock;
mod context_path;
mod finding;
mod identity;
mod names;
mod natural;
mod network;
mod open_path;
mod own_certificate;
mod portal;
mod public_url;
mod tally;
mod told;
mod visible;

pub use clock::Clock;
pub use context_path::ContextPath;
pub use finding::{Finding, Level, count};
pub use identity::{Identity, Proof};
pub use names::{Email, EmailDomain, InvalidName, LinkName, PortalId, ProviderId};
pub use natural::{NaturalOrder, natural_order};
pub use network::network_of;
pub use open_path::OpenPath;
pub use own_certificate::{own_certificate_remedy, tls_error_in_words};
pub use portal::{Access, LoginDemand, Mode, People, Portal, Portals, PortalsNow, ShortOf};
pub(crate) use public_url::is_loopback;
pub use public_url::{InvalidPublicUrl, PublicUrl};
pub use tally::Tally;
pub use told::Told;
pub use visible::{Visible, is_hidden, visible_json};
