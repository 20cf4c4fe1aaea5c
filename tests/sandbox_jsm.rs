//! The stand-in JSM behaves as the real portal does where the gate depends on it.

#![cfg(test)]

#[path = "sandbox_jsm/accounts.rs"]
mod accounts;
#[path = "sandbox_jsm/faults.rs"]
mod faults;
#[path = "sandbox_jsm/organizations.rs"]
mod organizations;
#[path = "sandbox_jsm/reading.rs"]
mod reading;
#[path = "sandbox_jsm/rest.rs"]
mod rest;
#[path = "sandbox_jsm/saml_login.rs"]
mod saml_login;
#[path = "sandbox_jsm/search.rs"]
mod search;
#[path = "support/jsm.rs"]
mod support;
#[path = "sandbox_jsm/writing.rs"]
mod writing;

use std::time::Duration;

use http::header;
use reqwest::{Client, Response, StatusCode, redirect};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use support::Site;

const CREATE: &str = "/servicedesk/customer/portal/2/create/66";

/// A browser of one customer: keeps the form's token, sends origin and identity.
struct Browser<'a> {
    site: &'a Site,
    http: Client,
    customer: &'static str,
}

impl<'a> Browser<'a> {
    fn of(customer: &'static str, site: &'a Site) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { site, http, customer }
    }

    async fn get(&self, path: &str) -> Response {
        let url = format!("{}{path}", self.site.jsm.url());
        self.http.get(url).header("x-forwarded-user", self.customer).send().await.unwrap()
    }

    async fn page(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    async fn raise(&self, summary: &str, origin: &str) -> Response {
        let body = [("atl_token", "t"), ("summary", summary), ("description", "<b>please</b>")];
        let url = format!("{}{CREATE}", self.site.jsm.url());
        let request = self.http.post(url).header("x-forwarded-user", self.customer);
        let request = request.header("cookie", "atlassian.xsrf.token=t").header("origin", origin);
        request.form(&body).send().await.unwrap()
    }
}

async fn data_center() -> Site {
    Site::start(JsmSettings::data_center()).await
}

fn location(response: &Response) -> &str {
    response.headers()[header::LOCATION].to_str().unwrap()
}

#[tokio::test]
async fn a_request_belongs_to_the_customer_of_the_trusted_header() {
    let site = data_center().await;
    let (ann, bob) = (Browser::of("ann@example.com", &site), Browser::of("bob@example.com", &site));
    let raised = ann.raise("Laptop", &site.jsm.origin()).await;
    assert_eq!(raised.status(), StatusCode::FOUND);
    let expected = format!("{}/servicedesk/customer/portal/2/IT-1", site.jsm.url());
    assert_eq!(location(&raised), expected);

    let page = ann.page("/servicedesk/customer/portal/2/IT-1").await;
    assert!(page.contains("<dd id=\"reporter\">ann@example.com</dd>"));
    assert!(page.contains("&lt;b&gt;please"), "escaped");
    assert!(ann.page("/servicedesk/customer/user/requests").await.contains("IT-1"));
    let others = bob.get("/servicedesk/customer/portal/2/IT-1").await;
    assert_eq!(others.status(), StatusCode::NOT_FOUND);
    assert!(!bob.page("/servicedesk/customer/user/requests").await.contains("IT-1"));
}

#[tokio::test]
async fn cloud_takes_no_identity_from_outside() {
    let site = Site::start(JsmSettings::cloud()).await;
    let page = Browser::of("ann@example.com", &site).page("/servicedesk/customer/portals").await;
    assert!(page.contains("anonymous") && !page.contains("ann@example.com"));
}

#[rstest]
#[case::its_own("own", StatusCode::FOUND)]
#[case::another("https://evil.example", StatusCode::FORBIDDEN)]
#[case::opaque("null", StatusCode::FORBIDDEN)]
#[tokio::test]
async fn a_form_must_come_from_the_base_address(
    #[case] origin: &str,
    #[case] expected: StatusCode,
) {
    let site = data_center().await;
    let own = site.jsm.origin();
    let origin = if origin == "own" { own.as_str() } else { origin };
    let response = Browser::of("ann", &site).raise("Laptop", origin).await;
    assert_eq!(response.status(), expected);
    if expected == StatusCode::FORBIDDEN {
        assert_eq!(response.text().await.unwrap(), "XSRF check failed");
    }
}

#[tokio::test]
async fn the_base_address_decides_links_redirects_and_origins() {
    let site = data_center().await;
    site.jsm.set_base_url("https://help.example.com/");
    let ann = Browser::of("ann", &site);
    let page = ann.page("/servicedesk/customer/portal/2").await;
    assert!(page.contains(r#""\u0022https://help.example.com\u0022""#), "{page}");
    assert!(page.contains("href=\"https://help.example.com/servicedesk/customer/portals\""));
    let own = ann.raise("Laptop", &site.jsm.origin()).await;
    assert_eq!(own.status(), StatusCode::FORBIDDEN);
    let raised = ann.raise("Laptop", "https://help.example.com").await;
    assert_eq!(location(&raised), "https://help.example.com/servicedesk/customer/portal/2/IT-1");
}

#[tokio::test]
async fn cookies_and_links_keep_to_the_context_path() {
    let site = Site::start(JsmSettings::data_center().with_context_path("/jira")).await;
    let response = Browser::of("ann", &site).get("/servicedesk/customer/portal/2").await;
    let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    assert_eq!(cookies.len(), 2);
    assert!(cookies.iter().all(|cookie| cookie.to_str().unwrap().contains("; Path=/jira")));
    let page = response.text().await.unwrap();
    assert!(page.contains("\"/jira/servicedesk/customer/portal/2/group/6/create/66\""));
    let style = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let fetched = reqwest::get(format!("{}{style}", site.jsm.origin())).await.unwrap();
    assert_eq!(fetched.headers()[header::CONTENT_TYPE], "text/css;charset=UTF-8");
}

#[tokio::test]
async fn an_attachment_keeps_its_name_and_bytes_and_is_the_reporters_alone() {
    let site = data_center().await;
    let ann = Browser::of("ann", &site);
    ann.raise("Laptop", &site.jsm.origin()).await;
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Größe 1.txt\"\r\n\
                \r\nhello\r\n--b--\r\n";
    let uploaded = ann
        .http
        .post(format!("{}/servicedesk/customer/portal/2/IT-1/attachment", site.jsm.url()))
        .header("x-forwarded-user", "ann")
        .header("origin", site.jsm.origin())
        .header("x-atlassian-token", "no-check")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(uploaded.status(), StatusCode::FOUND);
    let page = ann.page("/servicedesk/customer/portal/2/IT-1").await;
    let path = page.split("href=\"").find(|it| it.contains("/secure/attachment/")).unwrap();
    let path = path.split('"').next().unwrap();
    let file = ann.get(path).await;
    let name = file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert_eq!(name, "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.txt");
    assert_eq!(file.text().await.unwrap(), "hello");
    assert_eq!(Browser::of("bob", &site).get(path).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_made_up_download_streams_and_answers_ranges() {
    let site = data_center().await;
    let path = site.jsm.add_download("big.bin", 300_000, Duration::ZERO);
    let url = format!("{}{path}", site.jsm.origin());
    let whole = reqwest::get(&url).await.unwrap().bytes().await.unwrap();
    assert_eq!(whole.len(), 300_000);
    let part = Client::new().get(&url).header("range", "bytes=70000-70009").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[header::CONTENT_RANGE], "bytes 70000-70009/300000");
    assert_eq!(part.bytes().await.unwrap(), whole[70_000..70_010]);
}

#[tokio::test]
async fn an_upload_of_any_size_is_counted_and_recorded() {
    let site = data_center().await;
    let url = format!("{}/servicedesk/customershim/upload", site.jsm.url());
    let answer = Client::new().post(url).body(vec![7; 3_000_000]).send().await.unwrap();
    let answer: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(answer["bytes"], 3_000_000);
    assert_eq!(site.jsm.seen()[0].body_len, 3_000_000);
}

#[tokio::test]
async fn echo_says_what_arrived() {
    let site = data_center().await;
    let path = "/servicedesk/customer/echo?a=%2F";
    let answer: serde_json::Value = Browser::of("ann", &site).get(path).await.json().await.unwrap();
    assert_eq!(answer["target"], path);
    let identity = serde_json::json!(["x-forwarded-user", "ann"]);
    assert!(answer["headers"].as_array().unwrap().contains(&identity));
}

#[tokio::test]
async fn it_can_go_down_and_come_up_at_the_same_address() {
    let site = data_center().await;
    let url = format!("{}/servicedesk/customer/portals", site.jsm.url());
    let http = Client::new();
    assert!(http.get(&url).send().await.is_ok());
    site.jsm.go_down().await;
    assert!(http.get(&url).send().await.is_err());
    site.jsm.come_up().await.unwrap();
    assert!(http.get(&url).send().await.is_ok());
}
