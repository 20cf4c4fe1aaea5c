//! What the stand-in provider's tokens say, right or wrong. Knows nothing of signatures.

use serde_json::{Map, Value, json};

use super::faults::Fault;

/// The members of a JSON object.
pub(super) fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The text of a token's payload, or what the faults make of it.
pub(super) fn payload(mut claims: Map<String, Value>, faults: &[Fault]) -> String {
    let mut twice = None;
    for fault in faults {
        match fault {
            Fault::Payload(text) => return text.clone(),
            Fault::ClaimTwice(name, value) => twice = Some((name, value)),
            Fault::Claim(name, value) => {
                claims.insert((*name).to_owned(), value.clone());
            }
            Fault::NoClaim(name) => {
                claims.remove(*name);
            }
            _ => {}
        }
    }
    let text = Value::Object(claims).to_string();
    match (twice, text.strip_suffix('}')) {
        (Some((name, value)), Some(open)) => format!("{open},{}:{value}}}", json!(name)),
        _ => text,
    }
}
