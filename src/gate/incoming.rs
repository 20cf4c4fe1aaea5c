//! One request of a known sender, checked against the rules: where it goes, or why it goes nowhere.
//! It decides once about each portal. It must not know how requests arrive or how answers are sent.

mod jira_login;
mod login;
mod portal;

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Response};
use pingora::http::RequestHeader;

pub(super) use self::jira_login::where_login_began;
use super::at_jira::AtJira;
use super::context::{BodyCheck, Forward, RequestContext};
use super::isolation::{Isolation, Refused};
use super::jira_visit::JiraVisit;
use super::{audit_portal, refusal, tunnel};
use crate::access::Decision;
use crate::domain::{Access, Mode, Portal};
use crate::jsm::paths::{Content, LoginFieldScan, Route};
use crate::problem::Problem;
use crate::reading::{MediaType, Target};
use crate::session::SessionLookup;
use crate::web::{Arrival, Brings, Caller, wants_html};

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

/// The gate's pages only know their own paths: a request for one below JSM's context path is
/// redirected.
pub(super) fn to_page(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: SessionLookup,
) -> Result<Admission, Problem> {
    let app = &context.app;
    if target.has_context() {
        Ok(Admission::Reply(app.pages.redirect(target.raw())))
    } else if matches!(found, SessionLookup::StoreDown)
        && !app.site.policy(target.raw_path()).for_anybody
    {
        Err(Problem::SessionsUnavailable)
    } else {
        Ok(Admission::Page(caller(request, context, found), Arrival::OfNoPortal))
    }
}

/// The sender of a request, as pages know them.
fn caller(request: &RequestHeader, context: &RequestContext, found: SessionLookup) -> Caller {
    Caller {
        found,
        request_id: context.request_id.as_str().into(),
        client: context.client,
        html: wants_html(&request.headers),
        brings: Brings::with(&request.method),
        preferences: context.app.pages.preferences(&request.headers),
    }
}
