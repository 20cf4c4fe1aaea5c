//! Lists of requests as pages.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use fluent_bundle::FluentArgs;
use futures_util::future::try_join;
use http::StatusCode;
use minijinja::{Value, context};

use super::list::List;
use super::list_filter::{ListFilter, Pages};
use super::visit::{Visit, portal_value};
use super::visit_to_all::VisitToAll;
use super::{HostedState, list_nothing, views};
use crate::domain::OrganizationRequests;
use crate::jsm::requests::{RequestList, RequestRow, RequestType};
use crate::portal::gatekeeper::Asking;
use crate::problem::Problem;
use crate::web::renderer::frame;

/// `GET /p/{link}/requests`
pub(super) async fn of_portal(
    State(state): State<HostedState>,
    visit: Visit,
    filter: RawQuery,
) -> Response {
    List::of_portal(&state, visit, filter).page(&state).await
}

/// `GET /_gate/requests`
pub(super) async fn of_all(
    State(state): State<HostedState>,
    visit: VisitToAll,
    filter: RawQuery,
) -> Response {
    List::of_all(&state, visit, filter).page(&state).await
}

impl List {
    async fn page(&self, state: &HostedState) -> Response {
        match self.values(state).await {
            Ok(values) => {
                let reader = &self.visit.caller.preferences;
                let values = context! { ..values, ..frame(Some(&self.visit.session), reader) };
                state.pages.page(reader, StatusCode::OK, "requests.html", values)
            }
            Err(problem) => state.pages.tell(&problem, &self.visit.caller),
        }
    }

    async fn values(&self, state: &HostedState) -> Result<Value, Problem> {
        let list = self.read(state, self.search());
        let (list, (types, is_old)) = try_join(list, self.types(state)).await?;
        let times = state.times(&self.visit.caller.preferences);
        let fields = self.columns.show_fields();
        let row = |row: &RequestRow| Some(views::row(row, self.portal_of(row)?, &fields, &times));
        let rows: Vec<_> = list.rows.iter().filter_map(row).collect();
        let pages = &self.filter.pages;
        let turned_to =
            |pages: Pages| self.address_with(&ListFilter { pages, ..self.filter.clone() });
        // JSM may have nothing on one page and something on the next.
        let has_nothing = rows.is_empty() && list.next.is_none() && pages.is_first();
        let nothing = if has_nothing { Some(list_nothing::value(state, self).await) } else { None };
        Ok(context! {
            portal => self.portal.as_deref().map(portal_value),
            here => "requests",
            has_requests => true,
            address => self.address(),
            tabs => self.tabs(state),
            filter => self.filter_value(),
            types => types,
            columns => self.columns.value(),
            column_choices => self.columns.choices(),
            has_columns => !self.columns.are_usual,
            is_old => is_old,
            portals => self.choosable_portals(),
            left_out => self.visit.unknown.iter().map(|portal| portal.name.clone()).collect::<Vec<_>>(),
            count => self.count(state, &list),
            requests => rows,
            nothing => nothing,
            first => (!pages.is_first()).then(|| turned_to(Pages::default())),
            previous => pages.previous().map(turned_to),
            next => list.next.as_ref().map(|token| turned_to(pages.next(token))),
            csv => format!("{}.csv{}", self.address(), self.without_pages().query()),
        })
    }

    /// Request types are told apart at one portal only: their names repeat at others.
    async fn types(&self, state: &HostedState) -> Result<(Vec<Value>, bool), Problem> {
        let Some(portal) = &self.portal else { return Ok((Vec::new(), false)) };
        let (account, organizations) =
            (&self.visit.customer.account, self.visit.organizations.as_slice());
        let asking = Asking { account, organizations, portal, language: &self.language };
        let offer = state.gatekeeper.offer(asking).await?;
        let value = |it: &RequestType| {
            context! { id => it.id.to_string(), name => it.name.as_str() }
        };
        Ok((offer.types().map(value).collect(), offer.is_old()))
    }

    fn choosable_portals(&self) -> Vec<Value> {
        let several = self.portal.is_none() && self.visit.portals.len() > 1;
        let portals = self.visit.portals.iter().filter(|_| several);
        portals.map(|portal| portal_value(portal)).collect()
    }

    fn tabs(&self, state: &HostedState) -> Vec<Value> {
        let catalogue = state.pages.catalogue(self.visit.caller.preferences.language);
        let own = [
            ("", "requests-mine"),
            ("shared", "requests-shared"),
            ("approvals", "requests-approvals"),
        ];
        let own = own.map(|(whose, name)| (whose.to_owned(), catalogue.plain(name)));
        let shows = state.config.organization_requests != OrganizationRequests::None;
        let shared = self.visit.organizations.iter().filter(|_| shows);
        let shared = shared.map(|it| (it.id.to_string(), it.name.clone()));
        let tabs = own.into_iter().chain(shared).map(|(whose, name)| {
            let chosen = whose == self.filter.whose;
            let filter = ListFilter { whose, ..self.without_pages() };
            context! { address => self.address_with(&filter), name => name, chosen => chosen }
        });
        tabs.collect()
    }

    fn without_pages(&self) -> ListFilter {
        ListFilter { pages: Pages::default(), ..self.filter.clone() }
    }

    fn filter_value(&self) -> Value {
        let filter = &self.filter;
        let sort = if filter.sort.is_empty() { "updated" } else { &filter.sort };
        context! {
            whose => filter.whose.as_str(), q => filter.q.as_str(), state => filter.state(),
            type => filter.request_type.as_str(), portal => filter.portal.as_str(), from => filter.from.as_str(),
            to => filter.to.as_str(), sort => sort, more => filter.has_more(),
        }
    }

    fn count(&self, state: &HostedState, list: &RequestList) -> String {
        let shown = list.rows.len();
        let is_all = list.next.is_none() && self.filter.pages.is_first();
        let mut arguments = FluentArgs::new();
        let name = if let Some(about) = list.about.filter(|_| !is_all) {
            arguments.set("shown", shown);
            arguments.set("count", about);
            "requests-count-about"
        } else {
            arguments.set("count", shown);
            "requests-count"
        };
        let catalogue = state.pages.catalogue(self.visit.caller.preferences.language);
        catalogue.say_or_name(name, &arguments)
    }
}
