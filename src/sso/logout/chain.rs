//! What is still to be done of a logout, in a sealed cookie. Must not know what messages say.

use std::collections::VecDeque;

use http::{HeaderMap, HeaderValue};
use saml::logout::LogoutStatus;
use serde::{Deserialize, Serialize};

use super::initiator::Initiator;
use super::there::There;
use crate::domain::ServiceProviderId;
use crate::session::cookie;
use crate::sso::SsoState;

/// Long enough for a provider that asks whether to log out there too.
const AGE_SECONDS: u64 = 10 * 60;
const PURPOSE: &str = "saml-logout";

/// The longest sealed value: browsers limit a cookie to 4096 bytes, with its name and attributes.
const LONGEST: usize = 3900;

/// A logout under way.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Chain {
    /// Sessions that are still to end.
    #[serde(rename = "l")]
    left: VecDeque<There>,
    /// Where the browser is now, and the request that it has brought there.
    #[serde(rename = "a")]
    asked: Option<(ServiceProviderId, String)>,
    /// Whether a session may go on.
    #[serde(rename = "p")]
    is_partial: bool,
    /// Whether the provider has ended its own session.
    #[serde(rename = "d")]
    at_provider: bool,
    /// Who is told at the end.
    #[serde(rename = "i")]
    initiator: Option<Initiator>,
}

impl Chain {
    pub(super) fn new(left: VecDeque<There>, initiator: Option<Initiator>) -> Self {
        Self { left, initiator, ..Self::default() }
    }

    /// The logout of this browser.
    pub(super) fn read(state: &SsoState, headers: &HeaderMap) -> Option<Self> {
        let name = cookie::name(state.pages.public_url(), PURPOSE);
        let sealed = cookie::value(headers, &name)?;
        serde_json::from_str(&state.sealer.open(&name, sealed)?).ok()
    }

    /// A `Set-Cookie` value that keeps it. Sessions for which a cookie has no room go on.
    pub(super) fn set(mut self, state: &SsoState) -> Option<HeaderValue> {
        let public_url = state.pages.public_url();
        let name = cookie::name(public_url, PURPOSE);
        loop {
            let sealed = state.sealer.seal(&name, &serde_json::to_string(&self).ok()?)?;
            if sealed.len() <= LONGEST {
                return cookie::set(public_url, &name, &sealed, Some(AGE_SECONDS));
            }
            self.left.pop_back()?;
            self.is_partial = true;
        }
    }

    /// A `Set-Cookie` value that ends it.
    pub(super) fn clear(state: &SsoState) -> Option<HeaderValue> {
        let public_url = state.pages.public_url();
        cookie::clear(public_url, &cookie::name(public_url, PURPOSE))
    }

    /// The same, after the browser came back. Whoever has not answered by now is not asked again.
    pub(super) fn back(mut self, at_provider: bool) -> Self {
        self.at_provider |= at_provider;
        self.is_partial |= self.asked.take().is_some();
        self
    }

    /// The next session to end, which is crossed out.
    pub(super) fn next(&mut self) -> Option<There> {
        self.left.pop_front()
    }

    /// The same, while the browser is at a service provider.
    pub(super) fn waiting_for(self, id: &ServiceProviderId, request: &str) -> Self {
        Self { asked: Some((id.clone(), request.to_owned())), ..self }
    }

    /// The same, after a service provider could not be asked.
    pub(super) fn without_answer(self) -> Self {
        Self { is_partial: true, ..self }
    }

    /// The same, after a service provider's answer to a request. An answer that nobody waits for changes
    /// nothing.
    pub(super) fn answered_by(
        self,
        id: &ServiceProviderId,
        request: &str,
        status: LogoutStatus,
    ) -> Self {
        let expected = self.asked.as_ref().is_some_and(|(at, asked)| at == id && asked == request);
        if !expected {
            return self;
        }
        Self { asked: None, is_partial: self.is_partial || status != LogoutStatus::Success, ..self }
    }

    /// Who is told at the end.
    pub(super) fn initiator(&self) -> Option<&Initiator> {
        self.initiator.as_ref()
    }

    /// What they are told.
    pub(super) fn status(&self) -> LogoutStatus {
        if self.is_partial { LogoutStatus::Partial } else { LogoutStatus::Success }
    }

    /// Whether the provider has ended its own session.
    pub(super) fn at_provider(&self) -> bool {
        self.at_provider
    }
}
