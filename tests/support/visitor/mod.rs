//! A browser as small as a login needs: no scripts unless it is told to, but it keeps cookies, follows
//! redirects, fills in forms, and remembers every address it was sent to.

use cookie::Cookie;
use reqwest::header::{ACCEPT, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, Response, StatusCode};
use sandbox::jsm::MARKED_WORDS;
use url::Url;

use crate::visitor::html::Form;

mod html;

/// Whoever sits in front of the browser.
pub(crate) struct Visitor {
    http: Client,
    cookies: Vec<Kept>,
    has_scripts: bool,
}

/// The page at the end of all redirects.
#[derive(Debug)]
pub(crate) struct Page {
    /// Where it is.
    pub(crate) url: Url,
    /// How it was answered.
    pub(crate) status: StatusCode,
    /// The document.
    pub(crate) body: String,
    /// Every address on the way, the first and the last included.
    pub(crate) way: Vec<Url>,
}

/// A cookie and where it is sent. As in browsers, ports do not tell hosts apart.
struct Kept {
    host: String,
    path: String,
    secure: bool,
    name: String,
    value: String,
}

impl Visitor {
    /// A private window that trusts one more certificate (PEM).
    pub(crate) fn new(certificate: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let trusted = Certificate::from_pem(certificate.as_bytes()).unwrap();
        Self::with(Client::builder().tls_certs_only([trusted]))
    }

    /// A private window with a client of one's own making.
    pub(crate) fn with(http: ClientBuilder) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = http.redirect(Policy::none()).build().unwrap();
        Self { http, cookies: Vec::new(), has_scripts: false }
    }

    /// The same, in a browser that runs the scripts of logins by SAML: those that go on to an address, and
    /// those that post a form at once.
    #[allow(dead_code, reason = "not every test program needs scripts")]
    pub(crate) fn with_scripts(self) -> Self {
        Self { has_scripts: true, ..self }
    }

    /// One request with the cookies of this window, as `prepare` makes it; redirects are not
    /// followed.
    pub(crate) async fn request(
        &mut self,
        method: Method,
        address: &str,
        prepare: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Response {
        let url = Url::parse(address).unwrap();
        let request = prepare(self.http.request(method, url.clone()));
        self.carry(&url, request).await
    }

    /// The value of one of its cookies.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|kept| kept.name == name).map(|kept| kept.value.as_str())
    }

    /// Sets a cookie, as another site or a thief could.
    pub(crate) fn plant_cookie(&mut self, address: &str, name: &str, value: &str) {
        let url = Url::parse(address).unwrap();
        self.keep(&url, &Cookie::new(name.to_owned(), value.to_owned()));
    }

    /// Loses a cookie, as a browser that blocks it.
    pub(crate) fn forget_cookie(&mut self, name: &str) {
        self.cookies.retain(|kept| kept.name != name);
    }

    /// All its cookies as one `Cookie` header for an address.
    pub(crate) fn cookie_header(&self, address: &str) -> String {
        let url = Url::parse(address).unwrap();
        let cookies = self.cookies.iter().filter(|kept| kept.is_for(&url));
        cookies.map(|kept| format!("{}={}", kept.name, kept.value)).collect::<Vec<_>>().join("; ")
    }

    /// Opens an address, as from a mail or the address bar.
    pub(crate) async fn open(&mut self, address: &str) -> Page {
        let url = Url::parse(address).unwrap();
        let request = self.http.get(url.clone()).header("Sec-Fetch-Site", "none");
        let answer = self.send(&url, request).await;
        self.follow(url, answer).await
    }

    /// Sends the one form of a page whose action contains `action`, with these fields filled in.
    pub(crate) async fn submit(
        &mut self,
        page: &Page,
        action: &str,
        fill: &[(&str, &str)],
    ) -> Page {
        let (url, request) = self.form(page, action, fill);
        let answer = self.send(&url, request.header("Sec-Fetch-Site", "same-origin")).await;
        self.follow(url, answer).await
    }

    /// Sends a form of a page to another site, where browsers send no `Lax` cookie with it.
    #[allow(dead_code, reason = "only some test files need it")]
    pub(crate) async fn submit_to_other_site(&mut self, page: &Page, action: &str) -> Page {
        let (url, request) = self.form(page, action, &[]);
        let request = navigation(request).header("Sec-Fetch-Site", "cross-site");
        let answer = self.exchange(&url, request).await;
        self.follow(url, answer).await
    }

    fn form(&self, page: &Page, action: &str, fill: &[(&str, &str)]) -> (Url, RequestBuilder) {
        let form = Form::find(&page.body, action)
            .unwrap_or_else(|| panic!("no form {action:?} on {}\n{}", page.url, page.body));
        self.filled(&page.url, form, fill)
    }

    fn filled(&self, page: &Url, form: Form, fill: &[(&str, &str)]) -> (Url, RequestBuilder) {
        let url = page.join(&form.action).unwrap();
        let request = self.http.request(Method::POST, url.clone()).form(&form.filled(fill));
        (url, request.header(ORIGIN, page.origin().ascii_serialization()))
    }

    async fn follow(&mut self, mut url: Url, mut answer: Response) -> Page {
        let mut way = vec![url.clone()];
        loop {
            let status = answer.status();
            let location = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let body = answer.text().await.unwrap();
            refuse_what_is_the_teams(&url, &body);
            assert!(way.len() < 20, "sent on for ever: {way:#?}");
            let scripted = || html::replaced(&body).filter(|_| self.has_scripts);
            if let Some(next) = location.or_else(|| html::refresh(&body)).or_else(scripted) {
                url = url.join(&next).unwrap();
                answer = self.send(&url, self.http.get(url.clone())).await;
            } else if let Some(form) =
                Form::with(&body, "SAMLResponse").filter(|_| self.has_scripts)
            {
                let (to, request) = self.filled(&url, form, &[]);
                answer = self.send(&to, request.header("Sec-Fetch-Site", "same-origin")).await;
                url = to;
            } else {
                return Page { url, status, body, way };
            }
            way.push(url.clone());
        }
    }

    async fn send(&mut self, url: &Url, request: RequestBuilder) -> Response {
        self.carry(url, navigation(request)).await
    }

    async fn carry(&mut self, url: &Url, mut request: RequestBuilder) -> Response {
        let cookies = self.cookie_header(url.as_str());
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        self.exchange(url, request).await
    }

    async fn exchange(&mut self, url: &Url, request: RequestBuilder) -> Response {
        let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        for header in answer.headers().get_all(SET_COOKIE) {
            self.keep(url, &Cookie::parse(header.to_str().unwrap()).unwrap());
        }
        answer
    }

    fn keep(&mut self, url: &Url, cookie: &Cookie<'_>) {
        let fresh = Kept {
            host: url.host_str().unwrap().to_owned(),
            path: cookie.path().unwrap_or("/").to_owned(),
            secure: cookie.secure().unwrap_or(false),
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
        };
        self.cookies.retain(|kept| {
            (&kept.name, &kept.host, &kept.path) != (&fresh.name, &fresh.host, &fresh.path)
        });
        let removed = cookie.max_age().is_some_and(cookie::time::Duration::is_zero);
        if !removed {
            self.cookies.push(fresh);
        }
    }
}

fn navigation(request: RequestBuilder) -> RequestBuilder {
    request
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
}

/// No customer is ever shown what JSM keeps from customers (docs/security.md P6).
fn refuse_what_is_the_teams(url: &Url, body: &str) {
    for word in MARKED_WORDS {
        assert!(!body.contains(word), "{url} shows {word}: {body}");
    }
}

/// What a page's form would send by itself.
pub(crate) fn fields(page: &Page, action: &str) -> Vec<(String, String)> {
    Form::find(&page.body, action).map(|form| form.filled(&[])).unwrap_or_default()
}

impl Kept {
    fn is_for(&self, url: &Url) -> bool {
        let below = url.path().strip_prefix(self.path.trim_end_matches('/'));
        let right_path = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        url.host_str() == Some(&self.host)
            && right_path
            && (!self.secure || url.scheme() == "https")
    }
}
