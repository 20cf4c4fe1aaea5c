//! `/rest/authconfig/1.0`: how Jira is logged in to, for system administrators, and the ways to log in that a
//! page offers, for everybody.

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value, json};

use super::super::api::answer::{Answer, Refusal};
use super::super::api::ask::Asked;
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::{Gateway, IdentityProvider, LoginOption, SamlLogin};

/// Jira's name for the right of a system administrator.
const SYSTEM_ADMIN: &str = "SYSTEM_ADMIN";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/authconfig/1.0/login-options", get(login_options))
        .route("/rest/authconfig/1.0/sso", get(settings).patch(change_settings))
        .route("/rest/authconfig/1.0/idps", get(list).post(add))
        .route("/rest/authconfig/1.0/idps/{id}", get(one).patch(change).delete(remove))
}

/// The page that asks decides by its path which login page it means.
async fn login_options(State(app): State<App>, headers: HeaderMap) -> Answer {
    exists(&app)?;
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer.and_then(|it| url::Url::parse(it).ok()).map(|url| url.path().to_owned());
    let within = |path: String| path.strip_prefix(app.context_path()).map(str::to_owned);
    let portal = path.and_then(within).is_some_and(|path| path.starts_with("/servicedesk"));
    let gateway = if portal { Gateway::Portal } else { Gateway::Jira };
    let base = app.base_url();
    let options = app.change(|state| {
        let saml = &state.saml;
        let option = |option| option_value(saml, &base, option);
        saml.options(gateway, false).into_iter().map(option).collect::<Vec<_>>()
    });
    Ok(Json(options).into_response())
}

fn option_value(saml: &SamlLogin, base: &str, option: LoginOption) -> Value {
    match option {
        LoginOption::Form => json!({ "type": "LOGIN_FORM" }),
        LoginOption::IdentityProvider(id) => json!({
            "type": "IDP",
            "id": id,
            "button-text": saml.identity_provider(id).map(|it| it.button_text.as_str()),
            "login-link": format!("{base}/plugins/servlet/external-login/{id}"),
        }),
    }
}

async fn settings(_: ServiceAccount, State(app): State<App>) -> Answer {
    permitted(&app)?;
    Ok(app.change(|state| Json(settings_value(&state.saml)).into_response()))
}

fn settings_value(saml: &SamlLogin) -> Value {
    json!({
        "show-login-form": saml.show_login_form,
        "show-login-form-for-jsm": saml.show_login_form_for_jsm,
        "enable-authentication-fallback": saml.enable_authentication_fallback,
        "last-updated": saml.last_updated.utc(),
        "discovery-refresh-cron": "0 0 1 * * ?",
    })
}

async fn change_settings(
    _: ServiceAccount,
    State(app): State<App>,
    Json(members): Json<Map<String, Value>>,
) -> Answer {
    permitted(&app)?;
    app.change(|state| {
        let saml = &mut state.saml;
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let flag = match name.as_str() {
                "show-login-form" => &mut saml.show_login_form,
                "show-login-form-for-jsm" => &mut saml.show_login_form_for_jsm,
                "enable-authentication-fallback" => &mut saml.enable_authentication_fallback,
                unknown => return Err(refuse(&format!("Unrecognized field \"{unknown}\""))),
            };
            *flag = value.as_bool().ok_or_else(|| refuse(&format!("{name} is no truth value")))?;
        }
        still_opens(saml)?;
        saml.last_updated = saml.now();
        Ok(Json(settings_value(saml)).into_response())
    })
}

async fn list(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    permitted(&app)?;
    let (start, limit) = (asked.number("start", 0), asked.number("limit", 25));
    Ok(app.change(|state| {
        let all = &state.saml.identity_providers;
        let page: Vec<_> =
            all.iter().skip(start).take(limit).map(IdentityProvider::value).collect();
        let is_last = start + page.len() >= all.len();
        Json(json!({
            "size": page.len(), "start": start, "limit": limit, "isLastPage": is_last,
            "results": page,
        }))
        .into_response()
    }))
}

async fn add(
    _: ServiceAccount,
    State(app): State<App>,
    Json(members): Json<Map<String, Value>>,
) -> Answer {
    permitted(&app)?;
    let mut added = IdentityProvider::default();
    added.update(&members).map_err(|why| refuse(&why))?;
    let value = app.change(|state| state.saml.add(added)).map_err(|why| refuse(&why))?;
    Ok((StatusCode::CREATED, Json(value)).into_response())
}

async fn one(_: ServiceAccount, State(app): State<App>, Path(id): Path<u64>) -> Answer {
    permitted(&app)?;
    let found = app.change(|state| state.saml.identity_provider(id).map(IdentityProvider::value));
    found.map(|value| Json(value).into_response()).ok_or_else(missing)
}

async fn change(
    _: ServiceAccount,
    State(app): State<App>,
    Path(id): Path<u64>,
    Json(members): Json<Map<String, Value>>,
) -> Answer {
    permitted(&app)?;
    app.change(|state| {
        let saml = &mut state.saml;
        let mut changed = saml.identity_provider(id).cloned().ok_or_else(missing)?;
        changed.update(&members).map_err(|why| refuse(&why))?;
        changed.check(&saml.identity_providers).map_err(|why| refuse(&why))?;
        let value = changed.value();
        if let Some(kept) = saml.identity_providers.iter_mut().find(|it| it.id == id) {
            *kept = changed;
        }
        Ok(Json(value).into_response())
    })
}

/// With the last one gone, the form comes back.
async fn remove(_: ServiceAccount, State(app): State<App>, Path(id): Path<u64>) -> Answer {
    permitted(&app)?;
    app.change(|state| {
        let saml = &mut state.saml;
        let value = saml.identity_provider(id).map(IdentityProvider::value).ok_or_else(missing)?;
        saml.identity_providers.retain(|it| it.id != id);
        if saml.identity_providers.is_empty() {
            (saml.show_login_form, saml.show_login_form_for_jsm) = (true, true);
        }
        Ok(Json(value).into_response())
    })
}

impl SamlLogin {
    /// Adds an identity provider, and tells what it is like now.
    pub(in crate::jsm) fn add(&mut self, mut added: IdentityProvider) -> Result<Value, String> {
        let id = self.latest_id + 1;
        added.id = id;
        added.check(&self.identity_providers)?;
        let value = added.value();
        self.latest_id = id;
        self.identity_providers.push(added);
        Ok(value)
    }

    /// Shows the form on the portal's login page, or not.
    pub(in crate::jsm) fn show_form_for_customers(&mut self, show: bool) {
        self.show_login_form_for_jsm = show;
    }

    /// Whether a login page shows its form to whoever asks for it.
    pub(in crate::jsm) fn allow_fallback(&mut self, allow: bool) {
        self.enable_authentication_fallback = allow;
    }
}

/// Nobody can lock everybody out.
fn still_opens(saml: &SamlLogin) -> Result<(), Refusal> {
    let any = |gateway| !saml.options(gateway, false).is_empty();
    let opens = any(Gateway::Jira) && any(Gateway::Portal);
    if opens { Ok(()) } else { Err(refuse("At least one login option has to be left")) }
}

/// A Jira without the plugin has no such call.
fn exists(app: &Shared) -> Result<(), Refusal> {
    if app.settings.saml_login { Ok(()) } else { Err(Refusal::no_call()) }
}

fn permitted(app: &Shared) -> Result<(), Refusal> {
    exists(app)?;
    if app.change(|state| state.revoked.contains(SYSTEM_ADMIN)) {
        let sentence =
            "Client must be authenticated as a system administrator to access this resource.";
        let body = json!({ "message": sentence, "status-code": 403 });
        return Err(Refusal::with_body(StatusCode::FORBIDDEN, body));
    }
    Ok(())
}

fn missing() -> Refusal {
    Refusal::with_body(StatusCode::NOT_FOUND, json!({ "errors": ["IDP not found"] }))
}

fn refuse(sentence: &str) -> Refusal {
    Refusal::with_body(StatusCode::BAD_REQUEST, json!({ "errors": [sentence] }))
}
