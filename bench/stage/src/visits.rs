//! Customers at a hosted portal, each of whom opens a page every few seconds.

use std::io::{Error, Result, stdin};
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::time::{sleep, sleep_until};
use url::Url;

use crate::browser::{Browser, client};
use crate::jsm::key_of;
use crate::logins::customer;

/// How long somebody looks at a page.
const LOOKS: Duration = Duration::from_secs(5);

/// How many log in at once; they come one after the other in life.
const LOGINS_AT_ONCE: usize = 8;

/// What came of one page.
#[derive(Clone)]
struct Opened {
    took: Duration,
    status: StatusCode,
}

pub async fn visit(link: &str, count: usize, seconds: usize) -> Result<()> {
    let client = client()?;
    let home = Url::parse(link).map_err(Error::other)?;
    let customers: Vec<_> = stream::iter(0..count)
        .map(|number| logged_in(&client, &home, number))
        .buffer_unordered(LOGINS_AT_ONCE)
        .try_collect()
        .await?;
    println!("{count} customers are logged in");
    tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new())).await??;
    let end = Instant::now() + Duration::from_secs(seconds as u64);
    let visits = customers
        .into_iter()
        .map(|(number, browser)| tokio::spawn(pages(browser, home.clone(), number, count, end)));
    let opened: Vec<Opened> =
        try_join_all(visits).await?.into_iter().collect::<Result<Vec<_>>>()?.concat();
    println!("{}", summary(opened));
    Ok(())
}

async fn logged_in(client: &Client, home: &Url, number: usize) -> Result<(usize, Browser)> {
    let mut browser = Browser::new(client.clone());
    browser.log_in(home, &customer(number).username).await?;
    Ok((number, browser))
}

/// Opens one page after the other. All begin at moments of their own.
async fn pages(
    mut browser: Browser,
    home: Url,
    number: usize,
    of: usize,
    end: Instant,
) -> Result<Vec<Opened>> {
    let pages = [
        String::new(),
        "/requests".to_owned(),
        format!("/{}", key_of(number)),
        "/create/66".to_owned(),
    ];
    sleep(LOOKS * u32::try_from(number).unwrap_or(0) / u32::try_from(of).unwrap_or(1)).await;
    let mut opened = Vec::new();
    for page in pages.iter().cycle() {
        let began = Instant::now();
        if began >= end {
            break;
        }
        let mut address = home.clone();
        address.set_path(&format!("{}{page}", home.path()));
        let answer = browser.get(&address).await?;
        let status = answer.status();
        answer.bytes().await.map_err(Error::other)?;
        opened.push(Opened { took: began.elapsed(), status });
        sleep_until((began + LOOKS).into()).await;
    }
    Ok(opened)
}

fn summary(mut opened: Vec<Opened>) -> serde_json::Value {
    opened.sort_by_key(|it| it.took);
    let at = |share: usize| {
        opened.get(opened.len() * share / 100).map(|it| it.took.as_secs_f64() * 1000.0)
    };
    let failed = opened.iter().filter(|it| it.status != StatusCode::OK).count();
    json!({ "pages": opened.len(), "failed": failed, "p50": at(50), "p95": at(95) })
}
