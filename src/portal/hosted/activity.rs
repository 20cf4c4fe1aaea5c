//! What happened in a request, the oldest first: who wrote what, and the statuses between. Must not decide
//! what of it customers see.

use jiff::Timestamp;
use minijinja::{Value, context};

use super::request_view::View;
use super::views;
use crate::jsm::requests::{AuthorClaim, Comment, Person, Status};
use crate::portal::authors;
use crate::web::times::Times;
use crate::web::without_first_line;

/// What a page shows of what happened.
pub(super) struct Activity {
    /// The entries, in the order in which it happened.
    pub(super) shown: Vec<Value>,
    /// How many entries before these are left out.
    pub(super) earlier: usize,
}

enum Entry<'a> {
    Made,
    Comment(&'a Comment),
    Status(&'a Status),
}

impl Activity {
    /// Everything that happened, or the latest of it. Only what is shown is made: a customer can write hundreds
    /// of comments that take a while to be made fit for a page (docs/security.md P26).
    pub(super) fn of(view: &View<'_>, times: &Times<'_>, latest: Option<usize>) -> Self {
        let comments = view.conversation.comments.iter();
        let comments = comments.map(|comment| (comment.created, Entry::Comment(comment)));
        // The first status is the one that the request was made with.
        let history = &view.request.history;
        let first = history.iter().filter_map(|status| status.since).min();
        let changes = history.iter().filter(|status| status.since != first);
        let changes = changes.filter_map(|status| Some((status.since?, Entry::Status(status))));
        let made = (view.request.created, Entry::Made);
        let mut entries: Vec<(Timestamp, Entry<'_>)> =
            [made].into_iter().chain(comments).chain(changes).collect();
        entries.sort_by_key(|(at, _)| *at);
        let earlier = latest.map_or(0, |latest| entries.len().saturating_sub(latest));
        // The latest come first to what a page has room for.
        let shown = entries.iter().skip(earlier).rev();
        let mut shown: Vec<_> = shown.map(|(at, entry)| entry.value(view, times, *at)).collect();
        shown.reverse();
        Self { shown, earlier }
    }
}

impl Entry<'_> {
    fn value(&self, view: &View<'_>, times: &Times<'_>, at: Timestamp) -> Value {
        match self {
            Self::Made => made(view, times),
            Self::Comment(comment) => says(view, comment, times),
            Self::Status(status) => event(status, times.short(at)),
        }
    }
}

fn made(view: &View<'_>, times: &Times<'_>) -> Value {
    let reporter = &view.request.reporter;
    context! {
        event => true, icon => "new", made_by => views::name(&reporter.name),
        mine => view.is_me(reporter).to_string(), at => times.short(view.request.created),
    }
}

fn event(status: &Status, at: Value) -> Value {
    let icon = match views::kind(status) {
        "done" => "check",
        kind => kind,
    };
    context! { event => true, icon => icon, status => status.name.as_str(), at => at }
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
    let html = comment.html.as_ref().filter(|html| view.has_room_for(html));
    let Some(html) = html else { return Value::from(comment.text.as_str()) };
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
