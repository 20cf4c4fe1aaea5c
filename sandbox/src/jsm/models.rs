//! The portal's own data call, which its pages get everything from: one POST that names what is
//! wanted in JSON. It must not know how pages look.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::state::{App, Shared};
use super::visitor::Visitor;
use super::xsrf;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/rest/servicedesk/{version}/customer/models", post(models))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    options: Options,
    #[serde(default)]
    models: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Options {
    portal_id: Option<u64>,
    portal: Option<Named>,
    req_details: Option<Details>,
}

impl Options {
    /// The portal that is asked about: an object of its own outweighs the number, as in JSM.
    fn portal(&self) -> Option<u64> {
        self.portal.as_ref().map(|portal| portal.id).or(self.portal_id)
    }
}

#[derive(Deserialize)]
struct Named {
    id: u64,
}

#[derive(Deserialize)]
struct Details {
    key: String,
}

async fn models(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(asked): Json<Asked>,
) -> Response {
    if let Err(forged) = xsrf::check_origin_of_browser(&app, &headers) {
        return forged.into_response();
    }
    let mut answer = Map::from_iter([("xsrfToken".to_owned(), json!(visitor.xsrf_token))]);
    for model in asked.models {
        match find(&app, &visitor, &model, &asked.options) {
            Some(value) => drop(answer.insert(model, value)),
            None => return StatusCode::NOT_FOUND.into_response(),
        }
    }
    Json(Value::Object(answer)).into_response()
}

fn find(app: &Shared, visitor: &Visitor, model: &str, options: &Options) -> Option<Value> {
    match model {
        "portal" => {
            let desk = app.desk_by_portal(options.portal()?)?;
            Some(json!({"id": desk.portal_id, "key": desk.key, "name": desk.name}))
        }
        "reqDetails" => {
            let details = options.req_details.as_ref()?;
            let request = app.request(&details.key, visitor.customer.as_deref())?;
            Some(json!({"key": request.key, "summary": request.summary}))
        }
        "user" => Some(json!({"name": visitor.label()})),
        _ => None,
    }
}
