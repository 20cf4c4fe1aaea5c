//! One reading of addresses, queries and bodies: what decides, what is forwarded and where a login
//! returns to are the same thing. Cleo may use IT (2) and Facilities (4), not HR (3).

use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::site::{Site, SiteBuilder, log_in, site};
use crate::visitor::Visitor;

const MODELS: &str = "/rest/servicedesk/1/customer/models";
const COMMENT: &str = "/rest/servicedeskapi/request/IT-1/comment";

const HR_IS_PRIVATE: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["customers"] }
"#;

fn as_json(it: RequestBuilder) -> RequestBuilder {
    it.header(ACCEPT, "application/json")
}

async fn code(answer: reqwest::Response) -> String {
    let told: Value = answer.json().await.unwrap_or_default();
    told["error"].as_str().unwrap_or("none").to_owned()
}

async fn post(site: &Site, visitor: &mut Visitor, path: &str, body: String) -> reqwest::Response {
    let typed =
        |it: RequestBuilder| as_json(it).header(CONTENT_TYPE, "application/json").body(body);
    visitor.request(Method::POST, &site.at(path), typed).await
}

/// What somebody logged in would get, a login leads to.
#[rstest]
#[case::backslash("it", r"/create/66?summary=C:\Users\ann\x.log&x=1")]
#[case::share_and_anchor("it", r"/IT-1?x=\\server\share#a\b")]
#[case::signs("it", "/create/66?summary=a|b^c`d{e}~100%&x=%zz;y")]
#[case::twice_escaped("it", "/create/66?summary=%252Fa%2520b")]
#[tokio::test(flavor = "multi_thread")]
async fn whatever_text_a_link_brings_along_survives_the_login(
    #[case] link: &str,
    #[case] rest: &str,
) {
    let site = site().start().await;
    let address = site.at(&format!("/p/{link}{rest}"));
    let mut ann = site.visitor();
    let login = ann.open(&address).await;
    let landed = log_in(&mut ann, &login, "ann").await;
    let mut again = site.logged_in("ann").await;
    let expected = again.open(&address).await;
    assert_eq!(landed.status, expected.status, "{landed:?}");
    let without_fragment = |url: &reqwest::Url| url.as_str().split('#').next().unwrap().to_owned();
    assert_eq!(without_fragment(&landed.url), without_fragment(&expected.url));
    let forwarded = site.forwarded();
    let [first, .., last] = &forwarded[..] else { panic!("{forwarded:?}") };
    assert_eq!(first.target, last.target);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_address_that_is_too_long_for_a_login_the_page_is_kept() {
    let site = site().start().await;
    let mut ann = site.visitor();
    let text = "x".repeat(3000);
    let login = ann.open(&site.at(&format!("/p/it/create/66?summary={text}"))).await;
    let landed = log_in(&mut ann, &login, "ann").await;
    assert_eq!(landed.url.as_str(), site.at("/servicedesk/customer/portal/2/create/66"));
}

/// The login page reads an address as the gate does: it finds the portal, and comes back to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stronger_login_returns_to_a_page_however_it_is_spelled() {
    let site = site().with("[[portal]]\nproject = \"HR\"\nacr_values = [\"mfa\"]").start().await;
    site.provider.misbehave(Fault::Claim("acr", json!("pwd")));
    let mut ann = site.logged_in("ann").await;
    site.provider.behave();
    site.provider.misbehave(Fault::Claim("acr", json!("mfa")));
    let spelled = "/servicedesk/customer/%70ortal/3/create/301?summary=a";
    let page = ann.open(&site.at(spelled)).await;
    assert_eq!(page.url.as_str(), site.at(spelled));
    assert_eq!(site.forwarded().last().unwrap().target, spelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_field_that_could_be_read_in_two_ways_is_not_forwarded() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    for query in [
        "%2570ortalId=3",
        "%252570ortalId=3",
        "portalId=%2533",
        "portal%u0049d=3",
        "portalId%00=3",
        "portalId=3%00",
        "portal%C1%89d=3",
        "x=1;portalId=3",
        "issueKey=%2548R-1",
    ] {
        for path in ["/rest/servicedesk/1/customer/things.json", "/rest/servicedeskapi/request"] {
            let address = site.at(&format!("{path}?{query}"));
            let refused = cleo.request(Method::GET, &address, as_json).await;
            assert_eq!(code(refused).await, "bad-request", "{path}?{query}");
        }
        let form = "application/x-www-form-urlencoded";
        let posted = |it: RequestBuilder| as_json(it).header(CONTENT_TYPE, form).body(query);
        let address = site.at("/rest/servicedesk/1/customer/comment");
        let refused = cleo.request(Method::POST, &address, posted).await;
        assert_eq!(code(refused).await, "bad-request", "{query} in a form");
    }
    let page = site.at("/servicedesk/customer/portal/2/create/66?%2570ortalId=3");
    assert_eq!(cleo.open(&page).await.status, StatusCode::BAD_REQUEST);
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());

    cleo.open(&site.at("/servicedesk/customer/portal/2/create/66?summary=%2541;b&100%&%ff")).await;
    cleo.open(&site.at("/rest/servicedeskapi/request?searchTerm=100%25%2541;x&start=0")).await;
    assert_eq!(site.forwarded().len(), 2, "any text is a text");
}

/// In GBK the second byte of a letter can be the backslash before a quote.
#[tokio::test(flavor = "multi_thread")]
async fn a6_a_body_in_another_alphabet_is_not_forwarded() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    for (kind, passes) in [
        ("application/json; charset=GBK", false),
        ("application/json;charset=\"UTF-16\"", false),
        ("text/plain; charset=utf-8; charset=Big5", false),
        ("application/json; charset=UTF-8", true),
    ] {
        let body = |it: RequestBuilder| {
            as_json(it).header(CONTENT_TYPE, kind).body("{\"body\":\"\u{e3}\"}")
        };
        let answer = cleo.request(Method::POST, &site.at(COMMENT), body).await;
        assert_eq!(code(answer).await != "bad-request", passes, "{kind}");
    }
    assert_eq!(site.forwarded().len(), 1);
}

/// Jira takes 32,767 characters, whatever they are, and more where its administrator says so.
#[rstest]
#[case::over_http1(site())]
#[case::over_http2(site().over_tls())]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_jira_takes_arrives_whole_in_any_alphabet(#[case] site: SiteBuilder) {
    let site = site.with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    for letter in ["x", "\u{431}", "\u{65e5}", r"\u0431", r"\ud83d\ude00", "\\\""] {
        let text = letter.repeat(32_767);
        let body = format!(r#"{{"options":{{"portalId":2}},"models":["portal"],"x":"{text}"}}"#);
        site.jsm.clear_seen();
        let length = body.len() as u64;
        let answer = post(&site, &mut cleo, MODELS, body).await;
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["portal"]["key"], "IT", "{letter}");
        let lengths: Vec<_> = site.forwarded().iter().map(|seen| seen.body_len).collect();
        assert_eq!(lengths, [length], "{letter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_long_text_names_is_found_at_its_end() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let (mut ann, mut cleo) = (site.logged_in("ann").await, site.logged_in("cleo").await);
    site.jsm.clear_seen();
    let body = format!(r#"{{"body":"{}","portalId":3}}"#, r"\u0431".repeat(100_000));
    assert_eq!(code(post(&site, &mut cleo, COMMENT, body.clone()).await).await, "refused");
    assert!(site.forwarded().is_empty());
    post(&site, &mut ann, COMMENT, body).await;
    assert_eq!(site.forwarded().len(), 1, "Ann may use it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_over_the_limit_is_told_what_to_do() {
    let site = site().with(HR_IS_PRIVATE).with_limit(r#"data_call_bytes = "200KB""#).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let body = format!(r#"{{"body":"{}"}}"#, "x".repeat(200_000));
    let refused = post(&site, &mut cleo, COMMENT, body.clone()).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!refused.headers().contains_key(RETRY_AFTER));
    assert_eq!(code(refused).await, "text-too-long");
    let endless = |it: RequestBuilder| {
        let parts = body.clone().into_bytes();
        let parts: Vec<_> =
            parts.chunks(9000).map(|it| Ok::<_, std::io::Error>(it.to_vec())).collect();
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
        as_json(it).header(CONTENT_TYPE, "application/json").body(body)
    };
    let refused = cleo.request(Method::POST, &site.at(COMMENT), endless).await;
    assert_eq!(refused.status(), StatusCode::LENGTH_REQUIRED);
    assert!(site.forwarded().is_empty());
    post(&site, &mut cleo, COMMENT, format!(r#"{{"body":"{}"}}"#, "x".repeat(190_000))).await;
    assert_eq!(site.forwarded().len(), 1);
}

/// Forms (`ProForma`) are Cloud's; the number of the portal is in their path.
const FORMS: &str = "/gateway/api/proforma/portal/cloudid/11111111-2222-3333-4444-555555555555/api";

async fn on_cloud() -> Site {
    site()
        .in_front_of(JsmSettings::cloud())
        .with_another_base_address()
        .with_jsm(r#"deployment = "cloud""#)
        .with("[portals]\nmode = \"forward\"")
        .with(HR_IS_PRIVATE)
        .with("[[portal]]\nproject = \"FAC\"\naccess = \"public\"")
        .start()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portals_forms_are_open_to_whoever_may_use_it() {
    let site = on_cloud().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let at = |rest: &str| site.at(&format!("{FORMS}/{rest}"));
    let data = r#"{"fields":[{"fieldKey":"customfield_12222","format":"adf"}]}"#.to_owned();
    let choices = "3/portal/2/requesttype/9/formchoices";
    cleo.request(Method::GET, &at(choices), as_json).await;
    let path = format!("{FORMS}/cloud/portal/2/request/5/form/1/fielddata");
    post(&site, &mut cleo, &path, data).await;
    let mut nobody = site.visitor();
    nobody.request(Method::GET, &at("3/portal/4/requesttype/9/formchoices"), as_json).await;
    assert_eq!(site.forwarded().len(), 3, "{:?}", site.forwarded());

    let login = nobody.request(Method::GET, &at(choices), as_json).await;
    assert_eq!(login.status(), StatusCode::UNAUTHORIZED);
    let named = post(&site, &mut cleo, &path, r#"{"portalId":3}"#.to_owned()).await;
    assert_eq!(code(named).await, "refused");
    assert_eq!(site.forwarded().len(), 3, "{:?}", site.forwarded());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beside_a_portals_forms_is_closed() {
    let site = on_cloud().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    for (path, expected) in [
        (format!("{FORMS}/3/portal/3/requesttype/9/formchoices"), "refused"),
        (format!("{FORMS}/3/portal/99/requesttype/9/formchoices"), "portal-unknown"),
        (format!("{FORMS}/3/portal/2/requesttype/9/formchoices?portalId=3"), "refused"),
        (format!("{FORMS}/3/portal/2/requesttype/9/user-search"), "path-not-open"),
        (format!("{FORMS}/3/portal/2/request/5/form/1/user-search"), "path-not-open"),
        (format!("{FORMS}/3/issue/5/form/1"), "path-not-open"),
        ("/gateway/api/graphql".to_owned(), "path-not-open"),
    ] {
        let answer = post(&site, &mut cleo, &path, "{}".to_owned()).await;
        assert_eq!(code(answer).await, expected, "{path}");
    }
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// Of Assets only the configuration opens anything: no portal is in its paths.
#[tokio::test(flavor = "multi_thread")]
async fn assets_are_opened_by_the_configuration_as_the_documentation_says() {
    let objects = "/rest/insight/1.0/customfield/default/7/objects";
    let documented = include_str!("../../docs/portals.md");
    let keys =
        documented.lines().find(|line| line.starts_with("allow_paths") && line.contains("insight"));
    let closed = site().start().await;
    let mut ann = closed.logged_in("ann").await;
    let refused = ann.request(Method::POST, &closed.at(objects), as_json).await;
    assert_eq!(code(refused).await, "path-not-open");
    let open = site().with_forward(keys.unwrap()).start().await;
    let mut ann = open.logged_in("ann").await;
    open.jsm.clear_seen();
    ann.request(Method::POST, &open.at(objects), as_json).await;
    assert_eq!(open.forwarded().len(), 1);
}
