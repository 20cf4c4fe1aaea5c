//! Raising a request and looking at it, as the customer that JSM takes the visitor for.

use axum::Form;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::HeaderMap;
use minijinja::{Value, context};
use serde::Deserialize;

use super::data::requests::CustomerRequest;
use super::redirect::found;
use super::state::{App, Shared};
use super::visitor::Visitor;
use super::{Desk, RequestType, attachments, pages, xsrf};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/servicedesk/customer/portal/{id}/create/{type}", get(form).post(raise))
        .route(
            "/servicedesk/customer/portal/{id}/group/{group}/create/{type}",
            get(form).post(raise),
        )
        .route("/servicedesk/customer/portal/{id}/{key}", get(show))
        .route("/servicedesk/customer/user/requests", get(mine))
}

#[derive(Deserialize)]
struct FormPath {
    id: u64,
    #[serde(rename = "type")]
    type_id: u64,
}

impl FormPath {
    fn find(&self, app: &Shared) -> Option<(Desk, RequestType)> {
        let desk = app.desk_by_portal(self.id)?;
        let request_type = desk.request_type(self.type_id)?.clone();
        Some((desk, request_type))
    }
}

async fn form(State(app): State<App>, visitor: Visitor, Path(path): Path<FormPath>) -> Response {
    let Some((desk, request_type)) = path.find(&app) else {
        return pages::not_found(State(app), visitor).await;
    };
    let page = context! {
        desk => pages::desk_value(&desk),
        name => request_type.name.as_str(),
        description => request_type.description.as_str(),
        action => pages::address(&form_path(&app, &path)),
    };
    pages::render(&app, &visitor, "create.html", page)
}

fn form_path(app: &Shared, path: &FormPath) -> String {
    let FormPath { id, type_id } = path;
    format!("{}/servicedesk/customer/portal/{id}/create/{type_id}", app.context_path())
}

#[derive(Deserialize)]
struct Fields {
    atl_token: Option<String>,
    summary: String,
    #[serde(default)]
    description: String,
}

async fn raise(
    State(app): State<App>,
    visitor: Visitor,
    Path(path): Path<FormPath>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let checked = xsrf::check_origin(&app, &headers)
        .and_then(|()| xsrf::check_token(&visitor, &headers, fields.atl_token.as_deref()));
    if let Err(refusal) = checked {
        return refusal.into_response();
    }
    let Some((desk, request_type)) = path.find(&app) else {
        return pages::not_found(State(app), visitor).await;
    };
    let key = app.change(|state| {
        let reporter = visitor.customer.map(|name| state.known(&name));
        let request = CustomerRequest {
            type_id: Some(request_type.id),
            type_name: request_type.name,
            creator: reporter.clone().unwrap_or_default(),
            reporter,
            ..CustomerRequest::new(desk.portal_id, &fields.summary, &fields.description)
        };
        state.raise(&desk, request)
    });
    found(&format!("{}/servicedesk/customer/portal/{}/{key}", app.base_url(), desk.portal_id))
}

#[derive(Deserialize)]
struct RequestPath {
    id: u64,
    key: String,
}

async fn show(State(app): State<App>, visitor: Visitor, Path(path): Path<RequestPath>) -> Response {
    let desk = app.desk_by_portal(path.id);
    let request = app.request(&path.key, visitor.customer.as_deref());
    let (Some(desk), Some(request)) = (desk, request.filter(|it| it.portal_id == path.id)) else {
        return pages::not_found(State(app), visitor).await;
    };
    let page = context! {
        desk => pages::desk_value(&desk),
        request => request_value(&request),
        attachments => attachments::of_request(&app, &request.key),
        upload => pages::address(&attachments::upload_path(&app, &request)),
    };
    pages::render(&app, &visitor, "request.html", page)
}

async fn mine(State(app): State<App>, visitor: Visitor) -> Response {
    let own = |request: &&CustomerRequest| {
        visitor.customer.is_some() && request.reporter == visitor.customer
    };
    let requests =
        app.change(|state| state.requests.iter().filter(own).map(request_value).collect::<Value>());
    pages::render(&app, &visitor, "requests.html", context! { requests => requests })
}

fn request_value(request: &CustomerRequest) -> Value {
    context! {
        key => request.key.as_str(),
        portal_id => request.portal_id,
        type_name => request.type_name.as_str(),
        summary => request.summary.as_str(),
        description => request.description.as_str(),
        reporter => request.reporter.as_deref().unwrap_or("anonymous"),
    }
}
