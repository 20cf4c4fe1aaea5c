//! A very small browser: it keeps cookies by host, follows redirects when asked, and posts forms.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    /// Where it redirects to.
    pub(crate) fn location(&self) -> Option<Url> {
        let location = self.headers.get(header::LOCATION)?.to_str().ok()?;
        self.url.join(location).ok()
    }

    /// The value of a hidden field in the page's form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let (_, after) = self.body.split_once(&format!("name=\"{name}\" value=\""))?;
        let (value, _) = after.split_once('"')?;
        Some(value.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"))
    }
}

/// A browser of one person.
pub(crate) struct Browser {
    client: reqwest::Client,
    /// Host, name and value; like a real one's, blind to ports.
    cookies: Vec<(String, String, String)>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, cookies: Vec::new() }
    }

    /// Opens an address without following redirects.
    pub(crate) async fn get(&mut self, url: &str) -> Page {
        let request = self.client.get(url);
        self.send(url, request).await
    }

    /// Posts a form without following redirects.
    pub(crate) async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Page {
        let request = self.client.post(url).form(form);
        self.send(url, request).await
    }

    /// Fills in the login form of the sandbox provider, wherever `page` came from.
    pub(crate) async fn log_in(&mut self, page: &Page, username: &str) -> Page {
        let request = page.field("request").expect("the sandbox login form");
        let form = [("request", request.as_str()), ("username", username), ("password", "demo")];
        let action = page.url.join("/login").unwrap();
        self.post(action.as_str(), &form).await
    }

    /// What this browser sends to a host.
    pub(crate) fn headers(&self, host: &str) -> HeaderMap {
        let ours = self.cookies.iter().filter(|(at, _, _)| at == host);
        let pairs: Vec<_> = ours.map(|(_, name, value)| format!("{name}={value}")).collect();
        let mut headers = HeaderMap::new();
        if !pairs.is_empty() {
            headers.insert(header::COOKIE, HeaderValue::try_from(pairs.join("; ")).unwrap());
        }
        headers
    }

    /// Names of the cookies it keeps for a host.
    pub(crate) fn cookie_names(&self, host: &str) -> Vec<&str> {
        let ours = self.cookies.iter().filter(|(at, _, _)| at == host);
        ours.map(|(_, name, _)| name.as_str()).collect()
    }

    /// Keeps or drops a cookie as a `Set-Cookie` value says.
    pub(crate) fn keep(&mut self, host: &str, set_cookie: &HeaderValue) {
        let text = set_cookie.to_str().unwrap();
        let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
        let (name, value) = pair.split_once('=').unwrap();
        self.cookies.retain(|(at, kept, _)| at != host || kept != name);
        if !attributes.contains("Max-Age=0") {
            self.cookies.push((host.to_owned(), name.to_owned(), value.to_owned()));
        }
    }

    async fn send(&mut self, url: &str, request: reqwest::RequestBuilder) -> Page {
        let url = Url::parse(url).unwrap();
        let host = url.host_str().unwrap().to_owned();
        let mut answer = request.headers(self.headers(&host)).send().await.unwrap();
        let headers = std::mem::take(answer.headers_mut());
        for set_cookie in headers.get_all(header::SET_COOKIE) {
            self.keep(&host, set_cookie);
        }
        let status = answer.status();
        Page { url, status, headers, body: answer.text().await.unwrap() }
    }
}
