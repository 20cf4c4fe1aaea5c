//! An RSA key with the certificate by which service providers know it. It must not know when it signs.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{CertificateParams, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, date_time_ymd};
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::rand_core::OsRng;
use rustls::pki_types::PrivatePkcs8KeyDer;
use saml::{KeyError, SigningKey};
use x509_parser::parse_x509_certificate;

/// NIST SP 800-57 has RSA keys of this size good until 2030 and beyond.
const BITS: usize = 3072;

/// A change has to be pasted by hand at each service provider, and they look at no authority.
const GOOD_FOR_YEARS: i64 = 10;

/// A signing key and its certificate.
pub struct CertifiedKey {
    signing: SigningKey,
    expires_at: u64,
}

/// A digest of a certificate that people compare with what their screen shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fingerprint {
    /// Many screens show no other.
    Sha1,
    /// The safe one.
    Sha256,
}

impl CertifiedKey {
    /// Takes a private key in PKCS #8 form and its certificate, both in DER form.
    ///
    /// # Errors
    /// When one of them cannot be used, or they do not belong together.
    pub fn new(pkcs8: &[u8], certificate: &[u8]) -> Result<Self, KeyError> {
        let signing = SigningKey::new(pkcs8, certificate)?;
        let (_, parsed) = parse_x509_certificate(certificate).map_err(|_| KeyError::Certificate)?;
        let expires_at = u64::try_from(parsed.validity().not_after.timestamp()).unwrap_or(0);
        Ok(Self { signing, expires_at })
    }

    /// What signs.
    #[must_use]
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// When the certificate expires, in Unix seconds.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// The certificate as it is pasted.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        let pem = Pem::new("CERTIFICATE", self.signing.certificate_der());
        pem::encode_config(&pem, EncodeConfig::new().set_line_ending(LineEnding::LF))
    }

    /// A digest of the certificate: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self, of: Fingerprint) -> String {
        let algorithm: &'static Algorithm = match of {
            Fingerprint::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Fingerprint::Sha256 => &SHA256,
        };
        let digest = digest(algorithm, self.signing.certificate_der());
        digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

impl fmt::Debug for CertifiedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CertifiedKey").field(&self.fingerprint(Fingerprint::Sha256)).finish()
    }
}

/// A new private key in PKCS #8 form and its certificate, both in DER form. `whose` and `now` (Unix seconds)
/// stand in the certificate. Takes about a second. `None` when the system gives no random numbers.
pub(super) fn make(whose: &str, now: u64) -> Option<(Vec<u8>, Vec<u8>)> {
    // RUSTSEC-2023-0071 is about what these keys would sign; `ring` signs.
    let key = RsaPrivateKey::new(&mut OsRng, BITS).ok()?.to_pkcs8_der().ok()?;
    let pkcs8 = PrivatePkcs8KeyDer::from(key.as_bytes());
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_RSA_SHA256).ok()?;
    let certificate = params(whose, now)?.self_signed(&pair).ok()?;
    Some((key.as_bytes().to_vec(), certificate.der().to_vec()))
}

fn params(whose: &str, now: u64) -> Option<CertificateParams> {
    let now = Timestamp::from_second(i64::try_from(now).ok()?)
        .ok()?
        .to_zoned_datetime(TimeZone::UTC)
        .date();
    let date = |date: jiff::civil::Date| {
        let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
        Some(date_time_ymd(i32::from(date.year()), month, day))
    };
    let mut params = CertificateParams::default();
    // Clocks differ, and so do days.
    params.not_before = date(now.yesterday().ok()?)?;
    params.not_after = date(now.checked_add(Span::new().years(GOOD_FOR_YEARS)).ok()?)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "jsm-gate SAML signing");
    params.distinguished_name.push(DnType::OrganizationalUnitName, whose);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    Some(params)
}
