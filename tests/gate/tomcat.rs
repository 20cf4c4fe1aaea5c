//! The gate and real servers read the same requests. Thousands of spellings go through the gate to a
//! Tomcat, a Jetty and a Jersey that say what they read; none may get anybody what is closed to them,
//! whatever the gate took it for.

mod paths;
mod queries;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use futures_util::{StreamExt as _, stream};

use crate::site::{Site, site};
use paths::is_plain;
use queries::is_wanted;
use server::{JettyAndJersey, Read, Tomcat, body, post, seen, send};

/// How many paths: enough that each trick meets each place several times.
const PATHS: usize = 3000;

/// How many queries, each to a page and to a data call.
const QUERIES: usize = 600;

const AT_ONCE: usize = 16;

const PORTALS: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["customers"] }
    [[portal]]
    project = "FAC"
    access = "public"
"#;

/// Cleo may use portals 2 and 4.
const FOR_CLEO: [&str; 6] = ["portal-2", "portal-4", "customer", "data", "data-4", "static"];

/// Portal 4 is public, and static files are.
const FOR_NOBODY: [&str; 3] = ["portal-4", "data-4", "static"];

const PAGE: &str = "/servicedesk/customer/user/requests";
const CALL: &str = "/rest/servicedesk/1/customer/things";

async fn in_front_of(server: SocketAddr) -> Site {
    site()
        .with_jsm_at(server)
        .with(PORTALS)
        .with_forward(r#"public_paths = ["/s/", "/download/resources/"]"#)
        .start()
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_no_spelling_of_a_path_gets_anybody_where_they_may_not_go() {
    let tomcat = Tomcat::start().await;
    let java = JettyAndJersey::start().await;
    for (server, tricks) in [(tomcat.address, 15), (java.jetty, 10)] {
        let site = in_front_of(server).await;
        let cleo = site.logged_in("cleo").await.cookie_header(&site.url);
        let paths = paths::spellings(PATHS);
        let direct = places(&paths, server, server, "").await;
        assert_has_power(&paths, &direct, tricks);
        places(&paths, site.address, site.address, "").await;
        places(&paths, site.address, site.address, &cleo).await;
        nobody_got_where_they_may_not_go(seen(server).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_no_spelling_of_a_query_gets_anybody_what_they_may_not_have() {
    let tomcat = Tomcat::start().await;
    let java = JettyAndJersey::start().await;
    let requests = |paths: &[&str]| -> Vec<_> {
        let queries = queries::spellings(QUERIES);
        let each =
            |path: &&str| queries.iter().map(|it| ((*path).to_owned(), it.clone())).collect();
        paths.iter().flat_map::<Vec<(String, String)>, _>(each).collect()
    };
    let suffixed = [".json", ".htm"].map(|suffix| format!("{CALL}{suffix}"));
    let servers = [
        (tomcat.address, requests(&[PAGE])),
        (java.jetty, requests(&[PAGE])),
        (java.jersey, requests(&[CALL, &suffixed[0], &suffixed[1]])),
    ];
    for (server, requests) in servers {
        let site = in_front_of(server).await;
        let cleo = site.logged_in("cleo").await.cookie_header(&site.url);
        let direct = fields(&requests, server, server, "").await;
        let wanted = |read: &String| {
            let fields = body(read).lines().filter_map(|line| line.split_once('\t'));
            fields.into_iter().any(|(name, value)| is_wanted(name, value))
        };
        let power = direct.iter().filter(|read| wanted(read)).count();
        assert!(power * 8 > requests.len(), "only {power} of {} lead anywhere", requests.len());
        fields(&requests, site.address, site.address, &cleo).await;
        let read = seen(server).await;
        for read in &read {
            if let Read::Field { who, name, value } = read {
                assert!(!is_wanted(name, value), "{who} had {name:?} read as {value:?}");
            }
        }
        assert!(read.len() > 50, "the gate refuses everything: {read:?}");
    }
}

/// What a server says it read, of each query and each form.
async fn fields(
    requests: &[(String, String)],
    to: SocketAddr,
    host: SocketAddr,
    cookie: &str,
) -> Vec<String> {
    let answers = stream::iter(requests.iter().enumerate()).map(async |(at, (path, fields))| {
        let is_form = at % 4 == 3 && path.starts_with("/rest/");
        if is_form {
            post(to, path, fields, host, cookie).await.unwrap()
        } else {
            send(to, &format!("{path}?{fields}"), host, cookie).await.unwrap()
        }
    });
    answers.buffered(AT_ONCE).collect().await
}

fn nobody_got_where_they_may_not_go(read: Vec<Read>) {
    let mut let_through = BTreeMap::<_, BTreeSet<_>>::new();
    for read in read {
        let Read::Place { who, place, address } = read else { continue };
        let open = if who == "nobody" { &FOR_NOBODY[..] } else { &FOR_CLEO[..] };
        assert!(open.contains(&&*place), "{who} got to {place} by {address}");
        let_through.entry(who).or_default().insert(address);
    }
    let counts: Vec<_> = let_through.iter().map(|(who, by)| (&who[..], by.len())).collect();
    assert!(counts.len() == 2 && counts[0].1 > 30, "the gate refuses everything: {counts:?}");
}

/// Where a server maps each path; nothing for those that are refused.
async fn places(
    paths: &[String],
    to: SocketAddr,
    host: SocketAddr,
    cookie: &str,
) -> Vec<Option<String>> {
    let answers = stream::iter(paths).map(|path| send(to, path, host, cookie));
    let places = answers.buffered(AT_ONCE).map(|answer| {
        let answer = answer.unwrap();
        let place = answer.lines().filter_map(|line| line.strip_prefix("X-Place: ")).next_back();
        place.map(str::to_owned)
    });
    places.collect().await
}

/// Without the gate, tricks do lead to every closed place, or the test would prove nothing.
fn assert_has_power(paths: &[String], places: &[Option<String>], least: usize) {
    let mut tricks = BTreeMap::<&str, usize>::new();
    for (path, place) in paths.iter().zip(places) {
        let place = place.as_deref().unwrap_or("refused");
        *tricks.entry(place).or_default() += usize::from(!is_plain(path));
    }
    let closed = [
        "portal-3",
        "data-3",
        "jsm-login",
        "user-search",
        "users",
        "secure",
        "servlets",
        "agents",
        "login",
    ];
    for place in closed {
        let count = tricks.get(place).copied().unwrap_or_default();
        assert!(count >= least, "only {count} tricks lead to {place}: {tricks:?}");
    }
}
