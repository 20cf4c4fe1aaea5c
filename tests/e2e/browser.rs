//! A customer's way in headless Chromium, and every page that can stand at the end of one: each is
//! looked at in two sizes and two colour schemes, and nothing may shut anybody out.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use sandbox::jsm::Jsm;
use sandbox::provider::{Provider, ProviderSettings};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::gate::{Gate, Neighbours, free_address};
use crate::node::{CLIENT_SECRET, in_browser, screenshots};
use crate::process::{Process, STEP_TIMEOUT};
use crate::visitor::Visitor;
use crate::world::jsm_and_gate;

const ANN: &str = "Ann Example";
const CLEO: &str = "Cleo Example";

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_gets_from_the_link_to_the_page_raises_a_request_and_logs_out() {
    #[derive(Deserialize)]
    struct Seen {
        asked_to_log_in_at: String,
        landed_on: String,
        request_at: String,
        request: String,
        portals: Vec<String>,
        logged_out_at: String,
        asked_again_at: String,
        complaints: Vec<String>,
    }
    let world = World::start().await;
    let page = "/create/66?summary=a%20b&next=%2Fc#description";
    let link = world.gate.at(&format!("/p/it{page}"));

    let gate = world.gate.at("");
    let options = [format!("--gate={gate}"), format!("--link={link}"), format!("--name={ANN}")];
    let seen: Seen = in_browser("journey.mjs", &options);

    assert!(seen.asked_to_log_in_at.starts_with(world.provider.issuer()));
    assert_eq!(seen.landed_on, world.gate.at(&format!("/servicedesk/customer/portal/2{page}")));
    assert_eq!(seen.request_at, world.gate.at("/servicedesk/customer/portal/2/IT-1"));
    assert!(seen.request.contains("ann@example.com"), "not raised by Ann: {}", seen.request);
    assert!(seen.portals.contains(&world.gate.at("/p/it")), "{:?}", seen.portals);
    assert!(seen.logged_out_at.starts_with(&world.gate.at("/_gate/logged-out")));
    assert!(seen.asked_again_at.starts_with(world.provider.issuer()), "still logged in somewhere");
    assert_eq!(seen.complaints, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_refused_reads_why() {
    let world = World::start().await;
    world.remove_portal("FAC", "/p/fac").await;

    let ends = walk(
        &[
            json!({ "page": "refused", "open": world.gate.at("/p/hr"), "log_in": CLEO }),
            json!({ "page": "error", "open": world.gate.at("/p/no-such-portal") }),
            json!({ "page": "portal-gone", "open": world.gate.at("/p/fac") }),
        ],
        &[],
    );

    ends["refused"].says(403, &["cleo@example.com"]);
    ends["error"].says(404, &[]);
    ends["portal-gone"].says(410, &["Facilities"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_has_a_page_that_goes_on_when_it_is_back() {
    let mut world = World::start_without_provider().await;
    let last_picture = screenshots().join("provider-unreachable-desk-dark.png");
    drop(std::fs::remove_file(&last_picture));
    let (open, back_at) = (world.gate.at("/p/it"), world.provider.issuer().to_owned());
    let way = json!({ "page": "provider-unreachable", "open": open, "goes_on_to": back_at });
    let walking = tokio::task::spawn_blocking(move || walk(&[way], &[]));

    let portrayed = timeout(STEP_TIMEOUT, async {
        while !last_picture.exists() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(portrayed.await.is_ok(), "the page is never shown");
    world.provider.resume().await.unwrap();
    let ends = walking.await.unwrap();
    ends["provider-unreachable"].says(503, &["provider-unreachable"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_cookies_is_told_so() {
    let world = World::start().await;

    let way = json!({ "page": "cookies-blocked", "open": world.gate.at("/p/it"), "log_in": ANN });
    let ends = walk(&[way], &["--block-cookies"]);

    ends["cookies-blocked"].says(400, &["login-expired", "ookies"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_loses_its_session_is_stopped_after_three_rounds() {
    let world = World::start().await;

    let way = json!({ "page": "login-loop", "open": world.gate.at("/p/it"), "log_in": ANN });
    let ends = walk(&[way], &["--lose-cookie=__Host-gate"]);

    ends["login-loop"].says(403, &["login-loop", "ookie"]);
    assert_eq!(world.provider.count("/authorize"), 3);
}

/// The provider is another site to the browser (it has another scheme), which sends no cookie of
/// the gate's with what it posts: the gate's own page posts it once more.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_another_site_posts_is_taken() {
    let provider = "response_mode = \"form_post\"";
    let world = World::with(&Neighbours { provider, ..Neighbours::default() }).await;

    let way = json!({
        "page": "form-post",
        "open": world.gate.at("/p/it"),
        "log_in": ANN,
        "lands_on": world.gate.at("/servicedesk/customer/portal/2"),
    });
    let ends = walk(&[way], &[]);

    ends["form-post"].says(200, &["IT Help", "ann@example.com"]);
    assert_eq!(world.provider.count("/token"), 1, "the code is spent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_can_tell_the_logins_apart_and_is_told_when_another_is_needed() {
    let partner = World::provider().await;
    let more = format!(
        r#"
        [[provider]]
        id = "partner"
        name = "Partner Ltd."
        issuer = "{}"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        email_domains = ["partner.example"]

        [[portal]]
        project = "FAC"
        provider = "partner"
        "#,
        partner.issuer()
    );
    let provider = "name = \"Example Organisation\"";
    let special = Neighbours { provider, more: &more, ..Neighbours::default() };
    let world = World::with(&special).await;

    let (it, facilities) = (world.gate.at("/p/it"), world.gate.at("/p/fac"));
    let typed = "ann@nowhere.example";
    let ends = walk(
        &[
            json!({ "page": "choose", "open": it, "lands_on": world.gate.at("/_gate/login**go=1") }),
            json!({ "page": "choose-mistake", "open": it, "email": typed }),
            json!({ "page": "chosen", "open": it, "choose": "Example Organisation", "log_in": ANN }),
            json!({ "page": "other-provider", "open": facilities }),
        ],
        &[],
    );

    ends["choose"].says(200, &["Example Organisation", "Partner Ltd."]);
    ends["choose-mistake"].says(422, &["No login is known for this address"]);
    ends["chosen"].says(200, &["IT Help"]);
    ends["other-provider"].says(403, &["Partner Ltd.", "ann@example.com"]);
}

/// `oidcc-client-test-rp-frontchannel-rpinitlogout` as a real browser sees it: the provider's page may
/// frame the gate's, and what it names is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_providers_may_frame_the_one_that_logs_out() {
    let world = World::start().await;
    let told = world.gate.at("/_gate/frontchannel-logout/op");
    world.provider.tell_of_logouts(None, Some(told));
    let home = world.gate.at("/");
    let ends =
        walk(&[json!({ "page": "logged-out", "open": home, "log_in": ANN, "log_out": true })], &[]);
    ends["logged-out"].says(200, &["You are logged out here and at op"]);
}

/// Emergency access and a test login begin with a link that an admin makes on the gate's machine.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_a_link_of_an_admins_reads_what_it_is_for() {
    let more = "[emergency]\nenabled = true\nnetworks = [\"127.0.0.1\"]\n\
                allow = { emails = [\"ann@example.com\"] }";
    let world = World::with(&Neighbours { more, ..Neighbours::default() }).await;
    let ann = ["--for", "ann@example.com", "--portals", "it", "--reason", "INC-7"];
    let (emergency, _) = world.gate.link_of(&[&["emergency"], &ann[..]].concat());
    let (test, _running) = world.gate.link_of(&["test-login", "op"]);

    let ends = walk(
        &[
            json!({ "page": "tested", "open": test, "log_in": ANN }),
            json!({ "page": "emergency", "open": emergency }),
            json!({ "page": "emergency-access", "open": emergency, "press": "Start emergency access" }),
        ],
        &[],
    );

    ends["tested"].says(200, &["The test login worked"]);
    ends["emergency"].says(200, &["lets ann@example.com in", "IT Help"]);
    ends["emergency-access"].says(200, &["as ann@example.com until", "End emergency access"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_prints_links_that_lead_through_a_login_to_a_portal() {
    let (address, folder) = (free_address(), TempDir::new().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
    command.args(["demo", "--listen", &address.to_string()]).env("TMPDIR", folder.path());
    let demo = Process::start("the demo", &mut command);

    let printed = demo.line(&format!("  https://localhost:{}/p/it ", address.port()));
    let link = printed.split_whitespace().next().unwrap();
    let way = json!({
        "page": "demo", "open": link, "choose": "Example Organisation", "log_in": ANN,
    });
    let ends = walk(&[way], &[]);

    ends["demo"].says(200, &["IT Help", "ann@example.com"]);
}

/// A gate between the stand-ins.
struct World {
    jsm: Jsm,
    provider: Provider,
    gate: Gate,
}

/// Where a way ended.
#[derive(Debug, Deserialize)]
struct End {
    status: u16,
    text: String,
}

impl World {
    async fn start() -> Self {
        Self::with(&Neighbours::default()).await
    }

    /// With what of the gate's neighbours is not as usual.
    async fn with(special: &Neighbours<'_>) -> Self {
        let mut world = Self::around(Self::provider().await, special).await;
        world.gate.until_provider_answers().await;
        world
    }

    async fn start_without_provider() -> Self {
        let mut provider = Self::provider().await;
        provider.stop().await;
        Self::around(provider, &Neighbours::default()).await
    }

    async fn provider() -> Provider {
        let client_secret = Some(CLIENT_SECRET.to_owned());
        let settings = ProviderSettings { client_secret, ..ProviderSettings::default() };
        Provider::start(settings).await.unwrap()
    }

    async fn around(provider: Provider, special: &Neighbours<'_>) -> Self {
        let (jsm, gate) = jsm_and_gate(free_address(), provider.issuer(), special).await;
        Self { jsm, provider, gate }
    }

    /// Removes a portal in JSM, and waits until the gate has noticed.
    async fn remove_portal(&self, key: &str, link: &str) {
        assert!(self.jsm.remove_desk(key).is_some(), "there is no {key}");
        let mut ann = Visitor::new(&self.gate.certificate);
        let asked = ann.open(&self.gate.at("/")).await;
        ann.submit(&asked, "/login", &[("username", "ann"), ("password", "demo")]).await;
        let address = self.gate.at(link);
        let gone = timeout(STEP_TIMEOUT, async {
            while ann.open(&address).await.status != 410 {
                sleep(Duration::from_millis(50)).await;
            }
        });
        assert!(gone.await.is_ok(), "{address} is there for ever");
    }
}

/// Walks ways to their ends in one window. No page may have shut anybody out.
fn walk(ways: &[Value], flags: &[&str]) -> BTreeMap<String, End> {
    #[derive(Deserialize)]
    struct Seen {
        ends: BTreeMap<String, End>,
        complaints: Vec<String>,
    }
    let mut options = vec![format!("--ways={}", json!(ways))];
    options.extend(flags.iter().map(|&flag| flag.to_owned()));
    let seen: Seen = in_browser("refusals.mjs", &options);
    assert_eq!(seen.complaints, Vec::<String>::new());
    seen.ends
}

impl End {
    fn says(&self, status: u16, words: &[&str]) {
        assert_eq!(self.status, status, "{}", self.text);
        for word in words {
            assert!(self.text.contains(word), "no {word:?} in: {}", self.text);
        }
    }
}
