//! The files of keys and certificates of a service provider: those that verify its requests, and those that
//! the gate signs with.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use saml::{KeyError, PeerKey};

use super::missing;
use crate::config::field::{Field, Span};
use crate::config::parsed::Signing;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{pem, raw};
use crate::keys::CertifiedKey;

const MAKE_ONE: &str = "make a pair: openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj \
                        '/CN=jsm-gate SAML signing' -keyout signing-key.pem -out signing-cert.pem";

/// The keys of a service provider that signs its requests; none when it does not.
pub(super) fn of_service_provider(
    field: &Field<String>,
    reader: &mut Reader<'_>,
) -> Option<Vec<PeerKey>> {
    if !field.is_given() {
        return Some(Vec::new());
    }
    let folder = reader.folder;
    reader.parse(field, |path| {
        let certificates = pem::certificates(&folder.join(path))?;
        certificates
            .iter()
            .map(|der| PeerKey::from_certificate_der(der).map_err(unusable))
            .collect()
    })
}

fn unusable(error: KeyError) -> ValueError {
    let expected = "expected certificates of RSA keys of at least 2048 bits";
    ValueError::new(format!("cannot be used: {error}"), expected)
}

/// What the gate signs with: a pair of files, or a key that it makes. Several gates have to sign with one.
pub(super) fn signing(
    raw: &raw::ServiceProvider,
    section: &Span,
    several_gates: bool,
    reader: &mut Reader<'_>,
) -> Option<Signing> {
    let (key, certificate) = (&raw.signing_key_file, &raw.signing_certificate_file);
    let alone = match (key.span(), certificate.span()) {
        (None, None) if several_gates => {
            let about = format!(
                "with a Redis there may be several gates, and all sign with one; {MAKE_ONE}"
            );
            missing("signing_key_file", &about, section, reader);
            return None;
        }
        (None, None) => return Some(Signing::Made),
        (Some(_), Some(_)) => None,
        (Some(at), None) => Some((at, "signing_certificate_file")),
        (None, Some(at)) => Some((at, "signing_key_file")),
    };
    if let Some((at, other)) = alone {
        let path = format!("{}.{other}", reader.report.path(section));
        let remedy = "signing_key_file and signing_certificate_file go together: add it, or leave \
                      both out";
        reader.report.missing(path, &at, remedy);
    }
    let folder = reader.folder;
    let chain = reader.parse(certificate, |path| pem::certificates(&folder.join(path)));
    let private = reader.parse(key, |path| pem::private_key(&folder.join(path)));
    match pair(&private?, &chain?) {
        Ok(pair) => Some(Signing::Files(Arc::new(pair))),
        Err(invalid) => {
            reader.invalid(key.span().unwrap_or_default(), invalid);
            None
        }
    }
}

fn pair(
    key: &PrivateKeyDer<'_>,
    chain: &[CertificateDer<'static>],
) -> Result<CertifiedKey, ValueError> {
    let expected = "expected an RSA key of 2048 to 4096 bits and its certificate";
    let (PrivateKeyDer::Pkcs8(key), [certificate, ..]) = (key, chain) else {
        let what = "is not in PKCS #8 form";
        let remedy = "convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem -out signing-key.pem";
        return Err(ValueError::new(what, expected).remedy(remedy));
    };
    CertifiedKey::new(key.secret_pkcs8_der(), certificate).map_err(|error| {
        ValueError::new(format!("cannot be used: {error}"), expected).remedy(MAKE_ONE)
    })
}
