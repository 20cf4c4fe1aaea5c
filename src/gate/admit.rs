//! Decides what becomes of a request: forwarded, answered with a page, or refused. Everything is
//! decided here, once, on the target that is forwarded and on one directory of portals.

use http::Method;
use pingora::http::RequestHeader;
use pingora::proxy::Session;

use super::context::{BodyCheck, Forward, RequestContext};
use super::incoming::{Admission, Incoming, caller, where_login_began};
use super::isolation::{self, Isolation};
use super::load::Standing;
use super::{App, hygiene, refusal, reply};
use crate::jsm::paths::{
    PathVerdict, Route, asks_for_form, carries_login, destination, logs_out, posted_answer,
};
use crate::problem::Problem;
use crate::reading::{MediaType, Target};
use crate::session::SessionLookup;
use crate::web::Arrival;

/// Decides about a request. Its body is read if that may name a portal.
pub(crate) async fn decide(session: &mut Session, context: &mut RequestContext) -> Admission {
    let decided = match admit(session.req_header(), context).await {
        Ok(Admission::Forward(forward)) if forward.body_check != BodyCheck::Skip => {
            Box::pin(check_body(session, context, forward)).await
        }
        decided => decided,
    };
    match decided {
        Ok(admission) => admission,
        Err(problem) => Box::pin(refuse(session.req_header(), context, &problem)).await,
    }
}

/// The page for a refusal. It tells people who they are logged in as, unless the request was meant
/// for another site or came from one.
async fn refuse(
    request: &RequestHeader,
    context: &mut RequestContext,
    problem: &Problem,
) -> Admission {
    let is_for_us = !matches!(problem, Problem::WrongHost { .. } | Problem::CrossSite);
    if is_for_us && context.found.is_none() {
        context.found = context.app.sessions.find(&request.headers).await.ok();
    }
    Admission::Reply(reply::problem(request, context, problem))
}

/// Decides by the head of a request.
async fn admit(
    request: &RequestHeader,
    context: &mut RequestContext,
) -> Result<Admission, Problem> {
    let app = &context.app;
    let target =
        hygiene::check(request, &app.config.gate.public_url, &app.config.limits, &app.site)?;
    let target = target.below(app.upstream.context_path());
    let route = Route::of(&target);
    check_announced_length(request, app, &route)?;
    let media_type = MediaType::of(&request.headers);
    let verdict = match route {
        Route::Page | Route::Link { .. } | Route::NoLink => PathVerdict::Open,
        Route::Portal(_) | Route::NoPortal | Route::Upstream => {
            check_path(request, context, &target, media_type.as_ref())?
        }
    };
    if verdict == PathVerdict::Logout {
        return Ok(Admission::Reply(app.pages.redirect("/_gate/logout")));
    }
    let found = find(request, context).await;
    if let PathVerdict::Login(reason) = verdict {
        let problem = login_at_jira(context, &target, &found, reason);
        context.found = Some(found);
        return Err(problem);
    }
    let standing = context.charge(found.session().map(AsRef::as_ref));
    if standing == Standing::Within && route == Route::Page {
        return to_page(request, context, &target, found);
    }
    context.found = Some(found);
    if standing != Standing::Within {
        return Err(Problem::TooManyRequests);
    }
    let incoming = Incoming::new(request, context, target, media_type);
    match verdict {
        PathVerdict::LogIn(step) => incoming.admit_to_login(step),
        _ => incoming.admit(&route),
    }
}

/// Who sends a request, as far as can be found out.
async fn find(request: &RequestHeader, context: &RequestContext) -> SessionLookup {
    context.app.sessions.find(&request.headers).await.unwrap_or_else(|error| {
        if context.may_log("whoever needs a login is not let in") {
            tracing::error!(%error, "whoever needs a login is not let in");
        }
        SessionLookup::StoreDown
    })
}

/// Refuses an upload whose `Content-Length` is over the limit, before a byte of it is read. A page of the
/// gate's own may take more than JSM is forwarded.
fn check_announced_length(
    request: &RequestHeader,
    app: &App,
    route: &Route,
) -> Result<(), Problem> {
    let limit = app.config.limits.body_bytes;
    let length = request.headers.get(http::header::CONTENT_LENGTH);
    let announced = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(bytes) = announced.filter(|bytes| request.method != Method::GET && *bytes > limit)
    else {
        return Ok(());
    };
    let own = match route {
        Route::Page | Route::Link { .. } => app.site.policy(request.uri.path()).whole_body(),
        Route::NoLink | Route::Portal(_) | Route::NoPortal | Route::Upstream => 0,
    };
    let limit = limit.max(u64::try_from(own).unwrap_or(u64::MAX));
    if bytes > limit { Err(Problem::BodyTooLarge { limit }) } else { Ok(()) }
}

/// Refuses a path of JSM's that is closed, and a request that could log its sender in to Jira.
fn check_path(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    media_type: Option<&MediaType<'_>>,
) -> Result<PathVerdict, Problem> {
    let logs_in = context.app.jira_login.is_some();
    if logs_in && logs_out(&request.method, target) {
        return Ok(PathVerdict::Logout);
    }
    let verdict = context.app.policy.judge(&request.method, target.path());
    let is_open = matches!(verdict, PathVerdict::Open | PathVerdict::LogIn(_));
    match verdict {
        PathVerdict::Closed(reason) => Err(not_open(context, target, reason)),
        _ if is_open && logs_in && asks_for_form(target.query()) => {
            Err(not_open(context, target, "it asks Jira for its form for passwords"))
        }
        _ if is_open && carries_login(target.query().as_bytes()) => {
            Err(Problem::bad_request("the address has a login for Jira in it"))
        }
        _ if is_open
            && media_type.is_some_and(|it| it.may_be_form() && it.has_ambiguous_charset()) =>
        {
            Err(Problem::bad_request("its form is not in UTF-8"))
        }
        verdict => Ok(verdict),
    }
}

fn not_open(context: &RequestContext, target: &Target, reason: &str) -> Problem {
    let (request_id, path) = (&context.request_id, target.path());
    if context.may_log("not open") {
        tracing::info!(%request_id, path, reason, "not open");
    }
    Problem::PathNotOpen
}

/// Jira sends a browser to its own login when it does not know the customer that the gate names.
/// Nobody else gets to that login.
fn login_at_jira(
    context: &RequestContext,
    target: &Target,
    found: &SessionLookup,
    reason: &str,
) -> Problem {
    let Some(session) = found.session() else { return not_open(context, target, reason) };
    let (request_id, who) = (&context.request_id, session.identity.label());
    tracing::warn!(%request_id, who, "Jira asks somebody who is logged in here for a login of its own");
    let wanted = destination(target.query());
    Problem::CustomerUnknown { return_to: wanted.unwrap_or_else(|| "/".to_owned()) }
}

/// The gate's pages only know their own paths: a request for one below JSM's context path is
/// redirected.
fn to_page(
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

/// Forwards a request unless its body names something that is closed to this person.
async fn check_body(
    session: &mut Session,
    context: &RequestContext,
    forward: Forward,
) -> Result<Admission, Problem> {
    let (body_kind, must_allow) = match forward.body_check {
        BodyCheck::Skip => return Ok(Admission::Forward(forward)),
        BodyCheck::MayRefuse(kind) => (kind, false),
        BodyCheck::MustAllow(kind) => (kind, true),
        BodyCheck::MustBeAnswer => return check_answer(session, context, forward).await,
    };
    let identity = forward.session.as_ref().map(|session| &session.identity);
    let mut isolation = Isolation::new(&context.portals, identity, context.app.sessions.now());
    let room = &context.app.room;
    match isolation::check_body(session, &mut isolation, body_kind, room).await {
        Ok(_) if must_allow && !isolation.is_open() => Err(Problem::LoginNeeded),
        Ok(body) => Ok(Admission::Forward(Forward { body: Some(body), ..forward })),
        Err(refused) => Err(refusal::of(context, refused)),
    }
}

/// Forwards an answer to Jira's login if it is the one that the gate has given to this browser. Any other would
/// log in somebody else: the person before, or whoever another identity provider vouches for
/// (docs/security.md DC12).
async fn check_answer(
    session: &mut Session,
    context: &RequestContext,
    forward: Forward,
) -> Result<Admission, Problem> {
    let body = isolation::read_body(session, false, &context.app.room).await?;
    let at_jira = forward.at_jira.as_ref().ok_or(Problem::PathNotOpen)?;
    if posted_answer(body.bytes()).is_some_and(|answer| at_jira.kept().is_answer(&answer)) {
        return Ok(Admission::Forward(Forward { body: Some(body), ..forward }));
    }
    Ok(Admission::Reply(context.app.pages.redirect(where_login_began(at_jira))))
}
