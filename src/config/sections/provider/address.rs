//! Where a provider is: its issuer, and its endpoints where no discovery document tells them.

use url::Url;

use super::missing;
use crate::config::field::{Field, Span};
use crate::config::parsed::{Endpoints, OAuth2};
use crate::config::preset::{Issuer, Paths, Row};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};

/// Where a provider is asked.
pub(super) struct Address {
    pub(super) issuer: String,
    /// Of a provider without a discovery document.
    pub(super) endpoints: Option<Endpoints>,
    /// Of one without ID tokens.
    pub(super) oauth2: Option<OAuth2>,
}

/// Issuer and endpoints; `None` when one is missing or wrong.
pub(super) fn read(
    raw: &raw::Provider,
    row: &Row,
    section: &Span,
    reader: &mut Reader<'_>,
) -> Option<Address> {
    match row.oauth2 {
        None => {
            no_endpoints(&[&raw.emails_endpoint], OAUTH2_ONLY, reader);
            let issuer = issuer(raw, row, section, reader);
            let endpoints =
                if without_discovery(raw) { Some(stated(raw, section, reader)?) } else { None };
            Some(Address { issuer: issuer?, endpoints, oauth2: None })
        }
        Some(Paths::Github) => {
            let all = [
                &raw.authorization_endpoint,
                &raw.token_endpoint,
                &raw.userinfo_endpoint,
                &raw.emails_endpoint,
            ];
            no_endpoints(&all, OAUTH2_ONLY, reader);
            no_endpoints(&of_id_tokens(raw), OPENID_ONLY, reader);
            let issuer = issuer(raw, row, section, reader)?;
            let oauth2 = github(&issuer).ok()?;
            Some(Address { issuer, endpoints: None, oauth2: Some(oauth2) })
        }
        Some(Paths::Configured) => {
            no_endpoints(&of_id_tokens(raw), OPENID_ONLY, reader);
            let given = reader.parse(&raw.issuer, values::issuer);
            let oauth2 = endpoints(raw, section, reader)?;
            let origin = || oauth2.authorization_endpoint.origin().ascii_serialization();
            Some(Address {
                issuer: given.unwrap_or_else(origin),
                endpoints: None,
                oauth2: Some(oauth2),
            })
        }
    }
}

const OAUTH2_ONLY: &str = "expected with preset = \"oauth2\" only";
const OPENID_ONLY: &str = "expected with OpenID providers only";

/// Keys that make no sense without ID tokens.
fn of_id_tokens(raw: &raw::Provider) -> [&Field<String>; 2] {
    [&raw.jwks_uri, &raw.end_session_endpoint]
}

/// Any of them means all of them: a discovery document would say something else about the rest.
fn without_discovery(raw: &raw::Provider) -> bool {
    let told = [
        &raw.authorization_endpoint,
        &raw.token_endpoint,
        &raw.jwks_uri,
        &raw.userinfo_endpoint,
        &raw.end_session_endpoint,
    ];
    told.into_iter().any(Field::is_given)
}

fn stated(raw: &raw::Provider, section: &Span, reader: &mut Reader<'_>) -> Option<Endpoints> {
    let mut endpoint = |name: &str, field: &Field<String>| {
        if !field.is_given() {
            let about = "without a discovery document nothing else tells it; to use the document, \
                         remove all endpoints";
            missing(name, about, section, reader);
        }
        reader.parse(field, values::endpoint)
    };
    let authorization = endpoint("authorization_endpoint", &raw.authorization_endpoint);
    let token = endpoint("token_endpoint", &raw.token_endpoint);
    let keys = endpoint("jwks_uri", &raw.jwks_uri);
    let userinfo = reader.parse(&raw.userinfo_endpoint, values::endpoint);
    let end_session = reader.parse(&raw.end_session_endpoint, values::endpoint);
    Some(Endpoints {
        authorization_endpoint: authorization?,
        token_endpoint: token?,
        jwks_uri: keys?,
        userinfo_endpoint: userinfo,
        end_session_endpoint: end_session,
    })
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

fn no_endpoints(fields: &[&Field<String>], expected: &str, reader: &mut Reader<'_>) {
    for at in fields.iter().filter_map(|field| field.span()) {
        let mistake = reader.report.mistake(at, "has no effect with this preset");
        mistake.expected(expected).remedy("leave it out");
    }
}
