//! Logout messages that we send, signed: as an address to redirect to, or as a document for a form. Must not
//! know which sessions there are.

use std::time::Duration;

use super::{LogoutStatus, PARTIAL_LOGOUT};
use crate::binding::{Parameter, redirect};
use crate::response::{Envelope, RESPONDER, SUCCESS, name_id, status};
use crate::signature::sign;
use crate::xml::{Element, Namespace};
use crate::{Id, NameId, RequestId, SigningKey, WriteError, instant};

/// How long a request is good: as long as an assertion.
const LIFE: Duration = Duration::from_secs(300);

/// A request of ours: this person's session at the service provider shall end.
#[derive(Clone, Debug)]
pub struct OwnLogoutRequest<'a> {
    /// Our entity id.
    pub issuer: &'a str,
    /// The service provider's address for logout.
    pub destination: &'a str,
    /// Whose session: the name as it was asserted.
    pub name_id: NameId<'a>,
    /// Which session, as it was asserted.
    pub session_index: &'a str,
    /// Now, in Unix seconds.
    pub issued_at: u64,
    /// For the request; the answer's `InResponseTo` repeats it.
    pub id: Id,
}

/// Our answer to a service provider's request.
#[derive(Clone, Debug)]
pub struct OwnLogoutResponse<'a> {
    /// Our entity id.
    pub issuer: &'a str,
    /// The service provider's address for logout.
    pub destination: &'a str,
    /// The request that it answers.
    pub in_response_to: &'a RequestId,
    /// What became of it.
    pub status: LogoutStatus,
    /// Now, in Unix seconds.
    pub issued_at: u64,
    /// For the answer.
    pub id: Id,
}

impl OwnLogoutRequest<'_> {
    /// The address that brings it there by HTTP-Redirect.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn redirect_url(
        &self,
        relay_state: Option<&str>,
        key: &SigningKey,
    ) -> Result<String, WriteError> {
        let xml = self.element().with("ID", self.id.as_str()).write()?;
        redirect::signed_url(self.destination, Parameter::Request, &xml, relay_state, key)
    }

    /// The document for the form field `SAMLRequest`, before Base64.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn document(&self, key: &SigningKey) -> Result<String, WriteError> {
        sign(self.element(), &self.id, key)?.write()
    }

    fn element(&self) -> Element {
        let envelope = Envelope {
            issuer: self.issuer,
            destination: self.destination,
            in_response_to: None,
            issued_at: self.issued_at,
        };
        let session = Element::new(Namespace::Protocol, "SessionIndex").text(self.session_index);
        let end = self.issued_at.saturating_add(LIFE.as_secs());
        envelope
            .open("LogoutRequest")
            .with("NotOnOrAfter", instant::text(end))
            .child(name_id(self.name_id))
            .child(session)
    }
}

impl OwnLogoutResponse<'_> {
    /// The address that brings it there by HTTP-Redirect, with the request's RelayState.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn redirect_url(
        &self,
        relay_state: Option<&str>,
        key: &SigningKey,
    ) -> Result<String, WriteError> {
        let xml = self.element().with("ID", self.id.as_str()).write()?;
        redirect::signed_url(self.destination, Parameter::Response, &xml, relay_state, key)
    }

    /// The document for the form field `SAMLResponse`, before Base64.
    ///
    /// # Errors
    /// When a value cannot be written.
    pub fn document(&self, key: &SigningKey) -> Result<String, WriteError> {
        sign(self.element(), &self.id, key)?.write()
    }

    fn element(&self) -> Element {
        let envelope = Envelope {
            issuer: self.issuer,
            destination: self.destination,
            in_response_to: Some(self.in_response_to),
            issued_at: self.issued_at,
        };
        let codes: &[&str] = match self.status {
            LogoutStatus::Success => &[SUCCESS],
            LogoutStatus::Partial => &[SUCCESS, PARTIAL_LOGOUT],
            LogoutStatus::Failed => &[RESPONDER],
        };
        envelope.open("LogoutResponse").child(status(codes, None))
    }
}
