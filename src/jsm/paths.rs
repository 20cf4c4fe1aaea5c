//! What JSM's addresses, queries and bodies mean: which portal they name, which of them are open
//! through the gate, where Jira would find a login, and what its cookies are called.
//!
//! It must not know who asks, which rules hold for them, or how requests arrive and are answered.

mod body;
mod cookies;
mod links;
mod login_fields;
mod policy;
mod references;
mod route;
mod saml_login;
mod suffix;

pub(crate) use body::{Content, opens_by_body};
pub(crate) use cookies::{SESSION_COOKIE, login_cookies, logs_in};
pub(crate) use links::{login_address, own_page, portal_address, substitute_link, within_portal};
pub(crate) use login_fields::{LoginFieldScan, carries_login};
pub(crate) use policy::{PathPolicy, PathVerdict, is_of_request};
pub(crate) use references::{Reference, Resolved, in_target, resolve};
pub(crate) use route::Route;
pub(crate) use saml_login::{
    LoginStep, asks_for_form, destination, leads_elsewhere, logs_out, posted_answer, start_address,
};
