//! What a provider said about a person, word for word, for whoever sets the gate up. Must not
//! decide anything.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::claims::Claims;

/// The verified claims of one login; empty if it did not come that far.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct ProviderClaims {
    pub(super) id_token: Claims,
    pub(super) user_info: Claims,
}

impl ProviderClaims {
    /// Every claim with its source, those of the ID token first.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &str, &Value)> {
        let sources = [(ID_TOKEN, &self.id_token), (USER_INFO, &self.user_info)];
        sources.into_iter().flat_map(|(source, claims)| {
            claims.each().map(move |(name, value)| (source, name, value))
        })
    }

    /// The provider's id of its own session, by which it may end ours (OpenID Connect Back-Channel
    /// Logout 1.0 section 2.1).
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.id_token.lookup("sid")?.as_str()
    }

    /// The source of the claim at a path, as the gate uses it: the ID token goes first.
    #[must_use]
    pub fn source_of(&self, path: &str) -> Option<&'static str> {
        let sources = [(ID_TOKEN, &self.id_token), (USER_INFO, &self.user_info)];
        sources.into_iter().find(|(_, claims)| claims.lookup(path).is_some()).map(|found| found.0)
    }
}

const ID_TOKEN: &str = "ID token";
const USER_INFO: &str = "UserInfo";
