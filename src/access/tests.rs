use rstest::rstest;

use super::*;
use crate::domain::{Email, EmailDomain, LinkName, LoginDemand, Mode, ProviderId};

fn rules(access: Access) -> AccessRules {
    let allow = People {
        groups: ["customers".to_owned()].into(),
        email_domains: [EmailDomain::parse("example.com").unwrap()].into(),
        emails: [Email::parse("guest@partner.org").unwrap()].into(),
        providers: [ProviderId::parse("staff").unwrap()].into(),
        claims: [("department".to_owned(), ["support".to_owned(), "it".to_owned()].into())].into(),
        told_by: [("department".to_owned(), [ProviderId::parse("asked").unwrap()].into())].into(),
    };
    AccessRules { access, allow, ..AccessRules::default() }
}

/// The same, which keeps out whom it would let in.
fn denying(access: Access) -> AccessRules {
    let rules = rules(access);
    AccessRules { deny: rules.allow.clone(), ..rules }
}

fn portal(rules: AccessRules) -> Portal {
    Portal {
        service_desk_id: "1".to_owned(),
        portal_id: None,
        project_id: "10001".to_owned(),
        project_key: "IT".to_owned(),
        former_keys: Vec::new(),
        name: "IT".to_owned(),
        link: LinkName::parse("it").unwrap(),
        mode: Mode::Forward,
        service_provider: None,
        rules: Arc::new(rules),
        open_desk: false,
        greeting: Arc::default(),
        gone: false,
    }
}

fn person(email: &str, groups: &[&str]) -> Identity {
    Identity {
        provider: ProviderId::parse("idp").unwrap(),
        subject: "1".into(),
        email: Email::parse(email).ok().into(),
        name: None,
        first_name: None,
        last_name: None,
        groups: Told::Known(groups.iter().copied().map(Into::into).collect()),
        attributes: [].into(),
        proof: Proof::default(),
    }
}

fn with_claim(name: &str, values: &[&str]) -> Identity {
    let values = Told::Known(values.iter().copied().map(Into::into).collect());
    Identity { attributes: [(name.to_owned(), values)].into(), ..person("x@other.org", &[]) }
}

fn of_provider(id: &str) -> Identity {
    Identity { provider: ProviderId::parse(id).unwrap(), ..person("x@other.org", &[]) }
}

const NOT_LISTED: Decision = Decision::Refused(Refusal::NotListed);

fn listed(by: By) -> Decision {
    Decision::Allowed(Rule::Listed(by))
}

#[rstest]
#[case::by_group(person("x@other.org", &["staff", "customers"]), listed(By::Group))]
#[case::by_domain(person("x@Example.COM", &[]), listed(By::EmailDomain))]
#[case::by_address(person("guest@partner.org", &[]), listed(By::Email))]
#[case::by_provider(of_provider("staff"), listed(By::Provider))]
#[case::by_claim(with_claim("department", &["sales", "it"]), listed(By::Claim))]
#[case::groups_compare_exactly(person("x@other.org", &["Customers"]), NOT_LISTED)]
#[case::d7_a_domain_below_is_another(person("x@mail.example.com", &[]), NOT_LISTED)]
#[case::d7_a_domain_behind_is_another(person("x@example.com.evil.org", &[]), NOT_LISTED)]
#[case::e3_a_longer_domain_is_another(person("x@evil-example.com", &[]), NOT_LISTED)]
#[case::a_claims_other_value(with_claim("department", &["IT"]), NOT_LISTED)]
#[case::another_claims_value(with_claim("team", &["it"]), NOT_LISTED)]
#[case::a_group_is_no_claim(person("x@other.org", &["it"]), NOT_LISTED)]
#[case::nothing_known(person("", &[]), NOT_LISTED)]
fn private_lets_in_whom_it_lists(#[case] identity: Identity, #[case] expected: Decision) {
    assert_eq!(decide(&rules(Access::Private), Some(&identity)), expected);
}

#[rstest]
#[case::by_group(person("x@other.org", &["customers"]), By::Group)]
#[case::by_domain(person("x@example.com", &[]), By::EmailDomain)]
#[case::by_address(person("guest@partner.org", &[]), By::Email)]
#[case::by_provider(of_provider("staff"), By::Provider)]
#[case::by_claim(with_claim("department", &["it"]), By::Claim)]
fn whom_deny_names_nothing_lets_in(
    #[case] identity: Identity,
    #[case] by: By,
    #[values(Access::Default, Access::Private)] access: Access,
) {
    assert_eq!(decide(&denying(access), Some(&identity)), Decision::Refused(Refusal::Denied(by)));
}

const NOW: u64 = 1_800_000_000;

/// What rules say to somebody who came by no emergency access: the same at a portal and elsewhere.
fn decide(rules: &AccessRules, identity: Option<&Identity>) -> Decision {
    let decision = super::decide(rules, identity, NOW);
    assert_eq!(decide_portal(&portal(rules.clone()), identity, NOW), decision);
    decision
}

const TOO_WEAK: Decision = Decision::StepUpNeeded(ShortOf::Acr);
const TOO_OLD: Decision = Decision::StepUpNeeded(ShortOf::Age);
const FINE: Decision = Decision::Allowed(Rule::AnyCustomer);

#[rstest]
#[case::no_time_is_known(None, TOO_OLD)]
#[case::before(Some(NOW - 61), TOO_OLD)]
#[case::at_that_time_by_a_clock_behind_ours(Some(NOW - 60), FINE)]
#[case::after(Some(NOW + 1), FINE)]
#[case::in_the_future(Some(NOW + 61), TOO_OLD)]
fn a_login_has_to_be_newer_than_a_request_that_demands_it(
    #[case] auth_time: Option<u64>,
    #[case] expected: Decision,
) {
    let proof = Proof::Login { acr: None, auth_time };
    let ann = Identity { proof, ..person("x@other.org", &[]) };
    let demand = LoginDemand { since: Some(NOW), ..LoginDemand::default() };
    assert_eq!(decide(&AccessRules { demand, ..rules(Access::Default) }, Some(&ann)), expected);
}

#[rstest]
#[case::nothing_is_known(None, None, TOO_WEAK)]
#[case::another_strength(Some("pwd"), Some(NOW), TOO_WEAK)]
#[case::strength_compares_exactly(Some("MFA"), Some(NOW), TOO_WEAK)]
#[case::no_time_is_known(Some("mfa"), None, TOO_OLD)]
#[case::long_ago(Some("mfa"), Some(NOW - 901), TOO_OLD)]
#[case::just_in_time(Some("mfa"), Some(NOW - 900), FINE)]
#[case::a_clock_ahead_of_ours(Some("hwk"), Some(NOW + 30), FINE)]
#[case::in_the_future(Some("mfa"), Some(NOW + 61), TOO_OLD)]
#[case::no_time_at_all(Some("mfa"), Some(u64::MAX), TOO_OLD)]
fn a_portal_that_demands_it_opens_to_such_a_login_only(
    #[case] acr: Option<&str>,
    #[case] auth_time: Option<u64>,
    #[case] expected: Decision,
) {
    let acr_values = vec!["mfa".to_owned(), "hwk".to_owned()];
    let max_age = Some(std::time::Duration::from_secs(900));
    let demand = LoginDemand { acr_values, max_age, ..LoginDemand::default() };
    let proof = Proof::Login { acr: acr.map(Into::into), auth_time };
    let ann = Identity { proof, ..person("x@other.org", &[]) };
    let open = AccessRules { demand: demand.clone(), ..rules(Access::Default) };
    assert_eq!(decide(&open, Some(&ann)), expected);
    let closed = AccessRules { demand, ..rules(Access::Private) };
    assert_eq!(decide(&closed, Some(&ann)), NOT_LISTED, "who may not anyway is not asked");
    let ann = in_emergency("x@other.org", "1");
    let decision = decide_portal(&portal(closed), Some(&ann), NOW);
    assert_eq!(decision, Decision::Allowed(Rule::Emergency));
}

fn in_emergency(email: &str, service_desk: &str) -> Identity {
    let service_desks = vec![service_desk.to_owned()];
    let proof = Proof::Emergency { service_desks, until: 0 };
    Identity { provider: ProviderId::emergency(), proof, ..person(email, &[]) }
}

#[rstest]
fn emergency_access_opens_what_it_names_and_nothing_else(
    #[values(Access::Default, Access::Private)] access: Access,
    #[values(None, ProviderId::parse("staff").ok())] provider: Option<ProviderId>,
) {
    let rules = AccessRules { provider, ..rules(access) };
    let open = portal(rules.clone());
    for (email, service_desk, expected) in [
        ("x@other.org", "1", Decision::Allowed(Rule::Emergency)),
        ("x@other.org", "2", Decision::Refused(Refusal::NotInEmergency)),
        ("x@example.com", "2", Decision::Refused(Refusal::NotInEmergency)),
    ] {
        let identity = in_emergency(email, service_desk);
        assert_eq!(decide_portal(&open, Some(&identity), NOW), expected);
        let elsewhere = super::decide(&rules, Some(&identity), NOW);
        assert_eq!(elsewhere, Decision::Refused(Refusal::NotInEmergency));
    }
    let ann = in_emergency("x@example.com", "1");
    let decision = decide_portal(&portal(denying(access)), Some(&ann), NOW);
    assert_eq!(decision, Decision::Refused(Refusal::Denied(By::EmailDomain)));
}

#[test]
fn deny_keeps_out_nobody_else() {
    let decision = decide(&denying(Access::Default), Some(&person("x@other.org", &["staff"])));
    assert_eq!(decision, Decision::Allowed(Rule::AnyCustomer));
}

#[rstest]
#[case(Access::Public, Decision::Allowed(Rule::Public))]
#[case(Access::Default, Decision::LoginNeeded)]
#[case(Access::Private, Decision::LoginNeeded)]
fn nobody_gets_into_public_portals_only(#[case] access: Access, #[case] expected: Decision) {
    assert_eq!(decide(&rules(access), None), expected);
}

#[test]
fn default_lets_any_customer_in() {
    let decision = decide(&rules(Access::Default), Some(&person("x@other.org", &[])));
    assert_eq!(decision, Decision::Allowed(Rule::AnyCustomer));
}

/// docs/security.md E: a refusal must not tell a stranger what to pretend.
#[rstest]
fn what_a_refused_person_is_told_holds_nothing_of_the_rule(
    #[values(By::Group, By::Email, By::EmailDomain, By::Provider, By::Claim)] by: By,
) {
    let told = Refusal::Denied(by).to_string();
    for secret in ["customers", "example.com", "guest@partner.org", "staff", "support"] {
        assert!(!told.contains(secret), "{told}");
    }
    assert!(told.starts_with("is closed"), "{told}");
}

#[test]
fn a_portal_takes_the_word_of_its_own_provider_only() {
    let of =
        |id: &str| AccessRules { provider: ProviderId::parse(id).ok(), ..rules(Access::Private) };
    let (idp, other) = (of("idp"), of("other"));
    let ann = person("x@other.org", &["customers"]);
    assert_eq!(decide(&idp, Some(&ann)), listed(By::Group));
    assert_eq!(decide(&other, Some(&ann)), Decision::Refused(Refusal::OtherProvider));
    assert_eq!(decide(&other, None), Decision::LoginNeeded);
    let public = AccessRules { access: Access::Public, ..other };
    assert_eq!(decide(&public, Some(&ann)), Decision::Allowed(Rule::Public));
}

/// A person whom `deny` may name stays out, and a person whom `allow` may name does not come in.
#[rstest]
#[case::groups(Identity { groups: Told::Unknown, ..person("x@other.org", &[]) }, By::Group)]
#[case::email(Identity { email: Told::Unknown, ..person("", &["staff"]) }, By::Email)]
#[case::claim(
    Identity {
        attributes: [("department".to_owned(), Told::Unknown)].into(), ..person("x@other.org", &[])
    },
    By::Claim
)]
#[case::claim_that_was_not_asked_for(
    Identity { provider: ProviderId::parse("asked").unwrap(), ..person("x@other.org", &[]) },
    By::Claim
)]
fn unknown_is_neither_yes_nor_no(#[case] identity: Identity, #[case] by: By) {
    let decide = |rules: &AccessRules| decide(rules, Some(&identity));
    assert_eq!(decide(&rules(Access::Private)), Decision::Refused(Refusal::AllowUnknown(by)));
    assert_eq!(decide(&denying(Access::Default)), Decision::Refused(Refusal::DenyUnknown(by)));
    assert_eq!(decide(&rules(Access::Default)), FINE, "it does not ask");
    assert_eq!(decide(&rules(Access::Public)), Decision::Allowed(Rule::Public));
}

/// Its provider was asked, or never tells it.
#[rstest]
#[case::absent("asked", Some(Told::Absent))]
#[case::of_another_provider("other", None)]
fn what_nobody_tells_is_not_there(
    #[case] provider: &str,
    #[case] department: Option<Told<Vec<smol_str::SmolStr>>>,
) {
    let attributes = department.map(|told| ("department".to_owned(), told)).into_iter().collect();
    let identity = Identity { attributes, ..of_provider(provider) };
    let identity = Identity { email: Told::Absent, ..identity };
    assert_eq!(decide(&denying(Access::Default), Some(&identity)), FINE);
}

#[test]
fn what_is_known_decides_whatever_else_is_not() {
    let unknown = Identity { groups: Told::Unknown, ..person("guest@partner.org", &[]) };
    assert_eq!(decide(&rules(Access::Private), Some(&unknown)), listed(By::Email));
    let denying = denying(Access::Private);
    assert_eq!(
        decide(&denying, Some(&unknown)),
        Decision::Refused(Refusal::Denied(By::Email)),
        "the reason that is sure is the one that is told"
    );
    let others = People { emails: denying.allow.emails.clone(), ..People::default() };
    let only_emails = AccessRules { deny: others, ..denying };
    let guest = Identity { groups: Told::Unknown, ..person("x@example.com", &[]) };
    assert_eq!(decide(&only_emails, Some(&guest)), listed(By::EmailDomain));
}
