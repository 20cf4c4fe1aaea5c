//! An RSA key with its certificate, as the gate signs for service providers. Keys take a second to make, so
//! all tests of a program share a few.

use std::sync::LazyLock;

use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};

/// A key in PKCS #8 form and its certificate, both PEM.
pub(crate) struct RsaPair {
    pub(crate) key: String,
    pub(crate) certificate: String,
}

static PAIRS: LazyLock<[RsaPair; 2]> = LazyLock::new(|| [(), ()].map(|()| RsaPair::make()));

impl RsaPair {
    /// One of two; always the same.
    pub(crate) fn shared(place: usize) -> &'static Self {
        &PAIRS[place]
    }

    fn make() -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let key = key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string();
        let pair = rcgen::KeyPair::from_pem_and_sign_algo(&key, &rcgen::PKCS_RSA_SHA256).unwrap();
        let mut params = rcgen::CertificateParams::default();
        params.not_after = rcgen::date_time_ymd(2040, 1, 1);
        Self { key, certificate: params.self_signed(&pair).unwrap().pem() }
    }
}
