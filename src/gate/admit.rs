//! Decides what becomes of a request: forwarded, answered with a page, or refused. Everything is
//! decided here, once, on the target that is forwarded.

use axum::body::Body;
use http::{Method, Response};
use pingora::http::RequestHeader;
use pingora::proxy::Session;
use url::form_urlencoded;

use super::context::{Look, Passed, RequestContext};
use super::hygiene;
use super::isolation::{self, Isolation, Refused};
use super::load::Standing;
use super::{audit_portal, tunnel};
use crate::access::{self, Decision, Refusal};
use crate::auth::signals;
use crate::domain::{Access, Portal, Portals};
use crate::jsm::paths::{
    Content, LoginFieldScan, PathVerdict, Route, carries_login, portal_address,
};
use crate::pages::{self, Brings, Caller, Viewer};
use crate::problem::{LoginOffer, Problem};
use crate::reading::{MediaType, Target};
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

/// Decides. Of a request whose body may name a portal, the body is read.
pub(crate) async fn decide(session: &mut Session, context: &mut RequestContext) -> Admission {
    match admit(session.req_header(), context).await {
        Ok(Admission::Forward(passed)) if passed.look != Look::No => {
            Box::pin(look_into(session, context, passed)).await
        }
        Ok(admission) => admission,
        Err(problem) => {
            let request = session.req_header();
            let found = Box::pin(who_reads(request, context, &problem)).await;
            Admission::Reply(reply(request, context, &problem, found.as_ref()))
        }
    }
}

/// Who is told of a problem, so that the page can say so. What was meant for another site or comes from
/// one is told to nobody in particular.
async fn who_reads(
    request: &RequestHeader,
    context: &RequestContext,
    problem: &Problem,
) -> Option<Found> {
    match problem {
        Problem::WrongHost { .. } | Problem::CrossSite => None,
        _ => context.app.sessions.find(&request.headers).await.ok(),
    }
}

/// The page that tells a problem, to the person `found` says it is.
pub(crate) fn reply(
    request: &RequestHeader,
    context: &RequestContext,
    problem: &Problem,
    found: Option<&Found>,
) -> Response<Body> {
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let viewer = Viewer {
        request_id: context.request_id.as_str(),
        session: found.and_then(Found::session).map(AsRef::as_ref),
        html: pages::wants_html(&request.headers),
        brings: if reads { Brings::Nothing } else { Brings::Form },
    };
    context.app.pages.problem(problem, &viewer).map(Body::from)
}

async fn admit(
    request: &RequestHeader,
    context: &mut RequestContext,
) -> Result<Admission, Problem> {
    let app = &context.app;
    let target = hygiene::check(request, &app.config.gate.public_url, &app.config.limits)?;
    let target = target.below(app.upstream.context_path());
    check_announced_length(request, app.config.limits.body_bytes)?;
    let route = Route::of(&target);
    match outside_policy(request, context, &route, &target)? {
        Outside::Nothing => {}
        Outside::Logout => return Ok(Admission::Reply(app.pages.redirect("/_gate/logout"))),
        Outside::Login(reason) => {
            return Box::pin(jiras_login(request, context, &target, reason)).await;
        }
    }
    let found = find(request, context).await;
    if context.charge(found.session().map(AsRef::as_ref)) != Standing::Within {
        let problem = Problem::TooManyRequests;
        return Ok(Admission::Reply(reply(request, context, &problem, Some(&found))));
    }
    by_route(request, context, (route, target), found)
}

/// What becomes of a request that is fine in itself, by what its path means and whose it is.
fn by_route(
    request: &RequestHeader,
    context: &RequestContext,
    (route, target): (Route, Target),
    found: Found,
) -> Result<Admission, Problem> {
    let app = &context.app;
    let portals = app.portals.load();
    match route {
        Route::Page => to_page(request, context, &target, found),
        Route::NoLink | Route::NoPortal => Err(Problem::PortalUnknown),
        Route::Upstream => {
            let public = app.policy.is_public(&request.method, target.path());
            to_upstream(request, context, target, &found, &portals, public)
        }
        _ if portals.all().is_empty() => Err(Problem::DirectoryEmpty),
        Route::Portal(id) => {
            let Some(portal) = portals.by_id(id) else {
                return no_portal(request, context, &target, &found);
            };
            match shut_out(request, context, &target, &found, portal)? {
                Some(refused) => Ok(refused),
                None => to_upstream(request, context, target, &found, &portals, true),
            }
        }
        Route::Link { link, prefix } => {
            let Some(portal) = portals.by_link(&link) else {
                return no_portal(request, context, &target, &found);
            };
            match shut_out(request, context, &target, &found, portal)? {
                Some(refused) => Ok(refused),
                None => follow_link(context, &target, portal, prefix),
            }
        }
    }
}

/// Who sends a request, as far as can be found out.
async fn find(request: &RequestHeader, context: &RequestContext) -> Found {
    context.app.sessions.find(&request.headers).await.unwrap_or_else(|error| {
        tracing::error!(%error, "whoever needs a login is not let in");
        Found::Unknown
    })
}

/// The pages only know their own paths: whoever puts JSM's context path before one is sent there.
fn to_page(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: Found,
) -> Result<Admission, Problem> {
    if target.has_context() {
        Ok(Admission::Reply(context.app.pages.redirect(target.raw())))
    } else if matches!(found, Found::Unknown) && !pages::is_for_anybody(target.path()) {
        Err(Problem::SessionsUnavailable)
    } else {
        Ok(Admission::Page(caller(request, context, found)))
    }
}

/// Which portals there are, strangers are not told: they are asked to log in, as for one that is there.
fn no_portal(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: &Found,
) -> Result<Admission, Problem> {
    match found.session() {
        Some(_) => Err(Problem::PortalUnknown),
        None => login(request, context, target, found),
    }
}

/// What of a path of JSM's is answered by something else than JSM.
enum Outside {
    /// It is open, or is the gate's.
    Nothing,
    /// Jira's logout.
    Logout,
    /// Jira's login, closed for this reason.
    Login(&'static str),
}

/// Refuses a path of JSM's that is not open.
fn outside_policy(
    request: &RequestHeader,
    context: &RequestContext,
    route: &Route,
    target: &Target,
) -> Result<Outside, Problem> {
    let app = &context.app;
    if matches!(route, Route::Page | Route::Link { .. } | Route::NoLink) {
        return Ok(Outside::Nothing);
    }
    match app.policy.judge(&request.method, target.path()) {
        PathVerdict::Open if carries_login(target.query().as_bytes()) => {
            Err(Problem::bad_request("the address has a login for Jira in it"))
        }
        PathVerdict::Open
            if MediaType::of(&request.headers)
                .is_some_and(|it| it.may_be_form() && it.has_ambiguous_charset()) =>
        {
            Err(Problem::bad_request("its form is not in UTF-8"))
        }
        PathVerdict::Open => Ok(Outside::Nothing),
        PathVerdict::Logout => Ok(Outside::Logout),
        PathVerdict::Login(reason) => Ok(Outside::Login(reason)),
        PathVerdict::Closed(reason) => Err(not_open(context, target, reason)),
    }
}

fn not_open(context: &RequestContext, target: &Target, reason: &str) -> Problem {
    let (request_id, path) = (&context.request_id, target.path());
    tracing::info!(%request_id, path, reason, "not open");
    Problem::PathNotOpen
}

/// Jira sends browsers to its own login when it does not know the customer of whom the gate tells it.
async fn jiras_login(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    reason: &str,
) -> Result<Admission, Problem> {
    let found = context.app.sessions.find(&request.headers).await.unwrap_or(Found::Unknown);
    let Some(session) = found.session() else { return Err(not_open(context, target, reason)) };
    let (request_id, who) = (&context.request_id, session.identity.label());
    tracing::warn!(%request_id, who, "Jira asks somebody who is logged in here for a login of its own");
    let mut query = form_urlencoded::parse(target.query().as_bytes());
    let wanted = query.find(|(name, _)| name == "destination");
    let wanted = wanted.map(|(_, page)| format!("/servicedesk/customer/{page}"));
    let return_to = wanted.unwrap_or_else(|| "/".to_owned());
    let problem = Problem::CustomerUnknown { return_to };
    Ok(Admission::Reply(reply(request, context, &problem, Some(&found))))
}

/// What to answer whoever may not use a portal; `None` for those who may.
fn shut_out(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: &Found,
    portal: &Portal,
) -> Result<Option<Admission>, Problem> {
    if portal.gone {
        let is_told = found.session().is_some() || portal.access == Access::Public;
        return if is_told {
            Err(Problem::PortalGone { portal: portal.name.clone() })
        } else {
            login(request, context, target, found).map(Some)
        };
    }
    let identity = found.session().map(|session| &session.identity);
    let decision = access::decide(portal, identity, context.app.sessions.now());
    if matches!(decision, Decision::Allowed(_)) {
        audit_portal::note(context, found, portal, decision);
    }
    Ok(match decision {
        Decision::LoginNeeded => Some(login(request, context, target, found)?),
        Decision::StepUpNeeded(_) => Some(step_up(request, context, target, found, portal)),
        Decision::Refused(_) => {
            Some(refuse(request, context, found, (portal, decision), Some(target.asked())))
        }
        Decision::Allowed(_) => None,
    })
}

/// A request to JSM, once the portal in its address, if any, has been found open. `open` says that
/// nobody has to be logged in for its address.
fn to_upstream(
    request: &RequestHeader,
    context: &RequestContext,
    target: Target,
    found: &Found,
    portals: &Portals,
    open: bool,
) -> Result<Admission, Problem> {
    let session = found.session();
    let mut isolation = Isolation::new(
        portals,
        session.map(|session| &session.identity),
        context.app.sessions.now(),
    );
    match isolation.check_target(target.path(), target.query()) {
        Ok(()) => {}
        Err(Refused::LoginNeeded) => return login(request, context, &target, found),
        Err(Refused::Portal(portal, _)) => {
            return Ok(refuse(request, context, found, &portal, None));
        }
        Err(Refused::Problem(problem)) => return Err(problem),
    }
    let body =
        Content::of(&request.method, target.path(), MediaType::of(&request.headers).as_ref());
    let nobody = session.is_none();
    let names = body.may_name() && (nobody || isolation.anything_closed());
    let look = match !nobody || open || isolation.is_open() {
        true if names => Look::MayStop,
        true => Look::No,
        false if names && isolation.may_open(target.path()) => Look::Decides,
        false => return login(request, context, &target, found),
    };
    let elsewhere = to_context_path(request, context, &target);
    Ok(elsewhere.unwrap_or_else(|| pass(request, context, target, found, look)))
}

/// JSM's scripts ask for what they need below its context path, where its cookies are, too: a browser
/// that asked for a page without it is sent to the page's own address. `None` when there is nothing
/// to be sent to, or no way to be: a form would be lost, and a WebSocket follows no redirects.
fn to_context_path(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
) -> Option<Admission> {
    let context_path = context.app.upstream.context_path();
    if context_path.is_empty() || target.has_context() {
        return None;
    }
    let follows = matches!(request.method, Method::GET | Method::HEAD);
    let address = target.with_context(context_path);
    (follows && !tunnel::is_wanted(request))
        .then(|| Admission::Reply(context.app.pages.redirect(&address)))
}

/// Forwards a request unless its body names something that is closed to this person.
async fn look_into(session: &mut Session, context: &RequestContext, passed: Passed) -> Admission {
    let portals = context.app.portals.load();
    let identity = passed.session.as_ref().map(|session| &session.identity);
    let mut isolation = Isolation::new(&portals, identity, context.app.sessions.now());
    let target = &passed.target;
    let looked = match isolation.check_target(target.path(), target.query()) {
        Ok(()) => {
            let room = &context.app.room;
            let request = session.req_header();
            let media_type = MediaType::of(&request.headers);
            let content = Content::of(&request.method, target.path(), media_type.as_ref());
            drop(media_type);
            isolation::check_body(session, &mut isolation, content, room).await
        }
        Err(stop) => Err(stop),
    };
    let found = passed.session.clone().map_or(Found::NoCookie, Found::Session);
    let problem = match looked {
        Ok(body) if passed.look == Look::MayStop || isolation.is_open() => {
            return Admission::Forward(Passed { body: Some(body), ..passed });
        }
        Ok(_) | Err(Refused::LoginNeeded) => Problem::LoginNeeded,
        Err(Refused::Portal(portal, decision)) => {
            refusal(context, &found, (&portal, decision), None)
        }
        Err(Refused::Problem(problem)) => problem,
    };
    Admission::Reply(reply(session.req_header(), context, &problem, Some(&found)))
}

fn refuse(
    request: &RequestHeader,
    context: &RequestContext,
    found: &Found,
    (portal, decision): (&Portal, Decision),
    return_to: Option<&str>,
) -> Admission {
    let problem = refusal(context, found, (portal, decision), return_to);
    Admission::Reply(reply(request, context, &problem, Some(found)))
}

/// Why somebody may not use a portal. With another provider's word they may: that login is offered,
/// back to `return_to` where that is an address of the portal, else to the portal itself. It is never
/// begun unasked, because it takes the place of the present one.
fn refusal(
    context: &RequestContext,
    found: &Found,
    (portal, decision): (&Portal, Decision),
    return_to: Option<&str>,
) -> Problem {
    audit_portal::note(context, found, portal, decision);
    let mut providers = context.app.config.providers.iter();
    let wanted = providers.find(|provider| Some(&provider.id) == portal.provider.as_ref());
    let portal_itself = || format!("/p/{}", portal.link);
    let return_to = return_to.map_or_else(portal_itself, str::to_owned);
    match (decision, wanted) {
        (Decision::Refused(Refusal::OtherProvider), Some(provider)) => {
            let login = LoginOffer { provider: provider.name.clone(), at: None, return_to };
            Problem::OtherProvider { portal: portal.name.clone(), login: Box::new(login) }
        }
        (Decision::Refused(refusal), _) if refusal.is_for_want_of_knowledge() => {
            Problem::AccessUnknown {
                portal: portal.name.clone(),
                cause: refusal.cause(),
                return_to,
            }
        }
        (Decision::Refused(refusal), _) => {
            Problem::Refused { portal: portal.name.clone(), cause: refusal.cause(), return_to }
        }
        (Decision::StepUpNeeded(_), _) => Problem::StepUpNeeded { portal: portal.name.clone() },
        (Decision::LoginNeeded | Decision::Allowed(_), _) => Problem::LoginNeeded,
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
    let id =
        portal.portal_id.ok_or_else(|| Problem::PortalWithoutId { portal: portal.name.clone() })?;
    let deeper = target.raw().get(prefix..).unwrap_or_default();
    let path = portal_address(id, deeper);
    let address = context.app.upstream.context_path().before(&path);
    Ok(Admission::Reply(context.app.pages.redirect(&address)))
}

/// To JSM, as whoever it is; unless JSM cannot be told who that is.
fn pass(
    request: &RequestHeader,
    context: &RequestContext,
    target: Target,
    found: &Found,
    look: Look,
) -> Admission {
    let session = found.session();
    match session.map(|session| context.app.identity.of(session)).transpose() {
        Ok(identity) => {
            let form =
                LoginFieldScan::of(&request.method, MediaType::of(&request.headers).as_ref());
            let (session, body) = (session.cloned(), None);
            Admission::Forward(Passed { target, session, identity, look, body, form })
        }
        Err(problem) => {
            let (request_id, code) = (&context.request_id, problem.code());
            tracing::warn!(%request_id, %code, "JSM cannot be told who the customer is");
            Admission::Reply(reply(request, context, &problem, Some(found)))
        }
    }
}

/// A browser that navigates is sent to log in; anything else is told to (the four-signal rule).
/// Somebody who may be logged in already is not sent round in circles (threats.md C2).
fn login(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: &Found,
) -> Result<Admission, Problem> {
    if matches!(found, Found::Unknown) {
        return Err(Problem::SessionsUnavailable);
    }
    let reply = if signals::wants_redirect(&request.method, &request.headers) {
        context.app.pages.login_redirect(target.asked())
    } else {
        reply(request, context, &Problem::LoginNeeded, None)
    };
    Ok(Admission::Reply(reply))
}

/// The same for somebody whose login is not what a portal wants.
fn step_up(
    request: &RequestHeader,
    context: &RequestContext,
    target: &Target,
    found: &Found,
    portal: &Portal,
) -> Admission {
    if !signals::wants_redirect(&request.method, &request.headers) {
        let problem = Problem::StepUpNeeded { portal: portal.name.clone() };
        return Admission::Reply(reply(request, context, &problem, Some(found)));
    }
    Admission::Reply(context.app.pages.login_redirect(target.asked()))
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
        return Err(Problem::BodyTooLarge { limit });
    }
    Ok(())
}
