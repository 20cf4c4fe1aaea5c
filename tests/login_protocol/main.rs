//! Login as a provider and a browser see it: the authenticator against the sandbox provider over
//! HTTP. Cases carry the numbers of `docs/security.md` and the names of the OpenID Foundation's modules.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/authority.rs"]
mod authority;
#[path = "../support/browser.rs"]
#[allow(dead_code, reason = "shared with other tests, which use other parts")]
mod browser;

mod back_channel;
mod callback;
mod check;
mod client;
mod conformance;
mod discovery;
mod harness;
mod id_token;
mod identity;
mod keys;
mod logout;
mod members;
mod pending;
mod providers;
mod refresh;
mod return_to;
