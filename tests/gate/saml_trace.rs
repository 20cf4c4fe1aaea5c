//! What an admin sees of service providers: what was exchanged with one, and what one would be told.

use std::fs;

use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::control::{Waiting, file, has_line, log_in_by, run, text};
use crate::process::Process;
use crate::saml_login::{app, in_front_of};
use crate::service_provider::ServiceProvider;
use crate::site::{Site, free_address, log_in, site};

const CUSTOMERS_ONLY: &str = "access = \"private\"\nallow = { groups = [\"customers\"] }";
const ATTRIBUTES: &str = "[service_provider.attributes]\nmail = \"{email}\"\ngroups = \"{groups}\"";

async fn trace(site: &Site, arguments: &[&str]) -> (String, String) {
    let output = run(&file(site), &[&["saml", "trace", "app"], arguments].concat()).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

async fn exchanges(site: &Site, arguments: &[&str]) -> Vec<Value> {
    let (said, _) = trace(site, &[&["--json"], arguments].concat()).await;
    serde_json::from_str(&said).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_says_why_somebody_did_not_get_in_and_names_nobody() {
    let app = app().with(CUSTOMERS_ONLY).with(ATTRIBUTES);
    let site = in_front_of(&app).start().await;
    let (nothing, _) = trace(&site, &[]).await;
    assert!(nothing.contains("Nothing was exchanged with app"), "{nothing}");
    let request = app.request(&site.url);
    let mut cleo = site.logged_in("cleo").await;
    cleo.open(&app.by_redirect(&site.url, &request, Some("1234567"))).await;
    let forced = app.request(&site.url).with("ForceAuthn", Some("true"));
    site.logged_in("ann").await.open(&app.by_redirect(&site.url, &forced, None)).await;
    let told = app.request(&site.url);
    site.logged_in("ann").await.open(&app.by_redirect(&site.url, &told, None)).await;
    let wrong = app.request(&site.url).from("https://evil.example");
    let page = site.visitor().open(&app.by_redirect(&site.url, &wrong, None)).await;
    let id = page.body.split("<code>").find(|part| part.len() > 20).unwrap();
    let request_id = id.split('<').next().unwrap();

    let (said, warned) = trace(&site, &[]).await;
    for words in [
        "refused  c…@example.com (provider idp, subject c…)",
        "access = private",
        &request.id,
        "7 bytes",
        "login  a…@example.com",
        "ForceAuthn",
        "ok  a…@example.com",
        "a…@example.com (urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress)",
        &app.acs,
        "SHA-256 ",
        "saml-request  nobody who is logged in",
        "https://evil.example",
    ] {
        assert!(said.contains(words), "no {words:?} in\n{said}");
    }
    assert!(has_line(&said, &["mail", "a…@example.com"]), "{said}");
    assert!(has_line(&said, &["groups", "c…"]), "{said}");
    for secret in ["ann@", "cleo@", "1234567", "SAMLResponse"] {
        assert!(!said.contains(secret) && !warned.contains(secret), "{secret:?} in\n{said}");
    }
    assert!(said.contains(request_id), "the number on the page is {request_id}\n{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_people_sees_people_and_is_warned() {
    let app = app().with(ATTRIBUTES);
    let site = in_front_of(&app).start().await;
    let request = app.request(&site.url);
    site.logged_in("ann").await.open(&app.by_redirect(&site.url, &request, None)).await;
    let (said, warned) = trace(&site, &["--unmasked"]).await;
    assert!(said.contains("ok  ann@example.com (provider idp, subject ann)"), "{said}");
    assert!(has_line(&said, &["mail", "ann@example.com"]), "{said}");
    assert!(has_line(&said, &["groups", "customers"]), "{said}");
    assert!(warned.contains("about people"), "{warned}");
    let all = exchanges(&site, &["--unmasked"]).await;
    let told = &all.last().unwrap()["told"];
    assert_eq!(
        told["attributes"],
        json!([["groups", ["customers"]], ["mail", ["ann@example.com"]]])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_send_is_bounded_and_pushes_nobody_out() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let request = app.request(&site.url);
    site.logged_in("ann").await.open(&app.by_redirect(&site.url, &request, None)).await;
    let wrong = app.request(&site.url).from(&"x".repeat(5000));
    let mut eve = site.visitor();
    for _ in 0..60 {
        eve.open(&app.by_redirect(&site.url, &wrong, None)).await;
    }
    let all = exchanges(&site, &[]).await;
    assert!(all.len() < 30, "{}", all.len());
    assert_eq!(all[0]["saml_request"], json!(request.id));
    let longest = all.iter().map(|one| one.to_string().len()).max().unwrap();
    assert!(longest < 2000, "{longest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_keeps_the_trace() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let process = Process::beside(&site).await;
    let (gate, mut ann) = (process.at(""), site.visitor());
    let request = app.request(&gate);
    let asked = ann.open(&app.by_redirect(&gate, &request, None)).await;
    log_in(&mut ann, &asked, "ann").await;
    let trace = ["saml", "trace", "app"];
    let before = text(&run(process.file(), &trace).await.stdout);
    assert!(before.contains("ok  a…@example.com"), "{before}");
    assert!(run(process.file(), &["reload"]).await.status.success());
    assert_eq!(text(&run(process.file(), &trace).await.stdout), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_service_provider_has_no_trace() {
    let site = in_front_of(&app()).start().await;
    let unknown = run(&file(&site), &["saml", "trace", "evil"]).await;
    assert!(!unknown.status.success());
    assert!(text(&unknown.stderr).contains("known are app"), "{}", text(&unknown.stderr));
}

async fn tested(site: &Site, username: &str) -> (String, Option<i32>) {
    let arguments = ["test-login", "idp", "--service-provider", "app"];
    let test = Waiting::start(&file(site), &arguments).await;
    let mut visitor = site.visitor();
    log_in_by(&mut visitor, &test.address, username).await;
    assert_eq!(visitor.cookie("gate"), None, "a session has begun");
    test.end().await
}

#[rstest]
#[case::any("saml", "NameID")]
#[case::atlassian("atlassian-external", "emailAddress")]
#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_shows_what_a_service_provider_would_be_told_and_say(
    #[case] preset: &str,
    #[case] words: &str,
) {
    let app = ServiceProvider::new("app");
    let site = site().with(&app.toml_of(preset)).start().await;
    let (said, code) = tested(&site, "ann").await;
    assert_eq!(code, Some(0), "{said}");
    for words in ["At the service provider: allowed (access = default)", "sent to nobody", words] {
        assert!(said.contains(words), "no {words:?} in\n{said}");
    }
    for line in ["<saml:Assertion ", "<saml:NameID ", "<saml:Audience>"] {
        assert!(said.lines().any(|it| it.starts_with(line)), "no {line} in\n{said}");
    }
    assert!(said.contains(">ann@example.com</saml:NameID>"), "{said}");
    assert!(said.lines().filter(|line| line.contains("  ok  ")).count() > 5, "{said}");
    assert!(!said.contains("WRONG"), "{said}");
    // Nobody was told anything.
    assert!(exchanges(&site, &[]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_says_whom_the_service_provider_is_told_nothing_of() {
    let app = app().with(CUSTOMERS_ONLY);
    let site = in_front_of(&app).start().await;
    let (said, code) = tested(&site, "cleo").await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("At the service provider: refused (access = private)"), "{said}");
    assert!(!said.contains("<saml:"), "{said}");
    site.provider.misbehave(Fault::NoClaim("email"));
    site.provider.misbehave(Fault::UserInfoClaim("email", Value::Null));
    let (said, code) = tested(&site, "ann").await;
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("told nothing: the login tells no email address (not-vouched)"),
        "{said}"
    );
    assert!(!said.contains("<saml:"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_asks_the_provider_what_the_service_provider_demands() {
    let app = app().with("acr_values = [\"mfa\"]");
    let site = in_front_of(&app).start().await;
    site.provider.misbehave(Fault::Claim("acr", json!("mfa")));
    let (said, code) = tested(&site, "ann").await;
    assert_eq!(code, Some(0), "{said}");
    let seen = site.provider.seen().into_iter().rfind(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(seen.parameter("acr_values"), Some("mfa"));
}

/// With the very key that the real gate signs with.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_gate_a_test_login_signs_with_the_gates_own_key() {
    let app = app();
    let toml = app.toml();
    let made: Vec<_> = toml.lines().filter(|line| !line.starts_with("signing_")).collect();
    let site = site().with(&made.join("\n")).start().await;
    let pem = site.visitor().open(&app.at(&site.url, "certificate.pem")).await.body;
    let certificate: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    let toml = fs::read_to_string(file(&site)).unwrap();
    let toml = toml.replace(&site.address.to_string(), &free_address().to_string());
    let folder = site.folder.path();
    let moved = folder.join("moved.toml");
    fs::write(&moved, toml.replace("state_dir = \"state\"", "state_dir = \"other\"")).unwrap();
    fs::create_dir(folder.join("other")).unwrap();
    let name = "saml-keys-app.json";
    fs::copy(folder.join("state").join(name), folder.join("other").join(name)).unwrap();
    let arguments = ["test-login", "idp", "--service-provider", "app"];
    let test = Waiting::start(&moved, &arguments).await;
    log_in_by(&mut site.visitor(), &test.address, "ann").await;
    let (said, code) = test.end().await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.replace('\n', "").contains(&certificate), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_login_for_an_unknown_service_provider_is_refused() {
    let site = in_front_of(&app()).start().await;
    let ended = run(&file(&site), &["test-login", "idp", "--service-provider", "evil"]).await;
    assert!(!ended.status.success());
    assert!(text(&ended.stderr).contains("known are app"), "{}", text(&ended.stderr));
}
