//! Answers that spell the base address in every way pages, scripts, styles and data do. It must not
//! know who rewrites them.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::state::App;

/// What `encodeURIComponent` escapes, as far as addresses go.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

pub(super) fn routes() -> Router<App> {
    Router::new().route("/servicedesk/customer/spellings/{name}", get(spellings))
}

async fn spellings(State(app): State<App>, Path(name): Path<String>) -> Response {
    let (base, context) = (app.base_url(), app.context_path().to_owned());
    let kind = |kind: &'static str| [(header::CONTENT_TYPE, kind)];
    let etag = (header::ETAG, "\"spelled\"");
    let policy = format!("default-src 'self' {}; report-uri {context}/csp", origin(&base));
    let lines = addresses(&base).join("\n");
    match name.as_str() {
        "page.html" => {
            let headers = [
                (header::CONTENT_SECURITY_POLICY, policy),
                (header::LINK, format!("<{base}/s/a.css>; rel=preload, <{context}/b>; rel=next")),
                (header::REFRESH, format!("600; url={base}/servicedesk/customer/portals")),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin(&base).to_owned()),
                (header::SET_COOKIE, "seen=1; Secure; SameSite=None; Path=/".to_owned()),
            ];
            let page = page(&base, &context);
            (headers, [etag], kind("text/html;charset=UTF-8"), page).into_response()
        }
        "data.json" => {
            let json = serde_json::json!({ "addresses": addresses(&base) }).to_string();
            ([etag], kind("application/json;charset=UTF-8"), json).into_response()
        }
        "script.js" => (kind("text/javascript;charset=UTF-8"), lines).into_response(),
        "style.css" => {
            (kind("text/css"), format!("a{{background:url({base}/a.png)}}")).into_response()
        }
        "notes.txt" => (kind("text/plain"), lines).into_response(),
        "missing.html" => (StatusCode::NOT_FOUND, kind("text/html"), lines).into_response(),
        "part.html" => (StatusCode::PARTIAL_CONTENT, kind("text/html"), lines).into_response(),
        "upload.html" => file("attachment; filename=upload.html", lines),
        "shown.html" => file("inline; filename=shown.html", lines),
        "empty.json" => ([etag], kind("application/json"), "").into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn file(disposition: &'static str, text: String) -> Response {
    let disposition = [(header::CONTENT_DISPOSITION, disposition)];
    (disposition, [(header::CONTENT_TYPE, "text/html")], text).into_response()
}

/// The address of a page in all spellings.
fn addresses(base: &str) -> Vec<String> {
    let address = format!("{base}/servicedesk/customer/portals");
    let encoded = utf8_percent_encode(&address, COMPONENT).to_string();
    vec![
        address.replace('/', r"\/"),
        address.replace('/', r"\u002f"),
        address.replace('/', "&#x2F;"),
        address.replace('/', "&#47;"),
        format!("{base}/login?to={encoded}"),
        format!(r"\u0022{base}\u0022"),
        format!("//{}", address.split_once("//").map_or("", |(_, rest)| rest)),
        format!("{}.evil.example/a", origin(base)),
        format!("//{}x/a", origin(base).split_once("//").map_or("", |(_, rest)| rest)),
        address,
    ]
}

fn page(base: &str, context: &str) -> String {
    let spelled = addresses(base);
    let links: Vec<_> = spelled.iter().map(|it| format!("<a href=\"{it}\">x</a>")).collect();
    let (links, spelled) = (links.join("\n"), spelled.join(",\n"));
    format!(
        "<!DOCTYPE html>\n<html><head>\n\
         <meta http-equiv=\"refresh\" content=\"600; url={context}/servicedesk/customer/portals\">\n\
         <meta property=\"og:url\" content=\"{base}/servicedesk/customer/portals\">\n\
         <link rel=\"stylesheet\" href=\"{context}/servicedesk/customer/spellings/style.css\">\n\
         <script>var all = [\n{spelled}\n];</script>\n</head><body style=\"background:url('{context}/a')\">\n\
         <img srcset=\"{context}/a.png 1x, {base}/b.png 2x\" data-base=\"{base}\">\n\
         <form action=\"{context}/servicedesk/customer/portal/2/create/66\"></form>\n{links}\n\
         </body></html>\n"
    )
}

/// `https://jira.example.com` of a base address with a context path.
fn origin(base: &str) -> &str {
    let host = base.find("//").map_or(0, |at| at + 2);
    let end = base.get(host..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| host + at);
    base.get(..end).unwrap_or(base)
}
