//! Decides what becomes of a request: forwarded, answered with a page, or refused. Everything is
//! decided here, once, on the target that is forwarded.

use axum::body::Body;
use http::{Method, Response};
use pingora::http::RequestHeader;

use super::context::{Passed, RequestContext};
use super::hygiene::{self, Target};
use super::route::Route;
use crate::access::{self, Decision};
use crate::auth::signals;
use crate::domain::Portal;
use crate::error::Problem;
use crate::pages::{self, Caller, Viewer};
use crate::session::Found;

/// What becomes of a request.
pub(crate) enum Admission {
    /// It goes to JSM.
    Forward(Passed),
    /// One of the gate's own pages answers.
    Page(Caller),
    /// This answers.
    Reply(Response<Body>),
}

/// Decides.
pub(crate) async fn decide(request: &RequestHeader, context: &RequestContext) -> Admission {
    match admit(request, context).await {
        Ok(admission) => admission,
        Err(problem) => Admission::Reply(reply(request, context, &problem, None)),
    }
}

/// The page that tells a problem, to the person `found` says it is.
pub(crate) fn reply(
    request: &RequestHeader,
    context: &RequestContext,
    problem: &Problem,
    found: Option<&Found>,
) -> Response<Body> {
    let viewer = Viewer {
        request_id: context.request_id.as_str(),
        session: found.and_then(Found::session).map(AsRef::as_ref),
        html: pages::wants_html(&request.headers),
    };
    context.app.pages.problem(problem, &viewer).map(Body::from)
}

async fn admit(request: &RequestHeader, context: &RequestContext) -> Result<Admission, Problem> {
    let app = &context.app;
    let target = hygiene::check(request, &app.config.gate.public_url, &app.config.limits)?;
    let target = app.upstream.without_context_path(target);
    check_announced_length(request, app.config.limits.body_bytes)?;
    let found = app.sessions.find(&request.headers).await;
    let found = found.map_err(|error| {
        tracing::error!(%error, "nobody is let in");
        Problem::sessions_unavailable()
    })?;
    let portals = (app.portals)();
    let portal = match Route::of(&target.path, target.raw_path()) {
        Route::Page => return Ok(Admission::Page(caller(request, context, found))),
        Route::NoLink | Route::NoPortal => return Err(Problem::portal_unknown()),
        Route::Upstream => None,
        _ if portals.all().is_empty() => return Err(Problem::directory_empty()),
        Route::Portal(id) => Some((portals.by_id(id).ok_or_else(Problem::portal_unknown)?, None)),
        Route::Link { link, prefix } => {
            let portal = portals.by_link(&link).ok_or_else(Problem::portal_unknown)?;
            Some((portal, Some(prefix)))
        }
    };
    let admission = match portal {
        Some((portal, prefix)) => to_portal(request, context, target, &found, portal, prefix)?,
        None => match found.session() {
            Some(_) => pass(request, context, target, &found),
            None => login(request, context, &target),
        },
    };
    Ok(admission)
}

/// A request into one portal: by its substitute link when there is a `prefix`, else natively.
fn to_portal(
    request: &RequestHeader,
    context: &RequestContext,
    target: Target,
    found: &Found,
    portal: &Portal,
    prefix: Option<usize>,
) -> Result<Admission, Problem> {
    if portal.gone {
        return Err(Problem::portal_gone(portal));
    }
    let identity = found.session().map(|session| &session.identity);
    match access::decide(portal, identity) {
        Decision::LoginNeeded => Ok(login(request, context, &target)),
        Decision::Refused(reason) => {
            tracing::info!(request_id = %context.request_id, portal = %portal.link, ?reason, "refused");
            let problem = Problem::refused(portal);
            Ok(Admission::Reply(reply(request, context, &problem, Some(found))))
        }
        Decision::Allowed(_) => match prefix {
            None => Ok(pass(request, context, target, found)),
            Some(prefix) => follow_link(context, &target, portal, prefix),
        },
    }
}

/// Sends the browser from a substitute link to the same page at JSM's own address: JSM's pages read
/// their address, so they have to be where they think they are.
fn follow_link(
    context: &RequestContext,
    target: &Target,
    portal: &Portal,
    prefix: usize,
) -> Result<Admission, Problem> {
    let id = portal.portal_id.ok_or_else(|| Problem::portal_without_id(portal))?;
    let deeper = target.raw.get(prefix..).unwrap_or_default();
    let path = format!("/servicedesk/customer/portal/{id}{deeper}");
    Ok(Admission::Reply(context.app.pages.redirect(&path)))
}

/// To JSM, as whoever it is; unless JSM cannot be told who that is.
fn pass(
    request: &RequestHeader,
    context: &RequestContext,
    target: Target,
    found: &Found,
) -> Admission {
    let session = found.session();
    match session.map(|session| context.app.identity.of(session)).transpose() {
        Ok(identity) => Admission::Forward(Passed { target, session: session.cloned(), identity }),
        Err(problem) => {
            let (request_id, code) = (&context.request_id, problem.code);
            tracing::warn!(%request_id, code, "JSM cannot be told who the customer is");
            Admission::Reply(reply(request, context, &problem, Some(found)))
        }
    }
}

/// A browser that navigates is sent to log in; anything else is told to (the four-signal rule).
fn login(request: &RequestHeader, context: &RequestContext, target: &Target) -> Admission {
    let reply = if signals::wants_redirect(&request.method, &request.headers) {
        context.app.pages.login_redirect(&target.raw)
    } else {
        reply(request, context, &Problem::login_needed(), None)
    };
    Admission::Reply(reply)
}

fn caller(request: &RequestHeader, context: &RequestContext, found: Found) -> Caller {
    Caller {
        found,
        request_id: context.request_id.as_str().into(),
        client: context.client,
        html: pages::wants_html(&request.headers),
    }
}

/// Refuses an upload that says itself that it is too large, before a byte of it is read.
fn check_announced_length(request: &RequestHeader, limit: u64) -> Result<(), Problem> {
    let length = request.headers.get(http::header::CONTENT_LENGTH);
    let announced = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if request.method != Method::GET && announced.is_some_and(|bytes| bytes > limit) {
        return Err(Problem::body_too_large(limit));
    }
    Ok(())
}
