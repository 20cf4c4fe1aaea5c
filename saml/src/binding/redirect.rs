//! HTTP-Redirect: a message is a query parameter, deflated, in Base64, and the query is signed as it stands
//! (bindings section 3.4). Must not know what a message says.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Binding, Delivered, Parameter, relay_state};
use crate::signature::{self, ALGORITHMS, RSA_SHA256, SignatureError};
use crate::xml::Limit;
use crate::{PeerKey, Quoted, ReadError, SigningKey, WriteError};

/// The only encoding that there is, and the default of the parameter `SAMLEncoding`.
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

/// All but the unreserved characters of RFC 3986 section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The signature of a query, with what it signs.
#[derive(Debug)]
pub(crate) struct DetachedSignature {
    signed: String,
    algorithm: String,
    value: Vec<u8>,
}

impl DetachedSignature {
    /// Proves that one of `keys` signed the query.
    pub(crate) fn verify(&self, keys: &[PeerKey]) -> Result<(), SignatureError> {
        if keys.is_empty() {
            return Err(SignatureError::NoKeys);
        }
        let algorithm =
            signature::algorithm(&self.algorithm).ok_or_else(|| SignatureError::Algorithm {
                place: "SigAlg",
                found: Quoted::new(&self.algorithm),
                allowed: ALGORITHMS,
            })?;
        let signed = self.signed.as_bytes();
        let made = keys.iter().any(|key| key.verifies(algorithm, signed, &self.value));
        if made { Ok(()) } else { Err(SignatureError::Key) }
    }
}

/// Reads a query as it was sent, undecoded.
pub(crate) fn read(raw_query: &str, parameter: Parameter) -> Result<Delivered, ReadError> {
    let query = Query::parse(raw_query)?;
    if query.decoded("SAMLEncoding")?.is_some_and(|encoding| encoding != DEFLATE) {
        return Err(ReadError::Encoding { parameter: "SAMLEncoding", expected: DEFLATE });
    }
    let name = parameter.name();
    let message = query.decoded(name)?.ok_or(ReadError::MissingParameter(name))?;
    let relay_state = query.decoded("RelayState")?.map(relay_state).transpose()?;
    let signature = query.signature(name)?;
    let xml = inflate(&message, name)?;
    Ok(Delivered { xml, relay_state, by: Binding::Redirect(signature) })
}

/// A query: names decoded, so that none can hide a repetition, and values as they were sent.
struct Query<'q>(Vec<(String, &'q str)>);

impl<'q> Query<'q> {
    fn parse(raw: &'q str) -> Result<Self, ReadError> {
        let mut pairs: Vec<(String, &str)> = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(ReadError::RepeatedParameter(Quoted::new(&name)));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    fn raw(&self, name: &str) -> Option<&'q str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn decoded(&self, name: &'static str) -> Result<Option<String>, ReadError> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let spaced = raw.replace('+', " ");
        match percent_decode_str(&spaced).decode_utf8() {
            Ok(value) => Ok(Some(value.into_owned())),
            Err(_) => Err(ReadError::Encoding { parameter: name, expected: "UTF-8" }),
        }
    }

    /// The signature is about the values as they were sent, in this order (bindings section 3.4.4.1).
    fn signature(&self, message: &'static str) -> Result<Option<DetachedSignature>, ReadError> {
        let (algorithm, value) = match (self.decoded("SigAlg")?, self.decoded("Signature")?) {
            (None, None) => return Ok(None),
            (Some(_), None) => return Err(ReadError::MissingParameter("Signature")),
            (None, Some(_)) => return Err(ReadError::MissingParameter("SigAlg")),
            (Some(algorithm), Some(value)) => (algorithm, value),
        };
        let signed = [message, "RelayState", "SigAlg"]
            .iter()
            .filter_map(|name| Some(format!("{name}={}", self.raw(name)?)))
            .collect::<Vec<_>>()
            .join("&");
        let value = BASE64_STANDARD
            .decode(value)
            .map_err(|_| ReadError::Encoding { parameter: "Signature", expected: "Base64" })?;
        Ok(Some(DetachedSignature { signed, algorithm, value }))
    }
}

/// Undoes Base64 and DEFLATE, and stops at the limit: a few kilobytes can stand for gigabytes.
fn inflate(message: &str, parameter: &'static str) -> Result<String, ReadError> {
    let encoding = |expected| ReadError::Encoding { parameter, expected };
    let limit = Limit::Request as usize;
    let deflated = BASE64_STANDARD.decode(message).map_err(|_| encoding("Base64"))?;
    let mut xml = Vec::new();
    let stops_after = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    DeflateDecoder::new(deflated.as_slice())
        .take(stops_after)
        .read_to_end(&mut xml)
        .map_err(|_| encoding("deflated"))?;
    if xml.len() > limit {
        return Err(ReadError::TooLarge { limit });
    }
    String::from_utf8(xml).map_err(|_| encoding("a document in UTF-8"))
}

/// The address that brings a message to `endpoint`, signed.
///
/// # Errors
/// When signing fails.
pub(crate) fn signed_url(
    endpoint: &str,
    parameter: Parameter,
    xml: &str,
    relay_state: Option<&str>,
    key: &SigningKey,
) -> Result<String, WriteError> {
    let message = BASE64_STANDARD.encode(deflate(xml).ok_or(WriteError::Signing)?);
    let mut query = format!("{}={}", parameter.name(), encoded(&message));
    if let Some(relay_state) = relay_state {
        query.extend(["&RelayState=", &encoded(relay_state)]);
    }
    query.extend(["&SigAlg=", &encoded(RSA_SHA256)]);
    let signature = key.sign(query.as_bytes()).ok_or(WriteError::Signing)?;
    query.extend(["&Signature=", &encoded(&BASE64_STANDARD.encode(signature))]);
    let join = if endpoint.contains('?') { '&' } else { '?' };
    Ok(format!("{endpoint}{join}{query}"))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `None` when memory cannot be written to, which does not happen.
fn deflate(xml: &str) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes()).ok()?;
    encoder.finish().ok()
}
