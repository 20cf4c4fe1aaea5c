//! Which of JSM's paths are open through the gate at all. It must not know who asks: that is for
//! `access`, and comes after.

mod table;

use std::collections::HashMap;

use http::Method;
use url::form_urlencoded;

use crate::config::{Config, Deployment};
use crate::domain::OpenPath;
use table::{CLOUD, COMMON, Row, Use};

/// What becomes of a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It may be forwarded.
    Open,
    /// It is Jira's logout: the gate's own takes its place.
    Logout,
    /// It may not be forwarded, for this reason.
    Closed(&'static str),
}

/// The table and the configuration's additions, ready to be asked on every request.
pub(crate) struct Policy {
    /// By the first segment of their path.
    rows: HashMap<&'static str, Vec<&'static Row>>,
    allow: Vec<OpenPath>,
    public: Vec<OpenPath>,
}

impl Policy {
    pub(crate) fn new(config: &Config) -> Self {
        let mut rows: HashMap<_, Vec<_>> = HashMap::new();
        let cloud = if is_cloud(config) { CLOUD } else { &[] };
        for row in COMMON.iter().chain(cloud) {
            rows.entry(first_segment(row.path)).or_default().push(row);
        }
        let forward = &config.forward;
        Self { rows, allow: forward.allow_paths.clone(), public: forward.public_paths.clone() }
    }

    /// Judges a path that hygiene has let through, without the context path.
    pub(crate) fn judge(&self, method: &Method, path: &str) -> Verdict {
        let verdict = match behind_cache_key(path) {
            Some(file) => self.look_up(method, file, &[Use::Static]),
            None => self.look_up(method, path, &[Use::Static, Use::Read, Use::Call]),
        };
        match verdict {
            Verdict::Open => Verdict::Open,
            _ if self.allow.iter().any(|open| open.covers(path)) => Verdict::Open,
            other => other,
        }
    }

    /// Whether a path that is open needs no login.
    pub(crate) fn is_public(&self, method: &Method, path: &str) -> bool {
        is_read(method) && self.public.iter().any(|open| open.covers(path))
    }

    fn look_up(&self, method: &Method, path: &str, uses: &[Use]) -> Verdict {
        let mut verdict = Verdict::Closed("nothing opens it");
        for row in self.rows.get(first_segment(path)).into_iter().flatten() {
            match row.good_for {
                Use::Closed if fits(row.path, path, alike) => return Verdict::Closed(row.reason),
                Use::Logout if fits(row.path, path, alike) => return Verdict::Logout,
                Use::Closed | Use::Logout => {}
                good_for => {
                    let method_fits = good_for == Use::Call || is_read(method);
                    if method_fits && uses.contains(&good_for) && fits(row.path, path, str::eq) {
                        verdict = Verdict::Open;
                    }
                }
            }
        }
        verdict
    }
}

/// Whether a query names what Jira's Seraph takes for a login: a user, a password, or a way to log
/// in. Whoever is logged in at the gate must not be somebody else in Jira.
pub(crate) fn carries_login(query: &str) -> bool {
    const NAMES: [&str; 3] = ["os_username", "os_password", "os_authType"];
    let mut names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    names.any(|name| NAMES.iter().any(|login| name.trim().eq_ignore_ascii_case(login)))
}

/// The host tells it where the configuration does not, as in `config`.
fn is_cloud(config: &Config) -> bool {
    let on_atlassian =
        || config.jsm.url.host_str().is_some_and(|it| it.ends_with(".atlassian.net"));
    config.jsm.deployment.map_or_else(on_atlassian, |it| it == Deployment::Cloud)
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn first_segment(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// What Jira serves for `/s/{cache key}/_/{file}`: `/{file}`, whatever that is (`urlrewrite.xml`;
/// CVE-2019-8442 and CVE-2020-29453 went through it). With two `/_/` readers could disagree on
/// which is meant, so such a path is as good as none.
fn behind_cache_key(path: &str) -> Option<&str> {
    let keyed = path.strip_prefix("/s/").map(|_| path)?;
    let (at, _) = keyed.match_indices("/_/").next()?;
    let file = keyed.get(at + "/_".len()..)?;
    if file.get(1..).is_some_and(|rest| rest.contains("/_/")) { Some("") } else { Some(file) }
}

/// Whether a path is one of a pattern's. A slash at its end makes no difference, as in JAX-RS.
fn fits(pattern: &str, path: &str, same: fn(&str, &str) -> bool) -> bool {
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        match (expected, segments.next()) {
            ("**", _) => return true,
            ("*", Some(segment)) if !segment.is_empty() => {}
            (expected, Some(segment)) if same(expected, segment) => {}
            _ => return false,
        }
    }
    segments.all(str::is_empty)
}

/// Whether anything behind the gate could read a segment as a closed one: in another case, with
/// blanks or a path parameter behind it, or with the suffix by which Jira's REST picks a format.
fn alike(closed: &str, segment: &str) -> bool {
    let bare = segment.split(';').next().unwrap_or_default().trim();
    let stem = [".json", ".xml"].iter().find_map(|suffix| {
        let at = bare.len().checked_sub(suffix.len())?;
        let (stem, end) = bare.split_at_checked(at)?;
        end.eq_ignore_ascii_case(suffix).then_some(stem)
    });
    stem.unwrap_or(bare).eq_ignore_ascii_case(closed)
}

#[cfg(test)]
mod tests;
