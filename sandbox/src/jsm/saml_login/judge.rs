//! Whether Jira takes a Response: the checks of its SAML library in its strict mode, in the library's words.
//! It must not know where a Response came from or what a login is.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::super::moment::Moment;
use super::document::{DS, SAML, SAMLP, attribute, child, children, matches_schema, parse, text};
use super::signature::{TrustedKey, verify};

/// How far two clocks may be apart, in milliseconds.
const SKEW: i64 = 180_000;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// What a Response has to agree with.
pub(super) struct Expected<'a> {
    pub(super) key: &'a TrustedKey,
    /// The entity id of the identity provider.
    pub(super) issuer: &'a str,
    /// Jira's base address.
    pub(super) audience: &'a str,
    /// Where the Response arrived, as Tomcat sees it.
    pub(super) request_url: &'a str,
    /// The request that it answers, if there is one.
    pub(super) request_id: Option<&'a str>,
    pub(super) now: Moment,
}

/// What a Response says.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) assertion_id: String,
    name_id: String,
    attributes: BTreeMap<String, Vec<String>>,
}

impl Judged {
    /// The username that a mapping such as `${NameID}` makes of it.
    pub(super) fn username(&self, mapping: &str) -> Result<String, String> {
        let mut username = String::new();
        let mut rest = mapping;
        while let Some((before, (name, after))) =
            rest.split_once("${").and_then(|(before, tail)| Some((before, tail.split_once('}')?)))
        {
            username.push_str(before);
            username.push_str(self.value(name)?);
            rest = after;
        }
        username.push_str(rest);
        Ok(username)
    }

    fn value(&self, name: &str) -> Result<&str, String> {
        if name == "NameID" {
            return Ok(&self.name_id);
        }
        match self.attributes.get(name).map(Vec::as_slice) {
            Some([value]) => Ok(value),
            _ => Err(format!("Attribute [{name}] could not be found")),
        }
    }
}

/// The issuer that a Response names, whether or not it is one.
pub(super) fn issuer(xml: &str) -> Option<String> {
    let document = parse(xml)?;
    let mut named = document.descendants().filter(|it| it.has_tag_name((SAML, "Issuer")));
    named.next().map(text)
}

/// Judges a Response.
///
/// # Errors
/// With what Jira writes into its log.
pub(super) fn judge(xml: &str, expected: &Expected<'_>) -> Result<Judged, String> {
    let document = parse(xml).ok_or("SAML Response could not be processed")?;
    let response = document.root_element();
    if attribute(response, "Version") != Some("2.0") {
        return Err("Unsupported SAML Version.".to_owned());
    }
    if attribute(response, "ID").is_none() {
        return Err("Missing ID attribute on SAML Response.".to_owned());
    }
    let status = child(response, (SAMLP, "Status"));
    let status = status.and_then(|it| attribute(child(it, (SAMLP, "StatusCode"))?, "Value"));
    if status != Some(SUCCESS) {
        let code = status.unwrap_or("missing");
        return Err(format!("The status code of the Response was not Success, was {code}"));
    }
    let is_encrypted = |it: &Node<'_, '_>| it.tag_name().name().starts_with("Encrypted");
    if document.descendants().any(|it| is_encrypted(&it)) {
        return Err("the SP does not support encrypted elements".to_owned());
    }
    let assertions: Vec<_> =
        document.descendants().filter(|it| it.has_tag_name((SAML, "Assertion"))).collect();
    let &[assertion] = assertions.as_slice() else {
        return Err("SAML Response must contain 1 Assertion.".to_owned());
    };
    if !matches_schema(response) {
        return Err("Invalid SAML Response. Not match the saml-schema-protocol-2.0.xsd".to_owned());
    }
    check_response(response, expected)?;
    check_assertion(assertion, expected)?;
    check_signatures(response, assertion, expected.key)?;
    Ok(Judged {
        assertion_id: attribute(assertion, "ID").unwrap_or_default().to_owned(),
        name_id: name_id(assertion)?,
        attributes: attributes(assertion)?,
    })
}

fn check_response(response: Node<'_, '_>, expected: &Expected<'_>) -> Result<(), String> {
    match (attribute(response, "InResponseTo"), expected.request_id) {
        (Some(named), None) => {
            return Err(format!(
                "The Response has an InResponseTo attribute: {named} while no InResponseTo was expected"
            ));
        }
        (named, Some(id)) if named != Some(id) => {
            let named = named.unwrap_or_default();
            return Err(format!(
                "The InResponseTo of the Response: {named}, does not match the ID of the AuthNRequest \
                 sent by the SP: {id}"
            ));
        }
        _ => {}
    }
    match attribute(response, "Destination") {
        Some("") => return Err("The response has an empty Destination value".to_owned()),
        Some(to) if to != expected.request_url => {
            let here = expected.request_url;
            return Err(format!("The response was received at {here} instead of {to}"));
        }
        _ => {}
    }
    check_issuer(child(response, (SAML, "Issuer")), expected)
}

fn check_issuer(issuer: Option<Node<'_, '_>>, expected: &Expected<'_>) -> Result<(), String> {
    let Some(issuer) = issuer.map(text) else { return Ok(()) };
    if issuer == expected.issuer {
        return Ok(());
    }
    let wanted = expected.issuer;
    Err(format!(
        "Invalid issuer in the Assertion/Response. Was '{issuer}', but expected '{wanted}'"
    ))
}

fn check_assertion(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Result<(), String> {
    if attribute(assertion, "Version") != Some("2.0") {
        return Err("Unsupported SAML Version.".to_owned());
    }
    check_issuer(child(assertion, (SAML, "Issuer")), expected)?;
    if let Some(conditions) = child(assertion, (SAML, "Conditions")) {
        check_window(conditions, expected.now)?;
        for restriction in children(conditions, (SAML, "AudienceRestriction")) {
            let mut named = children(restriction, (SAML, "Audience")).map(text);
            if !named.any(|audience| audience == expected.audience) {
                let audience = expected.audience;
                return Err(format!("{audience} is not a valid audience for this Response"));
            }
        }
    }
    for statement in children(assertion, (SAML, "AuthnStatement")) {
        if let Some(until) = attribute(statement, "SessionNotOnOrAfter")
            && is_over(until, expected.now)
        {
            return Err("The attributes have expired, based on the SessionNotOnOrAfter of the \
                        AttributeStatement of this Response"
                .to_owned());
        }
    }
    let subject = child(assertion, (SAML, "Subject"));
    let confirmations =
        subject.into_iter().flat_map(|it| children(it, (SAML, "SubjectConfirmation")));
    let mut why = Vec::new();
    for confirmation in confirmations.filter(|it| attribute(*it, "Method") == Some(BEARER)) {
        match check_confirmation(confirmation, expected) {
            Ok(()) => return Ok(()),
            Err(reason) => why.push(reason),
        }
    }
    let why = why.join(", ");
    Err(format!("A valid SubjectConfirmation was not found on this Response: {why}"))
}

fn check_window(conditions: Node<'_, '_>, now: Moment) -> Result<(), String> {
    let begins = attribute(conditions, "NotBefore").map(Moment::from_utc);
    let early = |at: Option<Moment>| at.is_none_or(|at| now.plus(SKEW) < at);
    if begins.is_some_and(early) {
        return Err("Could not validate timestamp: not yet valid. Check system clock.".to_owned());
    }
    if attribute(conditions, "NotOnOrAfter").is_some_and(|until| is_over(until, now)) {
        return Err("Could not validate timestamp: expired. Check system clock.".to_owned());
    }
    Ok(())
}

/// What cannot be read is over.
fn is_over(until: &str, now: Moment) -> bool {
    Moment::from_utc(until).is_none_or(|until| now >= until.plus(SKEW))
}

fn check_confirmation(
    confirmation: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Result<(), &'static str> {
    let data = child(confirmation, (SAML, "SubjectConfirmationData"));
    let data = data.ok_or("SubjectConfirmationData is missing")?;
    if attribute(data, "InResponseTo") != expected.request_id {
        return Err("SubjectConfirmationData has an invalid InResponseTo value");
    }
    match attribute(data, "Recipient") {
        None => return Err("SubjectConfirmationData doesn't contain a Recipient"),
        Some(recipient) if recipient != expected.request_url => {
            return Err("SubjectConfirmationData doesn't match a valid Recipient");
        }
        Some(_) => {}
    }
    match attribute(data, "NotOnOrAfter") {
        None => return Err("SubjectConfirmationData doesn't contain a NotOnOrAfter attribute"),
        Some(until) if is_over(until, expected.now) => {
            return Err("SubjectConfirmationData is no longer valid");
        }
        Some(_) => {}
    }
    Ok(())
}

/// The assertion has to be signed; the Response may be as well.
fn check_signatures(
    response: Node<'_, '_>,
    assertion: Node<'_, '_>,
    key: &TrustedKey,
) -> Result<(), String> {
    let of_response = child(response, (DS, "Signature"));
    let of_assertion = child(assertion, (DS, "Signature"));
    let all = response.document().descendants().filter(|it| it.has_tag_name((DS, "Signature")));
    let placed = of_response.iter().count() + of_assertion.iter().count();
    if all.count() != placed {
        return Err("Found an unexpected Signature element. SAML Response rejected".to_owned());
    }
    let Some(of_assertion) = of_assertion else {
        return Err("The Assertion of the Response is not signed and the SP requires it".to_owned());
    };
    if let Some(of_response) = of_response {
        verify(of_response, response, key)?;
    }
    verify(of_assertion, assertion, key)
}

fn name_id(assertion: Node<'_, '_>) -> Result<String, String> {
    let subject = child(assertion, (SAML, "Subject"));
    let name_id = subject.and_then(|it| child(it, (SAML, "NameID"))).map(text);
    name_id
        .filter(|name_id| !name_id.trim().is_empty())
        .ok_or_else(|| "NameID not found in the assertion of the Response".to_owned())
}

fn attributes(assertion: Node<'_, '_>) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut attributes = BTreeMap::new();
    let statements = children(assertion, (SAML, "AttributeStatement"));
    for one in statements.flat_map(|it| children(it, (SAML, "Attribute"))) {
        let name = attribute(one, "Name").unwrap_or_default().to_owned();
        let values = children(one, (SAML, "AttributeValue")).map(text).collect();
        if attributes.insert(name, values).is_some() {
            return Err("Found an Attribute element with duplicated Name".to_owned());
        }
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests;
