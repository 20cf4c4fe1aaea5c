//! What each preset fills in, and that the file outweighs it.

use std::fs;
use std::path::Path;

use jsm_gate::config::{self, ClientKeyAudience, LogoutForm, ProviderConfig};
use rstest::rstest;

use super::support::{MINIMAL, load};

const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

/// The provider of the smallest file with another `[[provider]]` section.
fn provider(section: &str) -> ProviderConfig {
    let before = MINIMAL.split("[[provider]]").next().unwrap();
    let session = "[session]\nsecret_file = \"secrets/session\"\n";
    let text = format!("{before}[[provider]]\nid = 'x'\nclient_id = 'gate'\n{section}\n{session}");
    let loaded = load(&text).unwrap_or_else(|refusal| panic!("{}", refusal.report));
    loaded.config.providers.into_iter().next().unwrap()
}

fn preset(name: &str, issuer: Option<&str>) -> ProviderConfig {
    let issuer = issuer.map(|issuer| format!("issuer = '{issuer}'")).unwrap_or_default();
    provider(&format!("preset = '{name}'\n{issuer}"))
}

/// Scopes; claims of email, its verification, and groups.
#[rstest]
#[case("oidc", "https://x.example.com", "openid profile email", "email email_verified groups")]
#[case("okta", "https://x.okta.com", "openid profile email groups", "email email_verified groups")]
#[case(
    "entra",
    &format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
    "openid profile email",
    "email xms_edov groups"
)]
#[case(
    "entra-external",
    &format!("https://{TENANT}.ciamlogin.com/{TENANT}/v2.0"),
    "openid profile email",
    "email email_verified groups"
)]
#[case(
    "azure-b2c",
    &format!("https://x.b2clogin.com/tfp/{TENANT}/b2c_1_login/v2.0/"),
    "openid",
    "emails email_verified groups"
)]
#[case(
    "adfs",
    "https://fs.example.com/adfs",
    "openid profile email allatclaims",
    "upn email_verified group"
)]
#[case(
    "keycloak",
    "https://id.example.com/realms/x",
    "openid profile email",
    "email email_verified groups"
)]
#[case(
    "cognito",
    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
    "openid profile email",
    "email email_verified cognito:groups"
)]
#[case(
    "salesforce",
    "https://x.my.salesforce.com",
    "openid profile email",
    "email email_verified groups"
)]
#[case("auth0", "https://x.eu.auth0.com/", "openid profile email", "email email_verified groups")]
#[case(
    "ping",
    &format!("https://auth.pingone.eu/{TENANT}/as"),
    "openid profile email",
    "email email_verified groups"
)]
#[case(
    "onelogin",
    "https://x.onelogin.com/oidc/2",
    "openid profile email groups",
    "email email_verified groups"
)]
#[case(
    "miniorange",
    "https://x.xecurify.com",
    "openid profile email",
    "email email_verified groups"
)]
fn a_preset_knows_scopes_and_claims(
    #[case] name: &str,
    #[case] issuer: &str,
    #[case] scopes: &str,
    #[case] claims: &str,
) {
    let provider = preset(name, Some(issuer));
    assert_eq!(provider.issuer, issuer, "letter by letter");
    assert_eq!(provider.request.scopes.join(" "), scopes);
    let map = &provider.attributes;
    assert_eq!([&*map.email, &map.email_verified, &map.groups].join(" "), claims);
    assert!(provider.oauth2.is_none());
    assert!(!provider.email.insecure_allow_unverified, "never by itself");
}

#[rstest]
#[case("google", "https://accounts.google.com")]
#[case("gitlab", "https://gitlab.com")]
#[case("github", "https://github.com")]
fn a_product_that_is_one_place_needs_no_issuer(#[case] name: &str, #[case] issuer: &str) {
    assert_eq!(preset(name, None).issuer, issuer);
    let own = "https://git.example.com";
    assert_eq!(preset(name, Some(own)).issuer, own, "but may have another");
}

#[test]
fn google_answers_for_addresses_with_hd() {
    let authority = preset("google", None).email.authority.unwrap();
    assert_eq!((authority.claim, authority.own_domain), ("hd", "gmail.com"));
}

#[rstest]
#[case("auth0", "https://x.eu.auth0.com/", LogoutForm::Auth0)]
#[case("cognito", "https://cognito-idp.x.amazonaws.com/y", LogoutForm::Cognito)]
#[case("keycloak", "https://id.example.com/realms/x", LogoutForm::EndSession)]
fn a_preset_knows_how_to_log_out(
    #[case] name: &str,
    #[case] issuer: &str,
    #[case] logout: LogoutForm,
) {
    assert_eq!(preset(name, Some(issuer)).logout, logout);
}

#[rstest]
#[case(None, "https://api.github.com/user")]
#[case(Some("https://git.example.com/"), "https://git.example.com/api/v3/user")]
fn github_and_its_enterprise_server_have_known_addresses(
    #[case] issuer: Option<&str>,
    #[case] user_info: &str,
) {
    let github = preset("github", issuer);
    let endpoints = github.oauth2.unwrap();
    assert_eq!(endpoints.userinfo_endpoint.as_str(), user_info);
    assert_eq!(endpoints.emails_endpoint.unwrap().as_str(), format!("{user_info}/emails"));
    assert_eq!(github.attributes.subject, "id");
    assert_eq!(github.request.scopes, ["read:user", "user:email"]);
}

#[test]
fn plain_oauth2_says_everything_itself() {
    let provider = provider(
        "preset = 'oauth2'
        authorization_endpoint = 'https://login.example.com/authorize?realm=x'
        token_endpoint = 'https://login.example.com/token'
        userinfo_endpoint = 'https://api.example.com/me'
        attributes = { subject = 'user.id', email = 'user.mail', email_verified = 'user.checked' }",
    );
    assert_eq!(provider.issuer, "https://login.example.com");
    assert_eq!(provider.request.scopes, Vec::<String>::new());
    assert!(provider.oauth2.unwrap().emails_endpoint.is_none());
    assert_eq!(provider.attributes.subject, "user.id");
}

#[test]
fn the_file_outweighs_the_preset() {
    let provider = provider(
        "preset = 'okta'
        issuer = 'https://x.okta.com'
        scopes = ['openid', 'email']
        client_key_file = 'certs/key.pem'
        client_key_audience = 'issuer'
        attributes = { groups = 'roles' }",
    );
    assert_eq!(provider.request.scopes, ["openid", "email"]);
    assert_eq!(provider.attributes.groups, "roles");
    let config::ClientAuth::Key(key) = provider.client_auth else { panic!("private_key_jwt") };
    assert_eq!(key.audience, ClientKeyAudience::Issuer);
    assert_eq!(key.key.algorithm(), "ES256");
}

/// The page says what to click, which addresses to register and what `check` says then.
#[test]
fn every_preset_has_a_page() {
    let schema = config::schema();
    let presets = &schema["properties"]["provider"]["items"]["properties"]["preset"]["enum"];
    let names: Vec<_> =
        presets.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names.len(), 17);
    for name in names {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/providers/{name}.md"));
        let text = fs::read_to_string(&page).unwrap_or_else(|error| panic!("{name}: {error}"));
        for part in [&*format!("preset = \"{name}\""), "/_gate/callback/", "jsm-gate check"] {
            assert!(text.contains(part), "docs/providers/{name}.md lacks {part}");
        }
        let section =
            text.split("```toml\n").nth(1).unwrap_or_default().split("```").next().unwrap();
        assert!(section.starts_with("[[provider]]"), "{name}: the configuration comes first");
        toml::from_str::<toml::Value>(section).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
