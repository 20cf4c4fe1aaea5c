//! What a provider gave with a login, as the store keeps it. Must not know what it is: `auth` writes and
//! reads it.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::TokenLifetime;

/// What a provider gave, and how long it is good. Only the store has it: it is long, and no request needs
/// it.
#[derive(Clone, Debug, Default)]
pub struct ProviderData {
    /// What the provider gave.
    pub state: ProviderState,
    /// How long it is good; `None` for a login that is not refreshed.
    pub token_lifetime: Option<TokenLifetime>,
}

/// A JSON object that only its writer reads, such as tokens. It is never printed.
#[derive(Clone, Debug, Default)]
pub struct ProviderState(SecretString);

impl ProviderState {
    /// Takes what is to be kept. A value that is no JSON object is not kept.
    #[must_use]
    pub fn new(value: &impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Object(members)) => Self::from_members(members),
            _ => Self::default(),
        }
    }

    /// Returns what was kept, or the default when that was nothing or something else.
    #[must_use]
    pub fn read<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_str(self.0.expose_secret()).unwrap_or_default()
    }

    /// The members, to be sealed.
    pub(super) fn members(&self) -> Map<String, Value> {
        self.read()
    }

    /// The same state from its members.
    pub(super) fn from_members(members: Map<String, Value>) -> Self {
        Self(Value::Object(members).to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
    struct Kept {
        token: String,
    }

    #[test]
    fn what_was_kept_comes_back_and_is_never_printed() {
        let kept = Kept { token: "hunter2".to_owned() };
        let state = ProviderState::new(&kept);
        assert_eq!(state.read::<Kept>(), kept);
        assert_eq!(ProviderState::from_members(state.members()).read::<Kept>(), kept);
        assert!(!format!("{state:?}").contains("hunter2"));
    }

    #[test]
    fn nothing_kept_reads_as_the_default() {
        assert_eq!(ProviderState::default().read::<Kept>(), Kept::default());
        assert_eq!(ProviderState::new(&"no object").read::<Kept>(), Kept::default());
    }
}
