//! What service providers call a session of the gate's, so that a logout can name it. It says nothing about the
//! session and is another at each of them. Must not know logouts.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::ServiceProviderId;
use crate::session::SessionKey;

/// How many bytes of the hash are written: as many as an identifier of a message has.
const BYTES: usize = 20;

/// The name of a session at a service provider. All gates that share sessions find the same one.
pub(super) fn of(session: &SessionKey, at: &ServiceProviderId) -> String {
    let hash = Sha256::new_with_prefix("saml-session-index")
        .chain_update(session.bytes())
        .chain_update(at.as_str())
        .finalize();
    hash.iter().take(BYTES).fold("_".to_owned(), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_one_name_at_each_service_provider() {
        let id = |text| ServiceProviderId::parse(text).unwrap();
        let (ann, bob) = (SessionKey::from_bytes([1; 32]), SessionKey::from_bytes([2; 32]));
        assert_eq!(of(&ann, &id("a")), of(&ann, &id("a")));
        assert_ne!(of(&ann, &id("a")), of(&ann, &id("b")));
        assert_ne!(of(&ann, &id("a")), of(&bob, &id("a")));
        assert!(saml::RequestId::parse(&of(&ann, &id("a"))).is_ok(), "an identifier like others");
    }
}
