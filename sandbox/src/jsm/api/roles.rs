//! Roles of projects: on Data Center the customers of a desk are those who have one of them, and no
//! other call lists them.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, found};
use super::ask::DataCenterOnly;
use super::permissions::may;

/// Ids of roles are the same in all projects.
const CUSTOMERS: u64 = 10_101;
const TEAM: u64 = 10_102;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/project/{project}/role", get(list))
        .route("/rest/api/{version}/project/{project}/role/{role}", get(one))
}

/// The desk whose project has this key or id, for whoever administers it.
fn administered(app: &App, project: &str) -> Result<Desk, Refusal> {
    let is_it = |desk: &&Desk| desk.key == project || desk.project_id.to_string() == project;
    let desk = app.desks().iter().find(is_it).cloned();
    let sentence = format!("No project could be found with key '{project}'.");
    let desk = desk.ok_or_else(|| Refusal::platform(StatusCode::NOT_FOUND, &sentence))?;
    let sentence = "You do not have permission to administer this project.";
    let refused = || Refusal::platform(StatusCode::FORBIDDEN, sentence);
    let may = may(app, "ADMINISTER") || may(app, "ADMINISTER_PROJECTS");
    if may { Ok(desk) } else { Err(refused()) }
}

async fn list(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    Path((_, project)): Path<(String, String)>,
) -> Answer {
    let desk = administered(&app, &project)?;
    let base = app.change(|state| state.base_url.clone());
    let address = |id| format!("{base}/rest/api/2/project/{}/role/{id}", desk.project_id);
    found(json!({
        "Service Desk Team": address(TEAM),
        "Service Desk Customers": address(CUSTOMERS),
    }))
}

async fn one(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    Path((_, project, role)): Path<(String, String, u64)>,
) -> Answer {
    let desk = administered(&app, &project)?;
    let listed = app.change(|state| state.people.listed(desk.id).to_vec());
    let actor = |(at, name): (usize, &String)| json!({"id": at, "displayName": name, "type": "atlassian-user-role-actor", "name": name});
    let actors: Value = match role {
        CUSTOMERS => listed.iter().enumerate().map(actor).collect(),
        TEAM => json!([]),
        _ => {
            let sentence = format!("Can not retrieve a role actor for a null role actor: {role}");
            return Err(Refusal::platform(StatusCode::NOT_FOUND, &sentence));
        }
    };
    let name = if role == CUSTOMERS { "Service Desk Customers" } else { "Service Desk Team" };
    found(json!({"name": name, "id": role, "description": "", "actors": actors}))
}
