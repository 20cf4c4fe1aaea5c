//! The certificate pair of `[gate]`, and further certificate authorities.

use std::path::PathBuf;

use crate::config::given::Given;
use crate::config::parsed::TlsFiles;
use crate::config::reader::Reader;
use crate::config::{pem, raw};

/// Certificate and key: both there, readable and belonging together, or neither.
pub(super) fn files(raw: &raw::Gate, reader: &mut Reader<'_>) -> Option<TlsFiles> {
    let (certificate, private_key) = (&raw.certificate, &raw.private_key);
    let (alone, other) = match (certificate.span(), private_key.span()) {
        (None, None) => return None,
        (Some(_), Some(_)) => (None, ""),
        (Some(alone), None) => (Some(alone), "private_key"),
        (None, Some(alone)) => (Some(alone), "certificate"),
    };
    if let Some(alone) = alone {
        let remedy = "certificate and private_key go together: add it, or leave both out";
        reader.report.missing(format!("gate.{other}"), &alone, remedy);
    }
    let folder = reader.folder;
    let chain = reader.parse(certificate, |path| pem::certificates(&folder.join(path)));
    let key = reader.parse(private_key, |path| pem::private_key(&folder.join(path)));
    if let Err(wrong) = pem::belong_together(chain?, key?) {
        reader.wrong(private_key.span().unwrap_or_default(), wrong);
    }
    let (certificate, private_key) = (certificate.value()?, private_key.value()?);
    Some(TlsFiles { certificate: folder.join(certificate), private_key: folder.join(private_key) })
}

/// A file of certificate authorities that can be used.
pub(super) fn ca_file(given: &Given<String>, reader: &mut Reader<'_>) -> Option<PathBuf> {
    let path = reader.path(given)?;
    if let Err(wrong) = pem::certificates(&path) {
        reader.wrong(given.span().unwrap_or_default(), wrong);
    }
    Some(path)
}
