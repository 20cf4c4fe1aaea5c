//! What a service provider would say of a finished Response: each rule that Jira Data Center and Atlassian's
//! doors hold an answer to, one by one. Must not know how the Response was made.

mod facts;
mod rules;

use crate::RequestId;

/// What the service provider was told when it was set up.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Our entity id.
    pub issuer: &'a str,
    /// The address that the Response is posted to.
    pub destination: &'a str,
    /// The service provider's entity id.
    pub audience: &'a str,
    /// The request that is answered, if there was one.
    pub in_response_to: Option<&'a RequestId>,
    /// The certificate that was pasted there, in DER form.
    pub certificate_der: &'a [u8],
    /// What the name has to be.
    pub name_id: ExpectedNameId,
    /// Now, in Unix seconds.
    pub now: u64,
}

/// What a service provider takes as a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExpectedNameId {
    /// Whatever both sides agreed on.
    Any,
    /// An address in lower case and in the format for addresses: Atlassian's doors.
    LowerCaseEmail,
}

/// One rule, and whether the Response keeps it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judgement {
    /// What has to be.
    pub rule: &'static str,
    /// What is, if that is right; otherwise what is wrong.
    pub outcome: Result<String, String>,
}

/// Reads a finished Response, decoded, with this crate's own parser and verifier, and judges it. A Response that
/// cannot be read has one judgement.
#[must_use]
pub fn response(xml: &str, expected: &Expected<'_>) -> Vec<Judgement> {
    let document = match crate::xml::parse(xml, crate::xml::Limit::Response) {
        Ok(document) => document,
        Err(error) => {
            let outcome = Err(error.to_string());
            return vec![Judgement { rule: "the Response can be read", outcome }];
        }
    };
    let facts = facts::Facts::new(document.root_element(), expected);
    rules::RULES.iter().map(|&(rule, judge)| Judgement { rule, outcome: judge(&facts) }).collect()
}
