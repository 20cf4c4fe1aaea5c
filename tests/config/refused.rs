//! What is refused, and how that is said.

use std::fs;
use std::path::PathBuf;

use rstest::rstest;

use super::support::{MINIMAL, load};

/// Each file below `bad/` has its report beside it.
#[rstest]
fn bad_files_are_reported(#[files("tests/data/config/bad/*.toml")] file: PathBuf) {
    let refusal = load(&fs::read_to_string(&file).unwrap()).unwrap_err();
    assert!(!refusal.report.contains("do-not-show"), "{}", refusal.report);
    assert!(!refusal.report.contains("hunter2"), "{}", refusal.report);
    let name = file.file_stem().unwrap().to_str().unwrap();
    insta::with_settings!({
        snapshot_path => "../data/config/bad",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, refusal.report);
    });
}

#[test]
fn ten_mistakes_are_ten_reports_each_with_its_line() {
    let refusal = load(include_str!("../data/config/bad/ten_mistakes.toml")).unwrap_err();
    let expected = [
        (2, "gate.public_url"),
        (3, "gate.lisen"),
        (7, "jsm.api_token"),
        (8, "jsm.refresh"),
        (11, "provider[Okta].id"),
        (12, "provider[Okta].issuer"),
        (13, "provider[Okta].client_id"),
        (16, "portals.access"),
        (19, "session.idle"),
        (20, "session.secret_file"),
    ];
    assert_eq!(refusal.places(), expected);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let errors = jsm_gate::config::load("nowhere/proxy.toml".as_ref()).unwrap_err();
    assert!(errors.to_string().contains("nowhere/proxy.toml cannot be read"), "{errors}");
}

/// Each is told for what it is, with a remedy of its own.
#[rstest]
#[case::of_another_encoding(b"# T\xfcr\n", "is not UTF-8: line 1", "save the file as UTF-8")]
#[case::further_down(b"[gate]\n# \xff\xfe", "line 2", "save the file as UTF-8")]
fn a_file_that_is_no_utf_8_says_so(#[case] bytes: &[u8], #[case] says: &str, #[case] remedy: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("proxy.toml");
    fs::write(&file, bytes).unwrap();
    let report = jsm_gate::config::load(&file).unwrap_err().to_string();
    assert!(report.contains(says) && report.contains(remedy), "{report}");
    assert!(!report.contains("--config"), "{report}");
}

#[test]
fn a_folder_in_the_place_of_the_file_or_of_a_secret_is_called_one() {
    let errors = jsm_gate::config::load("tests".as_ref()).unwrap_err().to_string();
    assert!(errors.contains("name the file in it with --config"), "{errors}");
    let report = load(&MINIMAL.replace("secrets/jsm-token", "secrets")).unwrap_err().report;
    assert!(report.contains("is a folder: secrets"), "{report}");
    assert!(!report.contains("chmod"), "{report}");
}

#[test]
fn a_terminal_gets_colours_and_a_log_does_not() {
    let refusal = load("").unwrap_err();
    assert!(refusal.errors.coloured().contains('\u{1b}'));
    assert!(!refusal.report.contains('\u{1b}'));
}

/// One change to the smallest file, and the key that is blamed for it.
#[rstest]
#[case::a3_tls_without_certificate_or_front(
    ("http://localhost:8080", "https://help.example.com"), "gate.certificate"
)]
#[case::a3_everybody_is_no_front(
    ("[jsm]", "trusted_proxies = ['0.0.0.0/0']\n[jsm]"), "gate.trusted_proxies[0]"
)]
#[case::a10_log_filter(("[jsm]", "[log]\nlevel = 'info,=='\n[jsm]"), "log.level")]
#[case::h1_no_secret(("secret_file", "#secret_file"), "session.secret_file")]
#[case::h1_short_secret(("secrets/session", "secrets/short"), "session.secret_file")]
#[case::h1_world_readable_secret(("jsm-token", "world-readable"), "jsm.api_token_file")]
#[case::h1_world_readable_key(
    ("http://localhost:8080\"", "https://localhost:8080\"
certificate = 'certs/cert.pem'
private_key = 'certs/cert.pem'"),
    "gate.private_key"
)]
#[case::h1_inline_secret(("secret_file", "secret"), "session.secret")]
#[case::h2_plain_http_for_customers(("localhost:8080", "help.example.com"), "gate.public_url")]
#[case::h2_plain_http_to_jsm(("https://jira", "http://jira"), "jsm.url")]
#[case::jsm_below_the_gates_own(("https://jira.example.com", "https://jira.example.com/p"), "jsm.url")]
#[case::h2_plain_http_to_provider(("https://login", "http://login"), "provider[main].issuer")]
#[case::half_a_pair(("[jsm]", "certificate = 'certs/cert.pem'\n[jsm]"), "gate.private_key")]
#[case::cloud_without_email(("jira.example.com", "example.atlassian.net"), "jsm.email")]
#[case::public_site(("[jsm]", "[forward]\npublic_paths = ['/']\n[jsm]"), "forward.public_paths[0]")]
#[case::odd_path(("[jsm]", "[forward]\nallow_paths = ['/a/../']\n[jsm]"), "forward.allow_paths[0]")]
#[case::a_store_of_another_kind(("[session]", "[session]\nstore = 'postgres://host'"), "session.store")]
#[case::h1_a_password_in_an_address(
    ("[session]", "[session]\nstore = 'redis://gate:hunter2@host'"), "session.store"
)]
#[case::a_password_for_no_redis(
    ("[session]", "[session]\nstore_password_file = 'secrets/session'"), "session.store_password_file"
)]
#[case::nobody_may_log_in(("[session]", "[session]\nper_customer = 0"), "session.per_customer")]
#[case::sso(("[jsm]", "[portals]\nmode = 'sso'\n[jsm]"), "portals.service_provider")]
#[case::strangers_in_a_hosted_portal(
    ("[jsm]", "[portals]\nmode = 'hosted'\naccess = 'public'\n[jsm]"), "portals.access"
)]
#[case::strangers_in_one_hosted_portal(
    ("[jsm]", "[portals]\naccess = 'public'\n[[portal]]\nproject = 'IT'\nmode = 'hosted'\n[jsm]"),
    "portal[IT].mode"
)]
#[case::an_announcement_that_nobody_sees(
    ("[jsm]", "[[portal]]\nproject = 'IT'\nannouncement = { text = 'Closed' }\n[jsm]"),
    "portal[IT].announcement"
)]
#[case::an_announcement_that_ends_before_it_begins(
    ("[jsm]", "[[portal]]\nproject = 'IT'\nmode = 'hosted'\nannouncement = { text = 'Closed', from = '2026-12-02', until = '2026-12-01' }\n[jsm]"),
    "portal[IT].announcement.until"
)]
#[case::no_language(
    ("[jsm]", "[[portal]]\nproject = 'IT'\nmode = 'hosted'\ndescription = { x = 'Hello' }\n[jsm]"),
    "portal[IT].description"
)]
#[case::unknown_field(("[jsm]", "[hosted]\nshow_fields = ['labels']\n[jsm]"), "hosted.show_fields[0]")]
#[case::no_time_zone(("[jsm]", "[hosted]\ntime_zone = 'Berlin'\n[jsm]"), "hosted.time_zone")]
fn unsafe_or_senseless_settings_are_refused(
    #[case] (from, to): (&str, &str),
    #[case] blamed: &str,
) {
    let text = MINIMAL.replacen(from, to, 1);
    assert_ne!(text, MINIMAL);
    let refusal = load(&text).unwrap_err();
    let paths: Vec<_> = refusal.places().into_iter().map(|(_, path)| path).collect();
    let blames_first = paths.first() == Some(&blamed);
    assert!(blames_first, "{}", refusal.report);
}

/// The files of `[branding]` are read with it, and what does not fit in them is told at its key.
#[test]
fn what_pages_cannot_be_made_of_is_told_with_its_place() {
    let toml = r##"
[hosted]
languages = ["de", "de"]

[branding]
accent = "#ff8800"
contact = "javascript:alert(1)"
templates_dir = "bad-templates"
texts_dir = "bad-texts"
"##;
    let report = load(&format!("{MINIMAL}{toml}")).unwrap_err().report;
    for told in [
        "is there twice",
        "`branding.accent` is too light to be read",
        "take a darker shade",
        "`branding.contact` is neither a mail nor a web address",
        "home.html is malformed",
        "hoem.html has the name of no template",
        "logout.html names the template pages.html",
        "tested.html asks for the text tested-headline",
        "de.ftl is malformed at line",
        "en-US.ftl has the name of no language",
        "es.ftl has the text you-are with $whom",
        "fr.ftl has the text continu,",
    ] {
        assert!(report.contains(told), "without {told:?}: {report}");
    }
}
