//! Requests that a service provider would not send: each ends with a page, and nobody is vouched for. The numbers
//! are those of the attacks on SAML in docs/security.md.

use std::fs;

use jsm_gate::config;
use reqwest::StatusCode;
use rstest::rstest;

use crate::audit::trail;
use crate::saml_login::{app, in_front_of, post};
use crate::service_provider::{Algorithm, Request, ServiceProvider, instant, now};
use crate::site::Site;
use crate::visitor::Page;

/// Nothing goes anywhere, and the page says nothing in the request's words.
fn is_refused(page: &Page, code: &str) {
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{page:?}");
    assert_eq!(page.way.len(), 1, "redirected: {:?}", page.way);
    assert!(page.body.contains(code), "{}", page.body);
    for words in ["SAMLResponse", "evil", "javascript:", "<form method=\"post\" action=\"http"] {
        assert!(!page.body.contains(words), "{words:?} in {}", page.body);
    }
}

/// Sends a request by both bindings, of somebody who is logged in and of a stranger.
async fn refused(site: &Site, app: &ServiceProvider, request: &Request, code: &str) {
    for mut visitor in [site.logged_in("ann").await, site.visitor()] {
        let page = visitor.open(&app.by_redirect(&site.url, request, Some("x"))).await;
        is_refused(&page, code);
        let (sso, form) = (app.at(&site.url, "sso"), app.form(request, Some("x")));
        let page = post(&mut visitor, &sso, &form, true).await;
        let page = if page.body.contains("gate_again") {
            visitor.submit(&page, "/_gate/saml/app/sso", &[]).await
        } else {
            page
        };
        is_refused(&page, code);
    }
}

#[rstest]
#[case::other_host(Some("https://evil.example/acs"))]
#[case::longer_host(Some("https://app.example.com.evil.example/acs?connection=1&more=2"))]
#[case::longer_path(Some("https://app.example.com/acs/../evil?connection=1&more=2"))]
#[case::other_query(Some("https://app.example.com/acs?connection=1&more=evil"))]
#[case::without_query(Some("https://app.example.com/acs"))]
#[case::user_info(Some("https://app.example.com@evil.example/acs"))]
#[case::of_another_service_provider(Some("https://other.example.com/acs?connection=1&more=2"))]
#[case::script(Some("javascript:alert(1)"))]
#[case::other_case(Some("https://APP.example.com/acs?connection=1&more=2"))]
#[tokio::test(flavor = "multi_thread")]
async fn s21_an_answer_goes_to_a_registered_address_only(#[case] acs: Option<&str>) {
    let (app, other) = (app(), ServiceProvider::new("other"));
    let site = in_front_of(&app).with(&other.toml()).start().await;
    let request = app.request(&site.url).with("AssertionConsumerServiceURL", acs);
    refused(&site, &app, &request, "saml-request").await;
}

#[rstest]
#[case::too_large("1")]
#[case::negative("-1")]
#[case::no_number("evil")]
#[tokio::test(flavor = "multi_thread")]
async fn s21_a_number_of_no_address_is_refused(#[case] index: &str) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let request = app.request(&site.url).with("AssertionConsumerServiceURL", None);
    let request = request.with("AssertionConsumerServiceIndex", Some(index));
    refused(&site, &app, &request, "saml-request").await;
}

#[rstest]
#[case::by_default(None)]
#[case::by_number(Some("0"))]
#[tokio::test(flavor = "multi_thread")]
async fn s21_without_an_address_the_registered_one_counts(#[case] index: Option<&str>) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url).with("AssertionConsumerServiceURL", None);
    let request = request.with("AssertionConsumerServiceIndex", index);
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    app.answer(&site.url, &page, Some(&request));
}

/// A reload may change the list while somebody logs in.
#[rstest]
#[case::at_another_place(true)]
#[case::no_longer_there(false)]
#[tokio::test(flavor = "multi_thread")]
async fn s21_an_answer_goes_to_the_address_that_was_asked_for_or_nowhere(#[case] is_there: bool) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let request = app.request(&site.url);
    let asked = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    let file = site.folder.path().join("proxy.toml");
    let kept = if is_there { format!(", \"{}\"", app.acs) } else { String::new() };
    let addresses = format!("acs_url = [\"https://other.example.com/acs\"{kept}]");
    let toml = fs::read_to_string(&file).unwrap();
    fs::write(&file, toml.replace(&format!("acs_url = \"{}\"", app.acs), &addresses)).unwrap();
    let loaded = config::load(&file).unwrap();
    site.gate.assembly().reload(loaded.config).await.unwrap();
    let page = crate::site::log_in(&mut ann, &asked, "ann").await;
    assert!(!page.body.contains("other.example.com"), "{}", page.body);
    if is_there {
        app.answer(&site.url, &page, Some(&request));
    } else {
        assert!(page.body.contains("saml-request-old"), "{}", page.body);
        assert!(!page.body.contains("SAMLResponse"), "{}", page.body);
    }
}

/// The same service provider, whose requests nobody has signed.
#[tokio::test(flavor = "multi_thread")]
async fn s22_an_unsigned_request_of_one_that_signs_is_refused() {
    let site = in_front_of(&app().signing()).start().await;
    let unsigned = app();
    refused(&site, &unsigned, &unsigned.request(&site.url), "saml-request").await;
}

#[rstest]
#[case::other_state(|query: &str| query.replace("RelayState=x", "RelayState=y"))]
#[case::state_added(|query: &str| query.replace("&SigAlg", "&RelayState=y&SigAlg"))]
#[case::no_state(|query: &str| query.replace("&RelayState=x", ""))]
#[case::no_algorithm(|query: &str| without(query, "SigAlg"))]
#[case::no_signature(|query: &str| without(query, "Signature"))]
#[case::other_algorithm(|query: &str| query.replace("rsa%2Dsha256", "rsa%2Dsha1"))]
#[case::twice(|query: &str| format!("{query}&SAMLRequest=evil"))]
#[case::twice_in_front(|query: &str| query.replacen('?', "?SAMLRequest=evil&", 1))]
#[case::signature_twice(|query: &str| format!("{query}&Signature=evil"))]
#[tokio::test(flavor = "multi_thread")]
async fn s22_nothing_is_swapped_under_a_signature(#[case] change: fn(&str) -> String) {
    let app = app().signing();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url);
    let address = app.by_redirect(&site.url, &request, Some("x"));
    let changed = change(&address);
    assert_ne!(changed, address);
    is_refused(&ann.open(&changed).await, "saml-request");
    let page = ann.open(&address).await;
    app.answer(&site.url, &page, Some(&request));
}

/// What service providers sign with where they can choose. SHA-1, with which some do by default, is refused by
/// name: whoever runs them has to choose another.
#[rstest]
#[case::sha256(Algorithm::RsaSha256)]
#[case::sha384(Algorithm::RsaSha384)]
#[case::sha512(Algorithm::RsaSha512)]
#[tokio::test(flavor = "multi_thread")]
async fn s11_requests_are_signed_with_sha2(#[case] algorithm: Algorithm) {
    let app = app().signing().by(algorithm);
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url);
    let address = app.by_redirect(&site.url, &request, None);
    let page = ann.open(&address).await;
    app.answer(&site.url, &page, Some(&request));
    let sha1 = address.replace("2001%2F04%2Fxmldsig%2Dmore", "2000%2F09%2Fxmldsig");
    let (before, after) = sha1.split_once("rsa%2Dsha").unwrap();
    let sha1 = format!("{before}rsa%2Dsha1{}", &after[3..]);
    let refused = ann.open(&sha1).await;
    is_refused(&refused, "saml-request");
    assert!(
        refused.body.contains("only rsa-sha256, rsa-sha384 or rsa-sha512 is taken"),
        "{refused:?}"
    );
}

fn without(query: &str, name: &str) -> String {
    let (page, query) = query.split_once('?').unwrap();
    let kept: Vec<_> =
        query.split('&').filter(|part| !part.starts_with(&format!("{name}="))).collect();
    format!("{page}?{}", kept.join("&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_another_request_under_a_signature_is_refused() {
    let app = app().signing();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let [one, other] = [(); 2].map(|()| app.by_redirect(&site.url, &app.request(&site.url), None));
    let (_, signed) = one.split_once("&SigAlg").unwrap();
    let (unsigned, _) = other.split_once("&SigAlg").unwrap();
    is_refused(&ann.open(&format!("{unsigned}&SigAlg{signed}")).await, "saml-request");
}

#[rstest]
#[case::twice(&[("SAMLRequest", 2), ("RelayState", 1)])]
#[case::state_twice(&[("SAMLRequest", 1), ("RelayState", 2)])]
#[case::nothing(&[("RelayState", 1)])]
#[tokio::test(flavor = "multi_thread")]
async fn s22_a_form_has_each_field_once(#[case] times: &[(&str, usize)]) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let form = app.form(&app.request(&site.url), Some("x"));
    let repeated = times.iter().flat_map(|(name, times)| {
        let value = form.iter().find(|(field, _)| field == name).unwrap().1.clone();
        std::iter::repeat_n((*name, value), *times)
    });
    let repeated: Vec<_> = repeated.collect();
    is_refused(&post(&mut ann, &app.at(&site.url, "sso"), &repeated, true).await, "saml-request");
}

type Change = fn(Request) -> Request;

#[rstest]
#[case::another_issuer(|it: Request| it.from("https://evil.example"))]
#[case::issuer_without_query(|it: Request| it.from("https://app.example.com/metadata"))]
#[case::destination(|it: Request| it.with("Destination", Some("https://evil.example/sso")))]
#[case::stale(|it: Request| it.with("IssueInstant", Some(&instant(now() - 400))))]
#[case::future(|it: Request| it.with("IssueInstant", Some(&instant(now() + 400))))]
#[case::no_time(|it: Request| it.with("IssueInstant", None))]
#[case::odd_time(|it: Request| it.with("IssueInstant", Some("evil")))]
#[case::version(|it: Request| it.with("Version", Some("1.1")))]
#[case::artifact(|it: Request| it.with("ProtocolBinding", Some("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact")))]
#[case::markup(|it: Request| it.with_id("\"><evil>"))]
#[case::no_name(|it: Request| it.with_id("1evil"))]
#[case::long_name(|it: Request| it.with_id(&format!("_{}", "a".repeat(256))))]
#[case::odd_flag(|it: Request| it.with("ForceAuthn", Some("evil")))]
#[tokio::test(flavor = "multi_thread")]
async fn s23_a_request_has_to_be_right(#[case] change: Change) {
    let app = app();
    let site = in_front_of(&app).start().await;
    refused(&site, &app, &change(app.request(&site.url)), "saml-request").await;
}

#[rstest]
#[case("/_gate/saml/evil/sso?SAMLRequest=x")]
#[case("/_gate/saml/EVIL/sso")]
#[case("/_gate/saml/evil/start")]
#[case("/_gate/saml/evil/answer?request=x")]
#[case("/_gate/saml/evil/logout?SAMLRequest=x")]
#[case("/_gate/saml/evil/metadata")]
#[case("/_gate/saml/evil/certificate.pem")]
#[tokio::test(flavor = "multi_thread")]
async fn s23_nobody_knows_an_unknown_service_provider(#[case] path: &str) {
    let site = in_front_of(&app()).start().await;
    for mut visitor in [site.logged_in("ann").await, site.visitor()] {
        let page = visitor.open(&site.at(path)).await;
        assert_eq!((page.status, page.way.len()), (StatusCode::NOT_FOUND, 1), "{page:?}");
        assert!(page.body.contains("service-provider-unknown"), "{}", page.body);
    }
}

/// It is a word to the service provider, and the gate itself never goes there.
#[tokio::test(flavor = "multi_thread")]
async fn s24_relay_state_is_escaped_and_followed_by_nobody() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    for state in
        ["\"><script>alert(1)</script>", "https://evil.example/", "//evil.example", "' onload='"]
    {
        let request = app.request(&site.url);
        let page = ann.open(&app.by_redirect(&site.url, &request, Some(state))).await;
        assert_eq!((page.status, page.way.len()), (StatusCode::OK, 1), "{state}");
        assert!(
            !page.body.contains("<script>alert") && !page.body.contains("' onload"),
            "{}",
            page.body
        );
        assert_eq!(
            app.answer(&site.url, &page, Some(&request)).relay_state.as_deref(),
            Some(state)
        );
    }
}

#[rstest]
#[case::too_long(&"x".repeat(1537))]
#[case::too_long_in_bytes(&"\u{e4}".repeat(769))]
#[case::line_break("a\nb")]
#[case::control("a\u{1}b")]
#[tokio::test(flavor = "multi_thread")]
async fn s24_relay_state_that_cannot_go_back_unchanged_is_refused(#[case] state: &str) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url);
    is_refused(&ann.open(&app.by_redirect(&site.url, &request, Some(state))).await, "saml-request");
    let encoded = percent_encoding::utf8_percent_encode(state, percent_encoding::NON_ALPHANUMERIC);
    let start = format!("{}?RelayState={encoded}", app.at(&site.url, "start"));
    is_refused(&ann.open(&start).await, "saml-request");
    let twice = format!("{}?RelayState=a&RelayState=b", app.at(&site.url, "start"));
    is_refused(&ann.open(&twice).await, "saml-request");
}

/// What was sealed for another service provider, changed, or made up is no request.
#[tokio::test(flavor = "multi_thread")]
async fn s25_only_what_the_gate_has_taken_waits() {
    let (app, other) = (app(), ServiceProvider::new("other"));
    let site = in_front_of(&app).with(&other.toml()).start().await;
    let mut ann = site.visitor();
    let asked = ann.open(&app.by_redirect(&site.url, &app.request(&site.url), None)).await;
    let page = crate::site::log_in(&mut ann, &asked, "ann").await;
    let address = page.url.to_string();
    let mut changed = address.clone();
    let last = changed.pop().unwrap();
    changed.push(if last == 'A' { 'B' } else { 'A' });
    for address in [
        address.replace("/saml/app/", "/saml/other/"),
        changed.replacen("request=", "request=A", 1),
        app.at(&site.url, "answer"),
        format!("{}?request=evil", app.at(&site.url, "answer")),
    ] {
        is_refused(&ann.open(&address).await, "saml-request");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g11_a_refusal_is_in_the_audit_trail_and_a_flood_is_counted() {
    let app = app();
    let site = in_front_of(&app).with(crate::audit::FILE).start().await;
    let mut eve = site.visitor();
    let request = app.request(&site.url).from("https://evil.example/\"<b>");
    for _ in 0..30 {
        is_refused(&eve.open(&app.by_redirect(&site.url, &request, None)).await, "saml-request");
    }
    let trail = trail(&site).await;
    let refused: Vec<_> =
        trail.iter().filter(|event| event["event"] == "assertion_refused").collect();
    assert!(refused.len() < 10, "{} lines", refused.len());
    assert_eq!(
        (&refused[0]["service_provider"], &refused[0]["rule"]),
        (&"app".into(), &"saml-request".into())
    );
    assert!(refused[0]["reason"].as_str().unwrap().contains("evil.example"), "{}", refused[0]);
    assert_eq!(refused.last().unwrap()["count"], 30 - (refused.len() - 1));
}
