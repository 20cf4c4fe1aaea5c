//! The REST client for JSM, the directory of its portals, customers' requests, and what its addresses
//! mean (`paths`): the only room that knows JSM's shapes and how Cloud and Data Center differ. It must not know sessions,
//! the login, or how requests arrive.

mod check;
mod customers;
mod directory;
mod login_probe;
mod login_settings;
pub(crate) mod paths;
mod problem;
pub mod requests;
mod rest;
pub mod writing;

pub use check::check;
pub use customers::{
    CreatedAccount, CustomerAccount, Desk, DeskRights, FoundAccount, Groups, Rights,
};
pub use directory::{Directory, PortalRules, Refreshed};
pub use login_probe::{LoginOption, LoginStart};
pub use login_settings::{LoginSettings, Members, is_as_told};
pub use rest::{
    Account, ByteRange, Change, Client, Download, Error, JsmSession, Listed, RequestLanguage,
    ServerInfo, ServiceDesk, TokenKind, TokenRefusal, Upload, for_customer, for_everybody,
};
