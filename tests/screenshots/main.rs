//! Pictures of the gate's pages, for people to look at and judge: every route of the router that shows a page, and
//! the states that a page can be in, in every language. `make screenshots` takes them.
#![cfg(test)]

#[path = "../e2e/gate.rs"]
mod gate;
#[path = "../e2e/hosted_world.rs"]
#[expect(dead_code, reason = "the tests of hosted portals use more of it")]
mod hosted_world;
mod index;
#[path = "../e2e/node.rs"]
#[expect(dead_code, reason = "pictures need a browser only")]
mod node;
#[path = "../support/ports.rs"]
mod ports;
#[path = "../e2e/process.rs"]
mod process;
#[path = "../support/routes.rs"]
mod routes;
mod scenes;
#[path = "../support/visitor/mod.rs"]
#[expect(dead_code, reason = "the tests of the gate use more of it")]
mod visitor;
#[path = "../e2e/world.rs"]
#[expect(dead_code, reason = "pictures are of hosted portals")]
mod world;

use reqwest::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, StatusCode};
use sandbox::jsm::JsmSettings;
use sandbox::provider::{Provider, ProviderSettings};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::hosted_world::World;
use crate::node::{CLIENT_SECRET, browser};
use crate::visitor::Visitor;

const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "ja"];
const ORGANISATION: &str = "Example Organisation";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_pictured() {
    let partner = provider().await;
    let world = world(partner.issuer()).await;
    let scenes = scenes::Scenes::prepare(&world);
    let mut pictured = take(&scenes.while_all_is_well(), &LANGUAGES);
    pictured.extend(take_while_jsm_is_away(&scenes, &world).await);
    let index = index::write(&pictured, &LANGUAGES);
    println!("{} pages in {} languages: {}", pictured.len(), LANGUAGES.len(), index.display());
}

/// Home, search and forms are shown to those whose access JSM confirmed a moment ago, as JSM told them in their
/// language. So JSM comes back before each language, and Ann looks at them.
async fn take_while_jsm_is_away(scenes: &scenes::Scenes<'_>, world: &World) -> Vec<String> {
    let mut pictured = Vec::new();
    for language in LANGUAGES {
        world.jsm.come_up().await.unwrap();
        let mut ann = speaking(language, &world.gate.certificate);
        let login = world.gate.at("/_gate/login?return_to=/p/all&provider=op&go=1");
        let asked = ann.open(&login).await;
        ann.submit(&asked, "/login", &[("username", "ann"), ("password", "demo")]).await;
        for form in [scenes::FORM, scenes::SHORT_FORM] {
            assert_eq!(ann.open(&world.gate.at(form)).await.status, StatusCode::OK, "{form}");
        }
        world.jsm.go_down().await;
        pictured = take(&scenes.while_jsm_is_away(), &[language]);
    }
    pictured
}

fn speaking(language: &'static str, certificate: &str) -> Visitor {
    let trusted = Certificate::from_pem(certificate.as_bytes()).unwrap();
    let says = (ACCEPT_LANGUAGE, HeaderValue::from_static(language));
    let http = Client::builder().tls_certs_only([trusted]);
    Visitor::with(http.default_headers(HeaderMap::from_iter([says])))
}

/// Takes the pictures of these visits in these languages, and returns the names of the pages.
fn take(visits: &[Value], languages: &[&str]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Seen {
        complaints: Vec<String>,
    }
    let browser = browser(
        "pictures.mjs",
        &[
            format!("--visits={}", json!(visits)),
            format!("--languages={}", json!(languages)),
            format!("--choose={ORGANISATION}"),
        ],
    );
    let seen: Seen = serde_json::from_str(&browser.line("{")).unwrap();
    assert_eq!(seen.complaints, Vec::<String>::new());
    let scenes = visits.iter().flat_map(|visit| visit["scenes"].as_array().unwrap());
    scenes.map(|scene| scene["page"].as_str().unwrap().to_owned()).collect()
}

async fn provider() -> Provider {
    let client_secret = Some(CLIENT_SECRET.to_owned());
    let settings = ProviderSettings { client_secret, ..ProviderSettings::default() };
    Provider::start(settings).await.unwrap()
}

/// A gate with two providers, so that somebody has to choose, and emergency access for Ann.
async fn world(partner: &str) -> World {
    let more = format!(
        r#"
        [branding]
        name = "Example help"
        contact = "mailto:help@example.com"

        [emergency]
        enabled = true
        networks = ["127.0.0.1"]
        allow = {{ emails = ["ann@example.com"] }}

        [[provider]]
        id = "partner"
        name = "Partner Ltd."
        issuer = "{partner}"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        email_domains = ["partner.example"]
        "#
    );
    World::with(JsmSettings::cloud(), &format!("name = \"{ORGANISATION}\""), &more).await
}
