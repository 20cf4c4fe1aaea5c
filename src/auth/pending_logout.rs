//! A logout that continues at the provider, in a sealed cookie until the browser comes back. Must
//! not know sessions.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::return_to::ReturnTo;
use crate::domain::{ProviderId, PublicUrl};
use crate::session::{Sealer, cookie};

/// Long enough for a provider that asks whether to log out there too.
const AGE_SECONDS: u64 = 10 * 60;
const PURPOSE: &str = "logout";

/// What is needed when the browser comes back.
#[derive(Deserialize, Serialize)]
pub(super) struct PendingLogout {
    #[serde(rename = "p")]
    pub(super) provider: ProviderId,
    #[serde(rename = "s")]
    pub(super) state: String,
    #[serde(rename = "r")]
    return_to: String,
}

impl PendingLogout {
    pub(super) fn start(provider: &ProviderId, return_to: &ReturnTo) -> Self {
        let state = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>());
        let return_to = return_to.as_str().to_owned();
        Self { provider: provider.clone(), state, return_to }
    }

    /// The pending logout of this browser, whatever it comes back with.
    pub(super) fn read(
        headers: &HeaderMap,
        public_url: &PublicUrl,
        sealer: &Sealer,
    ) -> Option<Self> {
        let name = cookie::name(public_url, PURPOSE);
        let value = cookie::value(headers, &name)?;
        serde_json::from_str(&sealer.open(&name, value)?).ok()
    }

    /// Whether the provider has logged the person out (RP-Initiated Logout 1.0 section 3): only
    /// then it sends the state back.
    pub(super) fn is_done(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| state.as_bytes().ct_eq(self.state.as_bytes()).into())
    }

    /// Checked again: an older version may have sealed a cookie with an address that this one
    /// refuses.
    pub(super) fn return_to(&self) -> ReturnTo {
        ReturnTo::parse(&self.return_to).unwrap_or_else(ReturnTo::home)
    }

    pub(super) fn cookie(&self, public_url: &PublicUrl, sealer: &Sealer) -> Option<HeaderValue> {
        let name = cookie::name(public_url, PURPOSE);
        let value = sealer.seal(&name, &serde_json::to_string(self).ok()?)?;
        cookie::set(public_url, &name, &value, Some(AGE_SECONDS))
    }

    pub(super) fn clear(public_url: &PublicUrl) -> Option<HeaderValue> {
        cookie::clear(public_url, &cookie::name(public_url, PURPOSE))
    }
}
