//! End to end: the gate as its own process, in front of the stand-in JSM, with identity providers and
//! service providers that this project did not write and with a real browser. `make test` installs what
//! they need.
#![cfg(test)]

mod browser;
mod certified_provider;
mod gate;
mod hosted;
mod hosted_world;
mod jira_login;
mod lemonldap;
mod node;
#[path = "../support/ports.rs"]
mod ports;
mod process;
mod refresh;
#[path = "../support/routes.rs"]
mod routes;
#[path = "../support/rsa_pair.rs"]
mod rsa_pair;
mod service_providers;
#[path = "../support/visitor/mod.rs"]
#[expect(dead_code, reason = "the tests of the gate use more of it")]
mod visitor;
mod world;
