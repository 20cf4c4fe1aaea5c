//! What a customer looks for among requests. Every value is of a type that says what it may be, so that
//! nothing typed by anybody becomes part of JSM's query language.

use std::sync::Arc;

use jiff::Timestamp;

use super::Organization;
use crate::domain::{AccountId, IssueId, IssueTypeId, Portal, RequestTypeId};

/// Cloud's tokens have some hundreds of characters.
const LONGEST_TOKEN: usize = 4096;
/// Rows of a page.
const PAGE: usize = 25;
/// JSM takes no more than so many in one question.
const MOST_ROWS: usize = 100;

/// A search for requests.
#[derive(Clone, Debug)]
pub struct Search {
    /// At which portals. With none, nothing is found.
    pub portals: Vec<Arc<Portal>>,
    /// Whose requests.
    pub whose: Whose,
    /// Only those that are open, or only those that are not.
    pub open: Option<bool>,
    /// In summary or description.
    pub text: Option<SearchText>,
    /// Only of this request type, which is based on this type of issue where JSM tells it.
    pub request_type: Option<(RequestTypeId, Option<IssueTypeId>)>,
    /// When they were raised.
    pub created: Range,
    /// In which order.
    pub sort: Sort,
    /// Where the page begins; the first page without.
    pub page: Option<PageToken>,
    /// Rows of a page.
    pub rows: usize,
    /// Requests that this customer has just raised or changed: JSM's search lags, but looks at these again.
    pub just_changed: Vec<IssueId>,
}

impl Search {
    /// The newest first, without further conditions.
    #[must_use]
    pub fn new(portals: Vec<Arc<Portal>>, whose: Whose) -> Self {
        Self {
            portals,
            whose,
            open: None,
            text: None,
            request_type: None,
            created: Range::default(),
            sort: Sort::default(),
            page: None,
            rows: PAGE,
            just_changed: Vec::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.clamp(1, MOST_ROWS)
    }
}

/// Whose requests are looked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Whose {
    /// Those that a customer raised.
    Mine(AccountId),
    /// Those of others in which a customer takes part.
    SharedWithMe(AccountId),
    /// Those that are shared with an organisation.
    Organization(Organization),
    /// Those that wait for a customer's approval.
    Approvals(AccountId),
}

/// A time from and a time before which something was.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Range {
    /// Then or later.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Sort {
    /// The one that was raised last comes first.
    #[default]
    Newest,
    /// The one that was raised first comes first.
    Oldest,
    /// The one in which something happened last comes first, as in JSM's own list. There is no filter by
    /// that time: it would tell when the team wrote what customers do not see (portal case P6).
    LatestActivity,
    /// The one in which nothing happened for the longest time comes first.
    EarliestActivity,
}

/// Words to look for, as they go into JSM's text search: without the signs and words that mean
/// something there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SearchText(String);

impl SearchText {
    /// How many characters of what was typed are looked for.
    const LONGEST: usize = 200;

    /// As much of what somebody typed as is looked for. Each of its words is looked for in each text of a page, so
    /// that thousands of them would keep the page, and everybody who waits behind it, busy for minutes
    /// (docs/security.md P26).
    #[must_use]
    pub fn beginning(typed: &str) -> &str {
        let typed = typed.trim();
        let end = typed.char_indices().nth(Self::LONGEST).map_or(typed.len(), |(at, _)| at);
        typed.get(..end).unwrap_or(typed).trim_end()
    }

    /// The words of what somebody typed, of its first 200 characters; `None` without any.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        // Upper-case AND, OR and NOT are operators.
        let plain = Self::beginning(typed).to_lowercase().replace(is_operator, " ");
        let words: Vec<_> = plain.split_whitespace().collect();
        (!words.is_empty()).then(|| Self(words.join(" ")))
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What Lucene takes for more than a letter (lucene.apache.org, "Query Parser Syntax").
fn is_operator(c: char) -> bool {
    c.is_control() || r#"~*?+-&|!(){}[]^:"\/<>="#.contains(c)
}

/// Where a page of a list begins, in JSM's own words. It comes back by way of the browser and may be
/// anything.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PageToken(String);

impl PageToken {
    /// A token as a page gave it away.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let valid =
            (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        valid.then(|| Self(text.to_owned()))
    }

    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As Data Center counts.
    pub(super) fn start(&self) -> usize {
        self.0.parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::words("  New\tLaptop ", Some("new laptop"))]
    #[case::quote("\" OR project = HR", Some("or project hr"))]
    #[case::backslash("a\\\" b", Some("a b"))]
    #[case::line("a\nb\r\0c", Some("a b c"))]
    #[case::wildcards("*?~2 ^4", Some("2 4"))]
    #[case::field("comment:secret", Some("comment secret"))]
    #[case::operators("a AND NOT (b || c)", Some("a and not b c"))]
    #[case::regular_expression("/.*/", Some("."))]
    #[case::unicode_quotes("“a” ‘b’", Some("“a” ‘b’"))]
    #[case::function("currentUser()", Some("currentuser"))]
    #[case::nothing("  ", None)]
    #[case::only_signs("\"()", None)]
    fn p8_what_was_typed_is_words(#[case] typed: &str, #[case] words: Option<&str>) {
        assert_eq!(SearchText::parse(typed).as_ref().map(SearchText::as_str), words);
    }

    /// A word of one letter that is there ten thousand times.
    #[test]
    fn p26_of_thousands_of_words_the_first_are_looked_for() {
        let typed = "é ".repeat(10_000);
        assert_eq!(SearchText::beginning(&typed), "é ".repeat(100).trim_end());
        assert_eq!(SearchText::beginning(" my screen "), "my screen");
    }

    #[test]
    fn p8_the_rest_of_a_long_text_is_left_out() {
        let text = SearchText::parse(&"ä".repeat(10_000)).unwrap();
        assert_eq!(text.as_str().chars().count(), SearchText::LONGEST);
    }
}
