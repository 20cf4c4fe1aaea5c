//! Whom Jira's own login lets on: its steps, and the requests that need it first. It must not know how
//! somebody logs in here.

use std::sync::Arc;

use super::{Admission, Incoming};
use crate::domain::{Mode, Portal};
use crate::gate::at_jira::{AtJira, Purpose};
use crate::gate::context::BodyCheck;
use crate::gate::jira_visit::JiraVisit;
use crate::jsm::paths::{LoginStep, destination, leads_elsewhere, start_address};
use crate::problem::Problem;
use crate::reading::MediaType;

/// Where somebody goes of whom it is not known what they wanted to see.
const PORTALS: &str = "/servicedesk/customer/portals";

/// Where a browser wanted to go when Jira asked for a login.
pub(in crate::gate) fn where_login_began(at_jira: &AtJira) -> &str {
    at_jira.kept().wanted().unwrap_or(PORTALS)
}

impl Incoming<'_> {
    /// Decides about a step of Jira's own login. Nobody gets there without a login here, and no answer of an
    /// identity provider but the one that the gate has just given to this browser.
    pub(in crate::gate) fn admit_to_login(self, step: LoginStep) -> Result<Admission, Problem> {
        let Some(jira_login) = &self.context.app.jira_login else {
            return Err(Problem::PathNotOpen);
        };
        if leads_elsewhere(self.target.query()) {
            return Err(Problem::bad_request("it leads to another site after the login"));
        }
        let Some(session) = self.found.session() else {
            let to = destination(self.target.query()).unwrap_or_else(|| PORTALS.to_owned());
            return self.login_for(&self.context.app.upstream.context_path().before(&to));
        };
        let at_jira = AtJira::of(jira_login, &self.request.headers, Some(session));
        let is_answer = step == LoginStep::Answer;
        if is_answer && !(at_jira.kept().has_answer() && self.is_plain_form()) {
            return Ok(self.redirect(where_login_began(&at_jira)));
        }
        let at_jira = at_jira.with(Purpose::LogIn(step), self.is_navigation());
        let body_check = if is_answer { BodyCheck::MustBeAnswer } else { BodyCheck::Skip };
        match self.address_with_context() {
            Some(address) => Ok(self.redirect(&address)),
            None => self.forward(body_check, Some(at_jira)),
        }
    }

    /// Whether all that Jira takes for a field stands in a form in the body.
    fn is_plain_form(&self) -> bool {
        let is_form = self.media_type.as_ref().is_some_and(MediaType::is_form);
        is_form && self.target.query().is_empty()
    }

    /// Forwards a request if Jira knows its sender, where Jira has a login of its own. Whom it does not know
    /// yet logs in there first, also where Jira would show the page to anybody.
    pub(super) fn forward_known(
        self,
        body_check: BodyCheck,
        portal: Option<(&Arc<Portal>, bool)>,
    ) -> Result<Admission, Problem> {
        let app = &self.context.app;
        let Some(jira_login) = &app.jira_login else { return self.forward(body_check, None) };
        let session = self.found.session();
        let at_jira = AtJira::of(jira_login, &self.request.headers, session.map(AsRef::as_ref));
        let is_navigation = self.is_navigation();
        let (method, path) = (&self.request.method, self.target.path());
        let needs_login = session.is_some()
            && at_jira.account().is_none()
            && !app.policy.is_file(method, path)
            && !app.policy.is_public(method, path);
        match session {
            Some(session) if needs_login && is_navigation => {
                if jira_login.was_just_answered(at_jira.kept()) {
                    return Err(Problem::JiraLoginLost);
                }
                let start = start_address(self.target.raw());
                let to = app.upstream.context_path().before(&start).into_owned();
                let portal = portal.map(|(portal, _)| Arc::clone(portal));
                let session = Arc::clone(session);
                return Ok(Admission::VisitJira(JiraVisit { session, portal, to }));
            }
            Some(_) if needs_login => return Err(Problem::LoginNeeded),
            _ => {}
        }
        if let Some((portal, is_first)) = portal
            && let Some(visit) = self.first_visit(portal, is_first, self.target.asked())
        {
            return Ok(Admission::VisitJira(visit));
        }
        let is_file = session.is_some() && at_jira.account().is_none();
        let purpose = if is_file { Purpose::File } else { Purpose::Page };
        self.forward(body_check, Some(at_jira.with(purpose, is_navigation)))
    }

    /// The way of somebody who opens a portal for the first time, where Jira has to be told of them before.
    pub(super) fn first_visit(
        &self,
        portal: &Arc<Portal>,
        is_first: bool,
        to: &str,
    ) -> Option<JiraVisit> {
        let is_one = is_first && portal.mode == Mode::Forward && self.is_navigation();
        let session = self.found.session().filter(|_| is_one)?;
        self.context.app.jira_login.as_ref()?;
        let (session, portal) = (Arc::clone(session), Some(Arc::clone(portal)));
        Some(JiraVisit { session, portal, to: to.to_owned() })
    }
}
