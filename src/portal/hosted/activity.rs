//! What happened in a request, the oldest first: who wrote what, and the statuses between. Must not decide
//! what of it customers see.

use jiff::Timestamp;
use minijinja::{Value, context};

use super::request::View;
use super::views;
use crate::jsm::requests::{Comment, Person, Status};
use crate::web::times::Times;

/// Everything that happened, in the order in which it did.
pub(super) fn activity(view: &View<'_>, times: &Times<'_>) -> Vec<Value> {
    let comments = view.conversation.comments.iter();
    let comments = comments.map(|comment| (comment.created, says(view, comment, times)));
    let statuses = view.request.history.iter().filter_map(|status| event(status, times));
    let mut entries: Vec<(Timestamp, Value)> = comments.chain(statuses).collect();
    entries.sort_by_key(|(at, _)| *at);
    entries.into_iter().map(|(_, entry)| entry).collect()
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
    let author = &comment.author;
    let is_customer =
        view.request.reporter == *author || view.request.participants.contains(author);
    let is_team = !is_customer && !comment.is_from_outside;
    let files = comment.files.iter().filter_map(|id| view.conversation.file(*id));
    let body = match &comment.html {
        Some(html) => view.html(html),
        None => Value::from(comment.text.as_str()),
    };
    context! {
        id => comment.id.to_string(),
        team => is_team,
        initials => initials(author),
        author => author.name.as_str(),
        tag => tag(view, comment, is_team),
        at => times.short(comment.created),
        body => body,
        files => files.map(|file| view.file(file)).collect::<Vec<_>>(),
    }
}

fn tag(view: &View<'_>, comment: &Comment, is_team: bool) -> Option<String> {
    let catalogue = view.state.pages.catalogue();
    if view.is_me(&comment.author) {
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
