//! Certificates and keys: whether they can be used at all. It must not know what they are for; when
//! they expire is the business of `check`.

use std::path::Path;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::private_file;
use super::values::ValueError;

/// The certificates of a PEM file, at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ValueError> {
    let invalid = |why: String| {
        let what = format!("cannot be used: {}: {why}", path.display());
        ValueError::new(what, "expected a PEM file of certificates")
    };
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|error| invalid(error.to_string()))?.collect();
    let certificates = certificates.map_err(|error| invalid(error.to_string()))?;
    if certificates.is_empty() {
        let holds_a_key = PrivateKeyDer::from_pem_file(path).is_ok();
        let error = invalid("there is no certificate in it".to_owned());
        let remedy = "the file holds a private key: name the certificate's file here";
        return Err(if holds_a_key { error.remedy(remedy) } else { error });
    }
    Ok(certificates)
}

/// The private key of a PEM file that others cannot read.
pub(super) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, ValueError> {
    let text = private_file::read(path)?;
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| {
        let what = format!("cannot be used: {}: {error}", path.display());
        ValueError::new(what, "expected a PEM file of a private key")
    })
}

/// Whether the key is the one of the first certificate.
pub(super) fn belong_together(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<(), ValueError> {
    let pair = CertifiedKey::from_der(chain, key, &ring::default_provider());
    pair.map(drop).map_err(|error| {
        let what = match error {
            rustls::Error::InconsistentKeys(_) => "does not belong to the certificate".to_owned(),
            error => format!("cannot be used with the certificate: {error}"),
        };
        let remedy = "the first certificate of the file has to be the gate's own";
        ValueError::new(what, "expected the key of the certificate").remedy(remedy)
    })
}
