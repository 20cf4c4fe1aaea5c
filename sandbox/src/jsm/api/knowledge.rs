//! The knowledge base, which Data Center's REST does not have.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _};
use axum::routing::get;
use http::StatusCode;
use serde_json::{Value, json};

use super::super::data::articles::Article;
use super::super::platform::ServiceAccount;
use super::super::state::{App, Shared};
use super::answer::{Answer, Refusal, found};
use super::ask::{Asked, CloudOnly, Experimental, InDesk};
use super::html;
use super::paging::page;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/knowledgebase/article", get(all))
        .route("/rest/servicedeskapi/knowledgebase/article/view/{id}", get(view))
        .route("/rest/servicedeskapi/servicedesk/{desk}/knowledgebase/article", get(of_desk))
}

async fn all(
    _: ServiceAccount,
    _: CloudOnly,
    _: Experimental,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    search(&app, "knowledgebase/article", None, &asked)
}

async fn of_desk(
    _: ServiceAccount,
    _: CloudOnly,
    _: Experimental,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Answer {
    let call = format!("servicedesk/{}/knowledgebase/article", desk.id);
    search(&app, &call, Some(&desk.key), &asked)
}

/// What the service account may read decides what is found, whoever the customer is.
fn search(app: &Shared, call: &str, project: Option<&str>, asked: &Asked) -> Answer {
    let Some(query) = asked.first("query") else {
        return Err(Refusal::bad_request("The query is missing.", "sd.kb.error.query"));
    };
    let (rest, highlight) = (app.view(), asked.flag("highlight", false));
    let fits = |it: &&Article| {
        let has = project.is_none() || it.project.is_none() || it.project.as_deref() == project;
        has && it.matches(query)
    };
    let value = |it: &Article| {
        let excerpt = if highlight { marked(&it.excerpt, query) } else { it.excerpt.clone() };
        let view = rest.rest(&format!("knowledgebase/article/view/{}", it.id));
        json!({
            "title": it.title,
            "excerpt": excerpt,
            "source": {"type": "confluence", "pageId": it.id.to_string(), "spaceKey": "KB"},
            "content": {"iframeSrc": view},
        })
    };
    let found_ones: Vec<Value> =
        app.change(|state| state.articles.iter().filter(fits).map(value).collect());
    found(page(app, call, asked.window(), found_ones))
}

/// JSM marks what was searched for by these words.
fn marked(text: &str, query: &str) -> String {
    text.replace(query, &format!("@@@hl@@@{query}@@@endhl@@@"))
}

async fn view(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    Path(path): Path<HashMap<String, String>>,
) -> Answer {
    let id = path.get("id").and_then(|id| id.parse::<u64>().ok());
    let there = app.change(|state| state.articles.iter().find(|it| Some(it.id) == id).cloned());
    let sentence = "The article does not exist.";
    let refusal = || Refusal::jsm(StatusCode::NOT_FOUND, sentence, "sd.kb.error.not.found");
    let article = there.ok_or_else(refusal)?;
    let title = html::escape(&article.title);
    let page = format!(
        "<!DOCTYPE html><html><head><title>{title}</title></head><body>{}</body></html>",
        article.html
    );
    Ok(Html(page).into_response())
}
