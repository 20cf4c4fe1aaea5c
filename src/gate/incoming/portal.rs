//! How each mode takes somebody into a portal whom its rules let in: by a page of the gate's, to JSM's own
//! portal, or to JSM's own address. It must not know the rules.

use std::sync::Arc;

use http::Method;

use super::{Admission, Incoming, caller};
use crate::domain::{Mode, Portal};
use crate::gate::way_in::WayIn;
use crate::jsm::paths::{own_page, portal_address, within_portal};
use crate::problem::Problem;
use crate::web::response::redirect;
use crate::web::{Arrival, Entered, NotEntered};

impl Incoming<'_> {
    /// Has a page of the portal answer.
    pub(super) fn enter(&self, portal: &Arc<Portal>) -> Result<Admission, Problem> {
        let Some(session) = self.found.session() else { return self.login() };
        if self.target.has_context() {
            return Ok(self.redirect(self.target.raw()));
        }
        let entered = Entered::new(Arc::clone(portal), Arc::clone(session));
        let caller = caller(self.request, self.context, self.found.clone());
        Ok(Admission::Page(caller, Arrival::Entered(entered)))
    }

    /// Has a page of the portal tell a refusal where it can keep what its sender typed. Nobody enters by
    /// that, and a page that does not ask for such forms is not called.
    pub(super) fn or_keep(
        &self,
        portal: &Portal,
        decided: Result<Admission, Problem>,
    ) -> Result<Admission, Problem> {
        let keeps = || {
            let is_sent = self.request.method == Method::POST && portal.mode == Mode::Hosted;
            let path = self.target.raw_path();
            is_sent && !self.target.has_context() && self.context.app.site.policy(path).keeps_text
        };
        match decided {
            // Where sessions cannot be read, nothing can be kept either.
            Err(problem) if problem != Problem::SessionsUnavailable && keeps() => {
                let caller = caller(self.request, self.context, self.found.clone());
                let arrival = Arrival::NotEntered(NotEntered::new(problem));
                Ok(Admission::Page(caller, arrival))
            }
            decided => decided,
        }
    }

    /// Sends the browser on to JSM's own portal at JSM's own address, where its service provider has the
    /// gate vouch for the customer.
    pub(super) fn to_jsm(&self, portal: &Portal, prefix: usize) -> Result<Admission, Problem> {
        let missing = || Problem::PortalWithoutId { portal: portal.name.clone() };
        let id = portal.portal_id.ok_or_else(missing)?;
        let config = &self.context.app.config;
        let mut all = config.service_providers.iter();
        let to = all.find(|one| Some(&one.id) == portal.service_provider.as_ref());
        let to = to.ok_or(Problem::ServiceProviderUnknown)?;
        let deeper = self.target.raw().get(prefix..).unwrap_or_default();
        Ok(match WayIn::to(to, &config.jsm.url, id, deeper) {
            WayIn::ByTheGate(path) => self.redirect(&path),
            WayIn::ByJsm(address) => Admission::Reply(redirect(&address)),
        })
    }

    /// Sends the browser from JSM's own address of a portal that is not forwarded, as bookmarks and mails
    /// have it, to the same page below the link.
    pub(super) fn to_link(&self, portal: &Portal) -> Result<Admission, Problem> {
        match within_portal(self.target.raw()) {
            Some(page) if matches!(self.request.method, Method::GET | Method::HEAD) => {
                Ok(self.redirect(&format!("/p/{}{page}", portal.link)))
            }
            _ => Err(Problem::PathNotOpen),
        }
    }

    /// The gate's own page in place of JSM's, where JSM's would show nothing: no portal is forwarded.
    pub(super) fn own_page(&self) -> Option<&'static str> {
        let page = own_page(self.target.path())?;
        let is_forwarded = |portal: &Arc<Portal>| !portal.gone && portal.mode == Mode::Forward;
        let portals = self.context.portals.all();
        let none_is_forwarded = !portals.is_empty() && !portals.iter().any(is_forwarded);
        let is_read = matches!(self.request.method, Method::GET | Method::HEAD);
        (is_read && none_is_forwarded).then_some(page)
    }

    /// Redirects from a substitute link to the same page at JSM's own address: the scripts of JSM's
    /// pages read their address and have to find JSM's.
    pub(super) fn follow_link(
        &self,
        portal: &Arc<Portal>,
        prefix: usize,
        is_first: bool,
    ) -> Result<Admission, Problem> {
        let missing = || Problem::PortalWithoutId { portal: portal.name.clone() };
        let id = portal.portal_id.ok_or_else(missing)?;
        let path = portal_address(id, self.target.raw().get(prefix..).unwrap_or_default());
        let address = self.context.app.upstream.context_path().before(&path);
        match self.first_visit(portal, is_first, &address) {
            Some(visit) => Ok(Admission::VisitJira(visit)),
            None => Ok(self.redirect(&address)),
        }
    }
}
