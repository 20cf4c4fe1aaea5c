//! The portal's pages: lists, forms, and the corners that customers have no business in. It must
//! not know how requests are raised or files kept.

use std::sync::LazyLock;

use axum::extract::{OriginalUri, Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use http::{HeaderMap, Method, StatusCode, header};
use minijinja::{Environment, Value, context};
use serde_json::json;

use super::Desk;
use super::state::{App, Shared};
use super::visitor::Visitor;

const STYLE: &str = include_str!("templates/portal.css");
const STYLE_PATH: &str = "/s/sandbox/_/download/batch/portal.css";

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    for (name, source) in [
        ("layout.html", include_str!("templates/layout.html")),
        ("portals.html", include_str!("templates/portals.html")),
        ("portal.html", include_str!("templates/portal.html")),
        ("create.html", include_str!("templates/create.html")),
        ("request.html", include_str!("templates/request.html")),
        ("requests.html", include_str!("templates/requests.html")),
        ("message.html", include_str!("templates/message.html")),
    ] {
        // One that does not parse shows as missing when it is rendered.
        let _ = templates.add_template(name, source);
    }
    templates
});

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/servicedesk/customer/portals", get(portals))
        .route("/servicedesk/customer/portal/{id}", get(portal))
        .route("/servicedesk/customer/portal/{id}/group/{group}", get(portal))
        .route("/secure/Dashboard.jspa", get(dashboard))
        .route("/plugins/servlet/{*rest}", get(dashboard))
        .route("/echo", any(echo))
        .route("/servicedesk/customer/echo", any(echo))
        .route(STYLE_PATH, get(style))
}

/// A page of the portal for this visitor.
pub(super) fn render(app: &Shared, visitor: &Visitor, template: &str, page: Value) -> Response {
    let frame = context! {
        context_path => address(app.context_path()),
        base_url => address(&app.base_url()),
        wrm_base_url => in_script(&app.base_url()),
        wrm_context_path => in_script(app.context_path()),
        style => address(STYLE_PATH),
        customer => visitor.label(),
        logged_in => visitor.customer.is_some(),
        xsrf_token => visitor.xsrf_token.as_str(),
        page => page,
    };
    let html = TEMPLATES.get_template(template).and_then(|template| template.render(frame));
    let mut response = match html {
        Ok(html) => Html(html).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    };
    visitor.set_cookies(app, response.headers_mut());
    response
}

/// A page with one sentence.
pub(super) fn message(
    app: &Shared,
    visitor: &Visitor,
    status: StatusCode,
    title: &str,
    text: &str,
) -> Response {
    let page = context! { title => title, text => text };
    (status, render(app, visitor, "message.html", page)).into_response()
}

/// What JSM says of everything that does not exist, or not for this customer.
pub(super) async fn not_found(State(app): State<App>, visitor: Visitor) -> Response {
    let text = "This page does not exist, or you do not have permission to see it.";
    message(&app, &visitor, StatusCode::NOT_FOUND, "Nothing here", text)
}

async fn home(State(app): State<App>) -> Redirect {
    Redirect::to(&format!("{}/servicedesk/customer/portals", app.base_url()))
}

async fn portals(State(app): State<App>, visitor: Visitor) -> Response {
    let desks = app.desks().iter().map(desk_value).collect::<Value>();
    render(&app, &visitor, "portals.html", context! { desks => desks })
}

async fn portal(
    State(app): State<App>,
    visitor: Visitor,
    Path(path): Path<PortalPath>,
) -> Response {
    let Some(desk) = app.desk_by_portal(path.id) else {
        return not_found(State(app), visitor).await;
    };
    let shown = |group: u64| path.group.is_none_or(|asked| asked == group);
    let groups = desk.groups.iter().filter(|group| shown(group.id)).map(|group| {
        let types = group.types.iter().map(|it| {
            context! { id => it.id, name => it.name.as_str(), description => it.description.as_str() }
        });
        context! { id => group.id, name => group.name.as_str(), types => types.collect::<Value>() }
    });
    let page = context! { desk => desk_value(&desk), groups => groups.collect::<Value>() };
    render(&app, &visitor, "portal.html", page)
}

#[derive(serde::Deserialize)]
struct PortalPath {
    id: u64,
    group: Option<u64>,
}

pub(super) fn desk_value(desk: &Desk) -> Value {
    context! {
        key => desk.key.as_str(),
        name => desk.name.as_str(),
        description => desk.description.as_str(),
        portal_id => desk.portal_id,
    }
}

async fn dashboard(State(app): State<App>, visitor: Visitor) -> Response {
    let text = "This is for agents and administrators. A customer should never see it.";
    message(&app, &visitor, StatusCode::OK, "Jira dashboard", text)
}

async fn style() -> impl IntoResponse {
    let caching = (header::CACHE_CONTROL, "public, max-age=3600");
    ([(header::CONTENT_TYPE, "text/css;charset=UTF-8"), caching], STYLE)
}

/// What arrived, for tests of what the gate sends.
async fn echo(method: Method, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let body = json!({
        "method": method.as_str(),
        "target": uri.to_string(),
        "headers": headers,
    });
    Json(body).into_response()
}

/// An address made here, with nothing in it to escape: the template engine would write its slashes
/// as `&#x2f;`, which Jira does not.
pub(super) fn address(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

/// A text the way Jira's web resource manager puts it into a script: JSON within a JavaScript
/// string, so that quotes become `\u0022` and markup cannot end the script.
fn in_script(text: &str) -> Value {
    let json = serde_json::Value::from(text).to_string();
    let escaped = json.replace('\\', "\\\\").replace('"', "\\u0022");
    Value::from_safe_string(escaped.replace('<', "\\u003C").replace('\'', "\\u0027"))
}
