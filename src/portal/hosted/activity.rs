//! What happened in a request, the oldest first: who wrote what, and the statuses between. Must not decide
//! what of it customers see.

use jiff::Timestamp;
use minijinja::{Value, context};

use super::request::View;
use super::views;
use crate::jsm::requests::{AuthorClaim, Comment, Person, Status};
use crate::portal::authors;
use crate::web::times::Times;
use crate::web::without_first_line;

/// Everything that happened, in the order in which it did.
pub(super) fn activity(view: &View<'_>, times: &Times<'_>) -> Vec<Value> {
    let comments = view.conversation.comments.iter();
    let comments = comments.map(|comment| (comment.created, says(view, comment, times)));
    // The first status is the one that the request was made with.
    let history = &view.request.history;
    let first = history.iter().filter_map(|status| status.since).min();
    let changes = history.iter().filter(|status| status.since != first);
    let changes = changes.filter_map(|status| event(status, times));
    let made = (view.request.created, made(view, times));
    let mut entries: Vec<(Timestamp, Value)> =
        [made].into_iter().chain(comments).chain(changes).collect();
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn made(view: &View<'_>, times: &Times<'_>) -> Value {
    let reporter = &view.request.reporter;
    context! {
        event => true, icon => "new", made_by => views::name(&reporter.name),
        mine => view.is_me(reporter).to_string(), at => times.short(view.request.created),
    }
}

fn event(status: &Status, times: &Times<'_>) -> Option<(Timestamp, Value)> {
    let (since, view) = (status.since?, views::status(status));
    let icon = match view.get_attr("kind").ok()?.as_str()? {
        "done" => "check",
        "doing" => "doing",
        _ => "new",
    };
    let values = context! {
        event => true, icon => icon, status => status.name.as_str(), at => times.short(since),
    };
    Some((since, values))
}

fn says(view: &View<'_>, comment: &Comment, times: &Times<'_>) -> Value {
    let signed = view.authors.get(&comment.id).copied();
    let author = signed.map_or_else(|| comment.author.clone(), author_of);
    let takes_part = view.request.reporter == author || view.request.participants.contains(&author);
    // What the service account says without a signature may be a customer's, with its mark lost.
    let is_team = !comment.is_sent_by_gate && !takes_part && !comment.is_from_outside;
    let files = comment.files.iter().filter_map(|id| view.conversation.file(*id));
    context! {
        id => comment.id.to_string(),
        team => is_team,
        initials => initials(&author),
        author => views::name(&author.name),
        tag => tag(view, comment, &author, is_team),
        at => times.short(comment.created),
        body => body(view, comment, signed),
        files => files.map(|file| view.file(file)).collect::<Vec<_>>(),
    }
}

fn author_of(claim: &AuthorClaim) -> Person {
    Person { account: Some(claim.account.clone()), name: claim.name.clone() }
}

/// The first line says who wrote it; where that is known, the page says it in its own way.
fn body(view: &View<'_>, comment: &Comment, signed: Option<&AuthorClaim>) -> Value {
    let Some(html) = &comment.html else { return Value::from(comment.text.as_str()) };
    let first = signed.map(|claim| authors::line(&claim.name));
    match first.and_then(|first| without_first_line(html, &first)) {
        Some(rest) => view.html(&rest),
        None => view.html(html),
    }
}

fn tag(view: &View<'_>, comment: &Comment, author: &Person, is_team: bool) -> Option<String> {
    let language = view.visit.caller.preferences.language;
    let catalogue = view.state.pages.catalogue(language);
    if view.is_me(author) {
        Some(catalogue.plain("request-you"))
    } else if comment.is_from_outside {
        Some(catalogue.plain("request-external"))
    } else {
        is_team.then(|| view.visit.portal().name.clone())
    }
}

/// The first letters of the first and the last name.
fn initials(person: &Person) -> String {
    let mut words = person.name.split_whitespace().filter_map(|word| word.chars().next());
    let (first, last) = (words.next(), words.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ann Example", "AE")]
    #[case("Dana", "D")]
    #[case("Juan de la Cruz", "JC")]
    #[case("élodie", "É")]
    #[case("山田 太郎", "山太")]
    #[case("", "")]
    fn a_person_has_initials(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(initials(&Person { account: None, name: name.to_owned() }), expected);
    }
}
