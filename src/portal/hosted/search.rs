//! The search of a hosted portal: over request types and the customer's own requests. The number of a
//! request, or an address that has one in it, leads straight to the request.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::future::join3;
use minijinja::{Value, context};

use super::list_columns::{Choice, Columns};
use super::listed::Listed;
use super::marks::Marks;
use super::search_query::{SearchQuery, typed};
use super::views::unless_away;
use super::visit::Visit;
use super::{HostedState, article, front, views};
use crate::domain::RequestKey;
use crate::jsm::requests::{RequestRow, RequestType, Search, SearchText, Whose};
use crate::portal::gatekeeper::Wanted;
use crate::problem::Problem;

/// `GET /p/{link}/search`
pub(super) async fn show(
    State(state): State<HostedState>,
    visit: Visit,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Response {
    let typed = typed(query);
    if let Some(key) = request_key(typed.trim()) {
        return state.pages.redirect(&format!("/p/{}/{key}", visit.portal().link));
    }
    let wanted = SearchText::beginning(&typed);
    if wanted.is_empty() {
        return state.pages.redirect(&format!("/p/{}", visit.portal().link));
    }
    let values = found(&state, &visit, wanted).await;
    visit.answer(&state, "portal-search.html", values)
}

async fn found(state: &HostedState, visit: &Visit, wanted: &str) -> Result<Value, Problem> {
    let listed = Listed::of(state, visit);
    let (requests, articles) = (own_requests(state, visit, wanted), articles(state, visit, wanted));
    let (listed, requests, articles) = join3(listed, requests, articles).await;
    let (listed, requests) = (listed?, unless_away(requests)?);
    let types: Vec<_> = fitting(&listed, visit, wanted).collect();
    let is_away = requests.is_none();
    let requests = requests.unwrap_or_default();
    let has_found = !(types.is_empty() && requests.is_empty() && articles.is_empty());
    let groups = if has_found { Vec::new() } else { front::groups(&listed, visit, |_| true) };
    Ok(context! {
        wanted => wanted,
        types => types,
        articles => articles,
        is_old => listed.is_old(),
        requests_away => is_away,
        requests => requests,
        columns => Columns::of(&Choice::default(), false, true, &[]).value(),
        groups => groups,
    })
}

/// The request types about something, with its words marked.
pub(super) fn fitting<'a>(
    listed: &'a Listed,
    visit: &'a Visit,
    wanted: &'a str,
) -> impl Iterator<Item = Value> + 'a {
    let marks = Marks::of(wanted);
    let types = listed.types().filter(|it| says(it, wanted));
    types.map(move |it| {
        let (name, description) = (marks.mark(&it.name), marks.mark(&it.description));
        let plain = views::request_type(it, visit.portal());
        context! { name => name, description => description, ..plain }
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
    let marks = Marks::of(wanted);
    let row = |row: &RequestRow| {
        let summary = marks.mark(&row.summary);
        let plain = views::row(row, portal, &state.config.show_fields, &times);
        context! { summary => summary, ..plain }
    };
    Ok(list.rows.iter().map(row).collect())
}

/// Whether each word is in the name of a type, in its description or in its help.
pub(super) fn says(request_type: &RequestType, wanted: &str) -> bool {
    let RequestType { name, description, help, .. } = request_type;
    has_words(&format!("{name} {description} {help}"), wanted)
}

/// Whether each word is in a text.
pub(super) fn has_words(text: &str, wanted: &str) -> bool {
    let text = text.to_lowercase();
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
