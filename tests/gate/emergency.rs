//! Emergency access: the day on which the provider is down.

use std::fs;
use std::time::Duration;

use jsm_gate::config;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::timeout;

use crate::control::{file, run, text};
use crate::process::Process;
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, site, until};
use crate::visitor::{Page, Visitor};

const AUDIT: &str = "[audit]\nfile = \"audit.log\"\n";

const HR_PRIVATE: &str = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\n\
                          allow = { groups = [\"staff\"] }\n";

const ANN_FROM_HERE: &str = "[emergency]\nenabled = true\nnetworks = [\"127.0.0.1\"]\n\
                             allow = { emails = [\"ann@example.com\"] }\n";

pub(crate) fn with_emergency() -> SiteBuilder {
    site().with(AUDIT).with(HR_PRIVATE).with(ANN_FROM_HERE)
}

/// Asks for a link for Ann; its address, or what was said instead.
pub(crate) async fn mint(site: &Site, portals: &str) -> Result<String, String> {
    ask(site, &["--for", "ann@example.com", "--portals", portals]).await
}

async fn ask(site: &Site, arguments: &[&str]) -> Result<String, String> {
    let because = ["emergency", "--reason", "INC-7: provider down"];
    let ended = run(&file(site), &[&because, arguments].concat()).await;
    match ended.status.code() {
        Some(0) => {
            let out = text(&ended.stdout);
            let link = out.lines().map(str::trim).find(|line| line.starts_with("http"));
            Ok(link.unwrap_or_else(|| panic!("no link in {out}")).to_owned())
        }
        _ => Err(text(&ended.stderr)),
    }
}

/// Opens a link and confirms.
pub(crate) async fn follow(visitor: &mut Visitor, link: &str) -> Page {
    let page = visitor.open(link).await;
    assert!(page.body.contains("lets <strong>ann@example.com</strong> in"), "{page:?}");
    assert!(page.body.contains("<li>IT Help</li>"), "portals by the names people know: {page:?}");
    visitor.submit(&page, "/_gate/emergency", &[]).await
}

async fn trail(site: &Site) -> Vec<Value> {
    site.gate.assembly().audit().flush().await;
    let text = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn only<'a>(trail: &'a [Value], kind: &str) -> &'a Value {
    let mut found = trail.iter().filter(|event| event["event"] == kind);
    match (found.next(), found.next()) {
        (Some(event), None) => event,
        _ => panic!("not one {kind} in {trail:#?}"),
    }
}

async fn operations(site: &Site, path: &str) -> String {
    let address = site.gate.operations_address().unwrap();
    site.visitor().open(&format!("http://{address}{path}")).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_section_nobody_is_let_in() {
    let site = site().with(AUDIT).start().await;
    let why = mint(&site, "it").await.unwrap_err();
    assert!(why.contains("emergency access is off"), "{why}");
    assert_eq!(only(&trail(&site).await, "emergency_refused")["email"], "ann@example.com");
    let page = site.visitor().open(&site.at("/_gate/emergency?key=x")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_provider_down_a_link_opens_the_portals_it_names_once() {
    let site = with_emergency().while_the_provider_is_down().start().await;
    let link = mint(&site, "HR,it").await.unwrap();
    let mut ann = site.visitor();
    let home = follow(&mut ann, &link).await;
    assert_eq!((home.status, home.url.path()), (StatusCode::OK, "/"));
    assert!(home.body.contains("/p/hr") && home.body.contains("/p/it"), "{}", home.body);
    assert!(!home.body.contains("/p/fac"), "{}", home.body);
    let refused = ann.open(&site.at("/p/fac")).await;
    for page in [&home, &refused] {
        for words in ["<strong>Emergency access</strong> as ann@example.com until", "End emergency"]
        {
            assert!(page.body.contains(words), "no {words:?} in {}", page.body);
        }
    }
    for (path, status) in [
        ("/p/hr", StatusCode::OK),
        ("/p/it", StatusCode::OK),
        ("/p/fac", StatusCode::FORBIDDEN),
        ("/servicedesk/customer/portal/3", StatusCode::OK),
        ("/servicedesk/customer/portal/4", StatusCode::FORBIDDEN),
    ] {
        let page = ann.open(&site.at(path)).await;
        assert_eq!(page.status, status, "{path}: {}", page.body);
    }
    let seen = site.forwarded();
    let who = &seen.last().unwrap().headers["x-forwarded-user"];
    assert_eq!(who, "ann@example.com", "as anybody with that address");

    let mut eve = site.visitor();
    let again = eve.open(&link).await;
    assert_eq!((again.status, again.body.contains("link-used")), (StatusCode::GONE, true));
    assert!(eve.cookie("gate").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_link_does_not_use_it_up() {
    let site = with_emergency().start().await;
    let link = mint(&site, "it").await.unwrap();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let answer = site.visitor().request(method, &link, |request| request).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    let mut ann = site.visitor();
    assert_eq!(follow(&mut ann, &link).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_sites_form_does_not_open_it() {
    let site = with_emergency().start().await;
    let link = mint(&site, "it").await.unwrap();
    let key = link.split_once("key=").unwrap().1.to_owned();
    let mut ann = site.visitor();
    let send = |request: reqwest::RequestBuilder| {
        request.header("Origin", "https://evil.example").form(&[("key", key)])
    };
    let answer = ann.request(Method::POST, &site.at("/_gate/emergency"), send).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(follow(&mut ann, &link).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_confirm_at_once_one_is_let_in() {
    let site = with_emergency().start().await;
    let link = mint(&site, "it").await.unwrap();
    let visits = (0..8).map(|_| async {
        let mut visitor = site.visitor();
        let page = visitor.open(&link).await;
        if page.status == StatusCode::OK {
            visitor.submit(&page, "/_gate/emergency", &[]).await;
        }
        visitor.cookie("gate").is_some()
    });
    let let_in = futures_util::future::join_all(visits).await;
    assert_eq!(let_in.iter().filter(|is_in| **is_in).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_another_network_it_does_not_open_and_is_not_used_up() {
    let elsewhere = ANN_FROM_HERE.replace("127.0.0.1", "192.0.2.0/24");
    let site = site().with(AUDIT).with(&elsewhere).start().await;
    let link = mint(&site, "it").await.unwrap();
    let page = site.visitor().open(&link).await;
    let said = page.body.contains("emergency-network");
    assert_eq!((page.status, said), (StatusCode::FORBIDDEN, true), "{}", page.body);
    assert!(!page.body.contains("ann@example.com"), "{}", page.body);
    let unknown = site.visitor().open(&site.at("/_gate/emergency?key=made-up")).await;
    assert!(unknown.body.contains("emergency-network"), "tells whether a link exists");
    assert_eq!(site.gate.assembly().emergency().open(), 1);
    let trail = trail(&site).await;
    let refused = trail.iter().find(|event| event["event"] == "emergency_refused").unwrap();
    let said = ["email", "rule", "client"].map(|key| refused[key].as_str().unwrap());
    assert_eq!(said, ["ann@example.com", "emergency-network", "127.0.0.1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_does_not_grant_gets_no_link() {
    let site = with_emergency().start().await;
    let ann = ["--for", "ann@example.com"];
    for (arguments, why) in [
        (&["--for", "eve@example.com", "--portals", "it"][..], "may not be let in"),
        (&["--for", "eve", "--portals", "it"], "an email address"),
        (&[&ann[..], &["--portals", "it,nowhere"]].concat(), "known: fac, hr, it"),
        (&[&ann[..], &["--portals", "it", "--minutes", "61"]].concat(), "1 to 60"),
        (&[&ann[..], &["--portals", "it", "--minutes", "0"]].concat(), "1 to 60"),
    ] {
        let said = ask(&site, arguments).await.unwrap_err();
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
    let unsaid = ["emergency", "--for", "ann@example.com", "--portals", "it"];
    assert_eq!(run(&file(&site), &unsaid).await.status.code(), Some(2), "without a reason");
    assert_eq!(site.gate.assembly().emergency().open(), 0);
    let trail = trail(&site).await;
    assert_eq!(trail.iter().filter(|event| event["event"] == "emergency_refused").count(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_it_ends_after_its_minutes_however_much_it_is_used() {
    let site = with_emergency().while_the_provider_is_down().start().await;
    let link = ask(&site, &["--for", "ann@example.com", "--portals", "it", "--minutes", "20"]);
    let link = link.await.unwrap();
    let mut ann = site.visitor();
    follow(&mut ann, &link).await;
    assert!(operations(&site, "/readyz").await.contains("\"emergency_open\":1"));
    assert!(operations(&site, "/metrics").await.contains("jsm_gate_emergency_open 1"));
    site.let_pass(Duration::from_secs(19 * 60));
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    site.let_pass(Duration::from_secs(60));
    let page = ann.open(&site.at("/p/it")).await;
    assert!(page.body.contains("provider-unreachable"), "still in: {}", page.body);
    until("it counts as closed", || site.gate.assembly().emergency().open() == 0).await;
    assert!(operations(&site, "/metrics").await.contains("jsm_gate_emergency_open 0"));
    until("its end is told", || {
        let text = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
        text.contains("emergency_closed")
    })
    .await;
    assert_eq!(only(&trail(&site).await, "emergency_closed")["reason"], "its time is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_nobody_opens_dies_within_a_quarter_of_an_hour() {
    let site = with_emergency().start().await;
    let link = mint(&site, "it").await.unwrap();
    site.let_pass(Duration::from_secs(15 * 60));
    assert_eq!(site.visitor().open(&link).await.status, StatusCode::GONE);
    assert_eq!(site.gate.assembly().emergency().open(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_why_and_who_came_in_is_written_down() {
    let site = with_emergency().start().await;
    let link = mint(&site, "it,hr").await.unwrap();
    let mut ann = site.visitor();
    follow(&mut ann, &link).await;
    let trail = trail(&site).await;
    let key = link.split_once("key=").unwrap().1;
    assert!(!trail.iter().any(|event| event.to_string().contains(key)), "the secret is told");
    let minted = only(&trail, "emergency_minted");
    let used = only(&trail, "emergency_used");
    for event in [minted, used] {
        let said = ["email", "link", "reason"].map(|key| event[key].as_str().unwrap());
        assert_eq!(said, ["ann@example.com", "it, hr", "INC-7: provider down"]);
        assert_eq!(event["minutes"], 30);
    }
    assert_eq!(minted["by"], "admin");
    assert!(minted["uid"].is_u64() && used["uid"].is_null(), "{minted} {used}");
    assert_eq!((&used["client"], &used["provider"]), (&"127.0.0.1".into(), &"emergency".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_nobody_is_let_in_untold() {
    let site = site().with("[audit]\nfile = \"/dev/full\"\n").with(ANN_FROM_HERE).start().await;
    let why = mint(&site, "it").await.unwrap_err();
    assert!(why.contains("audit trail cannot be written"), "{why}");
    assert_eq!(site.gate.assembly().emergency().open(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_ends_all_of_it() {
    let site = with_emergency().start().await;
    let mut ann = site.visitor();
    follow(&mut ann, &mint(&site, "it").await.unwrap()).await;
    let mut cleo = site.logged_in("cleo").await;
    let unopened = mint(&site, "hr").await.unwrap();
    let listed = text(&run(&file(&site), &["sessions", "list"]).await.stdout);
    assert!(listed.lines().any(|line| line.contains("ann@") && line.contains("emergency")));

    let ended = run(&file(&site), &["emergency", "--end"]).await;
    assert_eq!(text(&ended.stdout), "2 ended\n", "{ended:?}");
    assert_eq!(ann.open(&site.at("/p/it")).await.url.path(), "/authorize");
    assert_eq!(site.visitor().open(&unopened).await.status, StatusCode::GONE);
    assert_eq!(cleo.open(&site.at("/p/it")).await.status, StatusCode::OK, "a login lives on");
    until("all of it counts as closed", || site.gate.assembly().emergency().open() == 0).await;
    let trail = trail(&site).await;
    assert_eq!(only(&trail, "logout")["by"], "admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_switches_it_off_ends_it() {
    let site = with_emergency().while_the_provider_is_down().start().await;
    let mut ann = site.visitor();
    follow(&mut ann, &mint(&site, "it").await.unwrap()).await;
    let unopened = mint(&site, "it").await.unwrap();
    let off = fs::read_to_string(file(&site)).unwrap().replace("enabled = true", "");
    fs::write(file(&site), off).unwrap();
    let loaded = config::load(&file(&site)).unwrap_or_else(|errors| panic!("{errors}"));
    site.gate.assembly().reload(loaded.config).await.unwrap();
    assert!(ann.open(&site.at("/p/it")).await.body.contains("provider-unreachable"));
    assert_eq!(site.visitor().open(&unopened).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_denied_a_portal_stays_out_of_it() {
    let denied = "[[portal]]\nproject = \"IT\"\ndeny = { emails = [\"ann@example.com\"] }\n";
    let site = with_emergency().with(denied).start().await;
    let mut ann = site.visitor();
    let home = follow(&mut ann, &mint(&site, "all").await.unwrap()).await;
    assert!(home.body.contains("/p/fac") && !home.body.contains("/p/it"), "{}", home.body);
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_kills_the_links_and_lets_those_who_are_in_stay_for_their_minutes() {
    let site = with_emergency().start().await;
    let process = Process::beside(&site).await;
    let links = [link_of(&site).await, link_of(&site).await];
    let mut ann = site.visitor();
    follow(&mut ann, &links[0]).await;
    assert_eq!(site.visitor().open(&links[1]).await.status, StatusCode::OK);
    let process = process.killed_and_started(|| ()).await;
    assert_eq!(site.visitor().open(&links[1]).await.status, StatusCode::GONE);
    let whoami = ann.open(&process.at("/_gate/whoami")).await;
    assert!(whoami.body.contains("ann@example.com"), "{}", whoami.body);
    let moved = site.folder.path().join("moved.toml");
    let ended = run(&moved, &["emergency", "--end"]).await;
    assert_eq!(text(&ended.stdout), "1 ended\n", "{ended:?}");
    until_closed(&site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_while_the_gate_is_down_is_over_when_it_starts() {
    let site = with_emergency().start().await;
    let process = Process::beside(&site).await;
    let mut ann = site.visitor();
    follow(&mut ann, &link_of(&site).await).await;
    let moved = site.folder.path().join("moved.toml");
    let off = fs::read_to_string(&moved).unwrap().replace("enabled = true", "");
    let process = process.killed_and_started(|| fs::write(&moved, off).unwrap()).await;
    let whoami = ann.open(&process.at("/_gate/whoami")).await;
    assert!(!whoami.body.contains("ann@example.com"), "{}", whoami.body);
    until_closed(&site).await;
    let listed = text(&run(&moved, &["sessions", "list"]).await.stdout);
    assert!(!listed.contains("ann@example.com"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_off_the_list_is_out_at_the_next_reload() {
    let site = with_emergency().start().await;
    let mut ann = site.visitor();
    follow(&mut ann, &mint(&site, "it").await.unwrap()).await;
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    let without = fs::read_to_string(file(&site)).unwrap();
    let without = without.replace("emails = [\"ann@", "emails = [\"eve@");
    fs::write(file(&site), without).unwrap();
    let loaded = config::load(&file(&site)).unwrap_or_else(|errors| panic!("{errors}"));
    site.gate.assembly().reload(loaded.config).await.unwrap();
    assert_eq!(ann.open(&site.at("/p/it")).await.url.path(), "/authorize");
}

/// The trail says that Ann's access is over.
async fn until_closed(site: &Site) {
    until("its end is told", || {
        let text = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
        text.lines().any(|line| line.contains("emergency_closed") && line.contains("ann@"))
    })
    .await;
}

/// A link of the gate beside, once that knows its portals.
async fn link_of(site: &Site) -> String {
    let moved = site.folder.path().join("moved.toml");
    let wish = ["emergency", "--for", "ann@example.com", "--portals", "it", "--reason", "x"];
    let minted = async {
        loop {
            let out = text(&run(&moved, &wish).await.stdout);
            if let Some(link) = out.lines().find(|line| line.contains("/_gate/emergency")) {
                return link.trim().to_owned();
            }
        }
    };
    timeout(TEST_TIMEOUT, minted).await.expect("no link")
}
