//! Reading a whole list of the JSM API page by page. It must not know what is listed.

use std::collections::HashSet;

use serde::de::DeserializeOwned;

use super::Error;
use super::client::Client;
use super::shapes::{Page, RequestType, ServiceDesk};

/// What is asked for; JSM may cap it lower.
const PAGE_SIZE: usize = 50;
/// No site has a hundred thousand entries; one that says so is talking in circles.
const MOST_PAGES: usize = 2_000;

/// What tells two entries of a list apart.
pub(super) trait Entry: DeserializeOwned {
    fn id(&self) -> &str;
}

impl Entry for ServiceDesk {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Entry for RequestType {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Reads the list to its end, each entry once.
    ///
    /// Goes on by what arrived, not by what was asked for, since JSM may send fewer; and never by
    /// `_links.next`, which is an absolute address chosen by the other side.
    pub(super) async fn list<T: Entry>(&self, path: &str) -> Result<Vec<T>, Error> {
        let (mut found, mut known) = (Vec::new(), HashSet::new());
        let mut start = 0;
        for _ in 0..MOST_PAGES {
            let query = [("start", start.to_string()), ("limit", PAGE_SIZE.to_string())];
            let page: Page<T> = self.get(path, &query).await?;
            start += page.values.len();
            let before = found.len();
            // An entry made or removed meanwhile shifts the others over the edge of a page.
            found.extend(
                page.values.into_iter().filter(|entry| known.insert(entry.id().to_owned())),
            );
            if page.is_last_page {
                return Ok(found);
            }
            if found.len() == before {
                return Err(not_understood(path, "a page brings nothing new yet is not the last"));
            }
        }
        Err(not_understood(path, "the list does not end"))
    }
}

fn not_understood(path: &str, problem: &str) -> Error {
    Error::NotUnderstood { call: format!("GET {path}"), problem: problem.to_owned() }
}
