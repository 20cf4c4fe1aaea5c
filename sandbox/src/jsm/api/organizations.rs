//! Organisations: all, those of a desk, and who is in them.

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::routing::get;
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use serde_json::Value;

use super::super::data::people::Organization;
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, created, found, nothing};
use super::ask::{Asked, InDesk, Sent, in_path};
use super::customers::{Ids, no_account};
use super::paging::page;
use super::permissions;

/// The longest name.
const NAME_LIMIT: usize = 200;

pub(super) fn routes() -> Router<App> {
    let of_desk = get(list_of_desk).post(add_to_desk).delete(remove_from_desk);
    Router::new()
        .route("/rest/servicedeskapi/organization", get(list).post(create))
        .route("/rest/servicedeskapi/organization/{organization}", get(one))
        .route(
            "/rest/servicedeskapi/organization/{organization}/user",
            get(members).post(add).delete(remove),
        )
        .route("/rest/servicedeskapi/servicedesk/{desk}/organization", of_desk)
}

/// The organisation that `{organization}` of the path names.
struct InOrganization(Organization);

impl FromRequestParts<App> for InOrganization {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let id = in_path(parts, app, "organization").await;
        let id = id.parse().map_err(|_| no_organization())?;
        let there = app.change(|state| state.people.organization(id).cloned());
        there.map(Self).ok_or_else(no_organization)
    }
}

fn no_organization() -> Refusal {
    let sentence = "The organization does not exist.";
    Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.organization.error.not.found")
}

/// Those that are asked for: of an account (on Cloud; Data Center has no such parameter and gives
/// all), and of a desk.
fn select(app: &App, asked: &Asked, desk: Option<u64>) -> Result<Vec<Value>, Refusal> {
    permissions::agent(app)?;
    let account = asked.first("accountId").filter(|_| app.is_cloud());
    let view = app.view();
    app.change(|state| {
        if account.is_some_and(|id| state.people.account(id).is_none()) {
            let sentence = "The user does not exist.";
            return Err(Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.user.error.not.found"));
        }
        let fits = |it: &&Organization| {
            let has = account.is_none_or(|id| it.members.iter().any(|member| member == id));
            has && desk.is_none_or(|desk| it.desks.contains(&desk))
        };
        let all = state.people.organizations.iter().filter(fits);
        Ok(all.map(|it| view.organization(it)).collect())
    })
}

async fn list(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    let all = select(&app, &asked, None)?;
    found(page(&app, "organization", asked.window(), all))
}

async fn list_of_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Answer {
    let all = select(&app, &asked, Some(desk.id))?;
    let call = format!("servicedesk/{}/organization", desk.id);
    found(page(&app, &call, asked.window(), all))
}

async fn one(
    _: ServiceAccount,
    State(app): State<App>,
    InOrganization(organization): InOrganization,
) -> Answer {
    permissions::agent(&app)?;
    found(app.view().organization(&organization))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

/// One whose name is taken is not made; the one that has it is the answer.
async fn create(_: ServiceAccount, State(app): State<App>, Sent(named): Sent<Named>) -> Answer {
    permissions::of_organizations(&app)?;
    let name = named.name.trim();
    if name.is_empty() || name.chars().count() > NAME_LIMIT {
        let sentence = "The organization name must have between 1 and 200 characters.";
        return Err(Refusal::bad_request(sentence, "sd.organization.error.name"));
    }
    let view = app.view();
    app.change(|state| {
        let id = state.people.make_organization(name);
        let made = state.people.organization(id).ok_or_else(no_organization)?;
        created(view.organization(made))
    })
}

async fn members(
    _: ServiceAccount,
    State(app): State<App>,
    InOrganization(organization): InOrganization,
    asked: Asked,
) -> Answer {
    permissions::agent(&app)?;
    let view = app.view();
    let all = app.change(|state| {
        let ids = organization.members.iter();
        ids.map(|id| view.user_by_id(&state.people, id)).collect()
    });
    let call = format!("organization/{}/user", organization.id);
    found(page(&app, &call, asked.window(), all))
}

/// Changes an organisation, if there is one of this number.
fn change(app: &App, id: u64, change: impl FnOnce(&mut Organization)) -> Answer {
    app.change(|state| {
        change(state.people.organization(id).ok_or_else(no_organization)?);
        nothing()
    })
}

async fn add(
    _: ServiceAccount,
    State(app): State<App>,
    InOrganization(organization): InOrganization,
    Sent(ids): Sent<Ids>,
) -> Answer {
    permissions::of_organizations(&app)?;
    let ids = ids.of(&app)?;
    app.change(|state| {
        let is_unknown = |id: &&String| state.people.account(id).is_none();
        let unknown: Vec<_> = ids.iter().filter(is_unknown).cloned().collect();
        if !unknown.is_empty() {
            return Err(no_account(&unknown));
        }
        let there = state.people.organization(organization.id).ok_or_else(no_organization)?;
        for id in ids {
            if !there.members.contains(&id) {
                there.members.push(id);
            }
        }
        nothing()
    })
}

async fn remove(
    _: ServiceAccount,
    State(app): State<App>,
    InOrganization(organization): InOrganization,
    Sent(ids): Sent<Ids>,
) -> Answer {
    permissions::of_organizations(&app)?;
    let ids = ids.of(&app)?;
    change(&app, organization.id, |it| it.members.retain(|member| !ids.contains(member)))
}

/// The id is a number here, though a string everywhere else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OfDesk {
    organization_id: u64,
}

async fn add_to_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    Sent(of): Sent<OfDesk>,
) -> Answer {
    permissions::of_organizations(&app)?;
    change(&app, of.organization_id, |it| {
        if !it.desks.contains(&desk.id) {
            it.desks.push(desk.id);
        }
    })
}

async fn remove_from_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    Sent(of): Sent<OfDesk>,
) -> Answer {
    permissions::of_organizations(&app)?;
    change(&app, of.organization_id, |it| it.desks.retain(|id| *id != desk.id))
}
