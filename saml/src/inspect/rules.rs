//! The rules themselves: what Jira Data Center's login (java-saml in strict mode) and Atlassian's doors
//! (passport-wsfed-saml2) refuse, and what both are asked to take. Must not know how they are shown.

use std::collections::BTreeSet;

use super::ExpectedNameId;
use super::facts::{Facts, Outcome, attribute, only, same, text};
use crate::response::{BEARER, SUCCESS};
use crate::xml::{self, Namespace};
use crate::{instant, name_id_format, signature};

/// A rule's words, and the rule.
type Rule = (&'static str, fn(&Facts<'_, '_, '_>) -> Outcome);

/// In the order in which a reader meets them.
pub(super) const RULES: &[Rule] = &[
    ("there is one Response with one assertion, not encrypted, of version 2.0", shape),
    ("the status is Success", status),
    ("Destination is the address that it is posted to", destination),
    ("Issuer of the Response and of the assertion is our entity id", issuer),
    ("the Response is signed with the key of the certificate", response_signature),
    ("the assertion is signed with the key of the certificate", assertion_signature),
    ("both signatures carry exactly the certificate", key_info),
    ("NameID is what the service provider takes", name_id),
    ("the person is confirmed as bearer", bearer),
    ("Recipient is the address that it is posted to", recipient),
    ("InResponseTo is the request, in the Response and in the confirmation", in_response_to),
    ("the confirmation is good now", confirmation_times),
    ("the conditions are good now", conditions),
    ("the only audience is the service provider", audience),
    ("the login and its session are told", authn_statement),
    ("no attribute stands there twice", attributes),
];

fn shape(facts: &Facts<'_, '_, '_>) -> Outcome {
    if !xml::is(facts.response, Namespace::Protocol, "Response") {
        return Err(format!("it is {}", facts.response.tag_name().name()));
    }
    let assertion = facts.assertion()?;
    for node in [facts.response, assertion] {
        same(attribute(node, "Version")?, "2.0")?;
    }
    let ids = (attribute(facts.response, "ID")?, attribute(assertion, "ID")?);
    Ok(format!("Response {}, assertion {}", ids.0, ids.1))
}

fn status(facts: &Facts<'_, '_, '_>) -> Outcome {
    let status = only(facts.response, Namespace::Protocol, "Status")?;
    let code = only(status, Namespace::Protocol, "StatusCode")?;
    same(attribute(code, "Value")?, SUCCESS)
}

fn destination(facts: &Facts<'_, '_, '_>) -> Outcome {
    same(attribute(facts.response, "Destination")?, facts.expected.destination)
}

fn issuer(facts: &Facts<'_, '_, '_>) -> Outcome {
    let of_response = only(facts.response, Namespace::Assertion, "Issuer")?;
    same(&text(of_response)?, facts.expected.issuer)?;
    same(&text(facts.at(&["Issuer"])?)?, facts.expected.issuer)
}

fn response_signature(facts: &Facts<'_, '_, '_>) -> Outcome {
    signature::verify(facts.response, &facts.keys).map_err(|error| error.to_string())?;
    Ok("verified".to_owned())
}

fn assertion_signature(facts: &Facts<'_, '_, '_>) -> Outcome {
    signature::verify(facts.assertion()?, &facts.keys).map_err(|error| error.to_string())?;
    Ok("verified".to_owned())
}

/// Atlassian compares the certificate inside the signature with the one that was pasted.
fn key_info(facts: &Facts<'_, '_, '_>) -> Outcome {
    for node in [facts.response, facts.assertion()?] {
        let place = node.tag_name().name();
        match signature::certificate(node) {
            Some(found) if found == facts.expected.certificate_der => {}
            Some(_) => return Err(format!("{place} has another certificate")),
            None => return Err(format!("{place} has no certificate, or several")),
        }
    }
    Ok("the configured one".to_owned())
}

fn name_id(facts: &Facts<'_, '_, '_>) -> Outcome {
    let node = facts.at(&["Subject", "NameID"])?;
    let (name, format) = (text(node)?, attribute(node, "Format")?);
    if name.is_empty() {
        return Err("it is empty".to_owned());
    }
    if xml::attribute(node, "SPNameQualifier").is_some() {
        return Err("it has an SPNameQualifier".to_owned());
    }
    if facts.expected.name_id == ExpectedNameId::LowerCaseEmail {
        same(format, name_id_format::EMAIL)?;
        same(&name, &name.to_lowercase())?;
        if !name.contains('@') {
            return Err(format!("{name:?} is not an address"));
        }
    }
    Ok(format!("{name}, as {format}"))
}

fn bearer(facts: &Facts<'_, '_, '_>) -> Outcome {
    same(attribute(facts.at(&["Subject", "SubjectConfirmation"])?, "Method")?, BEARER)
}

const CONFIRMATION: &[&str] = &["Subject", "SubjectConfirmation", "SubjectConfirmationData"];

fn recipient(facts: &Facts<'_, '_, '_>) -> Outcome {
    same(attribute(facts.at(CONFIRMATION)?, "Recipient")?, facts.expected.destination)
}

fn in_response_to(facts: &Facts<'_, '_, '_>) -> Outcome {
    let expected = facts.expected.in_response_to.map(crate::RequestId::as_str);
    for node in [facts.response, facts.at(CONFIRMATION)?] {
        let found = xml::attribute(node, "InResponseTo");
        if found != expected {
            let (found, expected) = (found.unwrap_or("absent"), expected.unwrap_or("absent"));
            return Err(format!("it is {found} in {}, not {expected}", node.tag_name().name()));
        }
    }
    Ok(expected.unwrap_or("absent, because nobody asked").to_owned())
}

fn confirmation_times(facts: &Facts<'_, '_, '_>) -> Outcome {
    let data = facts.at(CONFIRMATION)?;
    if xml::attribute(data, "NotBefore").is_some() {
        return Err(
            "it has a NotBefore, which is not allowed (profiles section 4.1.4.2)".to_owned()
        );
    }
    ends_later(facts, attribute(data, "NotOnOrAfter")?)
}

fn conditions(facts: &Facts<'_, '_, '_>) -> Outcome {
    let conditions = facts.at(&["Conditions"])?;
    let begins = attribute(conditions, "NotBefore")?;
    if seconds(begins)? > facts.expected.now {
        return Err(format!("it begins at {begins}, which is later"));
    }
    ends_later(facts, attribute(conditions, "NotOnOrAfter")?)
}

fn ends_later(facts: &Facts<'_, '_, '_>, end: &str) -> Outcome {
    if seconds(end)? > facts.expected.now {
        Ok(format!("until {end}"))
    } else {
        Err(format!("it was good until {end}"))
    }
}

fn seconds(time: &str) -> Result<u64, String> {
    instant::parse(time).ok_or_else(|| format!("{time:?} is no time"))
}

/// Atlassian looks at the first one only.
fn audience(facts: &Facts<'_, '_, '_>) -> Outcome {
    let audience = facts.at(&["Conditions", "AudienceRestriction", "Audience"])?;
    same(&text(audience)?, facts.expected.audience)
}

fn authn_statement(facts: &Facts<'_, '_, '_>) -> Outcome {
    let statement = facts.at(&["AuthnStatement"])?;
    let (at, session) =
        (attribute(statement, "AuthnInstant")?, attribute(statement, "SessionIndex")?);
    seconds(at)?;
    let class = text(facts.at(&["AuthnStatement", "AuthnContext", "AuthnContextClassRef"])?)?;
    Ok(format!("at {at} by {class}, session {session}"))
}

/// Jira refuses it, and Atlassian takes the last one.
fn attributes(facts: &Facts<'_, '_, '_>) -> Outcome {
    let statements = xml::children(facts.assertion()?, Namespace::Assertion, "AttributeStatement");
    let all = statements.flat_map(|one| xml::children(one, Namespace::Assertion, "Attribute"));
    let mut names = BTreeSet::new();
    for node in all {
        let name = attribute(node, "Name")?;
        if !names.insert(name) {
            return Err(format!("{name} does"));
        }
    }
    Ok(match names.len() {
        0 => "there are none".to_owned(),
        _ => names.into_iter().collect::<Vec<_>>().join(", "),
    })
}
