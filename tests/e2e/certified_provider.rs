//! Logins against npm's `oidc-provider`: `OpenID` Connect as somebody else understands it, with
//! claims that come from `UserInfo` and a question whether to log out there too.

use std::net::SocketAddr;

use crate::gate::{Neighbours, free_address};
use crate::node::CertifiedProvider;
use crate::visitor::{Page, Visitor};
use crate::world::{LINK, PAGE, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_logs_in_once_and_lands_on_the_page_that_the_link_names() {
    let world = World::start().await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at(LINK)).await;
    assert!(world.is_provider(&form), "not sent to the provider: {:#?}", form.way);
    let page = log_in(&mut ada, &form, "ada").await;

    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));
    let other = ada.open(&world.gate.at("/p/it/create/67")).await;
    assert!(
        !other.way.iter().any(|url| world.is_at_provider(url)),
        "asked twice: {:#?}",
        other.way
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn jsm_sees_the_customer_only_after_the_login_and_under_their_address() {
    let world = World::start().await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at(LINK)).await;
    assert_eq!(world.portal_requests(), [], "JSM was asked before anybody had logged in");
    log_in(&mut ada, &form, "ada").await;

    assert_eq!(world.portal_requests(), [(PAGE.to_owned(), "ada@example.com".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_groups_come_from_user_info() {
    let world = World::start().await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at("/")).await;
    log_in(&mut ada, &form, "ada").await;
    let whoami = ada.open(&world.gate.at("/_gate/whoami")).await;

    for expected in ["ada@example.com", "Ada Lovelace", "customers"] {
        assert!(whoami.body.contains(expected), "no {expected:?} in {}", whoami.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_portal_opens_for_its_group_and_names_whom_it_refuses() {
    let world = World::start().await;
    let (mut ada, mut bob) = (world.visitor(), world.visitor());

    let form = ada.open(&world.gate.at("/p/hr")).await;
    assert_eq!(log_in(&mut ada, &form, "ada").await.status, 200);
    let form = bob.open(&world.gate.at("/p/hr")).await;
    let refused = log_in(&mut bob, &form, "bob").await;

    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("bob@example.org"), "{}", refused.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn logout_ends_the_session_at_the_gate_and_at_the_provider() {
    let world = World::start().await;
    let mut ada = world.visitor();
    let form = ada.open(&world.gate.at("/")).await;
    let portals = log_in(&mut ada, &form, "ada").await;

    let question = ada.submit(&portals, "/_gate/logout", &[]).await;
    assert!(world.is_provider(&question), "not sent to the provider: {:#?}", question.way);
    let end = ada.submit(&question, "/session/end", &[("logout", "yes")]).await;
    assert_eq!((end.url.path(), end.status.as_u16()), ("/_gate/logged-out", 200));

    let form = ada.open(&world.gate.at(LINK)).await;
    assert!(world.is_provider(&form), "still logged in at the gate: {:#?}", form.way);
    assert!(form.body.contains("name=\"password\""), "still logged in at the provider");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_cancels_at_the_provider_is_told_so_and_not_sent_round_again() {
    let world = World::start().await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at(LINK)).await;
    let refused = ada.open(&format!("{}/abort", form.url)).await;

    assert!(refused.url.as_str().starts_with(&world.gate.at("/_gate/")), "{:#?}", refused.way);
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert!(refused.body.contains("provider-refused"), "{}", refused.body);
    assert_eq!(world.portal_requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_key_pushes_its_requests_and_logs_in_without_a_shared_secret() {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let options = [format!("--client-key={}", pair.public_key_pem()), "--require-par".to_owned()];
    let key = pair.serialize_pem();
    let special = Neighbours { client_key: Some(&key), ..Neighbours::default() };
    let world = World::with(&options, &special).await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at(LINK)).await;
    let sent = form.way.iter().find(|url| url.path() == "/auth").expect("sent to the provider");
    let names: Vec<_> = sent.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    let page = log_in(&mut ada, &form, "ada").await;
    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_posted_leads_to_the_page_with_no_code_in_any_address() {
    let special = Neighbours { provider: "response_mode = \"form_post\"", ..Neighbours::default() };
    let world = World::with(&[], &special).await;
    let mut ada = world.visitor();

    let form = ada.open(&world.gate.at(LINK)).await;
    let posting = log_in(&mut ada, &form, "ada").await;
    assert!(world.is_provider(&posting), "{:#?}", posting.way);
    let page = ada.submit(&posting, "/_gate/callback/op", &[]).await;

    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));
    let ways = [&form.way, &posting.way, &page.way];
    assert!(ways.iter().all(|way| way.iter().all(|url| !url.as_str().contains("code="))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_there_ends_every_session_of_that_login_and_tokens_are_given_back() {
    let world = World::that_is_told_of_logouts().await;
    let mut ada = world.visitor();
    let form = ada.open(&world.gate.at("/")).await;
    log_in(&mut ada, &form, "ada").await;
    let mut other_tab = world.visitor();
    let session = ada.cookie("__Host-gate").unwrap().to_owned();
    other_tab.plant_cookie(&world.gate.at("/"), "__Host-gate", &session);
    ada.forget_cookie("__Host-gate");
    let portals = ada.open(&world.gate.at("/")).await;
    assert_eq!(portals.status, 200, "asked again: {:#?}", portals.way);

    let question = ada.submit(&portals, "/_gate/logout", &[]).await;
    world.provider.until_it_tells("access_token.destroyed");
    let whoami = other_tab.open(&world.gate.at("/_gate/whoami")).await;
    assert!(whoami.body.contains("ada@example.com"), "ended too soon: {}", whoami.body);
    let end = ada.submit(&question, "/session/end", &[("logout", "yes")]).await;
    assert!(end.body.contains("logged out here and at"), "{}", end.body);
    world.provider.until_it_tells("backchannel.success");
    let whoami = other_tab.open(&world.gate.at("/_gate/whoami")).await;
    assert!(!whoami.body.contains("ada@example.com"), "{}", whoami.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_providers_at_once_each_have_their_own_customers() {
    let address = free_address();
    let public_url = format!("https://{address}");
    let partner = CertifiedProvider::start_as(&public_url, "partner", &[]);
    let section = format!(
        r#"
        [[provider]]
        id = "partner"
        issuer = "{}"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        scopes = ["openid", "profile", "email", "groups"]
        email_domains = ["example.org"]
        "#,
        partner.issuer
    );
    let special = Neighbours { more: &section, ..Neighbours::default() };
    let world = World::at(address, &[], &special).await;

    let mut ada = world.visitor();
    let choice = ada.open(&world.gate.at(LINK)).await;
    assert_eq!(choice.url.path(), "/_gate/login");
    let op = world.gate.at("/_gate/login?provider=op&return_to=/p/it");
    let form = ada.open(&op).await;
    assert!(world.is_provider(&form), "{:#?}", form.way);
    assert_eq!(log_in(&mut ada, &form, "ada").await.status, 200);

    let mut bob = world.visitor();
    let choice = bob.open(&world.gate.at(LINK)).await;
    let form = bob.submit(&choice, "/_gate/login", &[("email", "bob@example.org")]).await;
    assert!(form.url.as_str().starts_with(&partner.issuer), "{:#?}", form.way);
    let page = log_in(&mut bob, &form, "bob").await;
    assert_eq!((page.url.as_str(), page.status.as_u16()), (world.gate.at(PAGE).as_str(), 200));

    // Bob's domain is the partner's: the other provider cannot make him.
    let mut forged = world.visitor();
    let form = forged.open(&op).await;
    let refused = log_in(&mut forged, &form, "bob").await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("email-domain-elsewhere"), "{}", refused.body);
}

impl World<CertifiedProvider> {
    async fn start() -> Self {
        Self::with(&[], &Neighbours::default()).await
    }

    /// With options of the provider's script, and what of the neighbours is not as usual.
    async fn with(options: &[String], special: &Neighbours<'_>) -> Self {
        Self::at(free_address(), options, special).await
    }

    async fn that_is_told_of_logouts() -> Self {
        let address = free_address();
        let told =
            format!("--backchannel-logout-uri=https://{address}/_gate/backchannel-logout/op");
        Self::at(address, &[told], &Neighbours::default()).await
    }

    async fn at(address: SocketAddr, options: &[String], special: &Neighbours<'_>) -> Self {
        let provider = CertifiedProvider::start(&format!("https://{address}"), options);
        Self::around(address, provider, special).await
    }
}

/// Fills in the provider's form, and agrees to tell the gate who it is.
pub(crate) async fn log_in(visitor: &mut Visitor, form: &Page, name: &str) -> Page {
    let fill = [("login", name), ("password", "any will do")];
    let consent = visitor.submit(form, "/interaction/", &fill).await;
    visitor.submit(&consent, "/interaction/", &[]).await
}
