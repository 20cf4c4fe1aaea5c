//! Keys that sign, and their certificates.

use super::*;

#[test]
fn a_good_key_is_told_with_the_fingerprints_to_compare() {
    let certificate = KEY.certificate(GOOD_UNTIL);
    let printed = printed(Case::default().with_key(&KEY, &certificate).keys());
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines[0],
        "ok       service provider atlassian: key and certificate belong together, RSA and SHA-256; \
         the certificate is good for 3272 days"
    );
    let hex =
        |digest: &[u8]| digest.iter().map(|b| format!("{b:02X}")).collect::<Vec<_>>().join(":");
    let sha256 = hex(ring::digest::digest(&ring::digest::SHA256, &certificate).as_ref());
    assert!(lines[1].contains("fingerprints: SHA-1 "), "{printed}");
    assert!(lines[1].ends_with(&format!("SHA-256 {sha256}")), "{printed}");
    assert_eq!(lines.len(), 2, "{printed}");
}

#[test]
fn a_key_that_is_not_the_certificates_is_told() {
    let case = Case::default().with_key(&KEY, &OTHER.certificate(GOOD_UNTIL));
    let file = case.state.path().join("saml-keys-atlassian.json");
    assert_eq!(
        bad(case.keys()),
        format!(
            "FAILURE  service provider atlassian: {}: a key in the file is damaged: the certificate is not \
             of this private key\n         \
             → restore it from a backup, or delete it: the gate then makes a new key, and nobody can log in \
             there until its certificate is pasted",
            file.display()
        )
    );
}

#[test]
fn a_key_that_is_too_small_is_told() {
    let printed = bad(Case::default().with_key(&SMALL, &KEY.certificate(GOOD_UNTIL)).keys());
    let line = printed.lines().next().unwrap();
    assert!(line.starts_with("FAILURE  service provider atlassian: "), "{printed}");
    assert!(
        line.ends_with("it is not an RSA key of 2048 to 4096 bits in PKCS #8 form"),
        "{printed}"
    );
}

#[test]
fn a_certificate_that_is_not_signed_with_sha_256_is_told() {
    // The last byte of the algorithm's name: sha256WithRSAEncryption, and with SHA-1.
    let [sha256, sha1] = [11, 5].map(|last| [42, 134, 72, 134, 247, 13, 1, 1, last]);
    let mut certificate = KEY.certificate(GOOD_UNTIL);
    for at in 0..certificate.len() - sha256.len() {
        if certificate[at..].starts_with(&sha256) {
            certificate[at..at + sha1.len()].copy_from_slice(&sha1);
        }
    }
    assert_eq!(
        bad(Case::default().with_key(&KEY, &certificate).keys()),
        "warning  service provider atlassian: its certificate is not signed with SHA-256, so some service \
         providers do not take it\n         \
         → jsm-gate saml rotate atlassian, paste what it prints there, then jsm-gate saml rotate atlassian \
         --switch; docs/service-providers.md"
    );
}

#[rstest]
#[case::two_months((2027, 3, 11), "warning", "the certificate it signs with expires in 54 days", "agree a day")]
#[case::a_month((2027, 2, 10), "warning", "the certificate it signs with expires in 25 days", "in the next days")]
#[case::a_week((2027, 1, 20), "warning", "the certificate it signs with expires in 4 days", "now: ")]
#[case::over(
    (2027, 1, 14),
    "FAILURE",
    "the certificate it signs with has expired",
    "at once: "
)]
fn a_certificate_that_ends_is_told_ahead(
    #[case] until: (i32, u8, u8),
    #[case] level: &str,
    #[case] text: &str,
    #[case] when: &str,
) {
    let case = Case::default().with_key(&KEY, &KEY.certificate(until));
    let printed = bad(case.keys());
    let (line, remedy) = printed.split_once('\n').unwrap();
    assert_eq!(line, format!("{level:7}  service provider atlassian: {text}"));
    assert!(remedy.starts_with(&format!("         → {when}")), "{printed}");
    assert!(remedy.contains("jsm-gate saml rotate atlassian --switch"), "{printed}");
}

#[test]
fn a_key_that_was_not_made_yet_is_told() {
    let case = Case::default();
    assert_eq!(
        bad(case.keys()),
        "warning  service provider atlassian: the gate has made no key for it yet\n         \
         → jsm-gate saml values atlassian makes it and prints what to paste"
    );
    assert_eq!(fs::read_dir(case.state.path()).unwrap().count(), 0, "the check made something");
}
