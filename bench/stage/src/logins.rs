//! Whole logins at the sandbox's provider, many at once: from a page of the gate back to the page.

use std::io::{Error, Result};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use sandbox::provider::User;
use serde_json::json;
use url::Url;

use crate::browser::{Browser, client};

/// Of whom nobody logs in so often that older sessions have to end.
pub const CUSTOMERS: usize = 2000;

pub fn customer(number: usize) -> User {
    let claims = json!({
        "name": format!("Customer {number}"),
        "email": format!("customer{number}@example.com"),
        "email_verified": true,
        "groups": ["customers"],
    });
    User { username: format!("customer{number}"), about: String::new(), claims }
}

pub async fn log_in_often(page: &str, count: usize, at_once: usize) -> Result<()> {
    let client = &client()?;
    let page = &Url::parse(page).map_err(Error::other)?;
    let log_in = |number| async move {
        let mut browser = Browser::new(client.clone());
        browser.log_in(page, &customer(number % CUSTOMERS).username).await
    };
    stream::iter(0..count).map(log_in).buffer_unordered(at_once).try_collect().await
}
