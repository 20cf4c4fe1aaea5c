//! What the authorization request to a provider says.

use std::time::Duration;

use crate::config::field::Field;
use crate::config::parsed::{RequestConfig, ResponseMode, SigningAlgorithm};
use crate::config::preset::Row;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};

/// Parameters of the protocol, which the gate sets itself (RFC 6749, RFC 7636, RFC 9101, OpenID
/// Connect Core 1.0): two values for one of them would be read in two ways (docs/security.md D15).
const PROTOCOL: [&str; 16] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "registration",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "login_hint",
    "id_token_hint",
];

/// Those that have a key of their own.
const KEYS: [&str; 4] = ["response_mode", "prompt", "acr_values", "max_age"];

pub(super) fn read(raw: &raw::Provider, row: &Row, reader: &mut Reader<'_>) -> RequestConfig {
    RequestConfig {
        scopes: scopes(raw, row, reader),
        response_mode: reader.value_or(&raw.response_mode, ResponseMode::Query),
        pushed: reader.value(&raw.par).copied(),
        prompt: reader.parse(&raw.prompt, prompt),
        account_prompt: row.account_prompt,
        acr_values: reader.list(&raw.acr_values, &[], values::scope),
        max_age: reader.parse(&raw.max_age, max_age),
        parameters: parameters(&raw.parameters, reader),
    }
}

/// How ID tokens may be signed: all safe ways unless the file names some.
pub(super) fn signing_algorithms(
    raw: &raw::Provider,
    reader: &mut Reader<'_>,
) -> Vec<SigningAlgorithm> {
    let Some(given) = reader.value(&raw.signing_algorithms) else {
        return SigningAlgorithm::ALL.to_vec();
    };
    let named: Vec<_> = given.iter().filter_map(|one| reader.value(one).copied()).collect();
    if given.is_empty() {
        let at = raw.signing_algorithms.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "lets nobody in");
        mistake.expected("expected at least one, such as \"RS256\"");
    }
    named
}

fn scopes(raw: &raw::Provider, row: &Row, reader: &mut Reader<'_>) -> Vec<String> {
    let scopes = reader.list(&raw.scopes, row.scopes, values::scope);
    if row.oauth2.is_none() && !scopes.iter().any(|scope| scope == "openid") {
        let at = raw.scopes.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "lacks \"openid\"");
        mistake.expected("expected \"openid\" and what else is needed");
    }
    scopes
}

/// Words of OpenID Connect Core 1.0 section 3.1.2.1, or of the provider's own. `none` would refuse
/// everybody who is not logged in there already.
fn prompt(text: &str) -> Result<String, ValueError> {
    let expected = "expected words such as \"login\", \"consent\" or \"select_account\"";
    let mut words = text.split(' ');
    let ok = words.all(|word| word != "none" && values::scope(word).is_ok());
    ok.then(|| text.to_owned())
        .ok_or_else(|| ValueError::new(format!("cannot be {text:?}"), expected))
}

fn max_age(text: &str) -> Result<Duration, ValueError> {
    let age = values::duration(text)?;
    let invalid = || ValueError::new("is less than a second", "expected a duration such as \"1h\"");
    (age >= Duration::from_secs(1)).then_some(age).ok_or_else(invalid)
}

fn parameters(field: &Field<raw::Named>, reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let mut parameters = Vec::new();
    for (name, value) in reader.value(field).into_iter().flatten() {
        let value = reader.parse(value, values::text);
        let (at, name) = (name.span(), name.get_ref());
        let remedy = if PROTOCOL.contains(&name.as_str()) {
            "leave it out"
        } else if KEYS.contains(&name.as_str()) {
            "use the provider's key of that name"
        } else {
            parameters.extend(value.map(|value| (name.clone(), value)));
            continue;
        };
        let path = reader.report.path(&field.span().unwrap_or_default());
        let what = format!("names {name:?}, which the gate sets itself");
        let mistake = reader.report.mistake_of(path, at, what);
        mistake.expected("expected a parameter of the provider's own").remedy(remedy);
    }
    parameters
}
