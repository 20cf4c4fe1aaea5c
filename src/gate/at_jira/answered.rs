//! An answer of a Jira that has a login of its own: whether it is for the right person, and which session it
//! begins. It must not know which session a request may use.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::percent_decode_str;
use pingora::http::ResponseHeader;
use pingora::{Error, ErrorType, Result};

use super::{AtJira, Named, Purpose};
use crate::gate::App;
use crate::gate::context::{RequestContext, TurnedBack};
use crate::jira_login::{JiraLogin, JiraSession};
use crate::jsm::paths::{LoginStep, SESSION_COOKIE, destination, login_cookies};
use crate::problem::Problem;
use crate::session::cookie;

/// In which header of an answer Jira says whom it takes the browser for.
const USERNAME_HEADER: HeaderName = HeaderName::from_static("x-ausername");

/// What Jira calls somebody who is not logged in.
const ANONYMOUS: &str = "anonymous";

/// What the name of a cookie that begins a login in Jira begins with.
const LOGIN_BEGINS: &str = "session-data-";

/// Looks at an answer of Jira's, and notes the session that it begins. The answer to somebody else is not
/// passed on.
///
/// # Errors
/// When it is not passed on.
pub(in crate::gate) fn check(
    answer: &mut ResponseHeader,
    context: &mut RequestContext,
) -> Result<()> {
    let app = Arc::clone(&context.app);
    let (Some(jira_login), Some(forward)) = (&app.jira_login, &mut context.forward) else {
        return Ok(());
    };
    let Some(at_jira) = forward.at_jira.take() else { return Ok(()) };
    let begins = at_jira.purpose == Purpose::LogIn(LoginStep::Start);
    let to = begins.then(|| destination(forward.target.query())).flatten();
    let named = named(&answer.headers);
    let is_known = matches!(named, Named::Somebody(_)) && at_jira.fits(&named);
    if at_jira.purpose == Purpose::LogIn(LoginStep::Answer) {
        return note_login(answer, context, jira_login, at_jira.kept);
    }
    if !at_jira.fits(&named) {
        return turn_back(context, jira_login, at_jira);
    }
    let id = new_session(&answer.headers);
    let kept = match at_jira.purpose {
        // It would take the place of the session that a login has just begun.
        Purpose::File => return without_session(answer),
        Purpose::LogIn(LoginStep::Start) if !begins_login(answer) => {
            let return_to = to.unwrap_or_else(|| "/".to_owned());
            return context
                .fail(Problem::CustomerUnknown { return_to }, "Jira shows its own login");
        }
        Purpose::LogIn(LoginStep::Start) => {
            let address = to.map(|to| app.upstream.context_path().before(&to).into_owned());
            let kept = at_jira.kept.wanting(&address.unwrap_or_default());
            id.iter().fold(kept, |kept, id| kept.renamed(id, is_known))
        }
        Purpose::LogIn(LoginStep::Options | LoginStep::Answer) | Purpose::Page => match &id {
            Some(id) => at_jira.kept.renamed(id, is_known),
            None => return Ok(()),
        },
    };
    keep(answer, jira_login, &kept)
}

/// Notes the session that Jira began for the customer whom it was told of.
fn note_login(
    answer: &mut ResponseHeader,
    context: &mut RequestContext,
    jira_login: &JiraLogin,
    kept: JiraSession,
) -> Result<()> {
    if answer.status.is_redirection() {
        let id = new_session(&answer.headers);
        return keep(answer, jira_login, &kept.delivered(id.as_deref()));
    }
    let cookies = jira_login.write(&kept.delivered(None)).into_iter().collect();
    context.turned_back = Some(TurnedBack { to: None, cookies });
    context.fail(Problem::JiraLoginRefused, "Jira does not take the gate's answer")
}

/// Sends the browser to log in again, or says why that would not help. What no person looks at does not
/// touch their cookies: an answer that comes late would end the login that followed it.
fn turn_back(context: &mut RequestContext, jira_login: &JiraLogin, at_jira: AtJira) -> Result<()> {
    const CAUSE: &str = "Jira takes the browser for somebody else, or for nobody";
    if !at_jira.is_navigation {
        return context.fail(Problem::LoginNeeded, CAUSE);
    }
    let app = Arc::clone(&context.app);
    let just_answered = jira_login.was_just_answered(&at_jira.kept);
    let mut cookies = clear_jira_cookies(&app);
    cookies.extend(jira_login.write(&at_jira.kept.ended()));
    let asked = context.forward.as_ref().map(|forward| forward.target.asked().to_owned());
    if just_answered {
        context.turned_back = Some(TurnedBack { to: None, cookies });
        return context.fail(Problem::JiraLoginLost, CAUSE);
    }
    context.turned_back = Some(TurnedBack { to: asked, cookies });
    Err(Error::new(ErrorType::Custom(CAUSE)))
}

fn clear_jira_cookies(app: &App) -> Vec<HeaderValue> {
    let clear = |(name, path)| cookie::clear_below(&app.config.gate.public_url, name, path);
    login_cookies(app.upstream.context_path()).filter_map(clear).collect()
}

fn keep(answer: &mut ResponseHeader, jira_login: &JiraLogin, kept: &JiraSession) -> Result<()> {
    match jira_login.write(kept) {
        Some(cookie) => answer.append_header(SET_COOKIE, cookie).map(drop),
        None => Ok(()),
    }
}

fn named(headers: &HeaderMap) -> Named<'_> {
    let mut names = headers.get_all(USERNAME_HEADER).iter();
    let (Some(name), None) = (names.next(), names.next()) else {
        let is_unsaid = !headers.contains_key(USERNAME_HEADER);
        // With two names nobody knows who is meant.
        return if is_unsaid { Named::Unsaid } else { Named::Somebody(Cow::Borrowed("")) };
    };
    let name = std::str::from_utf8(name.as_bytes()).unwrap_or_default();
    match percent_decode_str(name).decode_utf8() {
        Ok(name) if name == ANONYMOUS => Named::Nobody,
        Ok(name) => Named::Somebody(name),
        Err(_) => Named::Somebody(Cow::Borrowed("")),
    }
}

/// The id of the session that an answer sets; empty if it ends the present one.
fn new_session(headers: &HeaderMap) -> Option<String> {
    let mut ids = headers.get_all(SET_COOKIE).iter().filter_map(session_id);
    ids.next_back().map(str::to_owned)
}

/// The id that a `Set-Cookie` line sets, if it is of the session's cookie.
fn session_id(line: &HeaderValue) -> Option<&str> {
    let (name, value) = line.to_str().ok()?.split(';').next()?.split_once('=')?;
    (name.trim() == SESSION_COOKIE).then(|| value.trim())
}

/// Passes an answer on without the session that it begins; its other cookies stay.
fn without_session(answer: &mut ResponseHeader) -> Result<()> {
    if new_session(&answer.headers).is_none() {
        return Ok(());
    }
    let lines: Vec<_> = answer.headers.get_all(SET_COOKIE).iter().cloned().collect();
    answer.remove_header(&SET_COOKIE);
    for line in lines.into_iter().filter(|line| session_id(line).is_none()) {
        answer.append_header(SET_COOKIE, line)?;
    }
    Ok(())
}

/// Whether Jira sends the browser to its identity provider. Otherwise it shows a page of its own, such as its
/// form for passwords.
fn begins_login(answer: &ResponseHeader) -> bool {
    let mut cookies = answer.headers.get_all(SET_COOKIE).iter();
    let begins = cookies.any(|line| line.as_bytes().starts_with(LOGIN_BEGINS.as_bytes()));
    begins && (answer.status == StatusCode::OK || answer.status.is_redirection())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], "unsaid")]
    #[case(&["anonymous"], "nobody")]
    #[case(&["ann"], "ann")]
    #[case(&["ann%40example.com"], "ann@example.com")]
    #[case(&["ann@example.com"], "ann@example.com")]
    #[case(&["j%C3%BCrgen"], "jürgen")]
    #[case::broken(&["%ff"], "")]
    #[case::two(&["ann", "bob"], "")]
    #[case::two(&["ann", "ann"], "")]
    fn an_answer_names_one_person(#[case] lines: &[&'static str], #[case] expected: &str) {
        let line = |line: &&'static str| (USERNAME_HEADER, HeaderValue::from_static(line));
        let headers = lines.iter().map(line).collect();
        let told = match named(&headers) {
            Named::Unsaid => "unsaid".to_owned(),
            Named::Nobody => "nobody".to_owned(),
            Named::Somebody(name) => name.into_owned(),
        };
        assert_eq!(told, expected);
    }

    #[rstest]
    #[case(&["JSESSIONID=a.node1; Path=/; HttpOnly"], Some("a.node1"))]
    #[case(&["a=b", "JSESSIONID=1", "JSESSIONID=2"], Some("2"))]
    #[case::ended(&["JSESSIONID=; Max-Age=0"], Some(""))]
    #[case(&["XJSESSIONID=1", "atlassian.xsrf.token=x"], None)]
    fn the_last_session_of_an_answer_counts(
        #[case] lines: &[&'static str],
        #[case] id: Option<&str>,
    ) {
        let line = |line: &&'static str| (SET_COOKIE, HeaderValue::from_static(line));
        let headers = lines.iter().map(line).collect();
        assert_eq!(new_session(&headers).as_deref(), id);
    }
}
