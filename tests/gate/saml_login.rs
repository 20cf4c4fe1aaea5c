//! Logins at service providers: the way there and back, at once and after a login, however the request comes.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::json;

use crate::service_provider::{Answer, Request, ServiceProvider, now};
use crate::site::{Site, SiteBuilder, log_in, site};
use crate::visitor::{Page, Visitor};

/// What no reader may change.
const ODD_STATE: &str = "\"><script>alert(1)</script>&amp; \u{e4}\u{1f600}%20+\\";

pub(crate) fn app() -> ServiceProvider {
    ServiceProvider::new("app")
}

pub(crate) fn in_front_of(app: &ServiceProvider) -> SiteBuilder {
    site().with(&app.toml())
}

/// Opens the service provider, which sends the browser to the gate.
async fn open(
    visitor: &mut Visitor,
    site: &Site,
    app: &ServiceProvider,
    relay_state: Option<&str>,
) -> (Request, Page) {
    let request = app.request(&site.url);
    let page = visitor.open(&app.by_redirect(&site.url, &request, relay_state)).await;
    (request, page)
}

/// Sends a form as a page of the service provider does: from another site, without the gate's cookies.
pub(crate) async fn post(
    visitor: &mut Visitor,
    address: &str,
    form: &[(&str, String)],
    cookies: bool,
) -> Page {
    let mut elsewhere = Visitor::with(reqwest::Client::builder().tls_certs_only([]));
    let sender = if cookies { visitor } else { &mut elsewhere };
    let send = |post: RequestBuilder| {
        let post = post.header("origin", "https://app.example.com").header(ACCEPT, "text/html");
        let post = post.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document");
        post.header("sec-fetch-site", "cross-site").form(form)
    };
    let answer = sender.request(Method::POST, address, send).await;
    let (url, status) = (answer.url().clone(), answer.status());
    Page { way: vec![url.clone()], url, status, body: answer.text().await.unwrap() }
}

fn logins(site: &Site) -> usize {
    site.provider.seen().iter().filter(|seen| seen.path == "/authorize").count()
}

#[rstest]
#[case::unsigned(app())]
#[case::signed(app().signing())]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_logged_in_is_vouched_for_at_once(#[case] app: ServiceProvider) {
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let before = logins(&site);
    let (request, page) = open(&mut ann, &site, &app, Some(ODD_STATE)).await;
    assert_eq!((page.status, page.way.len()), (StatusCode::OK, 1), "{page:?}");
    let answer = app.answer(&site.url, &page, Some(&request));
    assert_eq!(answer.name_id(), "ann@example.com");
    assert_eq!(answer.relay_state.as_deref(), Some(ODD_STATE));
    assert_eq!(logins(&site), before, "nobody is asked anything");
}

#[rstest]
#[case::unsigned(app())]
#[case::signed(app().signing())]
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_logs_in_first_and_the_request_waits(#[case] app: ServiceProvider) {
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let (request, asked) = open(&mut ann, &site, &app, Some(ODD_STATE)).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{asked:?}");
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.url.path(), "/_gate/saml/app/answer");
    let answer = app.answer(&site.url, &page, Some(&request));
    assert_eq!(
        (answer.name_id(), answer.relay_state.as_deref()),
        ("ann@example.com".to_owned(), Some(ODD_STATE))
    );
}

#[rstest]
#[case::none(None)]
#[case::empty(Some(""))]
#[tokio::test(flavor = "multi_thread")]
async fn relay_state_goes_back_if_there_was_one(#[case] relay_state: Option<&str>) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let (request, asked) = open(&mut ann, &site, &app, relay_state).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    let answer = app.answer(&site.url, &page, Some(&request));
    assert_eq!(answer.relay_state.as_deref(), relay_state);
}

/// A form from another site brings no cookie: the gate's own page sends it once more.
#[rstest]
#[case::unsigned(app(), true)]
#[case::signed(app().signing(), true)]
#[case::of_a_stranger(app(), false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_posted_request_is_posted_again_from_the_gates_own_page(
    #[case] app: ServiceProvider,
    #[case] logged_in: bool,
) {
    let site = in_front_of(&app).start().await;
    let mut ann = if logged_in { site.logged_in("ann").await } else { site.visitor() };
    let request = app.request(&site.url);
    let sso = app.at(&site.url, "sso");
    let page = post(&mut ann, &sso, &app.form(&request, Some(ODD_STATE)), false).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = ann.submit(&page, "/_gate/saml/app/sso", &[]).await;
    let page = if logged_in { page } else { log_in(&mut ann, &page, "ann").await };
    let answer = app.answer(&site.url, &page, Some(&request));
    assert_eq!(answer.relay_state.as_deref(), Some(ODD_STATE));
    // Some browsers send the cookie all the same.
    let again = app.request(&site.url);
    let page = post(&mut ann, &sso, &app.form(&again, None), true).await;
    app.answer(&site.url, &page, Some(&again));
}

#[rstest]
#[case::with_a_session(true)]
#[case::without(false)]
#[tokio::test(flavor = "multi_thread")]
async fn the_gate_can_begin_by_itself(#[case] logged_in: bool) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = if logged_in { site.logged_in("ann").await } else { site.visitor() };
    let start =
        format!("{}?RelayState=https%3A%2F%2Fx.example%2Fa%3Fb", app.at(&site.url, "start"));
    let page = ann.open(&start).await;
    let page = if logged_in { page } else { log_in(&mut ann, &page, "ann").await };
    let answer = app.answer(&site.url, &page, None);
    assert_eq!(answer.relay_state.as_deref(), Some("https://x.example/a?b"));
    assert!(!answer.xml.contains("InResponseTo"), "{}", answer.xml);
    let page = ann.open(&app.at(&site.url, "start")).await;
    assert_eq!(app.answer(&site.url, &page, None).relay_state, None);
}

/// Each tab has its own request, and all of them together fit into a browser's headers.
#[tokio::test(flavor = "multi_thread")]
async fn five_tabs_wait_side_by_side_with_the_longest_relay_states() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let mut tabs = Vec::new();
    for tab in 0..5 {
        let relay_state = format!("{tab}{}", "\u{e4}".repeat(saml::RELAY_STATE_BYTES / 2 - 1));
        let request = app.request(&site.url);
        let request = request.with_id(&format!("_{tab}{}", "a".repeat(254)));
        let asked = ann.open(&app.by_redirect(&site.url, &request, Some(&relay_state))).await;
        tabs.push((request, relay_state, asked));
    }
    let cookies = ann.cookie_header(&site.url).len();
    assert!((10_000..32_000).contains(&cookies), "{cookies}");
    for (request, relay_state, asked) in tabs.into_iter().rev() {
        let page = log_in(&mut ann, &asked, "ann").await;
        let answer = app.answer(&site.url, &page, Some(&request));
        assert_eq!(answer.relay_state, Some(relay_state));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_takes_too_long_is_made_again_and_does_not_lose_the_request() {
    let app = app();
    let site = in_front_of(&app).with_limit("pending_login_age = \"1m\"").start().await;
    let mut ann = site.visitor();
    let (request, asked) = open(&mut ann, &site, &app, Some(ODD_STATE)).await;
    site.let_pass(Duration::from_secs(70));
    let page = log_in(&mut ann, &asked, "ann").await;
    assert!(page.body.contains("login-expired"), "{}", page.body);
    let (_, link) = page.body.split_once("href=\"&#x2f;_gate&#x2f;login?").unwrap();
    let query = link.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&");
    // The provider knows them by now and does not ask.
    let page = ann.open(&site.at(&format!("/_gate/login?{query}"))).await;
    let answer = app.answer_at(&site.url, &page, Some(&request), now() + 70);
    assert_eq!(answer.relay_state.as_deref(), Some(ODD_STATE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_has_waited_for_an_hour_is_too_old() {
    let app = app();
    let site = in_front_of(&app).with_session("idle = \"3h\"").start().await;
    let mut ann = site.visitor();
    let (_, asked) = open(&mut ann, &site, &app, None).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    site.let_pass(Duration::from_secs(3600));
    let page = ann.open(page.url.as_str()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("saml-request-old") && !page.body.contains("SAMLResponse"));
}

#[tokio::test(flavor = "multi_thread")]
async fn force_authn_asks_the_provider_again() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url).with("ForceAuthn", Some("true"));
    let asked = ann.open(&app.by_redirect(&site.url, &request, Some("x"))).await;
    assert!(asked.body.contains("password"), "the provider did not ask: {asked:?}");
    let seen = site.provider.seen().into_iter().rfind(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(["prompt", "max_age"].map(|name| seen.parameter(name)), [Some("login"), Some("0")]);
    let page = log_in(&mut ann, &asked, "ann").await;
    let answer = app.answer(&site.url, &page, Some(&request));
    assert_eq!(answer.relay_state.as_deref(), Some("x"));

    // The next request is answered by the login of just now, unless it wants another.
    let (request, page) = open(&mut ann, &site, &app, None).await;
    app.answer(&site.url, &page, Some(&request));
    let request = app.request(&site.url).with("ForceAuthn", Some("1"));
    let asked = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    assert!(asked.body.contains("password"), "a login of a moment ago is none: {asked:?}");
}

#[rstest]
#[case::old(Fault::Claim("auth_time", json!(now() - 3600)))]
#[case::not_said(Fault::NoClaim("auth_time"))]
#[tokio::test(flavor = "multi_thread")]
async fn force_authn_is_not_met_by_a_provider_that_does_not_ask(#[case] fault: Fault) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(Fault::IgnoredPrompt);
    site.provider.misbehave(fault);
    let request = app.request(&site.url).with("ForceAuthn", Some("true"));
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    assert!(page.status.is_client_error() || page.status.is_server_error(), "{page:?}");
    assert!(!page.body.contains("SAMLResponse"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn is_passive_never_shows_a_login() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let passive = |request: Request| request.with("IsPassive", Some("true"));
    let request = passive(app.request(&site.url));
    let page = ann.open(&app.by_redirect(&site.url, &request, Some("x"))).await;
    let answer = app.posted(&page);
    assert!(answer.xml.contains("status:NoPassive") && !answer.xml.contains("Assertion ID"));
    assert_eq!(answer.part("InResponseTo").as_deref(), Some(request.id.as_str()));
    assert_eq!((answer.relay_state.as_deref(), logins(&site)), (Some("x"), 0));
    assert!(answer.xml.contains("SignatureValue"), "{}", answer.xml);

    let mut ann = site.logged_in("ann").await;
    let request = passive(app.request(&site.url));
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    app.answer(&site.url, &page, Some(&request));
    let before = logins(&site);
    let request = passive(app.request(&site.url)).with("ForceAuthn", Some("true"));
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    assert!(app.posted(&page).xml.contains("status:NoPassive"), "an older login does not do");
    assert_eq!(logins(&site), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_gives_another_answer_to_the_same_request() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.visitor();
    let (request, asked) = open(&mut ann, &site, &app, None).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    let first = app.answer(&site.url, &page, Some(&request));
    let again = ann.open(page.url.as_str()).await;
    let again = app.answer(&site.url, &again, Some(&request));
    let id = |answer: &Answer| answer.part("ID").unwrap();
    assert_ne!(id(&first), id(&again), "a service provider takes each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_in_one_browser_are_told_apart() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut browser = site.logged_in("ann").await;
    let (request, page) = open(&mut browser, &site, &app, None).await;
    let ann = app.answer(&site.url, &page, Some(&request));
    let home = browser.open(&site.at("/")).await;
    browser.submit(&home, "/_gate/logout", &[]).await;
    let (request, asked) = open(&mut browser, &site, &app, None).await;
    let page = log_in(&mut browser, &asked, "bob").await;
    let bob = app.answer(&site.url, &page, Some(&request));
    assert_eq!(
        (ann.name_id(), bob.name_id()),
        ("ann@example.com".into(), "bob@example.com".into())
    );
    assert_ne!(ann.part("SessionIndex"), bob.part("SessionIndex"));
}

#[rstest]
#[case::head(Method::HEAD, &[])]
#[case::prefetch(Method::GET, &[("sec-purpose", "prefetch")])]
#[case::script(Method::GET, &[("sec-fetch-mode", "cors")])]
#[case::frame(Method::GET, &[("sec-fetch-dest", "iframe")])]
#[tokio::test(flavor = "multi_thread")]
async fn nothing_begins_unless_a_person_may_be_looking(
    #[case] method: Method,
    #[case] headers: &[(&str, &str)],
) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let request = app.request(&site.url);
    let pages = [app.by_redirect(&site.url, &request, None), app.at(&site.url, "start")];
    for (visitor, logged_in) in [(site.visitor(), false), (site.logged_in("ann").await, true)] {
        let mut visitor = visitor;
        for address in &pages {
            let send = |it: RequestBuilder| {
                headers.iter().fold(it.header(ACCEPT, "text/html"), |it, (name, value)| {
                    it.header(*name, *value)
                })
            };
            let answer = visitor.request(method.clone(), address, send).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{address} {logged_in}");
            assert!(!answer.headers().contains_key(LOCATION));
            assert!(!answer.text().await.unwrap().contains("SAMLResponse"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_posts_by_one_script_and_may_do_nothing_else() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url);
    let address = app.by_redirect(&site.url, &request, None);
    let answer = ann.request(Method::GET, &address, |get| get.header(ACCEPT, "text/html")).await;
    let header =
        |name: reqwest::header::HeaderName| answer.headers()[name].to_str().unwrap().to_owned();
    let policy = header(CONTENT_SECURITY_POLICY);
    let parts: Vec<_> = policy.split("; ").collect();
    assert_eq!(
        (parts[0], &parts[2..]),
        ("default-src 'none'", &["base-uri 'none'", "frame-ancestors 'none'"][..])
    );
    assert!(
        parts[1].starts_with("script-src 'sha256-") && !policy.contains("form-action"),
        "{policy}"
    );
    assert_eq!(
        (header(CACHE_CONTROL), header(REFERRER_POLICY)),
        ("no-store".into(), "strict-origin".into())
    );
    let body = answer.text().await.unwrap();
    assert_eq!(body.matches("<script").count(), 1);
    let (_, script) = body.split_once("<script>").unwrap();
    let script = script.split("</script>").next().unwrap();
    let hash = ring::digest::digest(&ring::digest::SHA256, script.as_bytes());
    let hash = BASE64_STANDARD.encode(hash);
    assert_eq!(parts[1], format!("script-src 'sha256-{hash}'"));
    // A refusal on the same address is a page as others are.
    let unknown = ann
        .request(Method::GET, &app.at(&site.url, "sso"), |get| get.header(ACCEPT, "text/html"))
        .await;
    let policy = unknown.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self'") && policy.contains("style-src 'self'"),
        "{policy}"
    );
}

#[rstest]
#[case("en", "One moment", ">Continue</button>")]
#[case("de", "Einen Moment", ">Weiter</button>")]
#[case("fr", "Un instant", ">Continuer</button>")]
#[case("es", "Un momento", ">Continuar</button>")]
#[case("ja", "少々お待ちください", ">続行</button>")]
#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_the_page_has_a_button(
    #[case] language: &str,
    #[case] heading: &str,
    #[case] button: &str,
) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url);
    let speaks =
        |get: RequestBuilder| get.header(ACCEPT, "text/html").header(ACCEPT_LANGUAGE, language);
    let page = ann.request(Method::GET, &app.by_redirect(&site.url, &request, None), speaks).await;
    let page = page.text().await.unwrap();
    for words in [&format!("<html lang=\"{language}\""), heading, button, "app.example.com"] {
        assert!(page.contains(words), "no {words:?} in {page}");
    }
    assert!(!page.contains("stylesheet") && !page.contains("<img"), "nothing is loaded: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_admin_takes_over_is_there_for_everybody() {
    let app = app().with("slo_url = \"https://app.example.com/slo\"");
    let site = in_front_of(&app).start().await;
    let get = async |page: &str| {
        let address = app.at(&site.url, page);
        let answer = site.visitor().request(Method::GET, &address, |get| get).await;
        (
            answer.headers()["content-type"].to_str().unwrap().to_owned(),
            answer.text().await.unwrap(),
        )
    };
    let (kind, metadata) = get("metadata").await;
    assert_eq!(kind, "application/samlmetadata+xml");
    for words in [
        format!("entityID=\"{}\"", app.at(&site.url, "metadata")),
        app.at(&site.url, "sso"),
        app.at(&site.url, "logout"),
        "WantAuthnRequestsSigned=\"false\"".to_owned(),
    ] {
        assert!(metadata.contains(&words), "no {words} in {metadata}");
    }
    let (kind, pem) = get("certificate.pem").await;
    assert_eq!(kind, "application/x-pem-file");
    let certificate = BASE64_STANDARD.encode(ServiceProvider::certificate_of_the_gate());
    let inside: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    assert_eq!(inside, certificate);
    assert!(metadata.replace(char::is_whitespace, "").contains(&certificate));
}

/// A flood of answers costs a processor. Whoever else comes from the same address gets in.
#[tokio::test(flavor = "multi_thread")]
async fn g5_one_session_is_not_answered_for_ever() {
    let app = app();
    let site = in_front_of(&app).with_limit("logins_per_minute = 3").start().await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(open(&mut ann, &site, &app, None).await.1.status.as_u16());
    }
    // A new minute may begin meanwhile.
    assert!(statuses.contains(&429) && statuses[..3] == [200; 3], "{statuses:?}");
    assert_eq!(open(&mut bob, &site, &app, None).await.1.status, StatusCode::OK);
}

/// Whoever wants to be asked nothing may be a stranger.
#[tokio::test(flavor = "multi_thread")]
async fn g5_strangers_do_not_use_up_the_answers_about_people() {
    let app = app();
    let site = in_front_of(&app).with_limit("logins_per_minute = 3").start().await;
    let mut ann = site.logged_in("ann").await;
    let mut stranger = site.visitor();
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let passive = app.request(&site.url).with("IsPassive", Some("true"));
        let page = stranger.open(&app.by_redirect(&site.url, &passive, None)).await;
        statuses.push(page.status.as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(open(&mut ann, &site, &app, None).await.1.status, StatusCode::OK);
}
