//! A customer's browser, as far as a login needs one. The provider's form is not fetched but answered at
//! once; what is measured is the gate.

use std::collections::BTreeMap;
use std::io::{Error, Result};

use reqwest::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use url::Url;

/// What all browsers share: connections.
pub fn client() -> Result<Client> {
    // The one of the gate.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().redirect(Policy::none()).no_proxy().build().map_err(Error::other)
}

/// One customer's browser: the gate's cookies.
pub struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(client: Client) -> Self {
        Self { client, cookies: BTreeMap::new() }
    }

    /// From a page of the gate back to the page.
    pub async fn log_in(&mut self, page: &Url, username: &str) -> Result<()> {
        let to_login = self.sent_on(page).await?;
        let to_provider = self.sent_on(&to_login).await?;
        let form = [("request", to_provider.query().unwrap_or_default()), ("username", username)];
        let form = form.into_iter().chain([("password", "demo")]).collect::<Vec<_>>();
        let action = to_provider.join("/login").map_err(Error::other)?;
        let granted = send(self.client.post(action).form(&form)).await?;
        let back = location(&to_provider, &granted)?;
        let home = self.sent_on(&back).await?;
        let answer = self.get(&home).await?;
        if home == *page && answer.status() == StatusCode::OK {
            Ok(())
        } else {
            Err(Error::other(format!("a login ended at {home} with {}", answer.status())))
        }
    }

    async fn sent_on(&mut self, url: &Url) -> Result<Url> {
        let answer = self.get(url).await?;
        location(url, &answer)
    }

    pub async fn get(&mut self, url: &Url) -> Result<Response> {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = pairs.collect::<Vec<_>>().join("; ");
        let get = self.client.get(url.clone()).header(ACCEPT, "text/html");
        let answer = send(get.header(COOKIE, cookies)).await?;
        for line in answer.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

async fn send(request: RequestBuilder) -> Result<Response> {
    request.send().await.map_err(Error::other)
}

fn location(from: &Url, answer: &Response) -> Result<Url> {
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
    let to = to.ok_or_else(|| Error::other(format!("{from} answers {}", answer.status())))?;
    from.join(to).map_err(Error::other)
}
