//! Logins against Debian's `LemonLDAP::NG`, written by other people in another language than npm's
//! `oidc-provider`: a second reading of `OpenID` Connect.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use tempfile::TempDir;

use crate::certified_provider;
use crate::gate::{Neighbours, free_address};
use crate::node::{CLIENT_SECRET, CertifiedProvider};
use crate::process::Process;
use crate::visitor::{Page, Visitor};
use crate::world::{LINK, PAGE, Provider, World};

/// What docs/providers/oidc.md says of it: it does not decode what comes as `client_secret_basic`.
const LEMONLDAP: &str = r#"
        preset = "oidc"
        client_auth = "client_secret_post""#;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_at_lemonldap_leads_to_the_page_asked_for_and_tells_jsm_who_came() {
    let world = World::start().await;
    let mut visitor = world.visitor();

    let form = visitor.open(&world.gate.at(LINK)).await;
    assert!(world.is_provider(&form), "not sent to the provider: {:#?}", form.way);
    assert_eq!(world.portal_requests(), [], "JSM was asked before anybody had logged in");
    let page = log_in(&mut visitor, &form, "dwho").await;

    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));
    let seen = world.jsm.seen();
    let request = seen.iter().find(|request| request.target == PAGE).unwrap();
    assert_eq!(request.header("x-forwarded-user"), "dwho@badwolf.org");
    assert_eq!(request.header("x-forwarded-name"), "Doctor Who");
    let mut groups: Vec<_> = request.header("x-forwarded-groups").split(',').collect();
    groups.sort_unstable();
    assert_eq!(groups, ["customers", "timelords", "users"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_portal_opens_for_a_group_that_lemonldap_tells_of() {
    let world = World::start().await;
    let (mut doctor, mut rose) = (world.visitor(), world.visitor());

    let form = doctor.open(&world.gate.at("/p/hr")).await;
    assert_eq!(log_in(&mut doctor, &form, "dwho").await.status, 200);
    let form = rose.open(&world.gate.at("/p/hr")).await;
    let refused = log_in(&mut rose, &form, "rtyler").await;

    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("rtyler@badwolf.org"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn logout_ends_the_session_at_the_gate_and_at_lemonldap() {
    let world = World::start().await;
    let mut visitor = world.visitor();
    let form = visitor.open(&world.gate.at("/")).await;
    let portals = log_in(&mut visitor, &form, "dwho").await;
    visitor.forget_cookie("__Host-gate");
    let portals_again = visitor.open(&world.gate.at("/")).await;
    assert_eq!(portals_again.url, portals.url, "LemonLDAP has forgotten who logged in");

    let question = visitor.submit(&portals_again, "/_gate/logout", &[]).await;
    assert!(world.is_provider(&question), "not sent to the provider: {:#?}", question.way);
    let end = visitor.submit(&question, "#", &[]).await;
    assert_eq!((end.url.path(), end.status.as_u16()), ("/_gate/logged-out", 200));

    let form = visitor.open(&world.gate.at(LINK)).await;
    assert!(world.is_provider(&form), "still logged in at the gate: {:#?}", form.way);
    assert!(form.body.contains("name=\"password\""), "still logged in at LemonLDAP");
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_choose_between_lemonldap_and_another_provider() {
    let address = free_address();
    let public_url = format!("https://{address}");
    let partner = LemonLdap::start(&public_url, "partner");
    let section = format!(
        r#"
        [[provider]]
        id = "partner"
        {LEMONLDAP}
        issuer = "{}"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        scopes = ["openid", "profile", "email", "groups"]
        email_domains = ["badwolf.org"]
        "#,
        partner.issuer
    );
    let special = Neighbours { more: &section, ..Neighbours::default() };
    let op = CertifiedProvider::start(&public_url, &[]);
    let world = World::around(address, op, &special).await;

    let mut doctor = world.visitor();
    let choice = doctor.open(&world.gate.at(LINK)).await;
    assert_eq!(choice.url.path(), "/_gate/login");
    let form = doctor.submit(&choice, "/_gate/login", &[("email", "dwho@badwolf.org")]).await;
    assert!(form.url.as_str().starts_with(&partner.issuer), "{:#?}", form.way);
    let page = log_in(&mut doctor, &form, "dwho").await;
    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));

    let mut ada = world.visitor();
    let form = ada.open(&world.gate.at("/_gate/login?provider=op&return_to=/p/it")).await;
    assert!(world.is_provider(&form), "{:#?}", form.way);
    assert_eq!(certified_provider::log_in(&mut ada, &form, "ada").await.status, 200);
}

/// Its portal, with people from its demonstration mode.
struct LemonLdap {
    issuer: String,
    _process: Process,
    _folder: TempDir,
}

impl LemonLdap {
    /// Starts it with the gate at this address as its client, which calls it by this id.
    ///
    /// # Panics
    /// When the package is not there: a test that cannot run has not passed.
    fn start(gate: &str, id: &str) -> Self {
        #[derive(Deserialize)]
        struct Listening {
            issuer: String,
        }
        assert!(
            Path::new("/usr/share/lemonldap-ng/portal").is_dir(),
            "LemonLDAP::NG is not installed: run `make test`, or scripts/packages test"
        );
        let folder = TempDir::new().unwrap();
        let mut command = Command::new("perl");
        command
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/lemonldap.pl"))
            .arg(format!("--folder={}", folder.path().display()))
            .arg(format!("--port={}", free_address().port()))
            .arg(format!("--redirect-uri={gate}/_gate/callback/{id}"))
            .arg(format!("--post-logout-redirect-uri={gate}/_gate/logged-out"))
            .arg(format!("--client-secret={CLIENT_SECRET}"));
        let process = Process::start("LemonLDAP::NG", &mut command);
        let Listening { issuer } = serde_json::from_str(&process.line("{")).unwrap();
        Self { issuer, _process: process, _folder: folder }
    }
}

impl Provider for LemonLdap {
    fn issuer(&self) -> &str {
        &self.issuer
    }
}

impl World<LemonLdap> {
    async fn start() -> Self {
        let address = free_address();
        let provider = LemonLdap::start(&format!("https://{address}"), "op");
        let special = Neighbours { provider: LEMONLDAP, ..Neighbours::default() };
        Self::around(address, provider, &special).await
    }
}

async fn log_in(visitor: &mut Visitor, form: &Page, name: &str) -> Page {
    visitor.submit(form, "#", &[("user", name), ("password", name)]).await
}
