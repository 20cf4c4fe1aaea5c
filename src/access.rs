//! Who may use which portal: one pure function from portal and identity to a decision with its
//! reason. Knows nothing of where the answer is used.

use crate::domain::{Access, Allow, Identity, Portal};

/// The answer, with the rule that gave it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Come in.
    Allowed(Rule),
    /// Nobody is logged in, and this portal wants somebody.
    LoginNeeded,
    /// Logged in, but not allowed.
    Refused(Refusal),
}

/// The rule that let somebody in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rule {
    /// The portal is public.
    Public,
    /// Any customer who logged in.
    AnyCustomer,
    /// A group of theirs is listed.
    Group,
    /// Their mail domain is listed.
    EmailDomain,
    /// Their address is listed.
    Email,
}

/// Why somebody stays out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The portal is private and nothing about them is listed.
    NotListed,
}

/// Decides whether `identity`, or nobody, may use `portal`.
#[must_use]
pub fn decide(portal: &Portal, identity: Option<&Identity>) -> Decision {
    match (portal.access, identity) {
        (Access::Public, _) => Decision::Allowed(Rule::Public),
        (Access::Default | Access::Private, None) => Decision::LoginNeeded,
        (Access::Default, Some(_)) => Decision::Allowed(Rule::AnyCustomer),
        (Access::Private, Some(identity)) => listed(&portal.allow, identity)
            .map_or(Decision::Refused(Refusal::NotListed), Decision::Allowed),
    }
}

fn listed(allow: &Allow, identity: &Identity) -> Option<Rule> {
    let email = identity.email.as_ref();
    if identity.groups.iter().any(|group| allow.groups.contains(group)) {
        Some(Rule::Group)
    } else if email.is_some_and(|email| allow.emails.contains(email)) {
        Some(Rule::Email)
    } else if email.is_some_and(|email| allow.has_domain_of(email)) {
        Some(Rule::EmailDomain)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rstest::rstest;

    use super::*;
    use crate::domain::{Email, EmailDomain, LinkName, Mode, ProviderId};

    fn portal(access: Access) -> Portal {
        let allow = Allow {
            groups: ["customers".to_owned()].into(),
            email_domains: [EmailDomain::parse("example.com").unwrap()].into(),
            emails: [Email::parse("guest@partner.org").unwrap()].into(),
        };
        Portal {
            service_desk_id: "1".to_owned(),
            portal_id: None,
            project_id: "10001".to_owned(),
            project_key: "IT".to_owned(),
            former_keys: Vec::new(),
            name: "IT".to_owned(),
            link: LinkName::parse("it").unwrap(),
            mode: Mode::Forward,
            access,
            allow: Arc::new(allow),
            gone: false,
        }
    }

    fn person(email: &str, groups: &[&str]) -> Identity {
        Identity {
            provider: ProviderId::parse("idp").unwrap(),
            subject: "1".to_owned(),
            email: Email::parse(email).ok(),
            name: None,
            first_name: None,
            last_name: None,
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    #[rstest]
    #[case::by_group("x@other.org", &["staff", "customers"], Decision::Allowed(Rule::Group))]
    #[case::by_domain("x@Example.COM", &[], Decision::Allowed(Rule::EmailDomain))]
    #[case::by_address("guest@partner.org", &[], Decision::Allowed(Rule::Email))]
    #[case::groups_compare_exactly("x@other.org", &["Customers"], Decision::Refused(Refusal::NotListed))]
    #[case::d7_a_domain_below_is_another("x@mail.example.com", &[], Decision::Refused(Refusal::NotListed))]
    #[case::d7_a_domain_behind_is_another("x@example.com.evil.org", &[], Decision::Refused(Refusal::NotListed))]
    #[case::e3_a_longer_domain_is_another("x@evil-example.com", &[], Decision::Refused(Refusal::NotListed))]
    #[case::nothing_known("", &[], Decision::Refused(Refusal::NotListed))]
    fn private_lets_in_whom_it_lists(
        #[case] email: &str,
        #[case] groups: &[&str],
        #[case] expected: Decision,
    ) {
        assert_eq!(decide(&portal(Access::Private), Some(&person(email, groups))), expected);
    }

    #[rstest]
    #[case(Access::Public, Decision::Allowed(Rule::Public))]
    #[case(Access::Default, Decision::LoginNeeded)]
    #[case(Access::Private, Decision::LoginNeeded)]
    fn nobody_gets_into_public_portals_only(#[case] access: Access, #[case] expected: Decision) {
        assert_eq!(decide(&portal(access), None), expected);
    }

    #[test]
    fn default_lets_any_customer_in() {
        let decision = decide(&portal(Access::Default), Some(&person("x@other.org", &[])));
        assert_eq!(decision, Decision::Allowed(Rule::AnyCustomer));
    }
}
