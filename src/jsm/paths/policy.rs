//! Which of JSM's paths are open through the gate at all. It must not know who asks: the `access` room
//! decides that, later.

mod table;

use std::collections::HashMap;

use http::Method;

use super::LoginStep;
use super::suffix::stem;
use crate::config::{Config, Deployment, JiraLogin};
use crate::domain::OpenPath;
use table::{CLOUD, COMMON, Row, Use};

/// Why a path that no row names is closed.
const UNNAMED: &str = "nothing opens it";

/// What becomes of a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PathVerdict {
    /// It may be forwarded.
    Open,
    /// It is Jira's logout. The gate's own takes its place.
    Logout,
    /// It is a step of Jira's own login, with the gate as its identity provider.
    LogIn(LoginStep),
    /// It is Jira's login, which is closed. Somebody whom Jira sent there is told why.
    Login(&'static str),
    /// It may not be forwarded, for this reason.
    Closed(&'static str),
}

/// Whether a path is of a file or picture that belongs to a request: not everybody may see it who uses the same
/// browser.
pub(crate) fn is_of_request(path: &str) -> bool {
    ["/attachment/", "/thumbnail/"].iter().any(|folder| path.contains(folder))
}

/// The table and the configuration's additions, ready to be asked on every request.
pub(crate) struct PathPolicy {
    /// Rows by the name that their paths begin with: no other row can fit a path.
    rows: HashMap<&'static str, Rows>,
    allow: Vec<OpenPath>,
    public: Vec<OpenPath>,
    /// Whether the steps of Jira's own login are open.
    logs_in: bool,
}

/// Rows whose paths begin alike.
#[derive(Default)]
struct Rows {
    opening: Vec<Pattern>,
    closing: Vec<Pattern>,
}

impl PathPolicy {
    pub(crate) fn new(config: &Config) -> Self {
        let is_cloud = config.jsm.deployment == Some(Deployment::Cloud);
        let cloud = if is_cloud { CLOUD } else { &[] };
        let forward = &config.forward;
        let rows = COMMON.iter().chain(cloud);
        let policy = Self::of(rows, forward.allow_paths.clone(), forward.public_paths.clone());
        Self { logs_in: forward.jira_login == JiraLogin::Saml, ..policy }
    }

    fn of(
        table: impl Iterator<Item = &'static Row>,
        allow: Vec<OpenPath>,
        public: Vec<OpenPath>,
    ) -> Self {
        let mut rows = HashMap::<_, Rows>::new();
        for row in table {
            let alike = rows.entry(first_name(row.path)).or_default();
            let closes = row.good_for.closes();
            let side = if closes { &mut alike.closing } else { &mut alike.opening };
            side.push(Pattern::new(row));
        }
        Self { rows, allow, public, logs_in: false }
    }

    /// Judges a path that hygiene has let through, without the context path.
    pub(crate) fn judge(&self, method: &Method, path: &str) -> PathVerdict {
        if let Some(step) = LoginStep::of(method, path).filter(|_| self.logs_in) {
            return PathVerdict::LogIn(step);
        }
        let (file, uses) = match behind_cache_key(path) {
            Some(file) => (file, &[Use::Static][..]),
            None => (path, &[Use::Static, Use::Read, Use::Call][..]),
        };
        // The configuration opens plain paths only: portals are recognised by those alone, and with
        // `/s/` public, an app's pages behind a cache key would need no login.
        let plain = file.len() == path.len();
        match self.look_up(method, file, uses) {
            PathVerdict::Open => PathVerdict::Open,
            _ if plain && self.allow.iter().any(|open| open.covers(path)) => PathVerdict::Open,
            other => other,
        }
    }

    /// Whether a path that is open needs no login.
    pub(crate) fn is_public(&self, method: &Method, path: &str) -> bool {
        is_read(method) && self.public.iter().any(|open| open.covers(path))
    }

    /// Whether a path that is open is a file that is the same for everybody.
    pub(crate) fn is_file(&self, method: &Method, path: &str) -> bool {
        let file = behind_cache_key(path).unwrap_or(path);
        self.look_up(method, file, &[Use::Static]) == PathVerdict::Open
    }

    fn look_up(&self, method: &Method, path: &str, uses: &[Use]) -> PathVerdict {
        let opens = |pattern: &&Pattern| {
            let good_for = pattern.row.good_for;
            pattern.fits(path, <[u8]>::eq)
                && uses.contains(&good_for)
                && (good_for == Use::Call || is_read(method))
        };
        let Some(rows) = self.rows.get(first_name(path)) else {
            return PathVerdict::Closed(UNNAMED);
        };
        let open = rows.opening.iter().any(|pattern| opens(&pattern));
        let closing = rows.closing.iter().find(|pattern| pattern.fits(path, alike));
        match closing.map(|pattern| pattern.row) {
            Some(row) if row.good_for == Use::Logout => PathVerdict::Logout,
            Some(row) if row.good_for == Use::Login => PathVerdict::Login(row.reason),
            Some(row) => PathVerdict::Closed(row.reason),
            None if open => PathVerdict::Open,
            None => PathVerdict::Closed(UNNAMED),
        }
    }
}

/// A row, with the part of its path that every matching path contains unchanged.
struct Pattern {
    row: &'static Row,
    /// The first two segments at most: below them, a row that closes ignores case.
    literal: &'static str,
    rest: &'static str,
}

impl Pattern {
    fn new(row: &'static Row) -> Self {
        let wild = row.path.find("/*").unwrap_or(row.path.len());
        let opening = !row.good_for.closes();
        let two = row.path.match_indices('/').nth(2).map_or(wild, |(at, _)| at);
        let at = if opening { wild } else { two.min(wild) };
        let (literal, rest) = row.path.split_at_checked(at).unwrap_or((row.path, ""));
        Self { row, literal, rest }
    }

    /// A comparison of bytes comes first, because it rules out nearly all rows.
    fn fits(&self, path: &str, same: fn(&[u8], &[u8]) -> bool) -> bool {
        path.strip_prefix(self.literal).is_some_and(|rest| fits(self.rest, rest, same))
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// What Jira serves for `/s/{cache key}/_/{file}`: `/{file}`, whatever that is (`urlrewrite.xml`;
/// CVE-2019-8442 and CVE-2020-29453 went through it). With two `/_/`, readers could disagree on
/// which one counts, so such a path matches nothing.
fn behind_cache_key(path: &str) -> Option<&str> {
    let keyed = path.strip_prefix("/s/").map(|_| path)?;
    let (at, _) = keyed.match_indices("/_/").next()?;
    let file = keyed.get(at + "/_".len()..)?;
    if file.get(1..).is_some_and(|rest| rest.contains("/_/")) { Some("") } else { Some(file) }
}

/// Whether the rest of a path is one of a pattern's. A slash at its end makes no difference, as in
/// JAX-RS.
fn fits(pattern: &str, path: &str, same: fn(&[u8], &[u8]) -> bool) -> bool {
    all_fit(segments(pattern), segments(path), same)
}

fn all_fit<'a>(
    mut pattern: impl Iterator<Item = &'a [u8]> + Clone,
    mut path: impl Iterator<Item = &'a [u8]> + Clone,
    same: fn(&[u8], &[u8]) -> bool,
) -> bool {
    while let Some(expected) = pattern.next() {
        if expected == b"**" {
            let mut below = pattern.clone();
            return below.next().is_none() || fits_below(&pattern, path, same);
        }
        match path.next() {
            Some(segment) if expected == b"*" && !segment.is_empty() => {}
            Some(segment) if same(expected, segment) => {}
            _ => return false,
        }
    }
    path.all(<[u8]>::is_empty)
}

/// Whether what follows a `**` fits from some segment on.
fn fits_below<'a, P: Iterator<Item = &'a [u8]> + Clone>(
    pattern: &P,
    mut path: impl Iterator<Item = &'a [u8]> + Clone,
    same: fn(&[u8], &[u8]) -> bool,
) -> bool {
    loop {
        if all_fit(pattern.clone(), path.clone(), same) {
            return true;
        }
        if path.next().is_none() {
            return false;
        }
    }
}

/// The beginning of a path, up to the first byte that occurs in no row's first segment. Whatever
/// could be read as such a segment begins with the same name.
fn first_name(path: &str) -> &str {
    let names = |b: &u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
    let rest = path.strip_prefix('/').unwrap_or(path);
    let end = rest.bytes().position(|b| !names(&b)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest)
}

/// Bytes, because a split at a character takes far longer.
fn segments(path: &str) -> impl Iterator<Item = &[u8]> + Clone {
    path.as_bytes().split(|b| *b == b'/')
}

/// Whether anything behind the gate could read a segment as a closed one: in another case, with
/// blanks or a path parameter after it, or with the suffix by which Jira's REST picks a format.
fn alike(closed: &[u8], segment: &[u8]) -> bool {
    // The first letter usually decides, unless it is a blank.
    if let ([expected, ..], [first, ..]) = (closed, segment)
        && first.is_ascii_graphic()
        && !first.eq_ignore_ascii_case(expected)
    {
        return false;
    }
    let Ok(segment) = std::str::from_utf8(segment) else { return true };
    stem(segment).as_bytes().eq_ignore_ascii_case(closed)
}

#[cfg(test)]
mod tests;
