//! The two bindings: how a message travels through a browser (bindings sections 3.4 and 3.5). Must not know what
//! a message says.

pub(crate) mod post;
pub(crate) mod redirect;

use self::redirect::DetachedSignature;
use crate::{RELAY_STATE_BYTES, ReadError};

/// The parameter that a message travels in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Parameter {
    Request,
    Response,
}

impl Parameter {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Request => "SAMLRequest",
            Self::Response => "SAMLResponse",
        }
    }
}

/// A message as it came.
#[derive(Debug)]
pub(crate) struct Delivered {
    /// The document.
    pub(crate) xml: String,
    pub(crate) relay_state: Option<String>,
    /// How it can be signed.
    pub(crate) by: Binding,
}

/// What carried a message.
#[derive(Debug)]
pub(crate) enum Binding {
    /// HTTP-Redirect: the query is signed, if anything is.
    Redirect(Option<DetachedSignature>),
    /// HTTP-POST: the document is signed, if anything is.
    Post,
}

/// Takes a RelayState that can be given back byte for byte: not too long, and without control characters, because
/// forms change line breaks.
///
/// # Errors
/// [`ReadError::LongRelayState`] and [`ReadError::RelayStateControls`].
pub fn relay_state(text: String) -> Result<String, ReadError> {
    if text.len() > RELAY_STATE_BYTES {
        Err(ReadError::LongRelayState)
    } else if text.contains(char::is_control) {
        Err(ReadError::RelayStateControls)
    } else {
        Ok(text)
    }
}
