//! The crate through its public functions, beside what independent programs say: xmlsec1 makes and verifies
//! signatures, xmllint canonicalizes. Numbers of attacks are those of the list of cases for SAML.

mod bombs;
mod canonical;
mod forgeries;
mod inspection;
mod logout;
mod made_up;
mod mutations;
mod posted_requests;
mod redirected_requests;
mod refused_requests;
mod responses;
mod signed_by_xmlsec;
mod support;
mod tampering;
mod wrapping;
