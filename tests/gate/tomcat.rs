//! The gate and a real servlet container read the same paths. Thousands of spellings go through
//! the gate to a Tomcat that says which place it mapped each to; none may get anybody to a place
//! that is closed to them, whatever the gate took it for.

mod paths;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use futures_util::{StreamExt as _, stream};

use crate::site::site;
use paths::{is_plain, spellings};
use server::{Tomcat, send};

/// How many spellings: enough that each trick meets each place several times.
const COUNT: usize = 3000;

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

#[tokio::test(flavor = "multi_thread")]
async fn a6_no_spelling_of_a_path_gets_anybody_where_they_may_not_go() {
    let tomcat = Tomcat::start().await;
    let site = site()
        .with_jsm_at(tomcat.address)
        .with(PORTALS)
        .with_forward(r#"public_paths = ["/s/", "/download/resources/"]"#)
        .start()
        .await;
    let cleo = site.logged_in("cleo").await.cookie_header(&site.url);
    let paths = spellings(COUNT);

    let direct = places(&paths, tomcat.address, tomcat.address, "").await;
    assert_has_power(&paths, &direct);

    places(&paths, site.address, site.address, "").await;
    places(&paths, site.address, site.address, &cleo).await;
    let mut let_through = BTreeMap::<_, BTreeSet<_>>::new();
    for line in tomcat.seen().await {
        let [who, place, address] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let open = if who == "nobody" { &FOR_NOBODY[..] } else { &FOR_CLEO[..] };
        assert!(open.contains(&place), "{who} got to {place} by {address}");
        let_through.entry(who.to_owned()).or_default().insert(address.to_owned());
    }
    let counts: Vec<_> = let_through.iter().map(|(who, by)| (&who[..], by.len())).collect();
    assert!(counts.len() == 2 && counts[0].1 > 30, "the gate refuses everything: {counts:?}");
}

/// Where Tomcat maps each path; nothing for those that are refused.
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
fn assert_has_power(paths: &[String], places: &[Option<String>]) {
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
        assert!(count >= 15, "only {count} tricks lead to {place}: {tricks:?}");
    }
}
