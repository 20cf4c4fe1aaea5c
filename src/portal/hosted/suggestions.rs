//! What the search box suggests while somebody types: request types, as JSON for its script. Must not search:
//! each letter would be a call to JSM.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use fluent_bundle::FluentArgs;
use http::StatusCode;
use serde_json::{Value, json};

use super::HostedState;
use super::listed::Listed;
use super::search::{has_words, says};
use super::search_query::{SearchQuery, typed};
use super::visit::Visit;
use crate::jsm::requests::{RequestType, SearchText};
use crate::problem::Problem;
use crate::web::response::json_response;

/// More than so many nobody reads.
const MOST: usize = 6;

/// `GET /p/{link}/suggestions?q=…`
pub(super) async fn show(
    State(state): State<HostedState>,
    visit: Visit,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Response {
    match suggested(&state, &visit, SearchText::beginning(&typed(query))).await {
        Ok(suggested) => json_response(StatusCode::OK, &suggested),
        Err(problem) => state.pages.tell(&problem, &visit.caller),
    }
}

async fn suggested(state: &HostedState, visit: &Visit, typed: &str) -> Result<Value, Problem> {
    let listed = Listed::of(state, visit).await?;
    let suggestion = |it: &RequestType| {
        let address = format!("/p/{}/create/{}", visit.portal().link, it.id);
        json!({ "name": it.name, "address": address })
    };
    let suggestions: Vec<_> = fitting(&listed, typed).into_iter().map(suggestion).collect();
    let arguments = FluentArgs::from_iter([("count", suggestions.len())]);
    let catalogue = state.pages.catalogue(visit.caller.preferences.language);
    let said = catalogue.say_or_name("search-suggestions", &arguments);
    Ok(json!({ "suggestions": suggestions, "said": said }))
}

/// Those that have the words in their name, and then those that have them elsewhere.
fn fitting<'a>(listed: &'a Listed, typed: &str) -> Vec<&'a RequestType> {
    let fitting = listed.types().filter(|it| !typed.is_empty() && says(it, typed));
    let (mut named, others): (Vec<_>, Vec<_>) = fitting.partition(|it| has_words(&it.name, typed));
    named.extend(others);
    named.truncate(MOST);
    named
}
