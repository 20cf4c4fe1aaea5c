//! Where a provider is: its issuer, or the endpoints of one that speaks plain OAuth 2.0.

use url::Url;

use super::missing;
use crate::config::field::{Field, Span};
use crate::config::parsed::OAuth2;
use crate::config::preset::{Issuer, Paths, Row};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};

/// Issuer and endpoints; `None` for the one that is missing or wrong.
#[expect(clippy::option_option, reason = "not there and wrong are two things")]
pub(super) fn read(
    raw: &raw::Provider,
    row: &Row,
    section: &Span,
    reader: &mut Reader<'_>,
) -> (Option<String>, Option<Option<OAuth2>>) {
    match row.oauth2 {
        None => {
            no_endpoints(raw, reader);
            (issuer(raw, row, section, reader), Some(None))
        }
        Some(Paths::Github) => {
            no_endpoints(raw, reader);
            let issuer = issuer(raw, row, section, reader);
            let endpoints = issuer.as_deref().and_then(|issuer| github(issuer).ok());
            (issuer, endpoints.map(Some))
        }
        Some(Paths::Configured) => {
            let endpoints = endpoints(raw, section, reader);
            let origin = endpoints
                .as_ref()
                .map(|endpoints| endpoints.authorization_endpoint.origin().ascii_serialization());
            (reader.parse(&raw.issuer, values::issuer).or(origin), endpoints.map(Some))
        }
    }
}

fn issuer(
    raw: &raw::Provider,
    row: &Row,
    section: &Span,
    reader: &mut Reader<'_>,
) -> Option<String> {
    if let (Issuer::Default(issuer), false) = (row.issuer, raw.issuer.is_given()) {
        return Some(issuer.to_owned());
    }
    let expected = row.issuer.expected();
    if !raw.issuer.is_given() {
        let about =
            format!("exactly as the provider's discovery document spells it, such as {expected}");
        missing("issuer", &about, section, reader);
    }
    reader.parse(&raw.issuer, |text| {
        let issuer = values::issuer(text)?;
        let invalid =
            || ValueError::new("is no issuer of this preset", format!("expected {expected}"));
        let remedy = "a shared address such as …/common/v2.0 lets everybody in; name your tenant";
        let invalid =
            || if text.contains("microsoftonline") { invalid().remedy(remedy) } else { invalid() };
        row.issuer.takes(&issuer).then_some(issuer).ok_or_else(invalid)
    })
}

/// github.com, or a GitHub Enterprise Server that has its API below `/api/v3`.
fn github(issuer: &str) -> Result<OAuth2, url::ParseError> {
    let base = issuer.trim_end_matches('/');
    let api = match base {
        "https://github.com" => "https://api.github.com".to_owned(),
        own => format!("{own}/api/v3"),
    };
    Ok(OAuth2 {
        authorization_endpoint: Url::parse(&format!("{base}/login/oauth/authorize"))?,
        token_endpoint: Url::parse(&format!("{base}/login/oauth/access_token"))?,
        userinfo_endpoint: Url::parse(&format!("{api}/user"))?,
        emails_endpoint: Some(Url::parse(&format!("{api}/user/emails"))?),
    })
}

fn endpoints(raw: &raw::Provider, section: &Span, reader: &mut Reader<'_>) -> Option<OAuth2> {
    let mut endpoint = |name: &str, field: &Field<String>| {
        if !field.is_given() {
            missing(name, "the preset oauth2 has no other way to know it", section, reader);
        }
        reader.parse(field, values::endpoint)
    };
    let authorization = endpoint("authorization_endpoint", &raw.authorization_endpoint);
    let token = endpoint("token_endpoint", &raw.token_endpoint);
    let userinfo = endpoint("userinfo_endpoint", &raw.userinfo_endpoint);
    let emails = reader.parse(&raw.emails_endpoint, values::endpoint);
    Some(OAuth2 {
        authorization_endpoint: authorization?,
        token_endpoint: token?,
        userinfo_endpoint: userinfo?,
        emails_endpoint: emails,
    })
}

/// A provider with a discovery document says its endpoints itself.
fn no_endpoints(raw: &raw::Provider, reader: &mut Reader<'_>) {
    let given = [
        &raw.authorization_endpoint,
        &raw.token_endpoint,
        &raw.userinfo_endpoint,
        &raw.emails_endpoint,
    ];
    for at in given.into_iter().filter_map(Field::span) {
        let mistake = reader.report.mistake(at, "has no effect with this preset");
        mistake.expected("expected with preset = \"oauth2\" only").remedy("leave it out");
    }
}
