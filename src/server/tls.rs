//! The certificate of the public listener. A reload swaps it for new handshakes; open connections
//! keep theirs. It is the only file that may know the TLS backend.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use pingora::listeners::tls::TlsSettings;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::StartError;
use crate::config::TlsFiles;

/// The certificate in use.
#[derive(Clone)]
pub(super) struct Certificates(Arc<ArcSwap<CertifiedKey>>);

impl Certificates {
    /// Reads certificate and key and checks that they belong together.
    pub(super) fn load(files: &TlsFiles) -> Result<Self, StartError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(read(files)?))))
    }

    /// Uses another certificate from the next handshake on.
    pub(super) fn replace(&self, with: &Self) {
        self.0.store(with.0.load_full());
    }

    /// Unix seconds at which the certificate in use expires.
    pub(super) fn expires_at(&self) -> Option<u64> {
        let in_use = self.0.load();
        let (_, parsed) = X509Certificate::from_der(in_use.end_entity_cert().ok()?).ok()?;
        u64::try_from(parsed.validity().not_after.timestamp()).ok()
    }

    /// What pingora listens with: HTTP/2 and HTTP/1.1, TLS 1.2 and 1.3.
    pub(super) fn settings(&self) -> Result<TlsSettings, StartError> {
        let mut settings = TlsSettings::intermediate("", "")
            .map_err(|error| StartError::Part(format!("TLS cannot be set up: {error}")))?;
        settings.set_cert_resolver(Arc::new(self.clone()));
        settings.enable_h2();
        Ok(settings)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates")
    }
}

fn read(files: &TlsFiles) -> Result<CertifiedKey, StartError> {
    let refuse =
        |path: &Path, reason: String| StartError::Certificate { path: path.to_owned(), reason };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refuse(&files.certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&files.private_key)
        .map_err(|error| refuse(&files.private_key, error.to_string()))?;
    let certified = CertifiedKey::from_der(chain, key, &ring::default_provider())
        .map_err(|error| refuse(&files.private_key, error.to_string()))?;
    certified.keys_match().map_err(|error| refuse(&files.private_key, error.to_string()))?;
    Ok(certified)
}
