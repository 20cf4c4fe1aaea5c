//! Groups of Jira and the application roles that they give; Data Center's calls.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::data::people::{Group, People};
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, created, found};
use super::ask::{Asked, DataCenterOnly, Sent};
use super::permissions::may;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/group/user", post(add).delete(remove))
        .route("/rest/api/{version}/group/member", get(members))
        .route("/rest/api/{version}/groups/picker", get(picker))
        .route("/rest/api/{version}/applicationrole", get(application_roles))
}

fn administrator(app: &App) -> Result<(), Refusal> {
    let sentence = "You are not authorized to perform this operation. Administrator privileges \
                    are required.";
    let refusal = || Refusal::platform(StatusCode::FORBIDDEN, sentence);
    if may(app, "ADMINISTER") { Ok(()) } else { Err(refusal()) }
}

fn group<'a>(people: &'a mut People, asked: &Asked) -> Result<&'a mut Group, Refusal> {
    let name = asked.first("groupname").unwrap_or_default();
    let sentence = format!("The group named '{name}' does not exist.");
    people.group(name).ok_or_else(|| Refusal::platform(StatusCode::NOT_FOUND, &sentence))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

async fn add(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    asked: Asked,
    Sent(user): Sent<Named>,
) -> Answer {
    administrator(&app)?;
    app.change(|state| {
        let known = state.people.account(&user.name).is_some();
        let group = group(&mut state.people, &asked)?;
        if !known {
            let sentence = format!("User '{}' does not exist.", user.name);
            return Err(Refusal::platform(StatusCode::NOT_FOUND, &sentence));
        }
        if group.members.contains(&user.name) {
            let sentence =
                format!("Cannot add user. '{}' is already a member of '{}'", user.name, group.name);
            return Err(Refusal::platform(StatusCode::BAD_REQUEST, &sentence));
        }
        group.members.push(user.name);
        created(json!({"name": group.name}))
    })
}

async fn remove(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    administrator(&app)?;
    app.change(|state| {
        let group = group(&mut state.people, &asked)?;
        let name = asked.first("username").unwrap_or_default();
        if !group.members.iter().any(|it| it == name) {
            let sentence = format!(
                "Cannot remove user '{name}' from group '{}' since user is not a member of it",
                group.name
            );
            return Err(Refusal::platform(StatusCode::BAD_REQUEST, &sentence));
        }
        group.members.retain(|it| it != name);
        found(json!({}))
    })
}

async fn members(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    administrator(&app)?;
    let (start, most) = (asked.number("startAt", 0), asked.number("maxResults", 50).min(50));
    let view = app.view();
    app.change(|state| {
        let ids = group(&mut state.people, &asked)?.members.clone();
        let people = &state.people;
        let part = ids.iter().skip(start).take(most);
        let values: Vec<_> = part.map(|id| view.platform_user_by_id(people, id)).collect();
        found(json!({
            "startAt": start,
            "maxResults": most,
            "total": ids.len(),
            "isLast": start + values.len() >= ids.len(),
            "values": values,
        }))
    })
}

async fn picker(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let query = asked.first("query").unwrap_or_default().to_lowercase();
    let names: Vec<_> = app.change(|state| {
        let all = state.people.groups.iter().map(|group| group.name.clone());
        all.filter(|name| name.to_lowercase().contains(&query)).collect()
    });
    let most = asked.number("maxResults", 20);
    let shown = names.iter().take(most);
    let groups: Value =
        shown.map(|name| json!({"name": name, "html": name, "labels": []})).collect();
    let header = format!("Showing {} of {} matching groups", names.len().min(most), names.len());
    found(json!({"header": header, "total": names.len(), "groups": groups}))
}

/// Which groups give which application role.
async fn application_roles(_: ServiceAccount, _: DataCenterOnly, State(app): State<App>) -> Answer {
    administrator(&app)?;
    found(app.change(|state| {
        let groups = &state.people.groups;
        let mut keys: Vec<_> =
            groups.iter().flat_map(|group| group.application_roles.iter().cloned()).collect();
        keys.sort();
        keys.dedup();
        let giving = |key: &String| -> Vec<_> {
            let giving = groups.iter().filter(|group| group.application_roles.contains(key));
            giving.map(|group| group.name.clone()).collect()
        };
        keys.iter()
            .map(|key| json!({"key": key, "name": key, "groups": giving(key), "defined": true}))
            .collect::<Value>()
    }))
}
