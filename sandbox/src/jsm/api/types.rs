//! Request types: their groups, who may use them, their icons.

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use http::request::Parts;
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::desk::{Desk, RequestType};
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::answer::{Answer, Refusal, found};
use super::ask::{
    Asked, CloudOnly, DataCenterOnly, Experimental, InDesk, Sent, find_desk, in_path,
};
use super::paging::page;
use super::permissions;
use super::values::View;

/// How many request types may be asked about at once.
const CHECK_LIMIT: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/requesttype", get(list))
        .route("/rest/servicedeskapi/servicedesk/{desk}/requesttypegroup", get(groups))
        .route("/rest/servicedeskapi/servicedesk/{desk}/requesttype", get(list_of_desk))
        .route("/rest/servicedeskapi/servicedesk/{desk}/requesttype/{type}", get(one))
        .route("/rest/servicedeskapi/servicedesk/{desk}/requesttype/permissions/check", post(check))
        .route(
            "/rest/servicedeskapi/servicedesk/{desk}/requesttype/{type}/permission",
            get(permission),
        )
        .route("/rest/api/{version}/universal_avatar/view/type/SD_REQTYPE/avatar/{id}", get(icon))
}

/// The desk and the request type that `{desk}` and `{type}` of the path name.
pub(super) struct OfType(pub(super) Desk, pub(super) RequestType);

impl FromRequestParts<App> for OfType {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let desk = in_path(parts, app, "desk").await;
        let desk = find_desk(app, &desk).ok_or_else(Refusal::no_desk)?;
        let id = in_path(parts, app, "type").await;
        let there = id.parse().ok().and_then(|id| desk.request_type(id).cloned());
        there.map(|it| Self(desk, it)).ok_or_else(no_type)
    }
}

pub(super) fn no_type() -> Refusal {
    let sentence = "The request type does not exist.";
    Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.requesttype.error.not.found")
}

/// A request type, with the ids of the groups it is in.
pub(super) fn value(view: &View, desk: &Desk, it: &RequestType) -> Value {
    let own = view.rest(&format!("servicedesk/{}/requesttype/{}", desk.id, it.id));
    let icon =
        format!("{}/rest/api/2/universal_avatar/view/type/SD_REQTYPE/avatar/10505", view.base_url);
    let is_in = |types: &[RequestType]| types.iter().any(|own| own.id == it.id);
    let groups = desk.groups.iter().filter(|group| is_in(&group.types));
    let groups: Vec<_> = groups.map(|group| group.id.to_string()).collect();
    let mut value = json!({
        "_expands": ["field"],
        "id": it.id.to_string(),
        "_links": {"self": own},
        "name": it.name,
        "description": it.description,
        "helpText": it.help_text,
        "issueTypeId": "10002",
        "serviceDeskId": desk.id.to_string(),
        "groupIds": groups,
        "icon": {"id": "10505", "_links": {"iconUrls": {"48x48": icon}}},
    });
    if let Some(members) = value.as_object_mut() {
        if view.cloud {
            members.insert("portalId".to_owned(), desk.portal_id.to_string().into());
        } else {
            let status = if it.allowed.is_some() { "RESTRICTED" } else { "OPEN" };
            members.insert("restrictionStatus".to_owned(), status.into());
        }
    }
    value
}

/// Restricted ones and those in no group too, as an administrator is told of them.
fn values(app: &Shared, desk: &Desk, asked: &Asked) -> Vec<Value> {
    if !desk.tells_portal_id {
        // As on a site where every request type is hidden.
        return Vec::new();
    }
    let view = app.view();
    let group = asked.first("groupId").and_then(|id| id.parse().ok());
    let text = asked.first("searchQuery").unwrap_or_default().to_lowercase();
    let groups = desk.groups.iter().filter(|it| group.is_none_or(|id: u64| it.id == id));
    let grouped = groups.flat_map(|it| &it.types);
    let hidden = desk.ungrouped.iter().filter(|_| group.is_none() && text.is_empty());
    let fits = |it: &&RequestType| {
        it.name.to_lowercase().contains(&text) || it.description.to_lowercase().contains(&text)
    };
    grouped.chain(hidden).filter(fits).map(|it| value(&view, desk, it)).collect()
}

async fn list(
    _: ServiceAccount,
    _: CloudOnly,
    _: Experimental,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let ids: Vec<_> = asked.all("serviceDeskId").collect();
    let desks = app.desks();
    let fits = |desk: &&Desk| ids.is_empty() || ids.contains(&desk.id.to_string().as_str());
    let all = desks.iter().filter(fits).flat_map(|desk| values(&app, desk, &asked)).collect();
    found(page(&app, "requesttype", asked.window(), all))
}

async fn list_of_desk(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Answer {
    let call = format!("servicedesk/{}/requesttype", desk.id);
    found(page(&app, &call, asked.window(), values(&app, &desk, &asked)))
}

async fn one(_: ServiceAccount, State(app): State<App>, OfType(desk, it): OfType) -> Answer {
    found(value(&app.view(), &desk, &it))
}

async fn groups(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Answer {
    let group =
        |it: &super::super::RequestTypeGroup| json!({"id": it.id.to_string(), "name": it.name});
    let all = desk.groups.iter().map(group).collect();
    let call = format!("servicedesk/{}/requesttypegroup", desk.id);
    found(page(&app, &call, asked.window(), all))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Check {
    account_id: String,
    permissions: Vec<String>,
    request_type_ids: Vec<Value>,
}

/// What another account may do with these types; ids that do not exist are left out.
async fn check(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    InDesk(desk): InDesk,
    Sent(check): Sent<Check>,
) -> Answer {
    permissions::of_desk(&app)?;
    if check.request_type_ids.len() > CHECK_LIMIT {
        let sentence = "At most 50 request types can be checked at once.";
        return Err(Refusal::bad_request(sentence, "sd.requesttype.error.too.many"));
    }
    let (allowed, open) = app.change(|state| {
        let people = &state.people;
        (people.account(&check.account_id).is_some(), desk.open)
    });
    let entitled = open || app.change(|state| state.people.has_access(desk.id, &check.account_id));
    let id = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let types = check.request_type_ids.iter().filter_map(id);
    let may = types.filter(|id| {
        let there = desk.request_type(*id);
        let is_free = |it: &RequestType| {
            it.allowed.as_ref().is_none_or(|allowed| allowed.contains(&check.account_id))
        };
        allowed && entitled && there.is_some_and(is_free)
    });
    let may: Vec<_> = may.map(|id| id.to_string()).collect();
    let asked = |name: &str| check.permissions.iter().any(|it| it == name);
    let none = Vec::new();
    found(json!({
        "canCreateRequest": if asked("canCreateRequest") { may } else { none },
        "canAdminister": [],
    }))
}

/// Who may use a restricted type; nobody is named for one that is open to all.
async fn permission(
    _: ServiceAccount,
    _: DataCenterOnly,
    State(app): State<App>,
    OfType(_, it): OfType,
) -> Answer {
    permissions::of_desk(&app)?;
    let allowed = app.change(|state| {
        let people = &state.people;
        let entity = |id: &String| {
            let name = people.account(id).map(|account| account.display_name.clone());
            let key = format!("JIRAUSER{}", 10_100 + people.number(id));
            json!({
                "entityId": key,
                "entityType": "USER",
                "displayName": name,
                "status": "ACTIVE",
            })
        };
        it.allowed.iter().flatten().map(entity).collect::<Value>()
    });
    found(json!({"id": it.id.to_string(), "permissions": allowed}))
}

async fn icon(_: ServiceAccount) -> Answer {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"48\" height=\"48\">\
               <circle cx=\"24\" cy=\"24\" r=\"20\" fill=\"#0052cc\"/></svg>";
    Ok(([(header::CONTENT_TYPE, "image/svg+xml;charset=UTF-8")], svg).into_response())
}
