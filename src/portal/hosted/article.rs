//! An article of the knowledge base, for whoever found it by a search of the portal. Must not decide who may
//! see it.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use minijinja::{Value, context};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::HostedState;
use super::marks::Marks;
use super::search_query::{SearchQuery, typed};
use super::visit::Visit;
use crate::domain::{ArticleId, Portal};
use crate::jsm::requests::{Article, SearchText};
use crate::problem::Problem;
use crate::web::Surroundings;

/// Articles beside a form.
const MOST_BESIDE: usize = 3;

/// `GET /p/{link}/kb/{article}?q=…`: the words that found it are part of its address. It is looked for again by
/// them, so that nothing opens that a search of this portal does not find.
pub(super) async fn show(
    State(state): State<HostedState>,
    Path((_, id)): Path<(String, String)>,
    query: Result<Query<SearchQuery>, QueryRejection>,
    visit: Visit,
) -> Response {
    let values = article(&state, &visit, &id, SearchText::beginning(&typed(query))).await;
    visit.answer(&state, "article.html", values)
}

async fn article(
    state: &HostedState,
    visit: &Visit,
    id: &str,
    wanted: &str,
) -> Result<Value, Problem> {
    let id = ArticleId::parse(id).map_err(|_| Problem::NotFound)?;
    let text = SearchText::parse(wanted).ok_or(Problem::NotFound)?;
    let shown = state.gatekeeper.article(visit.asking(), id, &text).await?;
    // None of JSM's files can be had here, and no picture either.
    let surroundings = Surroundings {
        site: state.jsm.clone(),
        files_at: String::new(),
        files: <_>::default(),
        portals: state.portals.load_full(),
    };
    let content: Value = surroundings.clean(&shown.html).html.into();
    let back = format!("/p/{}/search{}", visit.portal().link, query_of(wanted));
    Ok(context! { article => shown.title.as_str(), content => content, back_to => back })
}

/// The first articles about something, by their titles. They are an extra: without them the page is shown all the
/// same.
pub(super) async fn about(state: &HostedState, visit: &Visit, words: &str) -> Vec<Value> {
    let Some(text) = SearchText::parse(words) else { return Vec::new() };
    let found = state.gatekeeper.articles(visit.asking(), &text).await;
    let found = found.map(|found| found.iter().take(MOST_BESIDE).cloned().collect::<Vec<_>>());
    let title = |article: Article| {
        let address = format!("/p/{}/kb/{}{}", visit.portal().link, article.id, query_of(words));
        context! { address => address, title => article.title }
    };
    found.unwrap_or_default().into_iter().map(title).collect()
}

/// An article among what a search has found.
pub(super) fn found(article: &Article, portal: &Portal, wanted: &str) -> Value {
    let address = format!("/p/{}/kb/{}{}", portal.link, article.id, query_of(wanted));
    let marks = Marks::of(wanted);
    let (title, excerpt) = (marks.mark(&article.title), marks.mark(&article.excerpt));
    context! { address => address, title => title, excerpt => excerpt }
}

fn query_of(wanted: &str) -> String {
    format!("?q={}", utf8_percent_encode(wanted, NON_ALPHANUMERIC))
}
