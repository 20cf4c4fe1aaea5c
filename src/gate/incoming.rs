//! One request of a known sender, checked against the rules: where it goes, or why it goes nowhere.
//! It decides once about each portal. It must not know how requests arrive or how answers are sent.

mod jira_login;
mod login;

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Response};
use pingora::http::RequestHeader;

pub(super) use self::jira_login::where_login_began;
use super::at_jira::AtJira;
use super::context::{BodyCheck, Forward, RequestContext};
use super::isolation::{Isolation, Refused};
use super::jira_visit::JiraVisit;
use super::way_in::WayIn;
use super::{audit_portal, refusal, tunnel};
use crate::access::Decision;
use crate::domain::{Access, Mode, Portal};
use crate::jsm::paths::{Content, LoginFieldScan, Route, own_page, portal_address, within_portal};
use crate::problem::Problem;
use crate::reading::{MediaType, Target};
use crate::session::SessionLookup;
use crate::web::response::redirect;
use crate::web::{Arrival, Brings, Caller, Entered, NotEntered, wants_html};

/// What becomes of a request. A refusal is a [`Problem`].
pub(crate) enum Admission {
    /// It goes to JSM.
    Forward(Forward),
    /// Its sender is sent on, to Jira's own login or beyond, once Jira has an account for them.
    VisitJira(JiraVisit),
    /// One of the gate's own pages answers: below `/p/` one of the portal that its caller has entered, or
    /// wants to send a form to.
    Page(Caller, Arrival),
    /// This answers.
    Reply(Response<Body>),
}

/// A request without faults, with all that is known of it.
pub(super) struct Incoming<'a> {
    request: &'a RequestHeader,
    context: &'a RequestContext,
    target: Target,
    media_type: Option<MediaType<'a>>,
    /// Who sends it.
    found: &'a SessionLookup,
    /// Decides about portals.
    isolation: Isolation<'a>,
}

impl<'a> Incoming<'a> {
    pub(super) fn new(
        request: &'a RequestHeader,
        context: &'a RequestContext,
        target: Target,
        media_type: Option<MediaType<'a>>,
    ) -> Self {
        let found = context.found.as_ref().unwrap_or(&SessionLookup::StoreDown);
        let identity = found.session().map(|session| &session.identity);
        let isolation = Isolation::new(&context.portals, identity, context.app.sessions.now());
        Self { request, context, target, media_type, found, isolation }
    }

    /// Decides, by what its path means and whose it is.
    pub(super) fn admit(self, route: &Route) -> Result<Admission, Problem> {
        match route {
            Route::Page | Route::NoLink | Route::NoPortal => Err(Problem::PortalUnknown),
            Route::Upstream => {
                if let Some(page) = self.own_page() {
                    return Ok(self.redirect(page));
                }
                let policy = &self.context.app.policy;
                let is_public = policy.is_public(&self.request.method, self.target.path());
                self.admit_to_upstream(is_public, None)
            }
            Route::Portal(_) | Route::Link { .. } => self.admit_to_portal(route),
        }
    }

    fn admit_to_portal(mut self, route: &Route) -> Result<Admission, Problem> {
        let portals = &self.context.portals;
        if portals.all().is_empty() {
            return Err(Problem::DirectoryEmpty);
        }
        let Some(portal) = route.portal(portals) else { return self.unknown_portal() };
        if portal.gone {
            return self.gone_portal(portal);
        }
        match self.isolation.decide(portal) {
            Decision::LoginNeeded => self.or_keep(portal, self.login()),
            Decision::StepUpNeeded(_) => self.or_keep(portal, self.step_up(portal)),
            refused @ Decision::Refused(_) => {
                let return_to = Some(self.target.asked());
                let refused = refusal::to_portal(self.context, portal, refused, return_to);
                self.or_keep(portal, Err(refused))
            }
            allowed @ Decision::Allowed(_) => {
                let is_first = audit_portal::note(self.context, portal, allowed);
                match (portal.mode, route) {
                    (Mode::Hosted, Route::Link { .. }) => self.enter(portal),
                    (Mode::Sso, Route::Link { prefix, .. }) => self.to_jsm(portal, *prefix),
                    (Mode::Hosted | Mode::Sso, _) => self.to_link(portal),
                    (_, Route::Link { prefix, .. }) => self.follow_link(portal, *prefix, is_first),
                    _ => self.admit_to_upstream(true, Some((portal, is_first))),
                }
            }
        }
    }

    /// Strangers are not told which portals exist: they are asked to log in, as for one that does.
    fn unknown_portal(&self) -> Result<Admission, Problem> {
        match self.found.session() {
            Some(_) => Err(Problem::PortalUnknown),
            None => self.login(),
        }
    }

    fn gone_portal(&self, portal: &Portal) -> Result<Admission, Problem> {
        if self.found.session().is_some() || portal.rules.access == Access::Public {
            Err(Problem::PortalGone { portal: portal.name.clone() })
        } else {
            self.login()
        }
    }

    /// Has a page of the portal answer.
    fn enter(&self, portal: &Arc<Portal>) -> Result<Admission, Problem> {
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
    fn or_keep(
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
    fn to_jsm(&self, portal: &Portal, prefix: usize) -> Result<Admission, Problem> {
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
    fn to_link(&self, portal: &Portal) -> Result<Admission, Problem> {
        match within_portal(self.target.raw()) {
            Some(page) if matches!(self.request.method, Method::GET | Method::HEAD) => {
                Ok(self.redirect(&format!("/p/{}{page}", portal.link)))
            }
            _ => Err(Problem::PathNotOpen),
        }
    }

    /// The gate's own page in place of JSM's, where JSM's would show nothing: no portal is forwarded.
    fn own_page(&self) -> Option<&'static str> {
        let page = own_page(self.target.path())?;
        let is_forwarded = |portal: &Arc<Portal>| !portal.gone && portal.mode == Mode::Forward;
        let portals = self.context.portals.all();
        let none_is_forwarded = !portals.is_empty() && !portals.iter().any(is_forwarded);
        let is_read = matches!(self.request.method, Method::GET | Method::HEAD);
        (is_read && none_is_forwarded).then_some(page)
    }

    /// Redirects from a substitute link to the same page at JSM's own address: the scripts of JSM's
    /// pages read their address and have to find JSM's.
    fn follow_link(
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

    /// Forwards a request, once the portal in its address, if any, was found open. `is_open` says
    /// that its address needs no login.
    fn admit_to_upstream(
        mut self,
        is_open: bool,
        portal: Option<(&Arc<Portal>, bool)>,
    ) -> Result<Admission, Problem> {
        match self.isolation.check_target(self.target.path(), self.target.query()) {
            Ok(()) => {}
            Err(Refused::LoginNeeded) => return self.login(),
            Err(refused) => return Err(refusal::of(self.context, refused)),
        }
        let Some(body_check) = self.body_check(is_open) else { return self.login() };
        match self.address_with_context() {
            Some(address) => Ok(self.redirect(&address)),
            None => self.forward_known(body_check, portal),
        }
    }

    /// What the body has to be checked for. `None` when a login is needed whatever the body says.
    fn body_check(&self, is_open: bool) -> Option<BodyCheck> {
        let path = self.target.path();
        let content = Content::of(&self.request.method, path, self.media_type.as_ref());
        let is_of_nobody = self.isolation.is_of_nobody();
        let is_read = content.may_name() && (is_of_nobody || self.isolation.anything_closed());
        if !is_of_nobody || is_open || self.isolation.is_open() {
            Some(if is_read { BodyCheck::MayRefuse(content) } else { BodyCheck::Skip })
        } else if is_read && self.isolation.may_open(path) {
            Some(BodyCheck::MustAllow(content))
        } else {
            None
        }
    }

    /// The page's own address for a browser that asked for it without the context path, below which
    /// JSM's scripts and cookies are. `None` when the address has it already, and when a redirect
    /// would not help: the body of a form would be lost, and a WebSocket follows no redirects.
    fn address_with_context(&self) -> Option<String> {
        let context_path = self.context.app.upstream.context_path();
        if context_path.is_empty() || self.target.has_context() {
            return None;
        }
        let follows = matches!(self.request.method, Method::GET | Method::HEAD);
        (follows && !tunnel::is_wanted(self.request))
            .then(|| self.target.with_context(context_path).into_owned())
    }

    /// Forwards the request in the name of its sender, unless JSM cannot be told who that is.
    fn forward(self, body_check: BodyCheck, at_jira: Option<AtJira>) -> Result<Admission, Problem> {
        let session = self.found.session().cloned();
        let identity = session.as_ref().map(|session| self.context.app.identity.of(session));
        let identity = identity.transpose().inspect_err(|problem| {
            let (request_id, code) = (&self.context.request_id, problem.code());
            tracing::warn!(%request_id, %code, "JSM cannot be told who the customer is");
        })?;
        let form = LoginFieldScan::of(&self.request.method, self.media_type.as_ref());
        let (target, body) = (self.target, None);
        Ok(Admission::Forward(Forward {
            target,
            session,
            identity,
            body_check,
            body,
            form,
            at_jira,
        }))
    }

    fn redirect(&self, address: &str) -> Admission {
        Admission::Reply(self.context.app.pages.redirect(address))
    }
}

/// The sender of a request, as pages know them.
pub(super) fn caller(
    request: &RequestHeader,
    context: &RequestContext,
    found: SessionLookup,
) -> Caller {
    Caller {
        found,
        request_id: context.request_id.as_str().into(),
        client: context.client,
        html: wants_html(&request.headers),
        brings: Brings::with(&request.method),
        preferences: context.app.pages.preferences(&request.headers),
    }
}
