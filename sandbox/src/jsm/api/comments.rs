//! Comments, as JSM's calls and as the platform's give them.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::super::data::requests::{Comment, CustomerRequest};
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared, State as Kept};
use super::answer::{Answer, found};
use super::ask::{Asked, CloudOnly};
use super::named::{OfIssue, OfRequest};
use super::paging::page;
use super::values::View;
use super::{files, html};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/request/{key}/comment", get(all))
        .route("/rest/servicedeskapi/request/{key}/comment/{id}/attachment", get(attached))
        .route("/rest/api/{version}/issue/{key}/comment", get(of_issue))
}

async fn all(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
) -> Answer {
    let (public, internal) = (asked.flag("public", true), asked.flag("internal", true));
    found(list(&app, &request, &asked, public, internal))
}

/// An agent is given internal ones too, unless the call leaves them out.
pub(super) fn list(
    app: &Shared,
    request: &CustomerRequest,
    asked: &Asked,
    public: bool,
    internal: bool,
) -> Value {
    let view = app.view();
    let wanted = |it: &&Comment| if it.public { public } else { internal };
    let all = request.comments.iter().filter(wanted);
    let all = app.change(|state| all.map(|it| value(&view, state, request, it, asked)).collect());
    page(app, &format!("request/{}/comment", request.key), asked.window(), all)
}

/// A comment as JSM's calls have it.
pub(super) fn value(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    comment: &Comment,
    asked: &Asked,
) -> Value {
    let own = view.rest(&format!("request/{}/comment/{}", request.issue_id, comment.id));
    let mut value = Map::from_iter([
        ("id".to_owned(), json!(comment.id.to_string())),
        ("body".to_owned(), json!(comment.body)),
        ("public".to_owned(), json!(comment.public)),
        ("author".to_owned(), view.user_by_id(&state.people, &comment.author)),
        ("created".to_owned(), comment.created.value()),
        ("_links".to_owned(), json!({"self": own})),
    ]);
    if !view.cloud {
        return Value::Object(value);
    }
    let expanded =
        |name: &str| asked.all("expand").any(|it| it == name || it.ends_with(&format!(".{name}")));
    value.insert("_expands".to_owned(), json!(["attachment", "renderedBody"]));
    if expanded("renderedBody") {
        value.insert("renderedBody".to_owned(), json!({"html": rendered(view, state, comment)}));
    }
    if expanded("attachment") {
        let files = state.attachments.iter().filter(|it| comment.attachments.contains(&it.id));
        let files: Vec<_> = files.map(|it| files::value(view, state, it)).collect();
        let page = json!({
            "_expands": [], "size": files.len(), "start": 0, "limit": 50, "isLastPage": true,
            "_links": {"base": view.rest("").trim_end_matches('/'), "context": ""},
            "values": files,
        });
        value.insert("attachments".to_owned(), page);
    }
    Value::Object(value)
}

async fn attached(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
    axum::extract::Path(path): axum::extract::Path<std::collections::HashMap<String, String>>,
) -> Answer {
    let id = path.get("id").and_then(|id| id.parse().ok()).unwrap_or(0_u64);
    let comment = request.comments.iter().find(|it| it.id == id);
    let ids = comment.map(|it| it.attachments.clone()).unwrap_or_default();
    let view = app.view();
    let all = app.change(|state| {
        let own = state.attachments.iter().filter(|it| ids.contains(&it.id));
        own.map(|it| files::value(&view, state, it)).collect()
    });
    let call = format!("request/{}/comment/{id}/attachment", request.key);
    found(page(&app, &call, asked.window(), all))
}

/// The HTML that Jira makes of a comment. `[^name]` is a link to the file of that name.
fn rendered(view: &View, state: &Kept, comment: &Comment) -> String {
    if let Some(html) = &comment.html {
        return html.clone();
    }
    let html = comment.document.as_ref();
    let html = html.map_or_else(|| html::of_text(&comment.body), html::of_document);
    let attached = state.attachments.iter().filter(|it| comment.attachments.contains(&it.id));
    attached.fold(html, |html, file| {
        let (name, id) = (html::escape(&file.name), file.id);
        let link = format!("<a href=\"{}/secure/attachment/{id}/{id}\">{name}</a>", view.base_url);
        html.replace(&format!("[^{name}]"), &link)
    })
}

async fn of_issue(
    _: ServiceAccount,
    State(app): State<App>,
    OfIssue(request): OfIssue,
    asked: Asked,
) -> Answer {
    let (start, most) = (asked.number("startAt", 0), asked.number("maxResults", 50));
    let cap = app.change(|state| state.faults.page_cap);
    let newest_first = asked.first("orderBy").is_some_and(|it| it.starts_with('-'));
    let view = app.view();
    let mut all: Vec<_> = request.comments.iter().collect();
    if newest_first {
        all.reverse();
    }
    let values: Vec<_> = app.change(|state| {
        let part = all.iter().skip(start).take(most.min(cap));
        part.map(|it| of_platform(&view, state, &request, it, &asked)).collect()
    });
    let total = request.comments.len();
    found(
        json!({"startAt": start, "maxResults": most.min(cap), "total": total, "comments": values}),
    )
}

/// A comment as the platform's calls have it. Only Cloud says by itself whether JSM shows it.
pub(super) fn of_platform(
    view: &View,
    state: &Kept,
    request: &CustomerRequest,
    comment: &Comment,
    asked: &Asked,
) -> Value {
    let (version, own) = (if view.cloud { 3 } else { 2 }, comment.id);
    let author = view.platform_user_by_id(&state.people, &comment.author);
    let body = match (&comment.document, view.cloud) {
        (Some(document), true) => document.clone(),
        (None, true) => document(&comment.body),
        (_, false) => comment.body.as_str().into(),
    };
    let at = comment.created.platform();
    let issue = format!("{}/rest/api/{version}/issue/{}", view.base_url, request.issue_id);
    let mut value = Map::from_iter([
        ("self".to_owned(), json!(format!("{issue}/comment/{own}"))),
        ("id".to_owned(), json!(own.to_string())),
        ("author".to_owned(), author.clone()),
        ("updateAuthor".to_owned(), author),
        ("body".to_owned(), body),
        ("created".to_owned(), json!(at)),
        ("updated".to_owned(), json!(at)),
    ]);
    if view.cloud {
        value.insert("jsdPublic".to_owned(), comment.public.into());
    }
    if let Some(role) = &comment.visible_to {
        let visibility = json!({"type": "role", "value": role, "identifier": "10002"});
        value.insert("visibility".to_owned(), visibility);
    }
    for expand in asked.all("expand") {
        let more = match expand {
            "renderedBody" => rendered(view, state, comment).into(),
            "properties" => properties(comment),
            _ => continue,
        };
        value.insert(expand.to_owned(), more);
    }
    Value::Object(value)
}

fn properties(comment: &Comment) -> Value {
    let mut all = comment.properties.clone();
    all.entry("sd.public.comment".to_owned())
        .or_insert_with(|| json!({"internal": !comment.public}));
    all.into_iter().map(|(key, value)| json!({"key": key, "value": value})).collect()
}

/// A text as a document (ADF).
pub(super) fn document(text: &str) -> Value {
    let paragraph =
        |text: &str| json!({"type": "paragraph", "content": [{"type": "text", "text": text}]});
    let paragraphs: Vec<_> =
        text.split("\n\n").filter(|it| !it.is_empty()).map(paragraph).collect();
    json!({"type": "doc", "version": 1, "content": paragraphs})
}
