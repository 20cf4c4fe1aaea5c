//! Reading a whole list of the JSM API page by page. It must not know what is listed.

use std::collections::HashSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Error;
use super::call::{Call, Query};
use super::client::Client;
use super::listed::Listed;
use super::shapes::{Page, RequestType, ServiceDesk};

/// What is asked for; JSM may cap it lower.
const PAGE_SIZE: usize = 50;
/// No site has a hundred thousand entries; a list that is longer repeats itself.
const MOST_PAGES: usize = 2_000;

/// How many empty pages in a row are skipped before the list counts as ended.
const MOST_EMPTY_PAGES: usize = 3;

/// What tells two entries of a list apart.
pub(in crate::jsm) trait Entry: DeserializeOwned {
    /// What an entry is called in a sentence.
    const CALLED: &'static str;

    /// JSM's id of it.
    fn id(&self) -> String;
}

impl Entry for ServiceDesk {
    const CALLED: &'static str = "service desk";

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Entry for RequestType {
    const CALLED: &'static str = "request type";

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Client {
    /// Reads the list to its end, each entry once. One that cannot be read is left out, and named.
    ///
    /// The next page is computed from what arrived and not from what was asked for, because JSM may
    /// send fewer. `_links.next` is not used: it is an absolute address that the other side
    /// chooses. Cloud has sent empty pages in the middle of a list (PipedreamHQ/pipedream#21819),
    /// so these are skipped.
    pub(in crate::jsm) async fn list<T: Entry>(&self, path: &str) -> Result<Listed<T>, Error> {
        self.list_with(path, &[]).await
    }

    /// The same with further parameters in the query.
    pub(in crate::jsm) async fn list_with<T: Entry>(
        &self,
        path: &str,
        further: &Query<'_>,
    ) -> Result<Listed<T>, Error> {
        let mut listed = Listed { entries: Vec::new(), odd: Vec::new() };
        let mut known = HashSet::new();
        let (mut start, mut empty) = (0, 0);
        for _ in 0..MOST_PAGES {
            let mut query = vec![("start", start.to_string()), ("limit", PAGE_SIZE.to_string())];
            query.extend_from_slice(further);
            let page: Page = self.read(Call::Read { path, query: &query }).await?;
            let arrived = page.values.len();
            let news = take(page.values, &mut known, &mut listed);
            empty = if arrived == 0 { empty + 1 } else { 0 };
            if page.is_last || (empty == MOST_EMPTY_PAGES && !known.is_empty()) {
                return Ok(listed);
            }
            if empty == MOST_EMPTY_PAGES {
                break;
            }
            if arrived > 0 && news == 0 {
                return Err(not_understood(path, "a page brings nothing new yet is not the last"));
            }
            start += if arrived == 0 { page.limit.unwrap_or(PAGE_SIZE).max(1) } else { arrived };
        }
        Err(not_understood(path, "the list does not end"))
    }
}

/// Adds the entries that are new, and returns how many. An entry that is made or removed meanwhile
/// shifts others from one page to the next.
fn take<T: Entry>(
    values: Vec<Value>,
    known: &mut HashSet<String>,
    listed: &mut Listed<T>,
) -> usize {
    let before = known.len();
    for value in values {
        match T::deserialize(&value) {
            Ok(entry) if known.insert(entry.id()) => listed.entries.push(entry),
            Ok(_) => {}
            Err(error) => {
                let odd = odd::<T>(&value, &error);
                if known.insert(odd.clone()) {
                    listed.odd.push(odd);
                }
            }
        }
    }
    known.len() - before
}

/// Names an entry by what it has.
fn odd<T: Entry>(value: &Value, error: &serde_json::Error) -> String {
    let name = ["projectKey", "projectName", "name", "id"].into_iter().find_map(|member| {
        let text = match value.get(member)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(format!(" {text:?}"))
    });
    let name = name.unwrap_or_default();
    format!("JSM lists a {}{name} that cannot be read, so it is left out: {error}", T::CALLED)
}

fn not_understood(path: &str, problem: &str) -> Error {
    Error::NotUnderstood { call: Call::read(path).to_string(), problem: problem.to_owned() }
}
