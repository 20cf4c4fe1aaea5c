//! The home page of a hosted portal: what can be asked for, and what the customer has open.

use axum::extract::{Path, State};
use axum::response::Response;
use futures_util::future::join;
use http::HeaderMap;
use minijinja::{Value, context};

use super::listed::Listed;
use super::views::unless_away;
use super::visit::Visit;
use super::{HostedState, announcement, views};
use crate::domain::{GroupId, KnowledgeBase};
use crate::jsm::requests::{Group, Search, Sort, Whose};
use crate::portal::gatekeeper::Wanted;
use crate::problem::Problem;

/// Open requests on the home page; all of them are one link away.
const OPEN_REQUESTS: usize = 3;

/// `GET /p/{link}`
pub(super) async fn show(
    State(state): State<HostedState>,
    headers: HeaderMap,
    visit: Visit,
) -> Response {
    let values = home(&state, &visit).await.map(|values| {
        let announcement = announcement::shown(&state, &visit, &headers);
        let description = visit.portal().greeting.description.as_ref();
        let description = description.map(|it| it.in_language(visit.language.as_str()));
        context! { announcement => announcement, description => description, ..values }
    });
    visit.answer(&state, "portal-home.html", values)
}

async fn home(state: &HostedState, visit: &Visit) -> Result<Value, Problem> {
    let (listed, open_requests) = join(Listed::of(state, visit), open_requests(state, visit)).await;
    let (listed, open_requests) = (listed?, unless_away(open_requests)?);
    let groups = groups(&listed, visit, |_| true);
    Ok(context! {
        here => "home",
        has_articles => state.config.knowledge_base != KnowledgeBase::Off,
        groups => groups,
        is_old => listed.is_old(),
        requests_away => open_requests.is_none(),
        open_requests => open_requests,
    })
}

/// `GET /p/{link}/group/{group}`: one group of request types, as JSM's own deep links name it.
pub(super) async fn show_group(
    State(state): State<HostedState>,
    Path((_, group)): Path<(String, String)>,
    visit: Visit,
) -> Response {
    let values = one_group(&state, &visit, &group).await;
    visit.answer(&state, "portal-home.html", values)
}

async fn one_group(state: &HostedState, visit: &Visit, group: &str) -> Result<Value, Problem> {
    let wanted = GroupId::parse(group).map_err(|_| Problem::NotFound)?;
    let listed = Listed::of(state, visit).await?;
    let groups = groups(&listed, visit, |group| group.id == wanted);
    if groups.is_empty() {
        return Err(Problem::NotFound);
    }
    Ok(context! { groups => groups, is_old => listed.is_old() })
}

/// Groups with their request types, for the template.
pub(super) fn groups(
    listed: &Listed,
    visit: &Visit,
    wanted: impl Fn(&Group) -> bool,
) -> Vec<Value> {
    let of_group = |group: &Group| {
        let types = listed.of_group(group.id).map(|it| views::request_type(it, visit.portal()));
        let (id, name, types) =
            (group.id.to_string(), group.name.as_str(), types.collect::<Vec<_>>());
        context! { id => id, name => name, types => types }
    };
    listed.groups().filter(|group| wanted(group)).map(of_group).collect()
}

async fn open_requests(state: &HostedState, visit: &Visit) -> Result<Vec<Value>, Problem> {
    let (portal, account) = (visit.portal(), &visit.customer.account);
    let search = Search {
        open: Some(true),
        sort: Sort::LatestActivity,
        rows: OPEN_REQUESTS,
        ..Search::new(vec![portal.clone()], Whose::Mine(account.clone()))
    };
    let list = state.gatekeeper.list(account, &visit.organizations, Wanted::Mine, search).await?;
    let times = state.times(&visit.caller.preferences);
    Ok(list.rows.iter().map(|row| views::row(row, portal, &[], &times)).collect())
}
