//! Lists of requests: of one portal and of all, and what is looked for in them. Must not know how a list looks.

use std::sync::Arc;

use axum::extract::RawQuery;

use super::HostedState;
use super::list_columns::{Choice, Columns};
use super::list_filter::ListFilter;
use super::visit::Visit;
use super::visit_to_all::VisitToAll;
use crate::audit::Kind;
use crate::domain::Portal;
use crate::jsm::RequestLanguage;
use crate::jsm::requests::{RequestList, RequestRow, Search};
use crate::portal::gatekeeper::{Visible, Wanted};
use crate::problem::Problem;

/// Whose list it is, and of what.
pub(super) struct List {
    pub(super) visit: VisitToAll,
    pub(super) language: RequestLanguage,
    /// The one portal that it is of, if it is of one.
    pub(super) portal: Option<Arc<Portal>>,
    pub(super) filter: ListFilter,
    /// What is told of each request.
    pub(super) columns: Columns,
}

impl List {
    /// Of one portal: nobody has to say which.
    pub(super) fn of_portal(state: &HostedState, visit: Visit, filter: RawQuery) -> Self {
        let filter = ListFilter { portal: String::new(), ..parsed(filter) };
        let portal = Arc::clone(visit.portal());
        Self::of(state, visit.into(), Some(portal), filter)
    }

    /// Of all portals: request types are numbered apart at each of them.
    pub(super) fn of_all(state: &HostedState, visit: VisitToAll, filter: RawQuery) -> Self {
        let filter = ListFilter { request_type: String::new(), ..parsed(filter) };
        Self::of(state, visit, None, filter)
    }

    fn of(
        state: &HostedState,
        visit: VisitToAll,
        portal: Option<Arc<Portal>>,
        mut filter: ListFilter,
    ) -> Self {
        let columns = columns(state, &mut filter, portal.is_none());
        let language = RequestLanguage::of(visit.caller.preferences.language);
        Self { visit, language, portal, filter, columns }
    }

    /// Whether every portal of theirs is in it.
    pub(super) fn is_whole(&self) -> bool {
        self.visit.unknown.is_empty()
    }

    /// One page of what is looked for.
    pub(super) async fn read(
        &self,
        state: &HostedState,
        search: Search,
    ) -> Result<Visible<RequestList>, Problem> {
        let (account, wanted) = (&self.visit.customer.account, self.filter.wanted());
        let list = state.gatekeeper.list(account, &self.visit.organizations, wanted, search).await;
        if matches!(list, Err(Problem::NotFound)) {
            self.note_foreign_organization(state);
        }
        list
    }

    fn note_foreign_organization(&self, state: &HostedState) {
        let event =
            self.visit.caller.event(Kind::RequestRefused).about(&self.visit.session.identity);
        let event = event.with_account(&self.visit.customer.account).by_rule("organization");
        state.audit.note_customer(match &self.portal {
            Some(portal) => event.of_desk(portal),
            None => event,
        });
    }

    /// What the address looks for.
    pub(super) fn search(&self) -> Search {
        let zone = &self.visit.caller.preferences.zone;
        self.filter.search(&self.visit.portals, &self.visit.customer.account, zone)
    }

    /// The portal of a request.
    pub(super) fn portal_of(&self, row: &RequestRow) -> Option<&Arc<Portal>> {
        self.visit.portals.iter().find(|portal| portal.project_key == row.key.project())
    }

    pub(super) fn address(&self) -> String {
        match &self.portal {
            Some(portal) => format!("/p/{}/requests", portal.link),
            None => "/_gate/requests".to_owned(),
        }
    }

    pub(super) fn address_with(&self, filter: &ListFilter) -> String {
        format!("{}{}", self.address(), filter.query())
    }
}

/// The columns of a list. An address that asks for the usual ones only repeats itself.
fn columns(state: &HostedState, filter: &mut ListFilter, is_of_all: bool) -> Columns {
    let is_own = filter.wanted() == Wanted::Mine;
    let columns = Columns::of(&filter.columns, is_of_all, is_own, &state.config.show_fields);
    if columns.are_usual {
        filter.columns = Choice::default();
    }
    columns
}

fn parsed(RawQuery(query): RawQuery) -> ListFilter {
    ListFilter::of(&query.unwrap_or_default())
}
