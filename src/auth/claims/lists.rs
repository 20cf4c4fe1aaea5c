//! Claims with several values, in the shapes in which providers send them. Must not know what the
//! values are for.
//!
//! A list of which a part cannot be read is unknown: the part that was left out could be the value
//! that a rule asks for.

use serde_json::Value;
use smol_str::{SmolStr, ToSmolStr as _};

/// The groups in a claim; `None` when it cannot be read. They are the texts of a list, a text with
/// commas between groups, or the member names of an object, as Zitadel sends roles. A text with `=`
/// is one distinguished name (RFC 4514), and its commas belong to it.
pub(super) fn groups(value: &Value) -> Option<Vec<SmolStr>> {
    match value {
        Value::String(text) if is_bracketed(text) => groups(&listed(text)?),
        Value::String(group) if group.contains('=') => Some(vec![group.into()]),
        Value::String(groups) => Some(groups.split(',').map(str::trim).filter_map(told).collect()),
        value => several(value, |one| one.as_str().map(SmolStr::from)),
    }
}

/// The values of an extra attribute. They are like groups, but a text is one value, and numbers and
/// booleans count as they are written.
pub(super) fn values(value: &Value) -> Option<Vec<SmolStr>> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_smolstr()),
        Value::Bool(yes) => Some(yes.to_smolstr()),
        _ => None,
    };
    match value {
        Value::Array(_) | Value::Object(_) => several(value, one),
        value => Some(one(value).iter().map(SmolStr::as_str).filter_map(told).collect()),
    }
}

fn several(value: &Value, one: impl Fn(&Value) -> Option<SmolStr>) -> Option<Vec<SmolStr>> {
    let all: Option<Vec<SmolStr>> = match value {
        Value::Array(list) => list.iter().filter(|value| !value.is_null()).map(one).collect(),
        Value::Object(members) => {
            let held = |(name, value): (&String, &Value)| match is_held(value) {
                Some(true) => Some(Ok(SmolStr::from(name))),
                Some(false) => None,
                None => Some(Err(())),
            };
            members.iter().filter_map(held).collect::<Result<_, _>>().ok()
        }
        _ => None,
    };
    let mut all = all?;
    all.retain(|value| !value.trim().is_empty());
    Some(all)
}

/// Whether the person has the role that a member of an object names. Zitadel's value is the
/// organisations that gave the role, at least one
/// (<https://zitadel.com/docs/apis/openidoauth/claims#reserved-claims>). `None` for a value that
/// could mean both.
fn is_held(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(held) => Some(*held),
        Value::Null => Some(false),
        Value::Object(givers) => Some(!givers.is_empty()),
        Value::String(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

/// Some providers write a list into a text. One that is no JSON, such as Amazon Cognito's `[staff,
/// it]`, does not distinguish a comma within a name from one between two names.
fn listed(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn is_bracketed(text: &str) -> bool {
    text.trim().starts_with('[') && text.trim().ends_with(']')
}

/// One value as it is. Blanks alone are no value.
fn told(text: &str) -> Option<SmolStr> {
    Some(text).filter(|text| !text.trim().is_empty()).map(SmolStr::from)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::list(json!(["a", "b"]), json!(["a", "b"]))]
    #[case::one(json!("a b"), json!(["a b"]))]
    #[case::blanks(json!(["", " ", "a", " b", null]), json!(["a", " b"]))]
    #[case::none(json!([]), json!([]))]
    #[case::empty_text(json!(""), json!([]))]
    #[case::commas(json!("a, b,,c "), json!(["a", "b", "c"]))]
    #[case::distinguished(json!("CN=a,OU=b"), json!(["CN=a,OU=b"]))]
    #[case::list_in_a_text(json!("[\"a\", \"b,c\"]"), json!(["a", "b,c"]))]
    #[case::zitadel(json!({"a": {"1": "x.org"}, "": {"1": "x.org"}}), json!(["a"]))]
    #[case::said_no(json!({"a": false, "b": null, "c": {}, "d": true}), json!(["d"]))]
    #[case::no_json_in_a_text(json!("[a, b]"), json!(null))]
    #[case::number(json!(5), json!(null))]
    #[case::boolean(json!(true), json!(null))]
    #[case::number_among_them(json!(["a", 1]), json!(null))]
    #[case::objects(json!([{"name": "a"}]), json!(null))]
    #[case::list_of_lists(json!([["a"]]), json!(null))]
    #[case::zero(json!({"a": 0}), json!(null))]
    #[case::no_as_a_text(json!({"a": "no"}), json!(null))]
    #[case::list_as_a_member(json!({"a": []}), json!(null))]
    fn groups_are_texts_or_not_known(#[case] value: Value, #[case] expected: Value) {
        assert_eq!(json!(groups(&value)), expected);
    }

    #[rstest]
    #[case::text(json!("a, b"), json!(["a, b"]))]
    #[case::list(json!(["a", 1, true, null]), json!(["a", "1", "true"]))]
    #[case::empty(json!(["", " ", "a"]), json!(["a"]))]
    #[case::blank(json!(" "), json!([]))]
    #[case::number(json!(4711), json!(["4711"]))]
    #[case::held(json!({"a": true, "b": false}), json!(["a"]))]
    #[case::object_among_them(json!(["a", {}]), json!(null))]
    #[case::odd_member(json!({"a": 1}), json!(null))]
    fn values_are_written_out_or_not_known(#[case] value: Value, #[case] expected: Value) {
        assert_eq!(json!(values(&value)), expected);
    }
}
