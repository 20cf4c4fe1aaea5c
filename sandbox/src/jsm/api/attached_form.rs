//! The form builder's interface, which Cloud has beside JSM's: whether a form is attached to a request type.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use serde_json::json;

use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, found};
use super::types::OfType;

pub(in crate::jsm) fn routes() -> Router<App> {
    let path = "/jira/forms/cloud/{cloud_id}/servicedesk/{desk}/requesttype/{type}/form";
    Router::new().route(path, get(form))
}

async fn form(_: ServiceAccount, State(app): State<App>, OfType(_, it): OfType) -> Answer {
    if !app.is_cloud() || !it.has_form {
        let sentence = "No form is attached to this request type.";
        return Err(Refusal::platform(StatusCode::NOT_FOUND, sentence));
    }
    found(json!({
        "id": "b7c0a1de-0000-4000-8000-000000000001",
        "updated": "2026-11-27T08:00:00.000Z",
        "design": {
            "settings": {"name": it.name, "language": "en", "submit": {"lock": false, "pdf": false}},
            "questions": {"1": {"label": "How many?", "type": "no", "validation": {"rq": true}}},
            "layout": [], "sections": {}, "conditions": {},
        },
        "publish": {"portal": {"portalRequestTypeIds": [it.id], "submitOnCreate": true}},
    }))
}
