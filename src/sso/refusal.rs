//! What is told, counted, recorded and remembered when a service provider is not answered. Must not decide.

use std::fmt;

use axum::response::Response;

use super::vouch::Unvouched;
use super::waiting::Waiting;
use super::{Exchange, ServiceProvider, SsoState};
use crate::access::Decision;
use crate::audit::Kind;
use crate::problem::Problem;
use crate::session::Session;
use crate::web::Caller;

/// The problem of a request that cannot be read. The page has no word of the request's, because anybody can
/// send people here with it; the log and the trace have it in full.
fn bad_request(why: &impl fmt::Display) -> Problem {
    Problem::SamlRequest { reason: without_quotes(&why.to_string()).into() }
}

/// A sentence with an ellipsis in the place of each part in quotes. A quote within such a part is escaped.
fn without_quotes(sentence: &str) -> String {
    let (mut text, mut quoted, mut escaped) = (String::new(), false, false);
    for character in sentence.chars() {
        match character {
            '"' if !quoted => {
                quoted = true;
                text.push('…');
            }
            '"' if !escaped => quoted = false,
            _ if !quoted => text.push(character),
            _ => {}
        }
        escaped = quoted && !escaped && character == '\\';
    }
    text
}

/// The page for a message that cannot be read.
pub(super) fn of_unreadable(
    state: &SsoState,
    caller: &Caller,
    from: &ServiceProvider,
    why: &impl fmt::Display,
) -> Response {
    of_request(state, caller, from, &bad_request(why), why)
}

/// The page for a request of nobody in particular: any site can send a browser here.
pub(super) fn of_request(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    problem: &Problem,
    why: &impl fmt::Display,
) -> Response {
    let (id, code) = (to.id(), problem.code().as_str());
    if state.strangers.may_write(caller.client, "a service provider's request is refused") {
        let request_id = &caller.request_id;
        tracing::warn!(%request_id, service_provider = %id, %why, "a service provider's request is refused");
    }
    let event = caller.event(Kind::AssertionRefused).of_service_provider(id).by_rule(code);
    state.audit.note_stranger(event.because(why));
    state.metrics.asserted(id, code);
    state.remember(caller, to, Exchange::default().ended(code, Some(why.to_string())));
    state.problem(problem, caller)
}

/// The page for a person whom the rules do not let in.
pub(super) fn of_person(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    session: &Session,
    decision: Decision,
) -> Response {
    let wanted = to.rules().provider.as_ref().and_then(|id| state.authenticator.provider(id));
    let wanted = wanted.map(crate::auth::Provider::name);
    let problem = decision.problem(to.name(), wanted, return_to(state, to, waiting));
    let event = caller.event(Kind::AssertionRefused).about(&session.identity);
    let event = event.of_service_provider(to.id()).decided(decision);
    let why = match decision {
        Decision::Refused(refusal) => refusal.to_string(),
        other => other.rule().to_owned(),
    };
    state.audit.note_customer(event.because(&why));
    finish(state, caller, to, waiting, session, &problem, format!("{why} ({})", decision.rule()))
}

/// The page for a person who may be vouched for, of whom it cannot be told what has to be.
pub(super) fn unvouched(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    session: &Session,
    unvouched: &Unvouched,
) -> Response {
    let problem = unvouched.problem(to.name(), return_to(state, to, waiting));
    if let Unvouched::Unsigned(error) = unvouched {
        tracing::error!(request_id = %caller.request_id, service_provider = %to.id(), error, "nobody can be vouched for");
    }
    let event = caller.event(Kind::AssertionRefused).about(&session.identity);
    let event = event.of_service_provider(to.id()).by_rule(problem.code().as_str());
    state.audit.note_customer(event.because(unvouched));
    finish(state, caller, to, waiting, session, &problem, unvouched.to_string())
}

fn finish(
    state: &SsoState,
    caller: &Caller,
    to: &ServiceProvider,
    waiting: &Waiting,
    session: &Session,
    problem: &Problem,
    why: String,
) -> Response {
    let code = problem.code().as_str();
    state.metrics.asserted(to.id(), code);
    let exchange = Exchange::default().asked(waiting).of(&session.identity);
    state.remember(caller, to, exchange.ended(code, Some(why)));
    state.problem(problem, caller)
}

/// Where somebody goes on who logs in as somebody else.
fn return_to(state: &SsoState, to: &ServiceProvider, waiting: &Waiting) -> String {
    waiting.address_at(to.id(), &state.sealer).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Issuer is \"evil\"; entity_id is \"https://sp\"", "Issuer is …; entity_id is …")]
    #[case(r#"it is "a\"b\\" and more"#, "it is … and more")]
    #[case(r#"it is "a\\\"b" and "c"."#, "it is … and ….")]
    #[case("no quotes", "no quotes")]
    #[case("never \"ends", "never …")]
    fn a_page_says_nothing_in_the_words_of_a_request(#[case] why: &str, #[case] told: &str) {
        assert_eq!(without_quotes(why), told);
    }
}
