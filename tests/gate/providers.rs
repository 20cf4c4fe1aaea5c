//! Several providers in one gate: which one a customer is sent to, and whom a portal believes.

use jsm_gate::auth;
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::provider::{Fault, Provider, ProviderSettings};
use serde_json::json;

use crate::site::{ANN, Site, log_in, site, until};
use crate::visitor::{Page, Visitor};

/// A gate with the usual provider `idp` and another one, `partner`, for `partner.org`.
struct Two {
    site: Site,
    partner: Provider,
}

impl Two {
    async fn start(more: &str) -> Self {
        let partner = Provider::start(ProviderSettings::default()).await.unwrap();
        partner.misbehave(Fault::Claim("email", json!("ann@partner.org")));
        let section = format!(
            r#"
            [[provider]]
            id = "partner"
            name = "Partner Ltd."
            issuer = "{}"
            client_id = "jsm-gate"
            client_secret_file = "client-secret"
            scopes = ["openid", "profile", "email", "groups"]
            email_domains = ["partner.org"]
            {more}
            "#,
            partner.issuer()
        );
        let site = site().with(&section).start().await;
        let authenticator = site.gate.assembly().authenticator();
        until("both are ready", || authenticator.providers().iter().all(auth::Provider::is_ready))
            .await;
        Self { site, partner }
    }

    fn at_partner(&self, page: &Page) -> bool {
        page.url.as_str().starts_with(self.partner.issuer())
    }

    fn at_idp(&self, page: &Page) -> bool {
        page.url.as_str().starts_with(self.site.provider.issuer())
    }
}

/// What the document would say, the configuration says: where to log in, whose keys count, where to ask
/// for more, and where to log out.
#[tokio::test(flavor = "multi_thread")]
async fn a_provider_without_a_discovery_document_works_by_its_endpoints() {
    let partner = Provider::start(ProviderSettings::default()).await.unwrap();
    partner.misbehave(Fault::DiscoveryStatus(404));
    let at = partner.issuer();
    let section = format!(
        r#"
        [[provider]]
        id = "partner"
        issuer = "{at}"
        authorization_endpoint = "{at}/authorize"
        token_endpoint = "{at}/token"
        jwks_uri = "{at}/jwks"
        userinfo_endpoint = "{at}/userinfo"
        end_session_endpoint = "{at}/end-session"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        "#
    );
    let site = site().with(&section).start().await;
    let mut ann = site.visitor();
    let form = ann.open(&site.at("/_gate/login?return_to=/p/it&provider=partner&go=1")).await;
    assert!(form.url.as_str().starts_with(at), "{:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2");
    assert_eq!(site.forwarded()[0].header("x-forwarded-user"), ANN);

    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    assert_eq!(partner.count("/end-session"), 1);
    assert_eq!(partner.count("/.well-known/openid-configuration"), 0);
}

/// Signed by whoever it may be, if not by a key at `jwks_uri`.
#[tokio::test(flavor = "multi_thread")]
async fn d8_without_a_discovery_document_tokens_are_verified_all_the_same() {
    let partner = Provider::start(ProviderSettings::default()).await.unwrap();
    let other = Provider::start(ProviderSettings::default()).await.unwrap();
    let (at, keys) = (partner.issuer(), other.issuer());
    let section = format!(
        r#"
        [[provider]]
        id = "partner"
        issuer = "{at}"
        authorization_endpoint = "{at}/authorize"
        token_endpoint = "{at}/token"
        jwks_uri = "{keys}/jwks"
        client_id = "jsm-gate"
        client_secret_file = "client-secret"
        "#
    );
    let site = site().with(&section).start().await;
    let mut ann = site.visitor();
    let form = ann.open(&site.at("/_gate/login?return_to=/p/it&provider=partner&go=1")).await;
    let page = log_in(&mut ann, &form, "ann").await;
    assert_ne!(page.status, StatusCode::OK);
    assert_eq!(ann.cookie("gate"), None);
    assert!(site.forwarded().is_empty());
}

/// Follows the choice page's link to a provider.
async fn choose(visitor: &mut Visitor, page: &Page, provider: &str) -> Page {
    let link = links(page).into_iter().find(|link| link.contains(&format!("provider={provider}")));
    let link = link.unwrap_or_else(|| panic!("{provider} is not offered: {}", page.body));
    visitor.open(page.url.join(&link).unwrap().as_str()).await
}

fn links(page: &Page) -> Vec<String> {
    let after = page.body.split("href=\"").skip(1);
    after
        .map(|rest| rest.split('"').next().unwrap().replace("&#x2f;", "/").replace("&amp;", "&"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_chooses_once_and_lands_on_the_page_that_the_link_names() {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it/create/66?summary=a%20b")).await;
    assert_eq!((page.url.path(), page.status), ("/_gate/login", StatusCode::OK));
    assert!(page.body.contains("Example Organisation") && page.body.contains("Partner Ltd."));

    let form = choose(&mut ann, &page, "partner").await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/create/66");
    assert_eq!(landed.url.query(), Some("summary=a%20b"));
    assert_eq!(two.site.forwarded()[0].header("x-forwarded-user"), "ann@partner.org");

    ann.forget_cookie("gate");
    let again = ann.open(&two.site.at("/p/it")).await;
    assert!(again.way.iter().any(|url| url.as_str().starts_with(two.partner.issuer())));
    assert_eq!(again.url.path(), "/servicedesk/customer/portal/2", "not asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_remembered_can_choose_again() {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    ann.plant_cookie(&two.site.url, "gate-provider", "partner");
    let form = ann.open(&two.site.at("/p/it")).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let page = ann.open(&two.site.at("/_gate/login?return_to=/p/it&choose=1")).await;
    let form = choose(&mut ann, &page, "idp").await;
    assert!(two.at_idp(&form), "{:?}", form.way);
}

#[rstest]
#[case::gone("okta")]
#[case::rubbish("%00")]
#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_provider_that_is_not_there_is_forgotten(#[case] remembered: &str) {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    ann.plant_cookie(&two.site.url, "gate-provider", remembered);
    let page = ann.open(&two.site.at("/p/it")).await;
    assert_eq!(page.url.path(), "/_gate/login");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_domain_leads_straight_to_its_provider_with_a_hint() {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it")).await;
    let form = ann.submit(&page, "/_gate/login", &[("email", " Ann@Partner.ORG ")]).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let asked = two.partner.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(asked.parameter("login_hint"), Some("ann@partner.org"));
    let on_the_way = form.way.iter().filter(|url| url.as_str().starts_with(&two.site.url));
    assert!(on_the_way.clone().all(|url| !url.as_str().to_lowercase().contains("ann%40")));
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2");
}

#[rstest]
#[case::no_address("ann")]
#[case::two_domains("ann@partner.org@evil.com")]
#[case::domain_of_nobody("ann@nowhere.org")]
#[case::domain_below("ann@mail.partner.org")]
#[case::markup("\"><script>@partner.org")]
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_leads_nowhere_is_asked_for_again(#[case] typed: &str) {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it")).await;
    let again = ann.submit(&page, "/_gate/login", &[("email", typed)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("role=\"alert\"") && !again.body.contains("<script>"));
    let form = choose(&mut ann, &again, "idp").await;
    assert!(two.at_idp(&form), "the way back is kept: {:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_provider_is_found_by_mail_domain_only() {
    let two = Two::start("hidden = true").await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it")).await;
    assert!(!page.body.contains("Partner Ltd."), "{}", page.body);
    let form = ann.submit(&page, "/_gate/login", &[("email", "ann@partner.org")]).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
}

const HR_IS_PARTNERS: &str = "[[portal]]\nproject = 'HR'\nprovider = 'partner'";

#[rstest]
#[case::by_its_link("/p/hr")]
#[case::by_its_own_address("/servicedesk/customer/portal/3/HR-1")]
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_with_a_provider_leads_straight_there(#[case] path: &str) {
    let two = Two::start(HR_IS_PARTNERS).await;
    let mut ann = two.site.visitor();
    ann.plant_cookie(&two.site.url, "gate-provider", "idp");
    let form = ann.open(&two.site.at(path)).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert!(landed.url.path().starts_with("/servicedesk/customer/portal/3"), "{:?}", landed.way);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_provider_is_not_enough_and_the_right_login_is_one_click_away() {
    let two = Two::start(HR_IS_PARTNERS).await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it")).await;
    let form = choose(&mut ann, &page, "idp").await;
    log_in(&mut ann, &form, "ann").await;
    let before = ann.cookie("gate").unwrap().to_owned();
    let forwarded = two.site.forwarded().len();

    let refused = ann.open(&two.site.at("/p/hr/HR-1?a=b")).await;
    assert_eq!((refused.url.path(), refused.status), ("/p/hr/HR-1", StatusCode::FORBIDDEN));
    for told in ["other-provider", ANN, "Partner Ltd."] {
        assert!(refused.body.contains(told), "no {told} in {}", refused.body);
    }
    assert_eq!(two.site.forwarded().len(), forwarded);
    assert_eq!(ann.cookie("gate"), Some(&*before), "still logged in");

    let link = links(&refused).into_iter().find(|link| link.contains("/_gate/login")).unwrap();
    let form = ann.open(&two.site.at(&link)).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/3/HR-1");
    assert_eq!(two.site.forwarded().last().unwrap().header("x-forwarded-user"), "ann@partner.org");
    assert_ne!(ann.cookie("gate"), Some(&*before), "c5: the login replaced the session");
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_changing_to_and_fro_between_providers_is_no_loop() {
    let two =
        Two::start(&format!("{HR_IS_PARTNERS}\n[[portal]]\nproject = 'IT'\nprovider = 'idp'"))
            .await;
    let mut ann = two.site.visitor();
    let form = ann.open(&two.site.at("/p/it")).await;
    log_in(&mut ann, &form, "ann").await;
    for (round, (portal, there)) in [("hr", "3"), ("it", "2")].iter().cycle().take(6).enumerate() {
        let login = format!("/_gate/login?return_to=/p/{portal}");
        let page = ann.open(&two.site.at(&login)).await;
        let asked = two.at_partner(&page) || two.at_idp(&page);
        let page = if asked { log_in(&mut ann, &page, "ann").await } else { page };
        let expected = format!("/servicedesk/customer/portal/{there}");
        assert_eq!(page.url.path(), expected, "round {round}: {:?}", page.way);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_cannot_make_people_of_another_ones_mail_domain() {
    let two = Two::start("").await;
    two.site.provider.misbehave(Fault::Claim("email", json!("boss@partner.org")));
    let mut eve = two.site.visitor();
    let page = eve.open(&two.site.at("/p/it")).await;
    let form = choose(&mut eve, &page, "idp").await;
    let refused = log_in(&mut eve, &form, "ann").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for told in ["email-domain-elsewhere", "boss@partner.org", "Partner Ltd."] {
        assert!(refused.body.contains(told), "no {told} in {}", refused.body);
    }
    assert_eq!(eve.cookie("gate"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_nothing_but_a_known_provider_can_be_asked_for() {
    let two = Two::start("").await;
    let mut ann = two.site.visitor();
    let asked =
        "/_gate/login?return_to=/p/it&provider=partner&scope=admin&acr_values=x&login_hint=y";
    let form = ann.open(&two.site.at(asked)).await;
    assert!(two.at_partner(&form));
    let seen = two.partner.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!((seen.parameter("acr_values"), seen.parameter("login_hint")), (None, None));
    assert_eq!(seen.parameter("scope"), Some("openid profile email groups"));
    let page = ann.open(&two.site.at("/_gate/login?return_to=/p/it&provider=okta")).await;
    assert_eq!(page.url.path(), "/_gate/login", "an unknown one is no choice");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_post_an_address() {
    let two = Two::start("").await;
    let login = two.site.at("/_gate/login");
    let post = |post: reqwest::RequestBuilder| {
        post.header("Origin", "https://evil.example").form(&[("email", "ann@partner.org")])
    };
    let answer = two.site.visitor().request(Method::POST, &login, post).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(!answer.headers().contains_key(SET_COOKIE));
}

/// The smallest picture there is.
const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg'/>";

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_comes_from_the_gate_itself() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("logo.svg");
    std::fs::write(&file, PICTURE).unwrap();
    let two = Two::start(&format!("logo_file = '{}'", file.display())).await;
    let mut ann = two.site.visitor();
    let page = ann.open(&two.site.at("/p/it")).await;
    let source = page.body.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let source = source.map(|source| source.replace("&#x2f;", "/"));
    let source = source.into_iter().find(|source| source.contains("/_gate/logo/")).unwrap();
    let answer = ann.request(Method::GET, &two.site.at(&source), |get| get).await;
    assert_eq!(answer.headers()["content-type"], "image/svg+xml");
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("'none'"));
    assert_eq!(answer.text().await.unwrap(), PICTURE);
    let none = ann.request(Method::GET, &two.site.at("/_gate/logo/idp"), |get| get).await;
    assert_eq!(none.status(), StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn oidcc_client_test_3rd_party_init_login() {
    let two = Two::start("").await;
    let begin = |query: &str| {
        format!("{}?iss={}&{query}", two.site.at("/_gate/login"), two.partner.issuer())
    };
    let mut ann = two.site.visitor();
    let target = two.site.at("/p/it/IT-1?a=b");
    let form =
        ann.open(&begin(&format!("target_link_uri={target}&login_hint=ann@partner.org"))).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let asked = two.partner.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(asked.parameter("login_hint"), Some("ann@partner.org"));
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
    let again = ann.open(&begin(&format!("target_link_uri={target}"))).await;
    assert_eq!(again.url.path(), "/servicedesk/customer/portal/2/IT-1", "{:?}", again.way);
}

#[rstest]
#[case::elsewhere("https://evil.example/p/it")]
#[case::e3_shorter_end("https://evil-127.0.0.1/p/it")]
#[case::e3_longer_host("GATE.evil.example/p/it")]
#[case::e3_user_of_another("GATE@evil.example/p/it")]
#[case::protocol_relative("GATE//evil.example")]
#[case::script("javascript:alert(1)")]
#[case::nowhere("")]
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_login_that_somebody_else_begins_ends_here(#[case] target: &str) {
    let two = Two::start("").await;
    let target = target.replace("GATE", &two.site.url);
    let address = two.site.at("/_gate/login");
    let begin = format!("{address}?iss={}&target_link_uri={target}", two.partner.issuer());
    let mut ann = two.site.visitor();
    let form = ann.open(&begin).await;
    assert!(two.at_partner(&form), "{:?}", form.way);
    let landed = log_in(&mut ann, &form, "ann").await;
    assert_eq!(landed.url.as_str(), two.site.at("/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_a_login_that_somebody_else_begins_has_only_what_it_may() {
    let two = Two::start("").await;
    let more = "scope=admin&redirect_uri=https://evil.example&acr_values=1&login_hint=no%20address";
    let begin = format!("{}?iss={}&{more}", two.site.at("/_gate/login"), two.partner.issuer());
    two.site.visitor().open(&begin).await;
    let asked = two.partner.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(asked.parameter("scope"), Some("openid profile email groups"));
    assert_eq!((asked.parameter("acr_values"), asked.parameter("login_hint")), (None, None));
    assert!(asked.parameter("redirect_uri").unwrap().starts_with(&two.site.url));
    let unknown = two.site.at("/_gate/login?iss=https://unknown.example.com");
    assert_eq!(two.site.visitor().open(&unknown).await.status, StatusCode::BAD_REQUEST);
}

/// With `form_post` a browser sends no cookie with the provider's answer: the gate's own page posts
/// it once more. Modules of the Form Post plan.
mod oidcc_client_formpost {
    use super::*;

    async fn posting() -> Site {
        let site = site();
        site.with_provider("response_mode = 'form_post'").start().await
    }

    /// The provider's page that posts the answer, and what it posts.
    async fn answer(site: &Site, visitor: &mut Visitor, press: &[(&str, &str)]) -> Page {
        let form = visitor.open(&site.at("/p/it/IT-1?a=b")).await;
        visitor.submit(&form, "/login", press).await
    }

    const ANN_LOGS_IN: [(&str, &str); 2] = [("username", "ann"), ("password", "demo")];

    #[tokio::test(flavor = "multi_thread")]
    async fn oidcc_client_test() {
        let site = posting().await;
        let mut ann = site.visitor();
        let posting = answer(&site, &mut ann, &ANN_LOGS_IN).await;
        assert!(posting.url.as_str().starts_with(site.provider.issuer()), "{:?}", posting.way);
        let landed = ann.submit(&posting, "/_gate/callback/idp", &[]).await;
        assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
        assert!(landed.way.iter().all(|url| !url.as_str().contains("code=")), "{:?}", landed.way);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_without_its_cookie_is_posted_once_more_by_the_gate_itself() {
        let site = posting().await;
        let mut ann = site.visitor();
        let posting = answer(&site, &mut ann, &ANN_LOGS_IN).await;
        // What a real browser sends from another site: no SameSite=Lax cookie.
        let fields = crate::visitor::fields(&posting, "/_gate/callback/idp");
        let post = |post: reqwest::RequestBuilder| {
            post.header("Origin", site.provider.issuer())
                .header("Accept", "text/html")
                .form(&fields)
        };
        let callback = site.at("/_gate/callback/idp");
        let bounce = site.visitor().request(Method::POST, &callback, post).await;
        assert_eq!(bounce.status(), StatusCode::OK);
        assert!(
            !bounce.headers().contains_key(LOCATION) && !bounce.headers().contains_key(SET_COOKIE)
        );
        assert_eq!(site.provider.count("/token"), 0, "the code is not spent");
        let url = callback.parse().unwrap();
        let way = vec![];
        let page = Page { url, status: bounce.status(), body: bounce.text().await.unwrap(), way };
        let landed = ann.submit(&page, "/_gate/callback/idp", &[]).await;
        assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
        assert_eq!(site.provider.count("/token"), 1);

        let stranger = site.visitor().submit(&page, "/_gate/callback/idp", &[]).await;
        assert_eq!(stranger.status, StatusCode::BAD_REQUEST, "d2: not their login");
        assert!(stranger.body.contains("login-expired"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn oidcc_client_test_form_post_error() {
        let site = posting().await;
        let mut ann = site.visitor();
        let posting = answer(&site, &mut ann, &[("cancel", "1")]).await;
        let refused = ann.submit(&posting, "/_gate/callback/idp", &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert!(refused.body.contains("login-cancelled"), "{}", refused.body);
    }

    #[rstest]
    #[case::two_codes("code=x&code=y&state=z&gate_again=1", "callback-invalid")]
    #[case::no_state("code=x&gate_again=1", "callback-invalid")]
    #[case::unknown_state("code=x&state=z&gate_again=1", "login-expired")]
    #[tokio::test(flavor = "multi_thread")]
    async fn d14_a_posted_answer_is_as_strict_as_any(
        #[case] body: &'static str,
        #[case] code: &str,
    ) {
        let site = posting().await;
        let post = |post: reqwest::RequestBuilder| {
            let form = "application/x-www-form-urlencoded";
            post.header("Content-Type", form).header("Accept", "text/html").body(body)
        };
        let callback = site.at("/_gate/callback/idp");
        let answer = site.visitor().request(Method::POST, &callback, post).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(answer.text().await.unwrap().contains(code));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn e8_what_is_posted_once_more_is_escaped_and_only_what_an_answer_has() {
        let site = posting().await;
        let post = |post: reqwest::RequestBuilder| {
            post.form(&[("state", "\"><script>alert(1)</script>"), ("code", "c"), ("other", "o")])
        };
        let callback = site.at("/_gate/callback/idp");
        let page =
            site.visitor().request(Method::POST, &callback, post).await.text().await.unwrap();
        assert!(!page.contains("<script>alert"), "{page}");
        assert!(page.contains("name=\"code\"") && !page.contains("name=\"other\""), "{page}");
    }
}
