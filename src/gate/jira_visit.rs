//! What Jira has to have before a customer comes to it: an account, and its place at the desk. Jira makes
//! none by itself. It must not know how Jira is told who somebody is.

use std::sync::Arc;

use axum::body::Body;
use http::Response;
use pingora::http::RequestHeader;

use super::context::RequestContext;
use super::reply;
use crate::domain::Portal;
use crate::jsm;
use crate::problem::Problem;
use crate::session::Session;

/// Somebody who is logged in here, and not yet in Jira or not yet at one of its desks.
pub(crate) struct JiraVisit {
    pub(super) session: Arc<Session>,
    /// The portal that they want to see, if it is one.
    pub(super) portal: Option<Arc<Portal>>,
    /// Where they go then: to Jira's login, or to the portal.
    pub(super) to: String,
}

/// Sends somebody on, once Jira has an account for them.
pub(super) async fn begin(
    request: &RequestHeader,
    context: &RequestContext,
    visit: JiraVisit,
) -> Response<Body> {
    let identity = Some(&visit.session.identity);
    match jsm::for_customer(identity, has_account(context, &visit)).await {
        Ok(()) => context.app.pages.redirect(&visit.to),
        Err(problem) => reply::problem(request, context, &problem),
    }
}

async fn has_account(context: &RequestContext, visit: &JiraVisit) -> Result<(), Problem> {
    let jira_login = context.app.jira_login.as_ref().ok_or(Problem::Internal)?;
    let identity = &visit.session.identity;
    match &visit.portal {
        Some(portal) => jira_login.account_at(identity, portal).await.map(drop),
        None => jira_login.account(identity).await.map(drop),
    }
}
