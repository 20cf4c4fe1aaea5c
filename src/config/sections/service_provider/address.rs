//! What a service provider calls itself, and where it takes assertions. Both are compared letter by
//! letter with what it says itself, so they are kept as they are spelled.

use std::collections::HashSet;

use super::{Around, missing};
use crate::config::field::{Field, Span};
use crate::config::parsed::ForwardedHost;
use crate::config::raw::{self, OneOrMore};
use crate::config::reader::Reader;
use crate::config::service_provider_preset::{Addresses, DATA_CENTER_ACS};
use crate::config::values::{self, ValueError};
use crate::domain::ContextPath;

const AS_SHOWN: &str = "exactly as the service provider's screen or its metadata shows it";

/// The longest entity id (SAML Core section 8.3.6).
const LONGEST_ENTITY_ID: usize = 1024;

/// Entity id and assertion consumer services; `None` for what is missing or wrong.
pub(super) fn read(
    raw: &raw::ServiceProvider,
    addresses: Addresses,
    section: &Span,
    around: &Around<'_>,
    reader: &mut Reader<'_>,
) -> (Option<String>, Option<Vec<String>>) {
    let default = match addresses {
        Addresses::Shown => {
            required("entity_id", raw.entity_id.is_given(), AS_SHOWN, section, reader);
            required("acs_url", raw.acs_url.is_given(), AS_SHOWN, section, reader);
            None
        }
        Addresses::BelowEntityId => {
            required("entity_id", raw.entity_id.is_given(), "its base URL", section, reader);
            raw.entity_id.value().cloned()
        }
        Addresses::OfJsm => raw.entity_id.value().cloned().or_else(|| base_url_of_jsm(around)),
    };
    let entity_id = reader.parse(&raw.entity_id, entity_id).or_else(|| default.clone());
    let acs_urls = match default {
        Some(base) if !raw.acs_url.is_given() => acs_below(&base, raw, section, reader),
        _ => acs_urls(&raw.acs_url, reader),
    };
    (entity_id, acs_urls)
}

fn required(name: &str, given: bool, about: &str, section: &Span, reader: &mut Reader<'_>) {
    if !given {
        missing(name, about, section, reader);
    }
}

/// Jira's base URL: with `host = "public"` what customers see, else what the gate itself uses.
fn base_url_of_jsm(around: &Around<'_>) -> Option<String> {
    let url = &around.jsm?.url;
    match around.forward?.host {
        ForwardedHost::Public => {
            let path = ContextPath::of(url);
            Some(around.gate?.public_url.join(path.as_str()))
        }
        ForwardedHost::Upstream => Some(url.as_str().trim_end_matches('/').to_owned()),
    }
}

/// A URI, as a rule; some service providers have a plain word.
fn entity_id(text: &str) -> Result<String, ValueError> {
    let fits = (1..=LONGEST_ENTITY_ID).contains(&text.len())
        && !text.chars().any(|char| char.is_whitespace() || char.is_control());
    let invalid = || {
        let expected = "expected it as the service provider shows it, without blanks";
        ValueError::new("is no entity id", expected)
    };
    fits.then(|| text.to_owned()).ok_or_else(invalid)
}

/// Where a Data Center product with this base URL takes assertions.
fn acs_below(
    base: &str,
    raw: &raw::ServiceProvider,
    section: &Span,
    reader: &mut Reader<'_>,
) -> Option<Vec<String>> {
    let acs = format!("{}{DATA_CENTER_ACS}", base.trim_end_matches('/'));
    match (acs_url(&acs), raw.entity_id.span()) {
        (Ok(acs), _) => return Some(vec![acs]),
        (Err(invalid), Some(at)) => reader.invalid(at, invalid),
        (Err(_), None) => {
            let about = "Jira's base URL, which has to begin with https:// for its own login";
            missing("entity_id", about, section, reader);
        }
    }
    None
}

/// At least one. Whoever reads an assertion can use it, so nobody on the way may.
fn acs_urls(field: &Field<OneOrMore>, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let (given, at) = (reader.value(field)?.as_slice(), field.span()?);
    if given.is_empty() {
        reader.invalid(at.clone(), ValueError::new("is empty", "expected at least one address"));
    }
    if given.iter().collect::<HashSet<_>>().len() < given.len() {
        reader.invalid(at.clone(), ValueError::new("names an address twice", "expected each once"));
    }
    let mut urls = Vec::new();
    for url in given.iter().map(|text| acs_url(text)) {
        match url {
            Ok(url) => urls.push(url),
            Err(invalid) => reader.invalid(at.clone(), invalid),
        }
    }
    Some(urls)
}

fn acs_url(text: &str) -> Result<String, ValueError> {
    let expected = "expected an address such as \"https://app.example.com/saml/acs\"";
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(ValueError::new("has blanks or characters outside ASCII", expected));
    }
    values::endpoint(text)?;
    Ok(text.to_owned())
}
