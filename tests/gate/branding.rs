//! What a company makes of the gate's pages: its name, logo and colour, its texts and templates.

use std::fs;
use std::path::Path;

use jsm_gate::config;
use reqwest::{Method, StatusCode};
use tempfile::TempDir;

use crate::site::{Site, site};

const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><script>x()</script></svg>";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

/// A gate whose pages look as `[branding]` says; `{}` in it is the folder.
async fn branded(toml: &str, folder: &Path) -> Site {
    let toml = toml.replace("{}", folder.to_str().unwrap());
    site().with(&format!("[branding]\n{toml}")).start().await
}

/// Where an attribute of a page leads, for an element that has `mark` in it.
fn address<'p>(page: &'p str, start: &str) -> &'p str {
    let at = page.find(start).unwrap_or_else(|| panic!("no {start} in {page}"));
    page[at + start.len()..].split('"').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_have_the_name_the_logo_the_colour_and_the_contact() {
    let files = folder(&[("logo.svg", LOGO)]);
    let toml = "name = \"Example help\"\nlogo_file = \"{}/logo.svg\"\naccent = \"#7a1fa2\"\n\
                contact = \"mailto:help@example.com\"";
    let site = branded(toml, files.path()).await;
    let mut ann = site.logged_in("ann").await;
    for path in ["/", "/_gate/nothing", "/_gate/logout", "/_gate/preferences"] {
        let body = ann.open(&site.at(path)).await.body.replace("&#x2f;", "/");
        assert!(body.contains("· Example help</title>"), "{path}: {body}");
        assert!(body.contains(">help@example.com</a>"), "{path}: {body}");
        let logo = address(&body, "<img src=\"").to_owned();
        let style = address(&body, "<link rel=\"stylesheet\" href=\"/_gate/brand").to_owned();
        let logo = ann.request(Method::GET, &site.at(&logo), |get| get).await;
        assert_eq!(logo.headers()["content-type"], "image/svg+xml", "{path}");
        let policy = logo.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'; sandbox"), "{policy}");
        let style = site.at(&format!("/_gate/brand{style}"));
        let style = ann.request(Method::GET, &style, |get| get).await;
        assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
        assert!(style.text().await.unwrap().contains("--accent: #7a1fa2"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_branding_there_is_neither_a_logo_nor_a_style() {
    let site = site().start().await;
    let mut stranger = site.visitor();
    for path in ["/_gate/brand/logo", "/_gate/brand/style.css"] {
        assert_eq!(stranger.open(&site.at(path)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_ones_own_take_the_place_of_single_ones() {
    let german = "not-found = Nichts da\n    .text = { $nothing-here }\n";
    let german = german.replace("{ $nothing-here }", "Hier ist nichts.");
    let files = folder(&[("de.ftl", &german)]);
    let site = branded("texts_dir = \"{}\"", files.path()).await;
    let mut stranger = site.visitor();
    let asks = |language: &'static str| {
        move |get: reqwest::RequestBuilder| {
            get.header("accept", "text/html").header("accept-language", language)
        }
    };
    let nothing = site.at("/_gate/nothing");
    let own = stranger.request(Method::GET, &nothing, asks("de")).await.text().await.unwrap();
    assert!(own.contains("<h1>Nichts da</h1>") && own.contains("Hier ist nichts."), "{own}");
    let english = stranger.request(Method::GET, &nothing, asks("en")).await.text().await.unwrap();
    assert!(english.contains("There is no such page"), "{english}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_of_ones_own_takes_the_place_of_a_built_in_one() {
    let own = "{% extends 'page.html' %}{% block main %}<h1>Bye, {{ site }}</h1>{% endblock %}";
    let files = folder(&[("logged-out.html", own)]);
    let site = branded("name = \"Example\"\ntemplates_dir = \"{}\"", files.path()).await;
    let page = site.visitor().open(&site.at("/_gate/logged-out")).await;
    assert!(page.body.contains("<h1>Bye, Example</h1>"), "{}", page.body);
}

/// A mistake that only shows when the page is made.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_fails_gives_way_to_the_built_in_one() {
    let files = folder(&[("logged-out.html", "{{ no_such_value.at_all }}")]);
    let site = branded("templates_dir = \"{}\"", files.path()).await;
    let page = site.visitor().open(&site.at("/_gate/logged-out")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("You are logged out"), "{}", page.body);
}

/// What customers read is new as soon as the file is read again.
#[tokio::test(flavor = "multi_thread")]
async fn a_reload_takes_new_texts_over() {
    let files = folder(&[("en.ftl", "not-found = Nothing here\n")]);
    let site = branded("texts_dir = \"{}\"", files.path()).await;
    let mut stranger = site.visitor();
    let page = stranger.open(&site.at("/_gate/nothing")).await;
    assert!(page.body.contains("Nothing here"), "{}", page.body);
    fs::write(files.path().join("en.ftl"), "not-found = Still nothing\n").unwrap();
    let config = config::load(&site.folder.path().join("proxy.toml")).unwrap().config;
    site.gate.assembly().reload(config).await.unwrap();
    let page = stranger.open(&site.at("/_gate/nothing")).await;
    assert!(page.body.contains("Still nothing"), "{}", page.body);
}
