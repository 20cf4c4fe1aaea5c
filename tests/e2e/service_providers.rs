//! Logins at SAML service providers that other people wrote, with the gate as their identity provider.

mod service_provider;
mod software;
mod world;
mod xmlsec;

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json;

use self::service_provider::{Person, SURNAME, ServiceProvider};
use self::software::{Requests, Software};
use self::world::{World, answer_in};
use crate::gate::Gate;

/// In every way in which it can ask for a login.
#[rstest]
#[case::python3_saml(Software::Python3Saml)]
#[case::pysaml2(Software::Pysaml2)]
#[case::node_saml(Software::NodeSaml)]
#[case::passport_wsfed_saml2(Software::PassportWsfedSaml2)]
#[case::mellon(Software::Mellon)]
#[case::simplesamlphp(Software::SimpleSamlPhp)]
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_logs_in_there_and_nobody_by_a_forged_or_used_answer(
    #[case] software: Software,
) {
    let ways = software.requests().iter();
    let world = World::start(ways.map(|&way| ServiceProvider::new(software, way))).await;
    let (mut ann, mut thief) = (world.browser("ann"), world.browser("bob"));

    for there in &world.service_providers {
        let way = there.id();
        let answer = ann.get_answer(there, "").await;
        let page = ann.post_forged(&answer, there, (">ann@", ">bnn@")).await;
        assert!(page.body.contains(software.says_of_forgery()), "{way}: {page:#?}");
        assert!(ann.person_at(there).await.is_none(), "{way}");
        let answer = ann.get_answer(there, "").await;
        let destination = ("Destination=\"http:", "Destination=\"ittp:");
        let page = ann.post_forged(&answer, there, destination).await;
        assert!(Person::on(&page).is_none(), "{way}: {page:#?}");
        assert!(ann.person_at(there).await.is_none(), "{way}");

        let answer = ann.get_answer(there, "/page?it=1").await;
        let page = ann.post_answer(&answer, there).await;
        let person = Person::on(&page).unwrap_or_else(|| panic!("{way}: {page:#?}"));
        assert_eq!(person.name_id, "ann@example.com", "{way}");
        assert_eq!(person.state, "/page?it=1", "{way}");

        let page = thief.post_answer(&answer, there).await;
        assert!(page.body.contains(software.says_of_replay()), "{way}: {page:#?}");
        assert!(thief.person_at(there).await.is_none(), "{way}");
    }
}

/// Names with markup, in many scripts, and more groups than anybody has.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_them_read_the_same_odd_values() {
    let (name, surname) = (r#"Jürgen <b>"O'Neil"</b> & 山田 🦊"#, "]]> <!-- x --> &amp; &#65;");
    let groups: Vec<_> = (0..300).map(|n| format!("Gruppe {n} & <\"Größe\">")).collect();
    let claims = json!({
        "email": "o'neil+a&b@example.com",
        "email_verified": true,
        "name": name,
        "family_name": surname,
        "groups": groups,
    });
    let expected = BTreeMap::from([
        ("displayName".to_owned(), vec![name.to_owned()]),
        ("groups".to_owned(), groups),
        (SURNAME.to_owned(), vec![surname.to_owned()]),
    ]);
    let state = "a<b>&\"'/?x=1#ü 🦊";
    let all = Software::ALL.map(|software| ServiceProvider::new(software, Requests::Plain));
    let world = World::with(all, "odd", claims).await;
    let mut odd = world.browser("odd");

    for there in &world.service_providers {
        let answer = odd.get_answer(there, state).await;
        let page = odd.post_answer(&answer, there).await;
        let person = Person::on(&page).unwrap_or_else(|| panic!("{}: {page:#?}", there.id()));
        assert_eq!(person.name_id, "o'neil+a&b@example.com", "{}", there.id());
        let email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
        assert_eq!(person.format.as_deref().unwrap_or(email), email, "{}", there.id());
        assert_eq!(person.state, state, "{}", there.id());
        assert_eq!(person.attributes, expected, "{}", there.id());
    }
}

/// Somebody of whom the provider knows next to nothing.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_them_take_an_assertion_that_says_little() {
    let claims = json!({ "email": "x@example.com", "email_verified": true, "family_name": "" });
    let all = Software::ALL.map(|software| ServiceProvider::new(software, Requests::Plain));
    let all = all.map(ServiceProvider::with_key_made_by_gate);
    let world = World::with(all, "x", claims).await;
    let mut x = world.browser("x");

    for there in &world.service_providers {
        let answer = x.get_answer(there, "").await;
        let page = x.post_answer(&answer, there).await;
        let person = Person::on(&page).unwrap_or_else(|| panic!("{}: {page:#?}", there.id()));
        assert_eq!(person.name_id, "x@example.com", "{}", there.id());
        let said = person.attributes.into_values().flatten();
        assert_eq!(said.filter(|value| !value.is_empty()).count(), 0, "{}", there.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_can_begin_at_the_gate() {
    let all = Software::ALL.into_iter().filter(|software| software.takes_unasked_answers());
    let world = World::start(all.map(|one| ServiceProvider::new(one, Requests::Plain))).await;
    let mut ann = world.browser("ann");

    for there in &world.service_providers {
        let state = there.at("/?state=begun");
        let start = world.gate.at(&format!("/_gate/saml/{}/start?RelayState={state}", there.id()));
        let page = ann.visitor.open(&start).await;
        let answer = ann.go_on_to_answer(page).await;
        let page = ann.post_answer(&answer, there).await;
        let person = Person::on(&page).unwrap_or_else(|| panic!("{}: {page:#?}", there.id()));
        assert_eq!(person.name_id, "ann@example.com", "{}", there.id());
        assert!(person.state.ends_with("begun"), "{}: {}", there.id(), person.state);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logs_out_there_is_logged_out_at_the_gate() {
    let all = Software::ALL.into_iter().filter(|software| software.slo_path().is_some());
    let all = all.map(|software| ServiceProvider::new(software, Requests::SignedRedirect));
    let world = World::start(all).await;

    for there in &world.service_providers {
        let mut ann = world.browser("ann");
        let answer = ann.get_answer(there, "").await;
        ann.post_answer(&answer, there).await;
        assert!(whoami(&world.gate, &mut ann).await.contains("ann@example.com"), "{}", there.id());

        let end = ann.visitor.open(&there.at("/logout")).await;

        let expected = (there.at("/logged-out"), "nobody");
        assert_eq!((end.url.to_string(), end.body.as_str()), expected, "{end:#?}");
        assert!(ann.person_at(there).await.is_none(), "{}", there.id());
        assert!(!whoami(&world.gate, &mut ann).await.contains("ann@"), "{}", there.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_at_the_gate_ends_all_sessions_there() {
    let all =
        Software::ALL.map(|software| ServiceProvider::new(software, Requests::SignedRedirect));
    let world = World::start(all).await;
    let mut ann = world.browser("ann");
    for there in &world.service_providers {
        let answer = ann.get_answer(there, "").await;
        ann.post_answer(&answer, there).await;
        assert!(ann.person_at(there).await.is_some(), "{}", there.id());
    }

    let home = ann.visitor.open(&world.gate.at("/")).await;
    let end = ann.visitor.submit(&home, "/_gate/logout", &[]).await;

    assert_eq!(end.url.as_str(), world.gate.at("/_gate/logged-out"), "{end:#?}");
    for there in &world.service_providers {
        let is_told = there.software.slo_path().is_some();
        assert_eq!(ann.person_at(there).await.is_none(), is_told, "{}", there.id());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn xmlsec1_verifies_both_signatures_and_neither_of_a_forged_answer() {
    let there = ServiceProvider::new(Software::Python3Saml, Requests::Plain);
    let world = World::start([there]).await;
    let mut ann = world.browser("ann");
    let [there] = world.service_providers.as_slice() else { unreachable!() };

    let xml = answer_in(&ann.get_answer(there, "").await, there);
    let certificate = there.certificate_of_gate();

    for signed in ["Response", "Assertion"] {
        assert_eq!(xmlsec::verify(&xml, signed, &certificate), Ok(()), "{signed}");
        let forged = xml.replacen(">ann@", ">bnn@", 1);
        assert!(xmlsec::verify(&forged, signed, &certificate).is_err(), "{signed}");
        let of_others = there.certificate();
        assert!(xmlsec::verify(&xml, signed, &of_others).is_err(), "{signed}");
    }
}

async fn whoami(gate: &Gate, browser: &mut world::Browser) -> String {
    browser.visitor.open(&gate.at("/_gate/whoami")).await.body
}
