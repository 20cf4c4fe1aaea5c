//! What tests ask of the stand-in in Rust, beside its sockets: to put things in, to act as an agent
//! would, and to look at what is kept.

mod accounts;
mod requests;
mod saml_login;
