//! Jira's own SAML login: where browsers are sent, what is asked for, and who may change it. How answers are
//! judged is tested beside the code.

use std::collections::HashMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::read::DeflateDecoder;
use reqwest::header::{LOCATION, REFERER, SET_COOKIE};
use reqwest::{Client, Method, Response, StatusCode, redirect};
use rstest::rstest;
use sandbox::jsm::{IdentityProvider, JsmSettings};
use serde_json::{Value, json};
use url::Url;

use crate::support::Site;

const CERTIFICATE: &str = include_str!("../../sandbox/src/jsm/saml_login/samples/certificate.pem");
const ISSUER: &str = "https://help.example.com/_gate/saml/jira/metadata";
const SSO_URL: &str = "https://help.example.com/_gate/saml/jira/sso";
const LOGIN: &str = "/servicedesk/customer/user/login";

async fn site() -> Site {
    let site = Site::start(JsmSettings::data_center().with_saml_login()).await;
    let ours = IdentityProvider::for_customers(ISSUER, SSO_URL, CERTIFICATE);
    site.jsm.add_identity_provider(ours).unwrap();
    site.jsm.show_login_form_for_customers(false);
    site
}

async fn get(site: &Site, path: &str) -> Response {
    let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let believed = http.get(format!("{}{path}", site.jsm.url())).header("x-forwarded-user", "ann");
    believed.send().await.unwrap()
}

/// A call of the service account's.
async fn call(site: &Site, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let url = format!("{}/rest/authconfig/1.0/{path}", site.jsm.url());
    let request = Client::new().request(method, url).bearer_auth(&site.settings.token);
    let request = body.iter().fold(request, reqwest::RequestBuilder::json);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// The parameters of an address, with the request as XML.
fn asked(address: &str) -> HashMap<String, String> {
    let url = Url::parse(address).unwrap();
    let mut asked: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let deflated = BASE64_STANDARD.decode(&asked["SAMLRequest"]).unwrap();
    let mut request = String::new();
    DeflateDecoder::new(deflated.as_slice()).read_to_string(&mut request).unwrap();
    asked.insert("SAMLRequest".to_owned(), request);
    asked
}

#[tokio::test]
async fn a_page_that_needs_a_login_leads_to_it_and_no_header_is_believed() {
    let site = site().await;
    let page = get(&site, "/servicedesk/customer/portal/2/create/66?x=y").await;
    let login = format!("{}{LOGIN}?destination=", site.jsm.url());
    assert_eq!(page.status(), StatusCode::FOUND);
    assert!(header(&page, "location").starts_with(&login), "{page:?}");
    assert_eq!(header(&page, "x-ausername"), "anonymous");
    site.jsm.open_to_anonymous("IT");
    let page = get(&site, "/servicedesk/customer/portal/2").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("anonymous"));
}

#[tokio::test]
async fn without_a_destination_a_redirect_leads_to_the_identity_provider() {
    let site = site().await;
    let answer = get(&site, LOGIN).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let location = header(&answer, "location");
    assert!(location.starts_with(&format!("{SSO_URL}?")), "{location}");
    let asked = asked(location);
    let base = site.jsm.url();
    for part in [
        "ID=\"ONELOGIN_".to_owned(),
        format!("Destination=\"{SSO_URL}\""),
        format!("AssertionConsumerServiceURL=\"{base}/plugins/servlet/samlconsumer\""),
        format!("<saml:Issuer>{base}</saml:Issuer>"),
    ] {
        assert!(asked["SAMLRequest"].contains(&part), "no {part} in {}", asked["SAMLRequest"]);
    }
    for part in ["ForceAuthn", "NameIDPolicy", "Signature", "IsPassive"] {
        assert!(!asked["SAMLRequest"].contains(part), "{part} in {}", asked["SAMLRequest"]);
    }
    let cookie = format!("session-data-{}=; ", asked["RelayState"]);
    let set = answer.headers().get_all(SET_COOKIE).iter();
    let set: Vec<_> =
        set.map(|it| it.to_str().unwrap()).filter(|it| it.starts_with(&cookie)).collect();
    assert_eq!(set.len(), 1, "{answer:?}");
    assert!(set[0].ends_with("Path=/; Max-Age=300; Secure; HttpOnly; SameSite=None"), "{set:?}");
}

#[tokio::test]
async fn with_a_destination_a_page_with_a_script_keeps_the_fragment() {
    let site = site().await;
    let answer = get(&site, &format!("{LOGIN}?destination=portal%2F2")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("window.location.replace(\"{SSO_URL}?SAMLRequest=")), "{page}");
    assert!(page.contains("atlassian-authentication-plugin-url-fragment_"), "{page}");
}

#[rstest]
#[case::fallback_is_off("?auth_fallback=1", false, "location.replace")]
#[case::fallback("?auth_fallback=1&destination=portals", true, "own login")]
#[case::form_is_no_option("?native_login&destination=portals", true, "location.replace")]
#[tokio::test]
async fn the_form_shows_only_where_it_is_an_option(
    #[case] query: &str,
    #[case] fallback: bool,
    #[case] shows: &str,
) {
    let site = site().await;
    site.jsm.allow_login_fallback(fallback);
    let query = if query.contains("destination") {
        query.to_owned()
    } else {
        format!("{query}&destination=portals")
    };
    let page = get(&site, &format!("{LOGIN}{query}")).await.text().await.unwrap();
    assert!(page.contains(shows), "{page}");
}

#[tokio::test]
async fn one_that_is_off_for_agents_still_serves_customers_and_has_no_page_of_its_own() {
    let site = site().await;
    let own = get(&site, "/plugins/servlet/external-login/1?authDest=/x").await;
    assert_eq!(own.status(), StatusCode::NOT_FOUND);
    assert_eq!(site.jsm.login_log(), ["could not find enabled IDP"]);
    let agents = get(&site, "/login.jsp").await;
    assert!(agents.text().await.unwrap().contains("own login"));
    site.jsm.show_login_form_for_customers(true);
    let both = get(&site, LOGIN).await;
    assert!(header(&both, "location").ends_with("/plugins/servlet/login"), "{both:?}");
}

#[tokio::test]
async fn the_ways_to_log_in_are_told_to_everybody_by_the_page_that_asks() {
    let site = site().await;
    let ask = async |page: &str| {
        let base = site.jsm.url();
        let request = Client::new().get(format!("{base}/rest/authconfig/1.0/login-options"));
        let request = request.header(REFERER, format!("{base}{page}"));
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let link = format!("{}/plugins/servlet/external-login/1", site.jsm.url());
    let ours =
        json!([{ "type": "IDP", "id": 1, "button-text": "Customer login", "login-link": link }]);
    assert_eq!(ask(LOGIN).await, ours);
    assert_eq!(ask("/login.jsp").await, json!([{ "type": "LOGIN_FORM" }]));
}

#[tokio::test]
async fn a_system_administrator_reads_and_changes_it() {
    let site = site().await;
    let (_, list) = call(&site, Method::GET, "idps", None).await;
    assert_eq!((&list["size"], &list["isLastPage"]), (&json!(1), &json!(true)));
    assert_eq!(
        list["results"][0]["jit-configuration"],
        json!({ "user-provisioning-enabled": false })
    );
    let second = json!({
        "name": "second", "sso-type": "SAML", "button-text": "Second", "sso-issuer": "urn:second",
        "sso-url": SSO_URL, "certificate": CERTIFICATE,
    });
    let (status, added) = call(&site, Method::POST, "idps", Some(second.clone())).await;
    assert_eq!((status, &added["id"]), (StatusCode::CREATED, &json!(2)), "{added}");
    let (status, refused) = call(&site, Method::POST, "idps", Some(second)).await;
    assert_eq!(
        (status, &refused["errors"][0]),
        (StatusCode::BAD_REQUEST, &json!("name is not unique"))
    );
    let off = Some(json!({ "enabled": false, "name": null }));
    let (_, changed) = call(&site, Method::PATCH, "idps/2", off).await;
    assert_eq!((&changed["enabled"], &changed["name"]), (&json!(false), &json!("second")));
    let wrong = Some(json!({ "certificate": "none" }));
    assert_eq!(call(&site, Method::PATCH, "idps/2", wrong).await.0, StatusCode::BAD_REQUEST);
    for id in [1, 2] {
        let (status, _) = call(&site, Method::DELETE, &format!("idps/{id}"), None).await;
        assert_eq!(status, StatusCode::OK);
    }
    let (_, settings) = call(&site, Method::GET, "sso", None).await;
    assert_eq!(settings["show-login-form-for-jsm"], true, "the form is back");
    let off = Some(json!({ "show-login-form-for-jsm": false }));
    let (status, refused) = call(&site, Method::PATCH, "sso", off).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");
}

#[tokio::test]
async fn others_may_neither_read_nor_change_it() {
    let site = site().await;
    site.jsm.revoke_permission("SYSTEM_ADMIN");
    for path in ["sso", "idps", "idps/1"] {
        assert_eq!(call(&site, Method::GET, path, None).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    let stranger = get(&site, "/rest/authconfig/1.0/idps").await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_answer_that_is_none_is_refused_with_a_name_for_the_log() {
    let site = site().await;
    let url = format!("{}/plugins/servlet/samlconsumer", site.jsm.url());
    let form = [("SAMLResponse", BASE64_STANDARD.encode("<a/>")), ("RelayState", "x".to_owned())];
    let answer = Client::new().post(url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND, "no provider of that issuer is enabled");
    let page = answer.text().await.unwrap();
    let log = site.jsm.login_log();
    let (name, why) = log[0].trim_start_matches('[').split_once("] ").unwrap();
    assert_eq!(why, "could not find enabled IDP");
    assert!(page.contains("We can't log you in right now") && page.contains(name), "{page}");
}

#[tokio::test]
async fn without_it_there_is_no_such_login() {
    let site = Site::start(JsmSettings::data_center()).await;
    assert_eq!(call(&site, Method::GET, "idps", None).await.0, StatusCode::NOT_FOUND);
    let page = get(&site, LOGIN).await;
    assert!(
        header(&page, LOCATION.as_str()).is_empty() && page.headers().get("x-ausername").is_none()
    );
}
