//! What has to change so that a Data Center product knows the gate as it should, and how that is shown. Must
//! not know who changes it.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::domain::ServiceProviderPreset;
use crate::jsm::{Members, is_as_told};
use crate::server::control::SamlValues;

/// The member by which Jira shows its form for passwords to customers.
pub(super) const FORM: &str = "show-login-form-for-jsm";

/// The longest part of a value that is shown.
const SHOWN: usize = 60;

/// One change.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    Add(Members),
    Change(u64, Members),
    Settings(Members),
    Remove(u64),
}

/// A change, and how it is shown.
pub(super) struct Planned {
    pub(super) step: Step,
    pub(super) text: String,
}

/// What the product has to be told. Customers' login is Jira's alone; elsewhere all users get it.
pub(super) fn wanted(values: &SamlValues) -> Members {
    let is_jira = values.preset == ServiceProviderPreset::JiraDataCenter;
    let mut wanted = Members::from_iter(
        [
            ("name", json!("jsm-gate")),
            ("sso-type", json!("SAML")),
            ("idp-type", json!("GENERIC")),
            ("enabled", json!(!is_jira)),
            ("enable-remember-me", json!(false)),
            ("button-text", json!(if is_jira { "Customer login" } else { "Single sign-on" })),
            ("sso-issuer", json!(values.entity_id)),
            ("sso-url", json!(values.sso_url)),
            ("certificate", json!(values.current.pem)),
            ("username-attribute", json!("${NameID}")),
            ("jit-configuration", json!({ "user-provisioning-enabled": false })),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    if is_jira {
        wanted.insert("include-customer-logins".to_owned(), json!(true));
    }
    wanted
}

/// What is to be told, where it is not known already.
pub(super) fn set_up(found: Option<&Members>, wanted: &Members) -> anyhow::Result<Option<Planned>> {
    let Some(found) = found else {
        let mut text = "identity provider \"jsm-gate\" is added:".to_owned();
        for (name, value) in wanted {
            write!(text, "\n  {name:<24} {}", shown(Some(value)))?;
        }
        return Ok(Some(Planned { step: Step::Add(wanted.clone()), text }));
    };
    let differs = |(name, value): &(&String, &Value)| !is_as_told(found.get(*name), value);
    let changed: Members =
        wanted.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let id = id(found)?;
    let mut text = format!("identity provider {id} (\"jsm-gate\") is changed:");
    for (name, value) in &changed {
        write!(text, "\n  {name:<24} {} -> {}", shown(found.get(name)), shown(Some(value)))?;
    }
    Ok(Some(Planned { step: Step::Change(id, changed), text }))
}

/// Whether customers are shown the form for passwords, where that is not as it should be.
pub(super) fn form(shows: Option<&Value>, show: bool) -> Option<Planned> {
    if shows == Some(&json!(show)) {
        return None;
    }
    let text = format!("login settings are changed:\n  {FORM:<24} {} -> {show}", shown(shows));
    let members = Members::from_iter([(FORM.to_owned(), json!(show))]);
    Some(Planned { step: Step::Settings(members), text })
}

/// The product's number of an identity provider.
pub(super) fn id(found: &Members) -> anyhow::Result<u64> {
    found.get("id").and_then(Value::as_u64).context("Jira does not say which number it has")
}

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "(nothing)".to_owned(), Value::to_string);
    if text.chars().count() <= SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    format!("{beginning}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(value: Value) -> Members {
        let Value::Object(members) = value else { panic!("no object") };
        members
    }

    #[test]
    fn only_what_differs_is_changed() {
        let wanted = members(json!({
            "name": "jsm-gate", "enabled": false, "certificate": "-----BEGIN X-----\nAB\nCD\n-----END X-----\n",
            "jit-configuration": { "user-provisioning-enabled": false },
        }));
        let found = json!({
            "id": 7, "name": "jsm-gate", "enabled": true, "certificate": "ABCD",
            "jit-configuration": { "user-provisioning-enabled": false, "mapping-groups": "x" },
        });
        let planned = set_up(Some(&members(found)), &wanted).unwrap().unwrap();
        assert_eq!(planned.step, Step::Change(7, members(json!({ "enabled": false }))));
        let text = "identity provider 7 (\"jsm-gate\") is changed:\n  enabled                  true -> false";
        assert_eq!(planned.text, text);
        let same = members(json!({ "id": 7, "enabled": false }));
        let wanted = members(json!({ "enabled": false }));
        assert!(set_up(Some(&same), &wanted).unwrap().is_none());
    }

    #[test]
    fn the_form_is_left_as_it_is_where_it_is_right() {
        assert!(form(Some(&json!(false)), false).is_none());
        assert!(form(Some(&json!(true)), false).is_some());
        assert!(form(None, true).is_some(), "unknown is not no");
    }
}
