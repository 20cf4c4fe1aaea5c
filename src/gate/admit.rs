//! Decides what becomes of a request: forwarded, answered with a page, or refused. Everything is
//! decided once, on the target that is forwarded and on one directory of portals; what each check
//! looks at is in a file of its own.

use pingora::http::RequestHeader;
use pingora::proxy::Session;

use super::context::{BodyCheck, RequestContext};
use super::incoming::{Admission, Incoming, to_page};
use super::load::Standing;
use super::{body_check, hygiene, path_check, reply};
use crate::jsm::paths::{PathVerdict, Route};
use crate::problem::Problem;
use crate::reading::MediaType;

/// Decides about a request. Its body is read if that may name a portal.
pub(crate) async fn decide(session: &mut Session, context: &mut RequestContext) -> Admission {
    let decided = match admit(session.req_header(), context).await {
        Ok(Admission::Forward(forward)) if forward.body_check != BodyCheck::Skip => {
            Box::pin(body_check::decide_by_body(session, context, forward)).await
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
    hygiene::check_announced_length(request, app.config.limits.body_bytes, &app.site, &route)?;
    let media_type = MediaType::of(&request.headers);
    let verdict = match route {
        Route::Page | Route::Link { .. } | Route::NoLink => PathVerdict::Open,
        Route::Portal(_) | Route::NoPortal | Route::Upstream => {
            path_check::check_path(request, context, &target, media_type.as_ref())?
        }
    };
    if verdict == PathVerdict::Logout {
        return Ok(Admission::Reply(app.pages.redirect("/_gate/logout")));
    }
    let found = context.find(&request.headers).await;
    if let PathVerdict::Login(reason) = verdict {
        let problem = path_check::login_at_jira(context, &target, &found, reason);
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
