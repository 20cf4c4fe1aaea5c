//! What the token's owner may do: what the calls check, and what `mypermissions` says.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::answer::{Answer, Refusal, found};
use super::ask::Asked;

/// The keys that Jira knows here.
const KNOWN: [&str; 14] = [
    "ADMINISTER",
    "SYSTEM_ADMIN",
    "USER_PICKER",
    "SERVICEDESK_AGENT",
    "ADMINISTER_PROJECTS",
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "MODIFY_REPORTER",
    "ADD_COMMENTS",
    "EDIT_ALL_COMMENTS",
    "CREATE_ATTACHMENTS",
    "TRANSITION_ISSUES",
    "SET_ISSUE_SECURITY",
];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/rest/api/{version}/mypermissions", get(mine))
}

async fn mine(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    if let Some(key) = asked.first("projectKey")
        && !app.desks().iter().any(|desk| desk.key == key)
    {
        let sentence = format!("No project could be found with key '{key}'.");
        return Err(Refusal::platform(StatusCode::NOT_FOUND, &sentence));
    }
    let mut keys: Vec<_> = asked.all("permissions").collect();
    if keys.is_empty() && app.is_cloud() {
        let sentence = "The 'permissions' query parameter is required.";
        return Err(Refusal::platform(StatusCode::BAD_REQUEST, sentence));
    }
    if keys.is_empty() {
        keys.extend(KNOWN);
    }
    let mut permissions = Map::new();
    for key in keys {
        if !KNOWN.contains(&key) {
            let sentence = format!("Unrecognized permission [{key}]");
            return Err(Refusal::platform(StatusCode::BAD_REQUEST, &sentence));
        }
        let has = may(&app, key);
        permissions.insert(key.to_owned(), json!({"key": key, "havePermission": has}));
    }
    found(json!({"permissions": Value::Object(permissions)}))
}

/// Whether the token's owner has this permission.
pub(in crate::jsm) fn may(app: &Shared, key: &str) -> bool {
    app.change(|state| !state.revoked.contains(key))
}

/// Refuses whoever is no Jira administrator.
pub(super) fn administrator(app: &Shared) -> Result<(), Refusal> {
    let sentence = "Unauthorized to perform the requested action, JIRA Administrators global \
                    permission is required.";
    require(may(app, "ADMINISTER"), sentence)
}

/// Refuses whoever is no agent.
pub(super) fn agent(app: &Shared) -> Result<(), Refusal> {
    require(may(app, "SERVICEDESK_AGENT"), "You need to be an agent to perform this operation.")
}

/// Refuses whoever does not administer the desk.
pub(super) fn of_desk(app: &Shared) -> Result<(), Refusal> {
    let may = may(app, "ADMINISTER") || may(app, "ADMINISTER_PROJECTS");
    require(may, "You need to be a service desk administrator to perform this operation.")
}

/// Refuses whoever may not change organisations.
pub(super) fn of_organizations(app: &Shared) -> Result<(), Refusal> {
    let kept = app.change(|state| state.people.organizations_are_for_administrators);
    if kept { administrator(app) } else { agent(app) }
}

/// Refuses with JSM's 403 unless it `may` be.
pub(super) fn require(may: bool, sentence: &str) -> Result<(), Refusal> {
    let refusal = || Refusal::jsm(StatusCode::FORBIDDEN, sentence, "sd.error.forbidden");
    if may { Ok(()) } else { Err(refusal()) }
}
