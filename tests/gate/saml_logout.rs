//! Single logout: a service provider ends the session here, and a logout here ends those at service providers.

use axum::Router;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::COOKIE;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use saml::logout::{
    self, LogoutRequest, LogoutResponse, LogoutStatus, OwnLogoutRequest, OwnLogoutResponse,
};
use saml::{Id, NameId, PeerKey, RequestId, SigningKey};
use url::Url;

use crate::audit::{FILE, trail};
use crate::saml_login::{in_front_of, post};
use crate::service_provider::{Answer, ServiceProvider, now};
use crate::site::Site;
use crate::visitor::{Page, Visitor, fields};

const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// Somewhere a browser can go. Whatever arrives there, the address says it.
async fn anywhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serve = axum::serve(listener, Router::new().fallback(|| async {}));
    tokio::spawn(async move { serve.await });
    format!("http://{address}")
}

/// Service providers that take and sign logout messages.
struct Peers {
    place: String,
}

impl Peers {
    async fn new() -> Self {
        Self { place: anywhere().await }
    }

    fn slo(&self, id: &str) -> String {
        format!("{}/{id}/slo", self.place)
    }

    /// One that takes logout messages by a posted form alone.
    fn posting(&self, id: &'static str) -> ServiceProvider {
        self.one(id).with("slo_binding = \"post\"")
    }

    fn one(&self, id: &'static str) -> ServiceProvider {
        ServiceProvider::new(id).signing().with(&format!("slo_url = \"{}\"", self.slo(id)))
    }
}

/// A session at a service provider, as it was told of it.
struct There {
    name_id: String,
    session_index: String,
}

impl There {
    fn of(answer: &Answer) -> Self {
        let session_index = answer.part("SessionIndex").unwrap();
        Self { name_id: answer.name_id(), session_index }
    }
}

/// Logs the visitor in at a service provider.
async fn log_in_at(visitor: &mut Visitor, site: &Site, app: &ServiceProvider) -> There {
    let request = app.request(&site.url);
    let page = visitor.open(&app.by_redirect(&site.url, &request, None)).await;
    There::of(&app.answer(&site.url, &page, Some(&request)))
}

/// Ann, logged in at a service provider, and her session there.
async fn ann_at(site: &Site, app: &ServiceProvider) -> (Visitor, There) {
    let mut ann = site.logged_in("ann").await;
    let there = log_in_at(&mut ann, site, app).await;
    (ann, there)
}

/// A logout request of a service provider, for `there`.
fn request(
    app: &ServiceProvider,
    site: &Site,
    there: &There,
    write: impl FnOnce(&OwnLogoutRequest<'_>, &SigningKey) -> String,
) -> (String, String) {
    let id = Id::from_random(rand::random());
    let name = id.as_str().to_owned();
    let request = OwnLogoutRequest {
        issuer: &app.entity_id,
        destination: &app.at(&site.url, "logout"),
        name_id: NameId { format: EMAIL, value: &there.name_id },
        session_index: &there.session_index,
        issued_at: now(),
        id,
    };
    (name, write(&request, &ServiceProvider::signing_key()))
}

fn by_redirect(app: &ServiceProvider, site: &Site, there: &There) -> (String, String) {
    request(app, site, there, |request, key| request.redirect_url(Some("x"), key).unwrap())
}

/// What a service provider says to a request that the gate has sent it.
fn response(app: &ServiceProvider, site: &Site, asked: &RequestId, status: LogoutStatus) -> String {
    let response = OwnLogoutResponse {
        issuer: &app.entity_id,
        destination: &app.at(&site.url, "logout"),
        in_response_to: asked,
        status,
        issued_at: now(),
        id: Id::from_random(rand::random()),
    };
    response.redirect_url(None, &ServiceProvider::signing_key()).unwrap()
}

/// The gate, as a service provider knows it.
fn as_peer<T>(
    app: &ServiceProvider,
    site: &Site,
    read: impl FnOnce(&saml::ServiceProvider<'_>) -> T,
) -> T {
    let certificate = ServiceProvider::certificate_of_the_gate();
    let keys = [PeerKey::from_certificate_der(&certificate).unwrap()];
    let entity_id = app.at(&site.url, "metadata");
    read(&saml::ServiceProvider { entity_id: &entity_id, acs_urls: &[], keys: &keys })
}

/// The gate's answer, which the browser has brought to a service provider.
fn answer_at(app: &ServiceProvider, site: &Site, slo: &str, page: &Page) -> LogoutResponse {
    let query = arrived_at(slo, &page.url);
    as_peer(app, site, |peer| logout::response_by_redirect(&query, peer, slo, now()).unwrap())
}

/// The gate's request, which the browser has brought to a service provider.
fn request_at(app: &ServiceProvider, site: &Site, slo: &str, page: &Page) -> LogoutRequest {
    let query = arrived_at(slo, &page.url);
    as_peer(app, site, |peer| logout::request_by_redirect(&query, peer, slo, now()).unwrap())
}

fn arrived_at(slo: &str, url: &Url) -> String {
    assert!(url.as_str().starts_with(&format!("{slo}?")), "{url} is not {slo}");
    url.query().unwrap().to_owned()
}

/// Logs out by the gate's own button.
async fn log_out(visitor: &mut Visitor, site: &Site) -> Page {
    let home = visitor.open(&site.at("/")).await;
    visitor.submit(&home, "/_gate/logout", &[]).await
}

async fn is_logged_in(site: &Site, cookies: &str) -> bool {
    let send = |get: RequestBuilder| get.header(COOKIE, cookies);
    let portal = site.at("/servicedesk/customer/portal/2");
    site.visitor().request(Method::GET, &portal, send).await.status() == StatusCode::OK
}

#[rstest]
#[case::by_redirect(false)]
#[case::by_post(true)]
#[tokio::test(flavor = "multi_thread")]
async fn a_service_provider_ends_the_session_here_and_at_the_provider(#[case] posted: bool) {
    let peers = Peers::new().await;
    let app = peers.one("app");
    let site = in_front_of(&app).with(FILE).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    let stolen = ann.cookie_header(&site.url);
    assert!(is_logged_in(&site, &stolen).await);
    let (asked, page) = if posted {
        let (asked, document) =
            request(&app, &site, &there, |request, key| request.document(key).unwrap());
        let form =
            [("SAMLRequest", BASE64_STANDARD.encode(document)), ("RelayState", "x".to_owned())];
        // It comes from another site, without the gate's cookies.
        let page = post(&mut ann, &app.at(&site.url, "logout"), &form, false).await;
        (asked, ann.submit(&page, "/_gate/saml/app/logout", &[]).await)
    } else {
        let (asked, address) = by_redirect(&app, &site, &there);
        (asked, ann.open(&address).await)
    };
    let answer = answer_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!((answer.in_response_to.as_str(), answer.status), (&*asked, LogoutStatus::Success));
    assert_eq!(answer.relay_state.as_deref(), Some("x"));
    assert!(!is_logged_in(&site, &stolen).await, "a copy of the cookie opens the session");
    assert_eq!(["gate", "gate-saml-logout"].map(|name| ann.cookie(name)), [None; 2]);
    let at_provider = page.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(at_provider, "the provider was not told: {:?}", page.way);
    let trail = trail(&site).await;
    let event = trail.iter().find(|event| event["event"] == "logout").unwrap();
    assert_eq!(
        ["email", "by", "service_provider"].map(|name| event[name].as_str().unwrap()),
        ["ann@example.com", "service_provider", "app"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_logged_out_already_is_logged_out() {
    let peers = Peers::new().await;
    let app = peers.one("app");
    let site = in_front_of(&app).start().await;
    let (ann, there) = ann_at(&site, &app).await;
    let (_, address) = by_redirect(&app, &site, &there);
    let page = site.visitor().open(&address).await;
    let answer = answer_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!(answer.status, LogoutStatus::Success);
    assert!(is_logged_in(&site, &ann.cookie_header(&site.url)).await);
}

/// Whoever shares a browser with somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn s25_the_session_of_somebody_else_goes_on() {
    let peers = Peers::new().await;
    let app = peers.one("app");
    let site = in_front_of(&app).start().await;
    let there = log_in_at(&mut site.logged_in("ann").await, &site, &app).await;
    let mut bob = site.logged_in("bob").await;
    let (_, address) = by_redirect(&app, &site, &there);
    let page = bob.open(&address).await;
    let answer = answer_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!(answer.status, LogoutStatus::Failed);
    assert!(is_logged_in(&site, &bob.cookie_header(&site.url)).await);
}

/// Anybody could log customers out otherwise.
#[rstest]
#[case::unsigned(|address: &str| address.split("&SigAlg").next().unwrap().to_owned())]
#[case::changed(|address: &str| address.replace("RelayState=x", "RelayState=y"))]
#[case::of_another(|address: &str| address.replace("/saml/app/", "/saml/other/"))]
#[tokio::test(flavor = "multi_thread")]
async fn s25_nobody_is_logged_out_by_a_message_that_nobody_has_signed(
    #[case] change: fn(&str) -> String,
) {
    let peers = Peers::new().await;
    let (app, other) = (peers.one("app"), peers.one("other"));
    let site = in_front_of(&app).with(&other.toml()).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    let (_, address) = by_redirect(&app, &site, &there);
    let changed = change(&address);
    assert_ne!(changed, address);
    let page = ann.open(&changed).await;
    assert_eq!((page.status, page.way.len()), (StatusCode::BAD_REQUEST, 1), "{page:?}");
    assert!(page.body.contains("saml-request"), "{}", page.body);
    assert!(is_logged_in(&site, &ann.cookie_header(&site.url)).await);
}

/// A service provider without a certificate cannot sign.
#[tokio::test(flavor = "multi_thread")]
async fn s25_a_service_provider_without_a_certificate_ends_nothing() {
    let peers = Peers::new().await;
    let app = ServiceProvider::new("app").with(&format!("slo_url = \"{}\"", peers.slo("app")));
    let site = in_front_of(&app).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    let (_, address) = by_redirect(&app, &site, &there);
    assert_eq!(ann.open(&address).await.status, StatusCode::BAD_REQUEST);
    assert!(is_logged_in(&site, &ann.cookie_header(&site.url)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_logged_out_unless_they_may_be_looking() {
    let peers = Peers::new().await;
    let app = peers.one("app");
    let site = in_front_of(&app).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    let (_, address) = by_redirect(&app, &site, &there);
    let prefetch = |get: RequestBuilder| get.header("sec-purpose", "prefetch");
    assert_eq!(ann.request(Method::GET, &address, prefetch).await.status(), 401);
    assert_eq!(ann.request(Method::HEAD, &address, |head| head).await.status(), 401);
    assert!(is_logged_in(&site, &ann.cookie_header(&site.url)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_here_goes_from_one_service_provider_to_the_next() {
    let peers = Peers::new().await;
    let (app, wiki) = (peers.one("app"), peers.one("wiki"));
    let (untold, plain) = (peers.one("untold"), ServiceProvider::new("plain"));
    let more = [&wiki, &untold, &plain].map(ServiceProvider::toml).concat();
    let site = in_front_of(&app).with(&more).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    log_in_at(&mut ann, &site, &wiki).await;
    log_in_at(&mut ann, &site, &plain).await;

    let page = log_out(&mut ann, &site).await;
    let at_provider = page.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(at_provider, "{:?}", page.way);
    assert_eq!(ann.cookie("gate"), None, "the session here is the first to end");
    let asked = request_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!(
        (&asked.name_id, &asked.session_indexes[..]),
        (&there.name_id, &[there.session_index][..])
    );
    let page = ann.open(&response(&app, &site, &asked.id, LogoutStatus::Success)).await;
    let asked = request_at(&wiki, &site, &peers.slo("wiki"), &page);
    let page = ann.open(&response(&wiki, &site, &asked.id, LogoutStatus::Success)).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/_gate/logged-out"));
    assert!(page.body.contains("Example Organisation"), "{}", page.body);
    assert_eq!(
        ["saml-logout", "service-providers"].map(|it| ann.cookie(&format!("gate-{it}"))),
        [None; 2]
    );
    // It is over.
    let page = ann.open(&site.at("/_gate/logged-out")).await;
    assert_eq!(page.way.len(), 1);
}

/// The messages of the gate's that a page posts to a service provider.
fn posted_to(slo: &str, page: &Page, name: &str) -> (String, Option<String>) {
    let fields = fields(page, slo);
    let value = |name: &str| fields.iter().find(|(it, _)| it == name).map(|(_, it)| it.clone());
    (value(name).unwrap(), value("RelayState"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_provider_that_takes_forms_alone_gets_forms() {
    let peers = Peers::new().await;
    let (app, wiki) = (peers.posting("app"), peers.posting("wiki"));
    let site = in_front_of(&app).with(&wiki.toml()).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    let at_wiki = log_in_at(&mut ann, &site, &wiki).await;
    // One begins, and the other is asked.
    let (began, address) = by_redirect(&app, &site, &there);
    let page = ann.open(&address).await;
    let (message, _) = posted_to(&peers.slo("wiki"), &page, "SAMLRequest");
    let asked = as_peer(&wiki, &site, |peer| {
        logout::request_by_post(&message, None, peer, &peers.slo("wiki"), now()).unwrap()
    });
    assert_eq!(
        (asked.name_id, asked.session_indexes),
        (at_wiki.name_id, vec![at_wiki.session_index])
    );
    // It answers by a form too, from its own site.
    let response = OwnLogoutResponse {
        issuer: &wiki.entity_id,
        destination: &wiki.at(&site.url, "logout"),
        in_response_to: &asked.id,
        status: LogoutStatus::Success,
        issued_at: now(),
        id: Id::from_random(rand::random()),
    };
    let document = response.document(&ServiceProvider::signing_key()).unwrap();
    let form = [("SAMLResponse", BASE64_STANDARD.encode(document))];
    let page = post(&mut ann, &wiki.at(&site.url, "logout"), &form, false).await;
    let page = ann.submit(&page, "/_gate/saml/wiki/logout", &[]).await;
    let (message, state) = posted_to(&peers.slo("app"), &page, "SAMLResponse");
    let answer = as_peer(&app, &site, |peer| {
        logout::response_by_post(&message, state.as_deref(), peer, &peers.slo("app"), now())
            .unwrap()
    });
    assert_eq!((answer.in_response_to.as_str(), answer.status), (&*began, LogoutStatus::Success));
    assert_eq!(answer.relay_state.as_deref(), Some("x"));
}

/// The page that leads there comes back by itself where nobody answers; a customer may come back too.
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_goes_on_when_a_service_provider_does_not_come_back() {
    let peers = Peers::new().await;
    let (app, wiki) = (peers.one("app"), peers.one("wiki"));
    let site = in_front_of(&app).with(&wiki.toml()).start().await;
    let (mut ann, _) = ann_at(&site, &app).await;
    log_in_at(&mut ann, &site, &wiki).await;
    let page = log_out(&mut ann, &site).await;
    request_at(&app, &site, &peers.slo("app"), &page);
    let send = |get: RequestBuilder| get.header("accept", "text/html");
    let next = ann.request(Method::GET, &site.at("/_gate/logged-out"), send).await;
    let next = next.text().await.unwrap();
    assert!(next.contains("data-then=\"&#x2f;_gate&#x2f;logged-out\""), "{next}");
    assert!(next.contains("&#x2f;wiki&#x2f;slo?SAMLRequest="), "{next}");
    let page = ann.open(&site.at("/_gate/logged-out")).await;
    assert_eq!((page.way.len(), page.url.path()), (1, "/_gate/logged-out"));
    assert!(page.body.contains("logged out"), "{}", page.body);
}

#[rstest]
#[case::all_ended(Some(LogoutStatus::Success), LogoutStatus::Success)]
#[case::one_failed(Some(LogoutStatus::Failed), LogoutStatus::Partial)]
#[case::one_is_away(None, LogoutStatus::Partial)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_begins_a_logout_hears_at_its_end_what_became_of_the_others(
    #[case] of_wiki: Option<LogoutStatus>,
    #[case] of_all: LogoutStatus,
) {
    let peers = Peers::new().await;
    let (app, wiki) = (peers.one("app"), peers.one("wiki"));
    let site = in_front_of(&app).with(&wiki.toml()).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    log_in_at(&mut ann, &site, &wiki).await;
    let (asked, address) = by_redirect(&app, &site, &there);
    let page = ann.open(&address).await;
    let of_the_gate = request_at(&wiki, &site, &peers.slo("wiki"), &page);
    let back = match of_wiki {
        Some(status) => response(&wiki, &site, &of_the_gate.id, status),
        None => site.at("/_gate/logged-out"),
    };
    let page = ann.open(&back).await;
    let answer = answer_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!((answer.in_response_to.as_str(), answer.status), (&*asked, of_all));
}

/// An answer that nobody has signed, or to another request, is none.
#[rstest]
#[case::unsigned(|address: &str| address.split("&SigAlg").next().unwrap().to_owned(), false)]
#[case::to_another_request(str::to_owned, true)]
#[tokio::test(flavor = "multi_thread")]
async fn s25_an_answer_that_is_none_leads_on_and_counts_as_none(
    #[case] change: fn(&str) -> String,
    #[case] other_request: bool,
) {
    let peers = Peers::new().await;
    let (app, wiki) = (peers.one("app"), peers.one("wiki"));
    let site = in_front_of(&app).with(&wiki.toml()).start().await;
    let (mut ann, there) = ann_at(&site, &app).await;
    log_in_at(&mut ann, &site, &wiki).await;
    let (_, address) = by_redirect(&app, &site, &there);
    let page = ann.open(&address).await;
    let asked = request_at(&wiki, &site, &peers.slo("wiki"), &page).id;
    let id = if other_request { RequestId::parse("_other").unwrap() } else { asked };
    let back = change(&response(&wiki, &site, &id, LogoutStatus::Success));
    let page = ann.open(&back).await;
    let answer = answer_at(&app, &site, &peers.slo("app"), &page);
    assert_eq!(answer.status, LogoutStatus::Partial);
}

/// What a service provider was told in an earlier session is not told of in the next one.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_session_knows_nothing_of_service_providers() {
    let peers = Peers::new().await;
    let app = peers.one("app");
    let site = in_front_of(&app).start().await;
    let (mut ann, _) = ann_at(&site, &app).await;
    let page = log_out(&mut ann, &site).await;
    let asked = request_at(&app, &site, &peers.slo("app"), &page);
    ann.open(&response(&app, &site, &asked.id, LogoutStatus::Success)).await;
    let page = ann.open(&site.at("/p/it")).await;
    crate::site::log_in(&mut ann, &page, "bob").await;
    let page = log_out(&mut ann, &site).await;
    assert_eq!(page.url.path(), "/_gate/logged-out");
}
