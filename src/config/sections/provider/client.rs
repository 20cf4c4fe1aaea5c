//! How the gate proves to a provider that it is its client.

use secrecy::ExposeSecret as _;

use super::missing;
use crate::config::field::Span;
use crate::config::parsed::{ClientAuth, ClientKeyConfig, SecretMethod};
use crate::config::preset::Row;
use crate::config::raw::{self, ClientAuthMethod as Method};
use crate::config::reader::Reader;
use crate::config::secret::{self, Found, SecretSources};
use crate::config::values;
use crate::keys::SigningKey;

pub(super) fn read(
    raw: &raw::Provider,
    row: &Row,
    section: &Span,
    reader: &mut Reader<'_>,
) -> Option<ClientAuth> {
    let secret_is = places(raw, "client_secret").given();
    let key_is = places(raw, "client_key").given();
    let method = reader.value(&raw.client_auth).copied();
    match (method, &secret_is, &key_is) {
        (None, Some(first), Some(second)) => {
            let mistake = reader.report.mistake(second.clone(), "is a second proof of the client");
            mistake.expected("expected a client secret or a key").earlier(Some(first.clone()));
            None
        }
        (Some(Method::PrivateKeyJwt), ..) | (None, None, Some(_)) => {
            has_no_effect(secret_is, reader);
            key(raw, row, section, reader)
        }
        (Some(Method::None), ..) | (None, None, None) => {
            has_no_effect(secret_is.or(key_is), reader);
            Some(ClientAuth::Public)
        }
        (Some(Method::ClientSecretBasic | Method::ClientSecretPost) | None, ..) => {
            has_no_effect(key_is, reader);
            let place = match method {
                Some(Method::ClientSecretBasic) => Some(SecretMethod::Basic),
                Some(Method::ClientSecretPost) => Some(SecretMethod::Post),
                _ => None,
            };
            let secret = secret::required(reader, section, &places(raw, "client_secret"))?;
            Some(ClientAuth::Secret(secret, place))
        }
    }
}

fn places<'r>(raw: &'r raw::Provider, name: &'static str) -> SecretSources<'r> {
    let (file, env, credential) = if name == "client_key" {
        (&raw.client_key_file, &raw.client_key_env, &raw.client_key_credential)
    } else {
        (&raw.client_secret_file, &raw.client_secret_env, &raw.client_secret_credential)
    };
    SecretSources { name, file, env, credential }
}

fn key(
    raw: &raw::Provider,
    row: &Row,
    section: &Span,
    reader: &mut Reader<'_>,
) -> Option<ClientAuth> {
    let places = places(raw, "client_key");
    if places.given().is_none() {
        missing("client_key_file", "private_key_jwt signs with it", section, reader);
    }
    let id = reader.parse(&raw.client_key_id, values::text);
    let audience = reader.value_or(&raw.client_key_audience, row.key_audience);
    let (at, key) = match secret::lines(reader, &places)? {
        Found::Here(at, pem) => (at, SigningKey::from_pem(pem.expose_secret())),
        Found::Elsewhere(at) => (at, SigningKey::random()),
    };
    match key {
        Ok(key) => Some(ClientAuth::Key(ClientKeyConfig { key, id, audience })),
        Err(why) => {
            let mistake = reader.report.mistake(at, format!("leads to no key: {why}"));
            let remedy = "make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
            mistake.expected("expected a private key in PEM form").remedy(remedy);
            None
        }
    }
}

fn has_no_effect(at: Option<Span>, reader: &mut Reader<'_>) {
    if let Some(at) = at {
        let mistake = reader.report.mistake(at, "has no effect with this client_auth");
        mistake.expected("expected nothing here").remedy("leave it out, or change client_auth");
    }
}
