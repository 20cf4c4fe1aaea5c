//! jsm-gate: a login gate in front of Jira Service Management customer portals.
//!
//! The library exists so that the binary stays thin and the tests can start a whole gate in
//! process. The rooms and the way of a request through them are drawn in `ARCHITECTURE.md`.

pub mod access;
pub mod assertion;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod config;
pub mod customers;
pub mod domain;
pub mod gate;
pub mod grants;
pub mod jira_login;
pub mod jsm;
pub mod keys;
pub mod login;
pub mod portal;
pub mod problem;
mod reading;
pub mod server;
pub mod session;
pub mod sso;
pub mod state_file;
pub mod telemetry;
pub mod web;
