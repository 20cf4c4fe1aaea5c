//! An identity as session stores keep it. Records of gates that did not tell unknown from absent have
//! no `unknown`, and read as they did. An attribute that is absent has no values; one that was not asked
//! for is not there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::{Identity, Proof};
use crate::domain::{Email, ProviderId, Told};

/// What is written.
#[derive(Deserialize, Serialize)]
pub(super) struct Stored {
    provider: ProviderId,
    subject: SmolStr,
    email: Option<Email>,
    name: Option<SmolStr>,
    first_name: Option<SmolStr>,
    last_name: Option<SmolStr>,
    groups: Vec<SmolStr>,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<SmolStr>>,
    #[serde(default)]
    proof: Proof,
    #[serde(default, skip_serializing_if = "Unknown::is_nothing")]
    unknown: Unknown,
}

/// What the provider may say of the person and the gate could not learn.
#[derive(Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
struct Unknown {
    email: bool,
    groups: bool,
    attributes: Vec<String>,
}

impl Unknown {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl From<Identity> for Stored {
    fn from(identity: Identity) -> Self {
        let (mut attributes, mut unknown) = (BTreeMap::new(), Vec::new());
        for (name, values) in identity.attributes {
            match values {
                Told::Known(values) => drop(attributes.insert(name, values)),
                Told::Unknown => unknown.push(name),
                Told::Absent => drop(attributes.insert(name, Vec::new())),
            }
        }
        Self {
            provider: identity.provider,
            subject: identity.subject,
            unknown: Unknown {
                email: identity.email.is_unknown(),
                groups: identity.groups.is_unknown(),
                attributes: unknown,
            },
            email: identity.email.known().cloned(),
            name: identity.name,
            first_name: identity.first_name,
            last_name: identity.last_name,
            groups: identity.groups.values().to_vec(),
            attributes,
            proof: identity.proof,
        }
    }
}

impl From<Stored> for Identity {
    fn from(stored: Stored) -> Self {
        let told = |values: Vec<_>| {
            if values.is_empty() { Told::Absent } else { Told::Known(values) }
        };
        let known = stored.attributes.into_iter().map(|(name, values)| (name, told(values)));
        let unknown = stored.unknown.attributes.into_iter().map(|name| (name, Told::Unknown));
        Self {
            provider: stored.provider,
            subject: stored.subject,
            email: if stored.unknown.email { Told::Unknown } else { stored.email.into() },
            name: stored.name,
            first_name: stored.first_name,
            last_name: stored.last_name,
            groups: match stored.groups {
                _ if stored.unknown.groups => Told::Unknown,
                groups if groups.is_empty() => Told::Absent,
                groups => Told::Known(groups),
            },
            attributes: known.chain(unknown).collect(),
            proof: stored.proof,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_of_a_gate_that_did_not_tell_unknown_from_absent_reads_as_it_did() {
        let stored = json!({
            "provider": "idp", "subject": "1", "email": "a@b.com", "name": null,
            "first_name": null, "last_name": null, "groups": ["staff"],
            "attributes": {"team": ["it"]}, "proof": {"login": {"acr": null, "auth_time": 1}},
        });
        let identity: Identity = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(identity.email.known().unwrap().as_str(), "a@b.com");
        assert_eq!(identity.groups, Told::Known(vec!["staff".into()]));
        assert_eq!(identity.attributes["team"], Told::Known(vec!["it".into()]));
        assert_eq!(serde_json::to_value(&identity).unwrap(), stored, "an older gate reads it");
        let nothing = json!({
            "provider": "idp", "subject": "1", "email": null, "name": null, "first_name": null,
            "last_name": null, "groups": [],
        });
        let identity: Identity = serde_json::from_value(nothing).unwrap();
        assert_eq!((identity.email, identity.groups), (Told::Absent, Told::Absent));
    }

    #[test]
    fn what_is_unknown_is_unknown_after_a_restart_too() {
        let identity = Identity {
            provider: ProviderId::parse("idp").unwrap(),
            subject: "1".into(),
            email: Told::Unknown,
            name: None,
            first_name: None,
            last_name: None,
            groups: Told::Unknown,
            attributes: [("team".to_owned(), Told::Unknown), ("unit".to_owned(), Told::Absent)]
                .into(),
            proof: Proof::default(),
        };
        let text = serde_json::to_string(&identity).unwrap();
        assert_eq!(serde_json::from_str::<Identity>(&text).unwrap(), identity);
    }
}
