use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tempfile::TempDir;
use x509_parser::parse_x509_certificate;

use super::*;
use crate::config::{NameId, NameIdFormat, NameIdValue, SloBinding};
use crate::domain::ServiceProviderPreset;
use crate::keys::Fingerprint;

const NOW: u64 = 1_800_000_000;

struct Bench {
    state_dir: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { state_dir: TempDir::new().unwrap() }
    }

    fn open(&self) -> Result<SamlKeyring, KeyringError> {
        SamlKeyring::open(self.state_dir.path(), &service_provider(), Clock::stopped_at(NOW).0)
    }

    fn file(&self) -> PathBuf {
        self.state_dir.path().join("saml-keys-atlassian.json")
    }
}

fn service_provider() -> ServiceProviderConfig {
    ServiceProviderConfig {
        id: ServiceProviderId::parse("atlassian").unwrap(),
        name: "Atlassian".to_owned(),
        preset: ServiceProviderPreset::AtlassianAccounts,
        entity_id: "https://auth.atlassian.com/saml/1".to_owned(),
        acs_urls: vec!["https://auth.atlassian.com/login/callback?connection=saml-1".to_owned()],
        rules: Arc::default(),
        keys: Vec::new(),
        signing: Signing::Made,
        start_url: None,
        slo_url: None,
        slo_binding: SloBinding::Redirect,
        allow_staff: false,
        name_id: NameId { format: NameIdFormat::EmailAddress, value: NameIdValue::JiraUsername },
        attributes: Vec::new(),
    }
}

fn fingerprint(key: &Arc<CertifiedKey>) -> String {
    key.fingerprint(Fingerprint::Sha256)
}

/// One test for all that needs new keys, because each takes seconds without optimisation.
#[test]
fn a_key_is_made_kept_and_changed_step_by_step() {
    let bench = Bench::new();
    let keyring = bench.open().unwrap();
    let first = fingerprint(&keyring.keys().current);
    assert_eq!(fingerprint(&bench.open().unwrap().keys().current), first, "it is kept");
    let permissions = fs::metadata(bench.file()).unwrap().permissions().mode();
    assert_eq!(permissions & 0o777, 0o600);
    says_what_it_is(&keyring.keys().current);

    assert!(matches!(keyring.change(Change::Switch), Err(ChangeError::NoNext)));
    assert!(matches!(keyring.change(Change::Undo), Err(ChangeError::NoPrevious)));

    let made = keyring.change(Change::MakeNext).unwrap();
    let second = fingerprint(made.next.as_ref().unwrap());
    assert_ne!(second, first);
    assert_eq!(fingerprint(&made.current), first, "it signs on");
    let again = keyring.change(Change::MakeNext).unwrap();
    assert_eq!(fingerprint(again.next.as_ref().unwrap()), second, "what is pasted stays true");
    // Another process, such as a command without a gate, sees and does the same.
    let switched = bench.open().unwrap().change(Change::Switch).unwrap();
    assert_eq!(fingerprint(&switched.current), second);
    assert!(switched.next.is_none());

    let undone = keyring.change(Change::Undo).unwrap();
    assert_eq!(fingerprint(&undone.current), first);
    assert_eq!(fingerprint(undone.previous.as_ref().unwrap()), second, "nothing is lost");
    assert_eq!(fingerprint(&keyring.change(Change::Undo).unwrap().current), second);
    assert_eq!(fingerprint(&bench.open().unwrap().keys().current), second);

    fs::remove_dir_all(bench.state_dir.path()).unwrap();
    assert!(keyring.change(Change::Undo).is_err(), "what cannot be kept does not sign");
    assert_eq!(fingerprint(&keyring.keys().current), second);
}

fn says_what_it_is(key: &CertifiedKey) {
    let (_, certificate) = parse_x509_certificate(key.signing().certificate_der()).unwrap();
    let subject = certificate.subject().to_string();
    assert_eq!(subject, "CN=jsm-gate SAML signing, OU=atlassian");
    assert_eq!(certificate.public_key().parsed().unwrap().key_size(), 3072);
    let days = (key.expires_at() - NOW) / 86_400;
    assert!((3651..=3653).contains(&days), "{days}");
    assert!(certificate.validity().not_before.timestamp() < i64::try_from(NOW).unwrap());
    assert!(!key.certificate_pem().contains('\r'));
    assert!(key.certificate_pem().lines().all(|line| line.len() <= 64));
}

#[rstest::rstest]
#[case::h1_readable_by_others("{}", 0o640, "chmod 600")]
#[case::damaged("{", 0o600, "the file is damaged")]
#[case::of_another_format("{\"format\": 2}", 0o600, "format 2")]
#[case::without_keys("{\"format\": 1}", 0o600, "the file is damaged")]
#[case::odd_keys(
    "{\"format\": 1, \"current\": {\"pkcs8\": \"AAAA\", \"certificate\": \"AAAA\"}}",
    0o600,
    "a key in the file is damaged"
)]
fn keys_that_cannot_be_used_are_not_replaced(
    #[case] text: &str,
    #[case] mode: u32,
    #[case] told: &str,
) {
    let bench = Bench::new();
    fs::write(bench.file(), text).unwrap();
    fs::set_permissions(bench.file(), fs::Permissions::from_mode(mode)).unwrap();
    let error = bench.open().unwrap_err().to_string();
    assert!(error.contains(told) && error.contains("service provider atlassian's"), "{error}");
    assert_eq!(fs::read_to_string(bench.file()).unwrap(), text);
}

#[rstest::rstest]
#[case(60, false)]
#[case(59, true)]
#[case(58, false)]
#[case(29, true)]
#[case(8, false)]
#[case(6, true)]
#[case(5, true)]
#[case(0, true)]
fn the_log_tells_of_an_expiry_in_time(#[case] days: u64, #[case] due: bool) {
    assert_eq!(is_due(days), due);
}
