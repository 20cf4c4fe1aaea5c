//! Small plain types that every room uses. They know nothing of sockets, OpenID Connect or JSM's
//! REST API, and a value of one of these types is always valid: parsing is the only way to get one.

mod access_rules;
mod account_id;
mod clock;
mod context_path;
pub mod expiry;
mod finding;
mod greeting;
mod identity;
mod jsm_html;
mod jsm_id;
mod knowledge_base;
mod language;
mod names;
mod natural;
mod network;
mod open_path;
mod organization_requests;
mod own_certificate;
mod participants;
mod portal;
mod public_url;
mod request_key;
mod saml_ids;
mod service_provider_preset;
mod shown_field;
mod tally;
mod template;
mod told;
mod visible;

pub use access_rules::{Access, AccessRules, LoginDemand, People, ShortOf};
pub use account_id::AccountId;
pub use clock::Clock;
pub use context_path::ContextPath;
pub use finding::{Finding, Level, count};
pub use greeting::{Announcement, Greeting, TextByLanguage};
pub use identity::{Attribute, Identity, Proof};
pub use jsm_html::JsmHtml;
pub use jsm_id::{
    ArticleId, AttachmentId, CommentId, GroupId, IssueId, IssueTypeId, OrganizationId,
    RequestTypeId, TransitionId,
};
pub use knowledge_base::KnowledgeBase;
pub use language::{ByLanguage, Language};
pub use names::{
    Email, EmailDomain, InvalidName, LinkName, PortalId, ProviderId, ServiceProviderId,
};
pub use natural::{NaturalOrder, natural_order};
pub use network::{is_public, network_of};
pub use open_path::OpenPath;
pub use organization_requests::OrganizationRequests;
pub use own_certificate::{own_certificate_remedy, tls_error_in_words};
pub use participants::Participants;
pub use portal::{Mode, Portal, Portals, PortalsNow};
pub(crate) use public_url::is_loopback;
pub use public_url::{InvalidPublicUrl, PublicUrl};
pub use request_key::RequestKey;
pub use saml_ids::SamlIds;
pub use service_provider_preset::ServiceProviderPreset;
pub use shown_field::ShownField;
pub use tally::Tally;
pub use template::{InvalidTemplate, Template};
pub use told::Told;
pub use visible::{Visible, is_hidden, visible_json};
