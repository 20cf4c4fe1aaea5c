//! What is accepted, and what of it is said at each start.

use std::path::Path;

use jsm_gate::config::{self, Config};
use jsm_gate::domain::{Level, Mode};
use rstest::rstest;
use secrecy::ExposeSecret;

use super::support::{MINIMAL, load};

#[test]
fn the_smallest_file_is_accepted_without_a_warning() {
    assert!(load(MINIMAL).unwrap().warnings.is_empty());
}

#[test]
fn h2_insecure_settings_are_said_at_each_start() {
    let text = MINIMAL
        .replace(
            "https://jira.example.com\"",
            "http://jira.example.com\"\ninsecure_plain_http = true",
        )
        .replace("client_id", "insecure_allow_unverified_email = true\nclient_id");
    let loaded = load(&text).unwrap();
    assert!(loaded.config.providers[0].email.insecure_allow_unverified);
    let subjects: Vec<_> = loaded.warnings.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(
        subjects,
        ["jsm.insecure_plain_http", "provider[main].insecure_allow_unverified_email"]
    );
    assert!(loaded.warnings.iter().all(|one| one.level == Level::Warning && one.remedy.is_some()));
}

#[test]
fn opening_all_of_jira_is_said_at_each_start() {
    let text = MINIMAL.replace("[jsm]", "[forward]\nallow_paths = ['/app/', '/']\n[jsm]");
    let loaded = load(&text).unwrap();
    assert_eq!(loaded.config.forward.allow_paths.len(), 2);
    let subjects: Vec<_> = loaded.warnings.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["forward.allow_paths[1]"]);
}

/// Jira writes its public addresses itself when it is told them, context path included.
#[test]
fn rewriting_for_a_jira_that_knows_its_public_address_is_needless_and_said_to_be() {
    let forward = "[forward]\nhost = 'public'\nrewrite_bodies = true\n[jsm]";
    let text = MINIMAL.replace("[jsm]", forward).replace("example.com\"", "example.com/jira\"");
    let loaded = load(&text).unwrap();
    assert!(!loaded.config.forward.rewrite_bodies);
    let subjects: Vec<_> = loaded.warnings.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["forward.rewrite_bodies"]);
}

#[test]
fn an_assertion_beside_a_store_of_several_gates_is_said_at_each_start() {
    let assertion = "[forward.assertion]\naudience = 'https://jira.example.com'\n[jsm]";
    let alone = MINIMAL.replace("[jsm]", assertion);
    assert!(load(&alone).unwrap().warnings.is_empty());
    let redis = "[session]\nstore = 'redis://localhost'";
    let shared = load(&alone.replace("[session]", redis)).unwrap();
    let subjects: Vec<_> = shared.warnings.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["forward.assertion"]);
}

#[test]
fn certificate_and_key_that_belong_together_are_accepted() {
    let pair = "certificate = 'certs/cert.pem'\nprivate_key = 'certs/key.pem'\n[jsm]";
    let text = MINIMAL.replace("http://localhost", "https://localhost").replace("[jsm]", pair);
    let tls = load(&text).unwrap().config.gate.tls.unwrap();
    assert!(tls.certificate.ends_with("certs/cert.pem"));
    assert!(tls.private_key.ends_with("certs/key.pem"));
}

#[test]
fn behind_a_front_no_certificate_is_needed() {
    let front = "trusted_proxies = ['10.1.2.3']\n[jsm]";
    let text = MINIMAL.replace("http://localhost:8080", "https://help.example.com");
    let config = load(&text.replace("[jsm]", front)).unwrap().config;
    assert_eq!(config.gate.trusted_proxies, ["10.1.2.3/32".parse().unwrap()]);
}

#[test]
fn secrets_come_from_variables_and_credentials_too() {
    let credentials = tempfile::TempDir::new().unwrap();
    let secret = config::new_secret();
    let file = credentials.path().join("session");
    std::fs::write(&file, format!("{secret}\n{}\n", config::new_secret())).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
    let folder = credentials.path().to_str().unwrap().to_owned();
    let env = |name: &str| match name {
        "CREDENTIALS_DIRECTORY" => Some(folder.clone()),
        "JSM_TOKEN" => Some("ATATT-token".to_owned()),
        _ => None,
    };
    let text = MINIMAL
        .replace("api_token_file = \"secrets/jsm-token\"", "api_token_env = \"JSM_TOKEN\"")
        .replace("secret_file = \"secrets/session\"", "secret_credential = \"session\"");
    let config = config::parse("proxy.toml", &text, Path::new(""), &env).unwrap().config;
    assert_eq!(config.jsm.api_token.expose_secret(), "ATATT-token");
    let secrets: Vec<_> = config.session.secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(secrets.len(), 2);
    assert_eq!(secrets[0], secret);
}

#[test]
fn h6_no_secret_is_printed_with_the_configuration() {
    let config: Config = load(MINIMAL).unwrap().config;
    let printed = format!("{config:?}");
    assert!(!printed.contains(config.jsm.api_token.expose_secret()), "{printed}");
    assert!(!printed.contains(config.session.secrets[0].expose_secret()), "{printed}");
}

#[test]
fn p17_a_store_that_forgets_bindings_is_said_at_each_start_where_portals_are_hosted() {
    let memory = MINIMAL.replace("[session]", "[session]\nstore = 'memory'");
    assert!(load(&memory).unwrap().warnings.is_empty());
    let hosted = memory.replace("[jsm]", "[portals]\nmode = 'hosted'\n[jsm]");
    let subjects: Vec<_> =
        load(&hosted).unwrap().warnings.iter().map(|one| one.subject.clone()).collect();
    assert_eq!(subjects, ["session.store"]);
}

/// A portal that says nothing, one that is private, one of strangers, one that says how it is served.
#[rstest]
#[case::cloud_by_its_name("example.atlassian.net\"\nemail = \"gate@example.com", "", [true, true, false, false])]
#[case::cloud_as_said("jira.example.com\"\ndeployment = \"cloud\"\nemail = \"gate@example.com", "", [true, true, false, false])]
#[case::data_center("jira.example.com\"\ndeployment = \"data-center", "", [false; 4])]
#[case::not_told("jira.example.com", "", [false; 4])]
#[case::said_for_all("jira.example.com", "access = 'private'\nmode = 'forward'", [false; 4])]
#[case::of_strangers("example.atlassian.net\"\nemail = \"gate@example.com", "access = 'public'", [false, true, false, false])]
fn clouds_portals_are_hosted_unless_they_are_open_to_strangers(
    #[case] url: &str,
    #[case] defaults: &str,
    #[case] hosted: [bool; 4],
) {
    let portals = format!(
        "[portals]
        {defaults}
        [[portal]]
        project = 'HR'
        access = 'private'
        allow = {{ groups = ['staff'] }}
        [[portal]]
        project = 'FAC'
        access = 'public'
        [[portal]]
        project = 'LAB'
        access = 'default'
        mode = 'forward'
        [session]"
    );
    let text = MINIMAL.replace("jira.example.com", url).replace("[session]", &portals);
    let config = load(&text).unwrap_or_else(|refusal| panic!("{}", refusal.report)).config;
    let rules = config.portals.iter().map(|rule| rule.mode);
    let modes: Vec<_> = std::iter::once(config.portal_defaults.mode()).chain(rules).collect();
    assert_eq!(modes, hosted.map(|hosted| if hosted { Mode::Hosted } else { Mode::Forward }));
}

/// What a hosted portal has goes without `mode` on Cloud.
#[test]
fn keys_of_hosted_portals_need_no_mode_on_cloud() {
    let cloud = "https://example.atlassian.net\"\nemail = \"gate@example.com";
    let portal = "[[portal]]\nproject = 'IT'\nopen_desk = true\ndescription = 'Help'\n[session]";
    let text = MINIMAL.replace("[session]", portal);
    let refused = load(&text).unwrap_err();
    assert_eq!(refused.errors.mistakes().len(), 2, "{}", refused.report);
    let text = text.replace("https://jira.example.com", cloud);
    assert!(load(&text).unwrap_or_else(|refusal| panic!("{}", refusal.report)).warnings.is_empty());
}

#[test]
fn rules_for_customers_are_read_as_those_of_portals_are() {
    let rules = "
        [customers]
        create = false
        staff_groups = ['Site admins']
        [[customers.organization]]
        name = 'Acme'
        email_domains = ['acme.example']
        providers = ['main']
        remove = true
        [[customers.group]]
        name = 'portal-customers'
        default = true
        [session]";
    let customers = load(&MINIMAL.replace("[session]", rules)).unwrap().config.customers;
    assert!(!customers.create);
    let organization = &customers.organizations[0];
    assert!(organization.remove && organization.people.email_domains.contains("acme.example"));
    assert!(customers.groups[0].default && customers.groups[0].people.is_empty());
    assert_eq!(customers.staff_groups, ["Site admins"]);
    let joins_staff = rules.replace("'portal-customers'", "'site admins'");
    let refused = load(&MINIMAL.replace("[session]", &joins_staff)).unwrap_err();
    assert!(refused.report.contains("is a group of staff"), "{}", refused.report);
    assert!(load(MINIMAL).unwrap().config.customers.create, "on by default");
}
