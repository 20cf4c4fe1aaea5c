//! The tokens of a login that are worth keeping, as a session keeps them. Must not know how they
//! were obtained.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::session::ProviderState;

/// What a provider gave for a login.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The ID token, which RP-initiated logout sends as a hint. Empty if there is none.
    pub id: SecretString,
    /// Kept only to be revoked, and only where that is possible.
    pub access: Option<SecretString>,
    /// Gets new tokens.
    pub refresh: Option<SecretString>,
}

/// The member names are those of sessions that earlier versions have stored.
#[derive(Default, Deserialize, Serialize)]
struct Stored {
    #[serde(rename = "id_token")]
    id: String,
    #[serde(rename = "access_token")]
    access: Option<String>,
    #[serde(rename = "refresh_token")]
    refresh: Option<String>,
}

impl Tokens {
    /// Reads the tokens of a session.
    #[must_use]
    pub fn from_state(state: &ProviderState) -> Self {
        let Stored { id, access, refresh } = state.read();
        Self { id: id.into(), access: access.map(Into::into), refresh: refresh.map(Into::into) }
    }

    /// The tokens as a session keeps them.
    #[must_use]
    pub fn to_state(&self) -> ProviderState {
        let text = |token: &SecretString| token.expose_secret().to_owned();
        ProviderState::new(&Stored {
            id: text(&self.id),
            access: self.access.as_ref().map(text),
            refresh: self.refresh.as_ref().map(text),
        })
    }
}
