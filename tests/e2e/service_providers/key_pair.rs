//! RSA keys with certificates that they sign themselves, as both sides of SAML have them. Made once for
//! all tests of a run, because that takes seconds.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::LazyLock;

use rcgen::{CertificateParams, PKCS_RSA_SHA256};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::OsRng;

/// Both as PEM, the key as PKCS#8.
pub(super) struct KeyPair {
    key: String,
    certificate: String,
}

impl KeyPair {
    /// What all service providers sign with.
    pub(super) fn of_service_providers() -> &'static Self {
        static PAIR: LazyLock<KeyPair> = LazyLock::new(KeyPair::make);
        &PAIR
    }

    /// What all gates sign answers with.
    pub(super) fn of_gates() -> &'static Self {
        static PAIR: LazyLock<KeyPair> = LazyLock::new(KeyPair::make);
        &PAIR
    }

    /// Writes the key and its certificate where a program reads them.
    pub(super) fn write(&self, key: &Path, certificate: &Path) {
        fs::write(key, &self.key).unwrap();
        fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();
        fs::write(certificate, &self.certificate).unwrap();
    }

    fn make() -> Self {
        let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
        let key = key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
        let pair = rcgen::KeyPair::from_pkcs8_pem_and_sign_algo(&key, &PKCS_RSA_SHA256).unwrap();
        let names = CertificateParams::new(["service-provider.example".to_owned()]).unwrap();
        let certificate = names.self_signed(&pair).unwrap().pem();
        Self { key, certificate }
    }
}
