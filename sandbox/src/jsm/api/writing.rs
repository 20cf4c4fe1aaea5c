//! What is written to a request: comments by both ways, participants, fields, properties.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::routing::{post, put};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::answer::{Answer, Refusal, created, found, nothing};
use super::ask::{Asked, Sent};
use super::customers::{Ids, no_account};
use super::issues::jsm_definitions;
use super::named::{OfIssue, OfRequest, no_request};
use super::permissions::{may, require};
use super::requests::participants;
use super::shapes::Shapes;
use super::{comments, html};

pub(super) fn routes() -> Router<App> {
    let shared = axum::routing::get(listed).post(share).delete(unshare);
    Router::new()
        .route("/rest/servicedeskapi/request/{key}/comment", post(comment))
        .route("/rest/servicedeskapi/request/{key}/participant", shared)
        .route("/rest/api/{version}/issue/{key}/comment", post(platform_comment))
        .route("/rest/api/{version}/issue/{key}", put(edit))
        .route("/rest/api/{version}/issue/{key}/properties/{property}", put(set_property))
}

/// On Data Center only agents write what customers see.
fn public(app: &Shared, wanted: bool) -> bool {
    wanted && (app.is_cloud() || may(app, "SERVICEDESK_AGENT"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comment {
    body: String,
    public: bool,
}

async fn comment(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
    Sent(sent): Sent<Comment>,
) -> Answer {
    require(may(&app, "ADD_COMMENTS"), "You do not have permission to comment.")?;
    if sent.body.trim().is_empty() {
        let sentence = "Comment body can not be empty!";
        return Err(Refusal::bad_request(sentence, "sd.comment.error.empty"));
    }
    let (me, view) = (app.service_account(), app.view());
    let public = public(&app, sent.public);
    created(app.change(|state| {
        let comment = state.new_comment(&me, &sent.body, public);
        state.say(&request.key, comment.clone());
        comments::value(&view, state, &request, &comment, &asked)
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlatformComment {
    body: Value,
    visibility: Option<Visibility>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Visibility {
    value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    key: String,
    value: Value,
}

/// A document in version 3, wiki marks in version 2; with properties from the start.
async fn platform_comment(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    uri: axum::extract::OriginalUri,
    asked: Asked,
    Sent(sent): Sent<PlatformComment>,
) -> Answer {
    let errors = |sentence: &str| {
        let body = json!({"errorMessages": [], "errors": {"comment": sentence}});
        Refusal::with_body(StatusCode::BAD_REQUEST, body)
    };
    require(may(&app, "ADD_COMMENTS"), "You do not have permission to comment.")?;
    let documents = uri.path().contains("/api/3/");
    let (text, document) = match (documents, sent.body) {
        (true, body) if html::is_document(&body) => (html::text_of(&body), Some(body)),
        (false, Value::String(text)) => (text, None),
        _ => return Err(errors("Comment body is not valid!")),
    };
    if text.trim().is_empty() {
        return Err(errors("Comment body can not be empty!"));
    }
    let properties: BTreeMap<_, _> =
        sent.properties.into_iter().map(|it| (it.key, it.value)).collect();
    let internal = properties.get("sd.public.comment").map(|it| &it["internal"]);
    let internal = internal.is_some_and(|it| *it == true || *it == "true");
    let (me, view) = (app.service_account(), app.view());
    let public = public(&app, !internal);
    created(app.change(|state| {
        let mut comment = state.new_comment(&me, &text, public);
        comment.document = document;
        comment.properties = properties;
        comment.visible_to = sent.visibility.map(|it| it.value);
        state.say(&request.key, comment.clone());
        comments::of_platform(&view, state, &request, &comment, &asked)
    }))
}

async fn listed(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
) -> Answer {
    found(participants(&app, &request))
}

async fn share(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    Sent(ids): Sent<Ids>,
) -> Answer {
    let ids = ids.of(&app)?;
    change_participants(&app, &request.key, &ids, |there| {
        for id in &ids {
            if !there.contains(id) {
                there.push(id.clone());
            }
        }
    })
}

async fn unshare(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    Sent(ids): Sent<Ids>,
) -> Answer {
    let ids = ids.of(&app)?;
    if request.reporter.as_ref().is_some_and(|reporter| ids.contains(reporter)) {
        let sentence = "The reporter cannot be removed from the request.";
        return Err(Refusal::bad_request(sentence, "sd.request.participant.error.reporter"));
    }
    change_participants(&app, &request.key, &ids, |there| there.retain(|id| !ids.contains(id)))
}

fn change_participants(
    app: &App,
    key: &str,
    ids: &[String],
    change: impl FnOnce(&mut Vec<String>),
) -> Answer {
    let request = app.change(|state| {
        let known = |id: &&String| state.people.account(id).is_some_and(|it| it.active);
        let unknown: Vec<_> = ids.iter().filter(|id| !known(id)).cloned().collect();
        if !unknown.is_empty() {
            return Err(no_account(&unknown));
        }
        let now = state.now();
        let there = state.find(key).ok_or_else(no_request)?;
        change(&mut there.participants);
        there.updated = now;
        Ok(there.clone())
    })?;
    found(participants(app, &request))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// Values that replace those that are there.
    #[serde(default)]
    fields: Map<String, Value>,
    /// Operations on them.
    #[serde(default)]
    update: BTreeMap<String, Vec<Operation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Add(Value),
    Remove(Value),
    Set(Value),
}

impl Operation {
    /// What it is about, as a list.
    fn values(&self) -> Value {
        match self {
            Self::Set(values) => values.clone(),
            Self::Add(value) | Self::Remove(value) => json!([value]),
        }
    }

    fn change(&self, there: &mut Vec<u64>) {
        let values = self.values();
        let ids: Vec<_> =
            values.as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        match self {
            Self::Set(_) => *there = ids,
            Self::Add(_) => {
                there.retain(|id| !ids.contains(id));
                there.extend(ids);
            }
            Self::Remove(_) => there.retain(|id| !ids.contains(id)),
        }
    }
}

/// Of the fields, only those that the portal changes: the organisations that a request is shared
/// with.
async fn edit(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    Sent(edit): Sent<Edit>,
) -> Answer {
    require(may(&app, "EDIT_ISSUES"), "You do not have permission to edit issues.")?;
    let cloud = app.is_cloud();
    app.change(|state| {
        let [_, organizations, ..] = jsm_definitions(state.first_field);
        let mut ids = request.organizations.clone();
        let sets = edit.fields.into_iter().map(|(id, value)| (id, vec![Operation::Set(value)]));
        let mut errors = BTreeMap::new();
        for (id, operations) in sets.chain(edit.update) {
            let shapes = Shapes { people: &state.people, cloud, documents: cloud };
            for operation in operations {
                let sentence =
                    "Field cannot be set. It is not on the appropriate screen, or unknown.";
                let is_it = id == organizations.id;
                let checked = is_it.then(|| shapes.check(&organizations, &operation.values()));
                match checked.unwrap_or_else(|| Err(sentence.to_owned())) {
                    Ok(()) => operation.change(&mut ids),
                    Err(sentence) => drop(errors.insert(id.clone(), sentence)),
                }
            }
        }
        if !errors.is_empty() {
            let body = json!({"errorMessages": [], "errors": errors});
            return Err(Refusal::with_body(StatusCode::BAD_REQUEST, body));
        }
        let now = state.now();
        if let Some(there) = state.find(&request.key) {
            there.organizations = ids;
            there.updated = now;
        }
        nothing()
    })
}

async fn set_property(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    axum::extract::Path(path): axum::extract::Path<std::collections::HashMap<String, String>>,
    Sent(value): Sent<Value>,
) -> Answer {
    let key = path.get("property").cloned().unwrap_or_default();
    let before = app.change(|state| {
        state.find(&request.key).and_then(|there| there.properties.insert(key, value))
    });
    let status = if before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    Ok(axum::response::IntoResponse::into_response((status, Json(json!({})))))
}
