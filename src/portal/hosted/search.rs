//! The search of a hosted portal: over request types and the customer's own requests. The number of a
//! request, or an address that has one in it, leads straight to the request.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::future::join3;
use minijinja::{Value, context};
use serde::Deserialize;

use super::views::unless_away;
use super::visit::Visit;
use super::{HostedState, article, views};
use crate::domain::RequestKey;
use crate::jsm::requests::{RequestType, Search, SearchText, Whose};
use crate::portal::gatekeeper::Wanted;
use crate::problem::Problem;

/// What `/search` takes.
#[derive(Default, Deserialize)]
pub(super) struct SearchQuery {
    #[serde(default)]
    pub(super) q: String,
}

/// `GET /p/{link}/search`
pub(super) async fn show(
    State(state): State<HostedState>,
    visit: Visit,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Response {
    let wanted = query.map(|Query(query)| query.q).unwrap_or_default();
    let wanted = wanted.trim();
    if let Some(key) = request_key(wanted) {
        return state.pages.redirect(&format!("/p/{}/{key}", visit.portal().link));
    }
    if wanted.is_empty() {
        return state.pages.redirect(&format!("/p/{}", visit.portal().link));
    }
    let values = found(&state, &visit, wanted).await;
    visit.answer(&state, "portal-search.html", values)
}

async fn found(state: &HostedState, visit: &Visit, wanted: &str) -> Result<Value, Problem> {
    let offer = state.gatekeeper.offer(visit.asking());
    let (requests, articles) = (own_requests(state, visit, wanted), articles(state, visit, wanted));
    let (offer, requests, articles) = join3(offer, requests, articles).await;
    let (offer, requests) = (offer?, unless_away(requests)?);
    let types = offer.types().filter(|it| says(it, wanted));
    let types: Vec<_> = types.map(|it| views::request_type(it, visit.portal())).collect();
    Ok(context! {
        wanted => wanted,
        types => types,
        articles => articles,
        is_old => offer.is_old(),
        requests_away => requests.is_none(),
        requests => requests.unwrap_or_default(),
    })
}

/// Articles are an extra: without them the page is shown all the same.
async fn articles(state: &HostedState, visit: &Visit, wanted: &str) -> Vec<Value> {
    let Some(text) = SearchText::parse(wanted) else { return Vec::new() };
    let Ok(found) = state.gatekeeper.articles(visit.asking(), &text).await else {
        return Vec::new();
    };
    found.iter().map(|it| article::found(it, visit.portal(), wanted)).collect()
}

async fn own_requests(
    state: &HostedState,
    visit: &Visit,
    wanted: &str,
) -> Result<Vec<Value>, Problem> {
    let Some(text) = SearchText::parse(wanted) else { return Ok(Vec::new()) };
    let (portal, account) = (visit.portal(), &visit.customer.account);
    let search = Search::new(vec![portal.clone()], Whose::Mine(account.clone()));
    let search = Search { text: Some(text), ..search };
    let list = state.gatekeeper.list(account, &visit.organizations, Wanted::Mine, search).await?;
    let times = state.times(&visit.caller.preferences);
    Ok(list.rows.iter().map(|row| views::row(row, portal, state, &times)).collect())
}

/// Whether each word is in the name of a type, in its description or in its help.
fn says(request_type: &RequestType, wanted: &str) -> bool {
    let RequestType { name, description, help, .. } = request_type;
    let text = format!("{name} {description} {help}").to_lowercase();
    wanted.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// A request's key in any case, or at the end of an address that was pasted.
fn request_key(typed: &str) -> Option<RequestKey> {
    let path = typed.split(['?', '#']).next().unwrap_or(typed).trim_end_matches('/');
    let last = if typed.contains("://") { path.rsplit('/').next()? } else { typed };
    RequestKey::parse(&last.to_ascii_uppercase()).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("IT-12", Some("IT-12"))]
    #[case("it-12", Some("IT-12"))]
    #[case(
        "https://acme.atlassian.net/servicedesk/customer/portal/2/IT-12?src=mail",
        Some("IT-12")
    )]
    #[case("https://acme.atlassian.net/browse/IT-12/", Some("IT-12"))]
    #[case("my IT-12", None)]
    #[case("wi-fi", None)]
    #[case("https://acme.atlassian.net/", None)]
    fn a_number_or_a_pasted_address_names_a_request(
        #[case] typed: &str,
        #[case] key: Option<&str>,
    ) {
        assert_eq!(request_key(typed).as_ref().map(RequestKey::as_str), key);
    }
}
