//! Finding people by the platform's calls.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::data::people::{Account, AccountKind, People};
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::answer::{Answer, Refusal, found};
use super::ask::Asked;
use super::permissions::may;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/user", get(one))
        .route("/rest/api/{version}/user/search", get(search))
        .route("/rest/api/{version}/myself", get(myself))
}

/// `query` on Cloud, `username` on Data Center; both are matched against the beginning of address
/// and name. Without the right to browse users nobody is found, and nothing says why.
async fn search(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    let name = if app.is_cloud() { "query" } else { "username" };
    let text = asked.first(name);
    let id = asked.first("accountId").filter(|_| app.is_cloud());
    if text.is_none() && id.is_none() {
        let sentence = format!("The {name} parameter was not provided.");
        return Err(Refusal::platform(StatusCode::BAD_REQUEST, &sentence));
    }
    if !may(&app, "USER_PICKER") {
        return found(json!([]));
    }
    let inactive = !app.is_cloud() && asked.flag("includeInactive", false);
    let fits = |it: &&Account| {
        let shown = it.active || inactive;
        let everybody = !app.is_cloud() && text == Some(".");
        let found = everybody || text.is_some_and(|text| it.matches(text));
        shown && (found || id == Some(it.id.as_str()))
    };
    let (start, most) = (asked.number("startAt", 0), asked.number("maxResults", 50).min(1000));
    let view = app.view();
    found(app.change(|state| {
        let people = &state.people;
        let all = people.accounts.iter().filter(fits).skip(start).take(most);
        all.map(|it| view.platform_user(people, it)).collect::<Value>()
    }))
}

async fn one(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    let name = if app.is_cloud() { "accountId" } else { "username" };
    let Some(id) = asked.first(name) else {
        let sentence = format!("The {name} parameter was not provided.");
        return Err(Refusal::platform(StatusCode::BAD_REQUEST, &sentence));
    };
    let user = whole(&app, id, &asked).filter(|_| may(&app, "USER_PICKER"));
    user.map_or_else(|| Err(nobody(app.is_cloud(), id)), found)
}

fn nobody(cloud: bool, id: &str) -> Refusal {
    let sentence = if cloud {
        "Specified user does not exist or you do not have required permissions".to_owned()
    } else {
        format!("The user named '{id}' does not exist")
    };
    Refusal::platform(StatusCode::NOT_FOUND, &sentence)
}

async fn myself(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    let id = app.service_account();
    let myself = whole(&app, &id, &asked);
    myself.map_or_else(|| Err(nobody(app.is_cloud(), &id)), found)
}

/// The account, with its groups and application roles if they are asked for.
fn whole(app: &Shared, id: &str, asked: &Asked) -> Option<Value> {
    let view = app.view();
    app.change(|state| {
        let people = &state.people;
        let mut value = view.platform_user(people, people.account(id)?);
        let members = value.as_object_mut()?;
        for expand in asked.all("expand") {
            let items = match expand {
                "groups" => groups(people, id),
                "applicationRoles" => roles(people, id),
                _ => continue,
            };
            members.insert(expand.to_owned(), json!({"size": items.len(), "items": items}));
        }
        Some(value)
    })
}

fn groups(people: &People, id: &str) -> Vec<Value> {
    let own = people.groups.iter().filter(|group| group.members.iter().any(|it| it == id));
    own.map(|group| json!({"name": group.name})).collect()
}

fn roles(people: &People, id: &str) -> Vec<Value> {
    let own = people.groups.iter().filter(|group| group.members.iter().any(|it| it == id));
    let mut keys: Vec<_> = own.flat_map(|group| &group.application_roles).cloned().collect();
    if people.account(id).is_some_and(|it| it.kind == AccountKind::Agent) {
        keys.push("jira-servicedesk".to_owned());
    }
    keys.sort();
    keys.dedup();
    keys.iter().map(|key| json!({"key": key, "name": key})).collect()
}
