//! What all of the gate's pages share. Must not know OpenID Connect, pingora, or what a page is about.

pub mod catalogue;
