//! One portal is not a way into another: Cleo may use IT (2) and Facilities (4), not HR (3).

use reqwest::header::{ACCEPT, CONNECTION, CONTENT_TYPE, EXPECT};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use serde_json::Value;

use crate::framing::http2;
use crate::site::{Site, site};

const FORM: &str = "application/x-www-form-urlencoded";
const MODELS: &str = "/rest/servicedesk/1/customer/models";

/// A data call that a portal in its body does not open.
const PASSWORDS: &str = "/rest/servicedesk/1/customer/pages/user/forgotpassword";

const HR_IS_PRIVATE: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["customers"] }
    [[portal]]
    project = "FAC"
    access = "public"
"#;

/// What the answer tells a program.
async fn code(answer: reqwest::Response) -> String {
    let told: Value = answer.json().await.unwrap_or_default();
    told["error"].as_str().unwrap_or("none").to_owned()
}

fn json(body: &str) -> impl FnOnce(RequestBuilder) -> RequestBuilder {
    of_type("application/json", body)
}

fn of_type(kind: &'static str, body: &str) -> impl FnOnce(RequestBuilder) -> RequestBuilder {
    let body = body.to_owned();
    move |it| it.header(CONTENT_TYPE, kind).header(ACCEPT, "application/json").body(body)
}

#[rstest]
#[case::native("/servicedesk/customer/portal/3", "refused")]
#[case::native_deeper("/servicedesk/customer/portal/3/create/301", "refused")]
#[case::another_portals_request("/servicedesk/customer/portal/2/HR-1", "refused")]
#[case::in_another_case("/servicedesk/customer/portal/2/hr-1", "refused")]
#[case::leaving_a_request(
    "/rest/servicedesk/1/servicedesk/customer/participant/removeParticipant/HR-1",
    "refused"
)]
#[case::escaped("/servicedesk/customer/portal/2/%48R-1", "refused")]
#[case::list("/servicedesk/customer/user/requests?portalId=3", "refused")]
#[case::escaped_query("/servicedesk/customer/user/requests?p%6frtalId=%33", "refused")]
#[case::twice("/servicedesk/customer/user/requests?portalId=2&portalId=3", "refused")]
#[case::other_number("/servicedesk/customer/user/requests?portalId=03", "portal-unknown")]
#[case::own_api("/rest/servicedesk/1/customer/portal/3/requesttypes", "refused")]
#[case::request("/rest/servicedeskapi/request/HR-1", "refused")]
#[case::request_by_number("/rest/servicedeskapi/request/10001", "portal-unknown")]
#[case::desk("/rest/servicedeskapi/servicedesk/13", "refused")]
#[case::desk_by_key("/rest/servicedeskapi/servicedesk/projectKey:HR/requesttype", "refused")]
#[case::types("/rest/servicedeskapi/requesttype?serviceDeskId=13", "refused")]
#[case::portal_of_project("/rest/servicedeskapi/portals/project/HR", "refused")]
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_portal_is_closed_by_every_name(#[case] target: &str, #[case] expected: &str) {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let (mut ann, mut cleo) = (site.logged_in("ann").await, site.logged_in("cleo").await);
    site.jsm.clear_seen();
    let as_json = |it: RequestBuilder| it.header(ACCEPT, "application/json");
    let refused = cleo.request(Method::GET, &site.at(target), as_json).await;
    assert_eq!(code(refused).await, expected);
    let nobody = site.visitor().request(Method::GET, &site.at(target), as_json).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());

    ann.request(Method::GET, &site.at(target), as_json).await;
    assert_eq!(site.forwarded().len(), 1, "Ann may use it");
}

#[rstest]
#[case("/servicedesk/customer/portal/2/IT-1")]
#[case("/servicedesk/customer/user/requests?portalId=2")]
#[case("/rest/servicedesk/1/customer/portal/4/requesttypes")]
#[case("/rest/servicedeskapi/request/IT-1")]
#[case("/rest/servicedeskapi/servicedesk/12/requesttype")]
#[case("/rest/servicedeskapi/requesttype?serviceDeskId=12")]
#[tokio::test(flavor = "multi_thread")]
async fn what_names_an_open_portal_passes(#[case] target: &str) {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    cleo.request(Method::GET, &site.at(target), |it| it).await;
    assert_eq!(site.forwarded().len(), 1);
}

#[rstest]
#[case::portal(r#"{"options":{"portalId":3},"models":["portal"]}"#, "refused")]
#[case::an_object_beside_the_number(
    r#"{"models":["portal"],"options":{"portalId":2,"portal":{"id":3,"expand":["reqTypes"]}}}"#,
    "refused"
)]
#[case::request(r#"{"options":{"reqDetails":{"key":"HR-1","portalId":2}}}"#, "refused")]
#[case::request_by_number(r#"{"options":{"reqDetails":{"key":"10001"}}}"#, "portal-unknown")]
#[case::escaped(r#"{"options":{"portal\u0049d":"3"}}"#, "refused")]
#[case::twice(r#"{"options":{"portalId":2,"portalId":3}}"#, "refused")]
#[case::not_json("portalId=3", "bad-request")]
#[case::cut_off(r#"{"options":{"portalId":2"#, "bad-request")]
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_names_a_closed_portal_does_not_reach_jsm(
    #[case] body: &str,
    #[case] expected: &str,
) {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let refused = cleo.request(Method::POST, &site.at(MODELS), json(body)).await;
    assert_eq!(code(refused).await, expected);
    for kind in ["text/plain", "application/javascript", "multipart/form-data; boundary=x"] {
        for path in [MODELS.to_owned(), format!("{MODELS}.json"), format!("{MODELS}.xml")] {
            let refused = cleo.request(Method::POST, &site.at(&path), of_type(kind, body)).await;
            assert_eq!(code(refused).await, expected, "{path} as {kind}");
        }
    }
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// pingora drops the headers that `Connection` names, and JSM would see another type.
#[tokio::test(flavor = "multi_thread")]
async fn b6_a_connection_header_cannot_change_what_was_looked_into() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let body = r#"{"options":{"portalId":3},"models":["portal"]}"#;
    for named in ["content-type", "close, Content-Encoding", "origin", "cookie"] {
        let typed = |it: RequestBuilder| of_type("text/plain", body)(it).header(CONNECTION, named);
        let refused = cleo.request(Method::POST, &site.at(MODELS), typed).await;
        assert_eq!(code(refused).await, "bad-request", "{named}");
    }
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// As a form, JSON would be one field of an unknown name.
#[rstest]
#[case::of_two_types_jsm_may_take_either(&["application/json", FORM], "bad-request")]
#[case::of_two_types_jsm_may_take_either(&[FORM, "application/json"], "bad-request")]
#[case::something_like_a_form(&["application/x-www-form-urlencoded+json"], "refused")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_json_to_somebody_is_no_form(#[case] kinds: &[&str], #[case] expected: &str) {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let typed = |it: RequestBuilder| {
        let request = it.header(ACCEPT, "application/json").body(r#"{"issueKey":"HR-1"}"#);
        kinds.iter().fold(request, |request, kind| request.header(CONTENT_TYPE, *kind))
    };
    let comment = site.at("/rest/servicedesk/1/servicedesk/customer/comment");
    let refused = cleo.request(Method::POST, &comment, typed).await;
    assert_eq!(code(refused).await, expected);
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// Java writes `ı` as `I` where it writes a key in capitals.
#[tokio::test(flavor = "multi_thread")]
async fn a6_a_key_in_letters_that_java_reads_as_others_is_that_key() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.rekey_desk("HR", "FIN");
    site.gate.assembly().directory().refresh().await.unwrap();
    site.jsm.clear_seen();
    refused_request(&site, &mut cleo, "F%C4%B1N-1").await;
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
    cleo.open(&site.at("/servicedesk/customer/portal/2/F%C3%BChrung-1")).await;
    assert_eq!(site.forwarded().len(), 1, "a name that is no key");
}

/// Data Center's own pages comment by the request's number; whose it is, JSM decides.
#[tokio::test(flavor = "multi_thread")]
async fn customers_comment_and_leave_by_data_centers_own_calls() {
    const CALLS: &str = "/rest/servicedesk/1/servicedesk/customer";
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    let leave = site.at(&format!("{CALLS}/participant/removeParticipant/IT-1"));
    let comment = site.at(&format!("{CALLS}/comment"));
    site.jsm.clear_seen();
    cleo.request(Method::DELETE, &leave, |it| it).await;
    cleo.request(Method::POST, &comment, json(r#"{"comment":"x","issueId":"10001"}"#)).await;
    let targets: Vec<_> = site.forwarded().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets.len(), 2, "{targets:?}");
    let other = json(r#"{"comment":"x","issueId":"HR-1"}"#);
    assert_eq!(code(cleo.request(Method::POST, &comment, other).await).await, "refused");
    let nobody = json(r#"{"comment":"x","issueId":"10001","portalId":4}"#);
    let answer = site.visitor().request(Method::POST, &comment, nobody).await;
    assert_eq!(code(answer).await, "login-needed");
    assert_eq!(site.forwarded().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_too_large_to_look_into_does_not_reach_jsm() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let (mut ann, mut cleo) = (site.logged_in("ann").await, site.logged_in("cleo").await);
    site.jsm.clear_seen();
    let body = format!(r#"{{"x":"{}","options":{{"portalId":2}}}}"#, "x".repeat(1_000_000));
    let refused = cleo.request(Method::POST, &site.at(MODELS), json(&body)).await;
    assert_eq!(code(refused).await, "text-too-long");
    assert!(site.forwarded().is_empty());
    ann.request(Method::POST, &site.at(MODELS), json(&body)).await;
    let [seen] = &site.forwarded()[..] else { panic!("Ann may use every portal") };
    assert_eq!(seen.body_len, body.len() as u64);
}

/// What was looked at is what arrives, byte for byte, however it was sent.
#[rstest]
#[case::small(0)]
#[case::larger_than_one_read(50_000)]
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_was_looked_into_arrives_whole(#[case] padding: usize) {
    let site = site().over_tls().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    let ask = r#"{"options":{"portalId":2},"models":["portal","user"],"x":"PADDING"}"#;
    let body = ask.replace("PADDING", &"x".repeat(padding));
    let chunked = body.clone();
    let in_chunks = move |it: RequestBuilder| {
        let halves = chunked.split_at(chunked.len() / 2);
        let parts = [halves.0.to_owned(), halves.1.to_owned()].map(Ok::<_, std::io::Error>);
        let body = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
        it.header(CONTENT_TYPE, "application/json").body(body)
    };
    site.jsm.clear_seen();
    let plain = cleo.request(Method::POST, &site.at(MODELS), json(&body)).await;
    let streamed = cleo.request(Method::POST, &site.at(MODELS), in_chunks).await;
    let expecting = |it: RequestBuilder| json(&body)(it).header(EXPECT, "100-continue");
    let expected = cleo.request(Method::POST, &site.at(MODELS), expecting).await;
    for answer in [plain, streamed, expected] {
        assert_eq!(answer.status(), StatusCode::OK);
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["portal"]["key"], "IT");
        assert_eq!(told["user"]["name"], "cleo@example.com");
    }
    let lengths: Vec<_> = site.forwarded().iter().map(|seen| seen.body_len).collect();
    assert_eq!(lengths, [body.len() as u64; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http2_bodies_are_looked_into_as_well() {
    let site = site().over_tls().with(HR_IS_PRIVATE).start().await;
    let cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    for (portal, status, forwarded) in [(3, 403, 0), (2, 200, 1)] {
        let request = http::Request::post(site.at(MODELS))
            .header("cookie", cleo.cookie_header(&site.url))
            .header("content-type", "application/json")
            .body(());
        let (answer, mut body) = http2(&site).await.send_request(request.unwrap(), false).unwrap();
        for part in [r#"{"options":{"port"#, r#"alId":"#, &format!("{portal}}}}}"), ""] {
            let bytes = bytes::Bytes::copy_from_slice(part.as_bytes());
            body.send_data(bytes, part.is_empty()).unwrap();
        }
        assert_eq!(answer.await.unwrap().status(), status);
        assert_eq!(site.forwarded().len(), forwarded);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_not_looked_into() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let address = site.at("/rest/servicedeskapi/servicedesk/12/attachTemporaryFile");
    let upload = |it: RequestBuilder| {
        it.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(vec![b'x'; 200_000])
    };
    cleo.request(Method::POST, &address, upload).await;
    assert_eq!(site.forwarded().len(), 1);
}

/// A form may be what a data call takes; it is read as the query is.
#[rstest]
#[case::portal("comment=x&portalId=3", "refused")]
#[case::request("comment=x&issueKey=HR-1", "refused")]
#[case::of_an_open_one("comment=x&issueKey=IT-1", "none")]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_names_portals_as_well(#[case] form: &'static str, #[case] expected: &str) {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let post = |it: RequestBuilder| {
        let kind = "application/x-www-form-urlencoded";
        it.header(CONTENT_TYPE, kind).header(ACCEPT, "application/json").body(form)
    };
    let address = site.at("/rest/servicedesk/1/customer/comment");
    let answer = cleo.request(Method::POST, &address, post).await;
    assert_eq!(code(answer).await, expected);
    assert_eq!(site.forwarded().len(), usize::from(expected == "none"));
}

/// A public portal works for nobody in particular: its pages and its own data calls.
#[tokio::test(flavor = "multi_thread")]
async fn a_public_portals_data_needs_no_login() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut nobody = site.visitor();
    let ask = |portal: u32| format!(r#"{{"options":{{"portalId":{portal}}},"models":["portal"]}}"#);
    let answer = nobody.request(Method::POST, &site.at(MODELS), json(&ask(4))).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert!(!seen.headers.contains_key("x-forwarded-user"));

    site.jsm.clear_seen();
    let without = json(r#"{"models":["user"]}"#);
    let nested = json(r#"{"models":["portal"],"options":{"portalId":4,"portal":{"id":3}}}"#);
    for answer in [
        nobody.request(Method::POST, &site.at(MODELS), nested).await,
        nobody.request(Method::POST, &site.at(MODELS), json(&ask(2))).await,
        nobody.request(Method::POST, &site.at(MODELS), json(&ask(3))).await,
        nobody.request(Method::POST, &site.at(MODELS), without).await,
        nobody.request(Method::POST, &site.at("/rest/servicedeskapi/request"), json("")).await,
        nobody.request(Method::POST, &site.at(PASSWORDS), json(&ask(4))).await,
    ] {
        assert_eq!(code(answer).await, "login-needed");
    }
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_every_portal_is_public_their_data_needs_no_login() {
    let site = site().with("[portals]\naccess = \"public\"").start().await;
    let mut nobody = site.visitor();
    let ask = json(r#"{"options":{"portalId":2},"models":["portal"]}"#);
    let answer = nobody.request(Method::POST, &site.at(MODELS), ask).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(site.forwarded().len(), 1);
    let of_none = json(r#"{"models":["user"]}"#);
    let answer = nobody.request(Method::POST, &site.at(MODELS), of_none).await;
    assert_eq!(code(answer).await, "login-needed");
    assert_eq!(site.forwarded().len(), 1);
}

/// Whoever knew the project by its old key does not get in by it.
#[tokio::test(flavor = "multi_thread")]
async fn a_former_key_of_a_project_is_still_its_name() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    for key in ["PEOPLE", "CULTURE"] {
        let now = if key == "PEOPLE" { "HR" } else { "PEOPLE" };
        site.jsm.rekey_desk(now, key);
        site.gate.assembly().directory().refresh().await.unwrap();
    }
    site.jsm.clear_seen();
    for key in ["HR-1", "PEOPLE-1", "CULTURE-1"] {
        refused_request(&site, &mut cleo, key).await;
    }
    assert!(site.forwarded().is_empty());
}

async fn refused_request(site: &Site, cleo: &mut crate::visitor::Visitor, key: &str) {
    let as_json = |it: RequestBuilder| it.header(ACCEPT, "application/json");
    for target in ["/rest/servicedeskapi/request/", "/servicedesk/customer/portal/2/"] {
        let address = site.at(&format!("{target}{key}"));
        let answer = cleo.request(Method::GET, &address, as_json).await;
        assert_eq!(code(answer).await, "refused", "{target}{key}");
    }
}
