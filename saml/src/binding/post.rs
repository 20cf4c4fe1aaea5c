//! HTTP-POST: a message is a form field in Base64 (bindings section 3.5). Must not know what it says.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{Binding, Delivered, Parameter, relay_state};
use crate::ReadError;
use crate::xml::Limit;

/// Reads the fields of a form.
pub(crate) fn read(
    message: &str,
    relay: Option<&str>,
    parameter: Parameter,
) -> Result<Delivered, ReadError> {
    let limit = Limit::Request as usize;
    // Four characters for three bytes, and line breaks.
    if message.len() > limit * 2 {
        return Err(ReadError::TooLarge { limit });
    }
    // Base64 of a form may be broken into lines (bindings section 3.5.4 refers to RFC 2045).
    let packed: String = message.split_ascii_whitespace().collect();
    let encoding = |expected| ReadError::Encoding { parameter: parameter.name(), expected };
    let xml = BASE64_STANDARD.decode(packed).map_err(|_| encoding("Base64"))?;
    let xml = String::from_utf8(xml).map_err(|_| encoding("a document in UTF-8"))?;
    let relay_state = relay.map(|text| relay_state(text.to_owned())).transpose()?;
    Ok(Delivered { xml, relay_state, by: Binding::Post })
}
