//! The token in the gate's own forms, by which a form is known to be the session's own. Must not know what a
//! form does.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

/// Guards the forms of one session against requests that other sites make (CSRF).
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
pub struct FormToken([u8; 16]);

impl FormToken {
    /// A new one from the operating system's random source.
    pub(super) fn random() -> Self {
        Self(rand::random())
    }

    /// As it is written in a form.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Whether a form carries this token, in constant time.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.text().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormToken(***)")
    }
}
