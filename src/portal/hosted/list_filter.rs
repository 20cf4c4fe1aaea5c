//! The filter of a list of requests, as its address holds it. Everything in it comes from a browser.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use super::list_columns::{COLUMN, Choice};
use crate::domain::{AccountId, OrganizationId, Portal, RequestTypeId};
use crate::jsm::requests::{PageToken, Range, Search, SearchText, Sort, Whose};
use crate::portal::gatekeeper::Wanted;

/// In an address: where a page begins.
const PAGE: &str = "page";
/// Bytes of the beginnings of pages in an address: with 8 KB a browser's request is still short enough for every
/// proxy.
const LONGEST_WAY: usize = 4096;

/// What the query of a list says. What it does not say, or says in another way, is the default.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct ListFilter {
    /// `shared`, `approvals`, or the id of an organisation; the customer's own otherwise.
    pub(super) whose: String,
    /// Words of the summary or description.
    pub(super) q: String,
    /// `closed` or `all`; open ones otherwise.
    pub(super) state: String,
    /// The id of a request type.
    pub(super) request_type: String,
    /// The name of a link, where the list is of all portals.
    pub(super) portal: String,
    /// The first day on which it was made.
    pub(super) from: String,
    /// The last one.
    pub(super) to: String,
    /// `newest` or `oldest`; by the latest change otherwise.
    pub(super) sort: String,
    /// The way from page to page.
    pub(super) pages: Pages,
    /// What is told of each request.
    pub(super) columns: Choice,
}

impl ListFilter {
    /// What the query of an address says.
    pub(super) fn of(query: &str) -> Self {
        let mut filter = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let text = match &*name {
                "whose" => &mut filter.whose,
                "q" => &mut filter.q,
                "state" => &mut filter.state,
                "type" => &mut filter.request_type,
                "portal" => &mut filter.portal,
                "from" => &mut filter.from,
                "to" => &mut filter.to,
                "sort" => &mut filter.sort,
                PAGE => {
                    filter.pages.0.push(value.into_owned());
                    continue;
                }
                COLUMN => {
                    filter.columns.add(&value);
                    continue;
                }
                _ => continue,
            };
            *text = value.into_owned();
        }
        filter
    }

    /// What is looked for, at those of `portals` that the filter names.
    pub(super) fn search(
        &self,
        portals: &[Arc<Portal>],
        account: &AccountId,
        zone: &TimeZone,
    ) -> Search {
        let named =
            |portal: &&Arc<Portal>| self.portal.is_empty() || portal.link.as_str() == self.portal;
        let portals = portals.iter().filter(named).cloned().collect();
        let request_type = RequestTypeId::parse(&self.request_type).ok();
        Search {
            open: match self.state() {
                "open" => Some(true),
                "closed" => Some(false),
                _ => None,
            },
            text: SearchText::parse(&self.q),
            request_type: request_type.map(|id| (id, None)),
            created: Range {
                from: day(&self.from).and_then(|day| beginning(day, zone)),
                before: day(&self.to).and_then(|day| beginning(day.tomorrow().ok()?, zone)),
            },
            sort: match self.sort.as_str() {
                "newest" => Sort::Newest,
                "oldest" => Sort::Oldest,
                _ => Sort::LatestActivity,
            },
            page: self.pages.here(),
            ..Search::new(portals, Whose::Mine(account.clone()))
        }
    }

    /// Whose requests are looked for.
    pub(super) fn wanted(&self) -> Wanted {
        match (self.whose.as_str(), OrganizationId::parse(&self.whose)) {
            ("shared", _) => Wanted::SharedWithMe,
            ("approvals", _) => Wanted::Approvals,
            (_, Ok(id)) => Wanted::Organization(id),
            _ => Wanted::Mine,
        }
    }

    /// `open`, `closed` or `all`.
    pub(super) fn state(&self) -> &str {
        match self.state.as_str() {
            state @ ("closed" | "all") => state,
            _ => "open",
        }
    }

    /// Whether one of the filters is in use that are folded away at first.
    pub(super) fn has_more(&self) -> bool {
        [&self.request_type, &self.portal, &self.from, &self.to, &self.sort]
            .iter()
            .any(|value| !value.is_empty())
    }

    /// Whether less than everything open is looked for.
    pub(super) fn narrows(&self) -> bool {
        self.state() == "closed" || self.narrows_besides_state()
    }

    /// The same, whether it is open or closed.
    pub(super) fn narrows_besides_state(&self) -> bool {
        let narrowing = [&self.q, &self.request_type, &self.portal, &self.from, &self.to];
        narrowing.iter().any(|value| !value.is_empty())
    }

    /// The query that says the same, beginning with `?`; empty for the default.
    pub(super) fn query(&self) -> String {
        let pairs = [
            ("whose", &self.whose),
            ("q", &self.q),
            ("state", &self.state),
            ("type", &self.request_type),
            ("portal", &self.portal),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
        ];
        let pairs = pairs.into_iter().map(|(name, value)| (name, value.as_str()));
        let pairs = pairs.filter(|(_, value)| !value.is_empty());
        let pairs = pairs.chain(self.pages.pairs()).chain(self.columns.pairs());
        let escaped = |(name, value): (&str, &str)| {
            format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))
        };
        let query = pairs.map(escaped).collect::<Vec<_>>().join("&");
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// The pages that somebody turned to reach one, each by where it begins; the first page begins with nothing. JSM's
/// lists only lead forward, so the way back is the way that led here. Without its first page it is only the end
/// of the way.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Pages(Vec<String>);

impl Pages {
    /// Whether it leads to the first page.
    pub(super) fn is_first(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    fn here(&self) -> Option<PageToken> {
        PageToken::parse(self.0.last()?)
    }

    /// One page on. Of a way that is too long for an address the end remains.
    pub(super) fn next(&self, token: &PageToken) -> Self {
        let mut pages = if self.is_first() { vec![String::new()] } else { self.0.clone() };
        pages.push(token.as_str().to_owned());
        while pages.len() > 1 && pages.iter().map(String::len).sum::<usize>() > LONGEST_WAY {
            pages.remove(0);
        }
        Self(pages)
    }

    /// One page back, where the address still says which one that is.
    pub(super) fn previous(&self) -> Option<Self> {
        let (_, before) = self.0.split_last()?;
        (!before.is_empty()).then(|| Self(before.to_vec()))
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().filter(|_| !self.is_first()).map(|token| (PAGE, token.as_str()))
    }
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn beginning(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("", Wanted::Mine)]
    #[case("shared", Wanted::SharedWithMe)]
    #[case("approvals", Wanted::Approvals)]
    #[case("3", Wanted::Organization(OrganizationId::parse("3").unwrap()))]
    #[case("3 OR 4", Wanted::Mine)]
    fn the_address_says_whose_requests_are_wanted(#[case] whose: &str, #[case] wanted: Wanted) {
        let filter = ListFilter { whose: whose.to_owned(), ..ListFilter::default() };
        assert_eq!(filter.wanted(), wanted);
    }

    /// The last day counts to its end, in the customer's time zone.
    #[test]
    fn days_are_those_of_the_customers_time_zone() {
        let (from, to) = ("2026-11-24".to_owned(), "2026-11-25".to_owned());
        let filter = ListFilter { from, to, ..ListFilter::default() };
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let ann = AccountId::parse("ann").unwrap();
        let created = filter.search(&[], &ann, &berlin).created;
        assert_eq!(created.from.unwrap().to_string(), "2026-11-23T23:00:00Z");
        assert_eq!(created.before.unwrap().to_string(), "2026-11-25T23:00:00Z");
    }

    #[test]
    fn the_address_holds_the_filter() {
        let filter =
            ListFilter { q: "a&b=c".to_owned(), state: "all".to_owned(), ..ListFilter::default() };
        assert_eq!(filter.query(), "?q=a%26b%3Dc&state=all");
        assert_eq!(ListFilter::default().query(), "");
    }

    #[rstest]
    #[case("?whose=3&q=a%26b%3Dc&state=all&type=66&portal=it&from=x&to=y&sort=oldest&page=25")]
    #[case("?page=&page=25&page=50")]
    #[case("?q=a%20b&column=made&column=by")]
    #[case("?column=")]
    #[case("")]
    fn an_address_says_what_it_was_made_of(#[case] query: &str) {
        assert_eq!(ListFilter::of(query.trim_start_matches('?')).query(), query);
    }

    /// As on Cloud, where the beginning of a page has some hundreds of characters.
    #[test]
    fn the_way_back_is_the_way_here_as_long_as_an_address_holds_it() {
        let token = |number: usize| PageToken::parse(&format!("{number:0>300}")).unwrap();
        let mut pages = Pages::default();
        for number in 1..=20 {
            pages = pages.next(&token(number));
        }
        assert_eq!(pages.here(), Some(token(20)));
        for number in (8..20).rev() {
            pages = pages.previous().unwrap();
            assert_eq!(pages.here(), Some(token(number)));
        }
        assert_eq!(pages.previous(), None, "the page before is not known any more");
        let second = Pages::default().next(&token(1));
        assert!(second.previous().is_some_and(|first| first.is_first()));
    }
}
