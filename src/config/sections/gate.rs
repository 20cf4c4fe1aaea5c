//! `[gate]`

use std::net::SocketAddr;

use crate::config::field::{Field, Span};
use crate::config::parsed::{GateConfig, TlsFiles};
use crate::config::reader::Reader;
use crate::config::values::{self, ValueError};
use crate::config::{default, pem, raw};
use crate::domain::PublicUrl;

pub(super) fn read(field: &Field<raw::Gate>, reader: &mut Reader<'_>) -> Option<GateConfig> {
    let raw = reader.value(field)?;
    let public_url = reader.parse(&raw.public_url, values::public_url);
    let listen = reader.spanned_list(&raw.listen, default::LISTEN, values::socket_address);
    let trusted_proxies = reader.list(&raw.trusted_proxies, &[], values::trusted_network);
    let operations_listen = operations_listen(&raw.operations_listen, &listen, reader);
    let tls = tls_files(raw, reader);
    if let (Some(url), Some(section)) = (&public_url, field.span()) {
        tls_fits_public_url(raw, url, &section, reader);
    }
    let state_dir = if raw.state_dir.is_given() {
        reader.path(&raw.state_dir)
    } else {
        Some(default::STATE_DIR.into())
    };
    Some(GateConfig {
        public_url: public_url?,
        listen: listen.into_iter().map(|(_, address)| address).collect(),
        tls,
        trusted_proxies,
        operations_listen,
        state_dir: state_dir?,
    })
}

/// Certificate and key: both there, readable and belonging together, or neither.
fn tls_files(raw: &raw::Gate, reader: &mut Reader<'_>) -> Option<TlsFiles> {
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
    if let Err(invalid) = pem::belong_together(chain?, key?) {
        reader.invalid(private_key.span().unwrap_or_default(), invalid);
    }
    let (certificate, private_key) = (certificate.value()?, private_key.value()?);
    Some(TlsFiles { certificate: folder.join(certificate), private_key: folder.join(private_key) })
}

/// The scheme of the public address shows who ends TLS: the gate, or a front that it has to know.
fn tls_fits_public_url(
    raw: &raw::Gate,
    public_url: &PublicUrl,
    section: &Span,
    reader: &mut Reader<'_>,
) {
    let pair = [&raw.certificate, &raw.private_key].map(Field::is_given);
    let networks = raw.trusted_proxies.value();
    let has_front = raw.trusted_proxies.is_broken() || networks.is_some_and(|n| !n.is_empty());
    if !public_url.is_https() && pair == [true, true] {
        let at = raw.public_url.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "is http, but there is a certificate");
        mistake.expected("expected https://").remedy("write https://, or leave the pair out");
    }
    // docs/security.md A3: a proxy setting without effect.
    if public_url.is_https() && pair == [false, false] && !has_front {
        let path = format!("{}.certificate", reader.report.path(section));
        let remedy = "add certificate and private_key; or, behind a front that ends TLS, its \
                      addresses as trusted_proxies = [\"10.1.2.3/32\"]";
        reader.report.missing(path, section, remedy);
    }
}

/// The operations listener; an empty text turns it off.
fn operations_listen(
    field: &Field<String>,
    listen: &[(Span, SocketAddr)],
    reader: &mut Reader<'_>,
) -> Option<SocketAddr> {
    if field.value().is_some_and(String::is_empty) {
        return None;
    }
    let address = reader.parse_or(field, default::OPERATIONS_LISTEN, values::socket_address)?;
    let Some(span) = field.span() else { return Some(address) };
    if listen.iter().any(|(_, taken)| *taken == address) {
        let expected = "expected an address of its own";
        reader.invalid(span, ValueError::new("is one of the addresses in `gate.listen`", expected));
    } else if !address.ip().is_loopback() {
        reader.report.warning(
            &span,
            "health and metrics can be read from other machines",
            "use a loopback address, or let a firewall guard the port",
        );
    }
    Some(address)
}
