//! What tests of forms at a hosted portal share: a portal with a customer, and how a form is sent.

use reqwest::{Method, StatusCode};
use sandbox::jsm::JsmSettings;
use serde_json::Value;

use crate::hosted_acts;
use crate::hosted_site::with_customers;
pub(crate) use crate::hosted_site::{ANN, BOB};
use crate::site::{Site, SiteBuilder, site};
use crate::visitor::Visitor;

/// A hosted IT portal with Ann and Bob as its customers.
pub(crate) async fn hosted(jsm: JsmSettings, more: &str) -> Site {
    hosted_by(site(), jsm, more).await
}

/// The same, by a gate that is different in other ways.
pub(crate) async fn hosted_by(site: SiteBuilder, jsm: JsmSettings, more: &str) -> Site {
    let portal = "[[portal]]\nproject = \"IT\"\nmode = \"hosted\"\n";
    with_customers(site.in_front_of(jsm).with(portal).with(more)).await
}

/// What was sent to JSM to raise requests.
pub(crate) fn raised(site: &Site) -> Vec<Value> {
    let seen = site.jsm.seen().into_iter();
    let raised =
        seen.filter(|it| it.method == Method::POST && it.path() == "/rest/servicedeskapi/request");
    raised.map(|it| it.sent().unwrap()).collect()
}

/// The ticket of a form that is shown to somebody.
pub(crate) async fn ticket(site: &Site, visitor: &mut Visitor, form: &str) -> String {
    let page = visitor.open(&site.at(form)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    hosted_acts::ticket(&page, form)
}

/// The answer to a form.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) body: String,
}

/// Sends a form as a browser does.
pub(crate) async fn send(
    site: &Site,
    visitor: &mut Visitor,
    form: &str,
    pairs: &[(&str, &str)],
) -> Sent {
    send_to(&site.url, visitor, form, pairs).await
}

/// The same, to the gate at this address.
pub(crate) async fn send_to(
    gate: &str,
    visitor: &mut Visitor,
    form: &str,
    pairs: &[(&str, &str)],
) -> Sent {
    let post = |post: reqwest::RequestBuilder| {
        post.form(pairs).header("origin", gate).header("accept", "text/html")
    };
    let answer = visitor.request(Method::POST, &format!("{gate}{form}"), post).await;
    let location = answer.headers().get("location");
    let location = location.map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
    Sent { status: answer.status(), location, body: answer.text().await.unwrap() }
}
